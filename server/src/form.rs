//! The fields of a request, as a servlet reads them.

use axum::{
    extract::Request,
    http::{Method, header},
};
use terms::NotUnderstood;
use wire::Form;

use crate::edge::{self, BodyError};

/// The form of a request: the query of its address, and the body of a POST whatever its type, since
/// a body of another type has no fields. The edge bounds both.
pub(crate) fn form(mut request: Request) -> Result<Form, NotUnderstood> {
    let query = request.uri().query().unwrap_or("").as_bytes().to_vec();
    if request.method() != Method::POST {
        return Ok(Form::new(query, Vec::new(), None));
    }
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.map(|kind| String::from_utf8_lossy(kind.as_bytes()).into_owned());
    let body = edge::received(&mut request).map_err(|error| match error {
        BodyError::TooLarge => NotUnderstood::TooLarge,
        BodyError::TooSlow => NotUnderstood::TooSlow,
        BodyError::Broken => NotUnderstood::BrokenOff,
    })?;
    Ok(Form::new(query, body.into(), kind.as_deref()))
}
