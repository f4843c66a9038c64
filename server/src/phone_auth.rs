//! The authentication URL of phones: before a phone obeys a push, the phone asks here whether it may.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};

use crate::{cluster::Cluster, edge::Client, form::form, http::routes::Routes};

/// The path, which stands in the configuration files of phones.
pub(crate) const PATH: &str = "/authenticate";
/// The whole answer: a phone takes anything else for a refusal.
pub(crate) const AUTHORIZED: &str = "AUTHORIZED";
const UNAUTHORIZED: &str = "UN-AUTHORIZED";

/// The route, open to everybody on plain HTTP too.
pub(crate) fn routes(cluster: Arc<Cluster>) -> Routes {
    let refused = async || (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]);
    let methods = post(handle).get(handle).head(refused).fallback(refused).with_state(cluster);
    Routes::default().open(PATH, methods)
}

/// Answers whether the user of a push may push. The phone defines the parameters.
async fn handle(State(cluster): State<Arc<Cluster>>, request: Request) -> Response {
    let client = request.extensions().get::<Client>().copied();
    let address = client.map_or_else(String::new, |client| client.address.to_string());
    let is_authorized = match form(request) {
        Ok(form) => {
            let field = |name: &str| form.field(name).unwrap_or_default();
            let (user, password) = (field("UserID"), field("Password"));
            let at = (address.as_str(), &*field("devicename"));
            cluster.authorizes_push(&user, &password, at).await.unwrap_or(false)
        }
        Err(_) => false,
    };
    let answer = if is_authorized { AUTHORIZED } else { UNAUTHORIZED };
    ([(header::CONTENT_TYPE, "text/html")], answer).into_response()
}
