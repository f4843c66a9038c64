//! The idle URL of phones: a phone that nobody uses asks for it, and its user is logged out.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use wire::phone::{Priority, execute};

use crate::{
    cluster::Cluster, edge::sampled_error, form::form, http::routes::Routes, to_its_end::to_its_end,
};

/// The path, which stands in the configuration files of phones.
const PATH: &str = "/idle";
/// The action by which a phone leaves the screens of services.
const LEAVE_SERVICES: &str = "Init:Services";

/// The idle URL of a phone for an idle time, after scheme, host and port.
pub(crate) fn path_of(phone: &str, minutes: u32, secret: &str) -> String {
    let phone = utf8_percent_encode(phone, NON_ALPHANUMERIC);
    format!("{PATH}?device={phone}&minutes={minutes}&secret={secret}")
}

/// The route, open to everybody on plain HTTP too.
pub(crate) fn routes(cluster: Arc<Cluster>) -> Routes {
    let refused = async || (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")]);
    let methods = get(handle).head(refused).fallback(refused).with_state(cluster);
    Routes::default().open(PATH, methods)
}

/// Logs out the user of the phone that asks, which shows its secret.
async fn handle(State(cluster): State<Arc<Cluster>>, request: Request) -> Response {
    let Ok(form) = form(request) else { return StatusCode::BAD_REQUEST.into_response() };
    let field = |name: &str| form.field(name).unwrap_or_default();
    let (device, secret) = (field("device"), field("secret"));
    let minutes = field("minutes").parse().unwrap_or_default();
    if !cluster.phone_secrets.is_secret(&device, minutes, &secret) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let tasks = cluster.tasks.clone();
    let work = async move {
        let done = cluster.log_out_idle(&device, minutes).await;
        done.inspect_err(|error| sampled_error!(%error, "an idle phone's user is not logged out"))
    };
    match to_its_end(&tasks, work).await {
        Some(Ok(())) => {
            let answer = execute(&[(LEAVE_SERVICES, Priority::Now)]);
            let headers = [
                (header::CONTENT_TYPE, "text/xml;charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, answer).into_response()
        }
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
