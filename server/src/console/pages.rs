//! Pages and server functions: find out who asks, then let the app do it.

use std::sync::Arc;

use app::api::Console;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::any,
};
use leptos::prelude::provide_context;
use leptos_axum::LeptosRoutes;
use tower_sessions::Session;

use super::{
    Web,
    request::{ConsoleRequest, signed_in, used},
};
use crate::http::{BUILD, peer_address};

const SIGN_IN: &str = "/sign-in";
/// The page of the one-time link.
const FIRST: &str = "/first-administrator/";
/// What open pages ask by themselves, which is no use of a session.
const BY_ITSELF: [&str; 2] = ["/call/tiles", "/call/job"];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/call/{*function}", any(call))
        .leptos_routes_with_handler(leptos_axum::generate_route_list(app::App), page)
        .fallback(page)
}

/// Renders a page; who is not signed in gets the sign-in page.
async fn page(State(web): State<Web>, session: Session, request: Request) -> Response {
    let signs_in = request.uri().path() == SIGN_IN;
    let outside = signs_in || request.uri().path().starts_with(FIRST);
    let known = signed_in(&web.cluster, &session).await.is_some();
    if known {
        used(&web.cluster, &session).await;
    }
    match (known, outside) {
        (false, false) => return Redirect::to(SIGN_IN).into_response(),
        (true, true) => return Redirect::to("/").into_response(),
        _ => {}
    }
    let context = context(&web, session, &request);
    let options = web.options.clone();
    let shell = move || app::shell(&options, &format!("/assets/{BUILD}"));
    leptos_axum::render_app_async_with_context(context, shell)(request).await
}

/// Answers a server function. Each one checks for itself who asks.
async fn call(State(web): State<Web>, session: Session, request: Request) -> Response {
    if !BY_ITSELF.contains(&request.uri().path())
        && signed_in(&web.cluster, &session).await.is_some()
    {
        used(&web.cluster, &session).await;
    }
    let context = context(&web, session, &request);
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}

fn context(
    web: &Web,
    session: Session,
    request: &Request,
) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    // A browser without JavaScript asks for a page, not for an answer to read.
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_form = accept.is_some_and(|accept| accept.contains("text/html"));
    let (cluster, address) = (Arc::clone(&web.cluster), peer_address(request));
    let console: Arc<dyn Console> = Arc::new(ConsoleRequest { cluster, session, is_form, address });
    move || {
        provide_context(Arc::clone(&console));
        security_policy();
    }
}

/// Scripts only with this answer's nonce, and what they import; everything else from here.
fn security_policy() {
    let nonce = leptos::nonce::use_nonce();
    let response = leptos::prelude::use_context::<leptos_axum::ResponseOptions>();
    let (Some(nonce), Some(response)) = (nonce, response) else { return };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
