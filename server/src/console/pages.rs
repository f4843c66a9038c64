//! Pages and server functions: each request gets its caller, and goes to the app.

use std::sync::Arc;

use app::{
    Document, RenderedAt, SHOWN_TO, ShownTo,
    api::{BY_ITSELF, Console, Refused},
};
use axum::{
    Form, Router,
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::any,
};
use leptos::{
    prelude::{FromServerFnError, provide_context},
    server_fn::{axum::server_fn_paths, error::SERVER_FN_ERROR_HEADER},
};
use leptos_axum::LeptosRoutes;
use percent_encoding::percent_decode_str;
use tokio::sync::OnceCell;
use tower_sessions::Session;

use super::{
    Web,
    choices::path_of_referer,
    cookie::sent_cookie,
    deep_link::{SIGN_IN, sign_in_for, wanted},
    flash::{FLASH, Flash},
    relay::Asked,
    request::{ConsoleRequest, status, used},
    saved_views, session_cookie, shape,
    unsaved::UNSAVED,
};
use crate::{
    admin::{Caller, NotSignedIn},
    edge::Client,
    http::{guard::NOT_FOUND, site::BUILD},
};

/// The caller of a request, or the reason why it has none.
type SignedIn = Result<Caller, NotSignedIn>;

/// The page of the one-time link.
const FIRST: &str = "/first-administrator/";
/// The build of the page that calls a server function; a form without JavaScript sends no such header.
const BUILD_HEADER: &str = "sojourn-build";
/// The name of the signed-in administrator that such a page shows, percent-encoded.
const VIEWER_HEADER: &str = "sojourn-viewer";
/// The most bytes of an error that are read.
const ERROR_BYTES: usize = 4096;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/call/{*function}", any(call))
        .leptos_routes_with_handler(leptos_axum::generate_route_list(app::App), page)
        .fallback(no_page)
}

/// Answers an address without a page; a signed-in administrator gets a page of the console.
/// Nothing is redirected: a script that follows would take the sign-in page for its answer.
async fn no_page(web: State<Web>, session: Session, request: Request) -> Response {
    if is_for_a_browser(&request) {
        let (caller, request) = caller(&web, request).await;
        if caller.is_ok() {
            return page(web, caller, session, request).await;
        }
    }
    (StatusCode::NOT_FOUND, NOT_FOUND).into_response()
}

/// The caller of a request, read only where an answer depends on it.
/// Other requests of strangers cost no query to the store.
async fn caller(web: &Web, request: Request) -> (SignedIn, Request) {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, web).await;
    (caller, Request::from_parts(parts, body))
}

/// Whether a browser asks for a page to show.
fn is_for_a_browser(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && is_form(request)
}

/// Renders a page; a browser that is not signed in is redirected to the sign-in page.
async fn page(
    State(web): State<Web>,
    known: SignedIn,
    session: Session,
    request: Request,
) -> Response {
    let signs_in = request.uri().path() == SIGN_IN;
    let outside = signs_in || request.uri().path().starts_with(FIRST);
    match (&known, outside) {
        (Err(NotSignedIn::Nobody), false) if is_for_a_browser(&request) => {
            return Redirect::to(&sign_in_for(request.uri())).into_response();
        }
        (Err(NotSignedIn::Nobody), false) => {
            return (StatusCode::UNAUTHORIZED, "Sign in first.\n").into_response();
        }
        (Ok(_), true) => return Redirect::to(&wanted(request.uri())).into_response(),
        (Ok(_), false) => used(web.admin.now(), &session).await,
        // A page for everybody; or the store can't be read, which the page says itself.
        (Err(_), _) => {}
    }
    let flash: Option<Flash> = FLASH.read(web.admin.cluster_id(), request.headers());
    let said = flash.as_ref().and_then(|_| FLASH.forget(web.admin.cluster_id()));
    let name = known.as_ref().ok().map(|caller| caller.name().to_owned());
    let signed_in_since = name.clone().filter(|_| matches!(flash, Some(Flash::SignedInSince)));
    let context = context(&web, known.clone(), session, &request, flash);
    let shown_to = name.clone().map(ShownTo);
    let context = move || {
        context();
        if let Some(shown_to) = shown_to.clone() {
            provide_context(shown_to);
        }
    };
    let views = match (&known, outside) {
        (Ok(caller), false) => saved_views::of(&web.admin, caller).await,
        _ => Vec::new(),
    };
    let document = Document {
        assets: format!("/assets/{BUILD}"),
        build: BUILD,
        frame: (!outside).then(|| app::Frame {
            viewer: name,
            cluster: web.admin.cluster_id().to_owned(),
            release: web.admin.release().to_string(),
            views,
            may_share: known.as_ref().is_ok_and(saved_views::may_share),
        }),
        signed_in_since,
    };
    let shell = move || app::shell(&document);
    let response = leptos_axum::render_app_async_with_context(context, shell)(request).await;
    let mut response = shape::count_nodes(response).await;
    if let Some(said) = said {
        response.headers_mut().append(header::SET_COOKIE, said);
    }
    match known {
        Ok(_) | Err(NotSignedIn::Nobody) => {}
        Err(problem) => *response.status_mut() = status(&problem.into()),
    }
    response
}

/// Answers a call of a server function.
/// Each function checks the caller itself.
async fn call(State(web): State<Web>, session: Session, request: Request) -> Response {
    if let Some(refused) = no_function(&request) {
        return refused;
    }
    // The same call may mean something else in a page of another build.
    if request.headers().get(BUILD_HEADER).is_some_and(|build| build != BUILD) {
        return refuse(&request, &Refused::OtherBuild);
    }
    let form = is_form(&request);
    let referer = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
    let back = path_of_referer(referer.unwrap_or_default()).to_owned();
    let (caller, request) = caller(&web, request).await;
    let (shown_to, request) = shown_to(request).await;
    let by_itself = BY_ITSELF.contains(&request.uri().path());
    let is_signed_in = caller.is_ok();
    if let Ok(caller) = &caller {
        // Another administrator has signed in since in another tab: a page must not act under that name.
        if shown_to.is_some_and(|shown_to| shown_to != caller.name()) {
            if form {
                return sent_back_to_another(web.admin.cluster_id(), &back);
            }
            let mut refused = refuse(&request, &Refused::SignedOut);
            // A request that the page makes by itself needs no message.
            if !by_itself {
                keep(web.admin.cluster_id(), &Flash::SignedInSince, &mut refused);
            }
            return refused;
        }
        if !by_itself {
            used(web.admin.now(), &session).await;
        }
    }
    let context = context(&web, caller, session, &request, None);
    let response = leptos_axum::handle_server_fns_with_context(context, request).await;
    let response = response.into_response();
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, ERROR_BYTES).await.unwrap_or_default();
    let refused = Refused::de(body.clone());
    if form {
        // `SignedOut` while a caller is signed in concerns the administrator who filled in the form.
        let mut sent_back = if refused == Refused::SignedOut && is_signed_in {
            sent_back_to_another(web.admin.cluster_id(), &back)
        } else {
            send_back(web.admin.cluster_id(), refused, &back)
        };
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            sent_back.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        return sent_back;
    }
    // The framework gives each error the status of a server fault.
    parts.status = status(&refused);
    Response::from_parts(parts, body.into())
}

/// The answer to a call that is not passed to the framework.
fn refuse(request: &Request, refused: &Refused) -> Response {
    let path = request.uri().path().to_owned();
    (status(refused), [(SERVER_FN_ERROR_HEADER, path)], refused.ser()).into_response()
}

/// The administrator whose name the calling page shows.
/// The name comes in a header, or in a field of a form without JavaScript.
async fn shown_to(request: Request) -> (Option<String>, Request) {
    if let Some(name) = request.headers().get(VIEWER_HEADER).and_then(|name| name.to_str().ok()) {
        return (Some(percent_decode_str(name).decode_utf8_lossy().into_owned()), request);
    }
    if !is_form(&request) {
        return (None, request);
    }
    let (parts, body) = request.into_parts();
    // The edge has read the body within its bounds.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut form = Request::new(Body::from(body.clone()));
    form.method_mut().clone_from(&parts.method);
    form.headers_mut().clone_from(&parts.headers);
    let fields = Form::<Vec<(String, String)>>::from_request(form, &()).await;
    let fields = fields.map(|Form(fields)| fields).unwrap_or_default();
    let shown_to = fields.into_iter().find(|(name, _)| name == SHOWN_TO).map(|(_, value)| value);
    let shown_to = shown_to.filter(|name| !name.is_empty());
    (shown_to, Request::from_parts(parts, Body::from(body)))
}

/// The answer to a request that calls no server function, or calls one with another method.
fn no_function(request: &Request) -> Option<Response> {
    let mut functions = server_fn_paths().filter(|(path, _)| *path == request.uri().path());
    match functions.next() {
        None => Some((StatusCode::NOT_FOUND, NOT_FOUND).into_response()),
        Some((_, method)) if method != request.method() => {
            let allowed = [(header::ALLOW, method.to_string())];
            Some((StatusCode::METHOD_NOT_ALLOWED, allowed).into_response())
        }
        Some(_) => None,
    }
}

/// Redirects a refused form without JavaScript to its page, which shows the reason.
/// The framework would write the error into the address.
fn send_back(cluster_id: &str, refused: Refused, back: &str) -> Response {
    let refused = match refused {
        Refused::SignedOut => {
            let sign_in =
                back.parse().map_or_else(|_| SIGN_IN.to_owned(), |back| sign_in_for(&back));
            return Redirect::to(&sign_in).into_response();
        }
        Refused::Transport(problem) => {
            tracing::debug!(problem, "a form was not understood");
            Refused::Unavailable
        }
        refused => refused,
    };
    let mut response = Redirect::to(back).into_response();
    keep(cluster_id, &Flash::Refused(refused), &mut response);
    response
}

/// Redirects a form to its page, because another administrator has signed in since the page was shown.
fn sent_back_to_another(cluster_id: &str, back: &str) -> Response {
    let mut response = Redirect::to(back).into_response();
    keep(cluster_id, &Flash::SignedInSince, &mut response);
    response
}

/// Sets a cookie with an answer for the next page.
fn keep(cluster_id: &str, flash: &Flash, response: &mut Response) {
    if let Some(cookie) = FLASH.keep(cluster_id, flash) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Whether a browser without JavaScript sends the request: it accepts a page as the answer.
fn is_form(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The client's address; empty when it is unknown.
fn client_address(request: &Request) -> String {
    let client = request.extensions().get::<Client>();
    client.map_or_else(String::new, |client| client.address.to_string())
}

fn context(
    web: &Web,
    signed_in: SignedIn,
    session: Session,
    request: &Request,
    flash: Option<Flash>,
) -> impl Fn() + Clone + Send + Sync + 'static + use<> {
    let (admin, address) = (web.admin.clone(), client_address(request));
    let is_form = is_form(request);
    let had_session = sent_cookie(request.headers(), &session_cookie(admin.cluster_id())).is_some();
    let release = admin.release();
    let rendered_at = RenderedAt(admin.now().0);
    let console: Arc<dyn Console> = Arc::new(ConsoleRequest {
        admin,
        signed_in,
        session,
        is_form,
        address,
        had_session,
        wanted: wanted(request.uri()),
        flash,
        unsaved: UNSAVED.read(web.admin.cluster_id(), request.headers()),
        place: OnceCell::new(),
        relay: web.relay.clone(),
        asked: Asked::of(request),
        imports: web.imports.clone(),
    });
    move || {
        provide_context(Arc::clone(&console));
        provide_context(release);
        provide_context(rendered_at);
        security_policy();
    }
}

/// Sets the content security policy.
/// Scripts need this answer's nonce, or are imported by such a script; everything else comes from this
/// origin.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_reads_itself_anew_does_not_use_the_session_and_a_person_does() {
        assert!(BY_ITSELF.contains(&"/call/active-logins-anew"));
        assert!(BY_ITSELF.contains(&"/call/phone-anew"));
        assert!(BY_ITSELF.contains(&"/call/user-anew"));
        assert!(BY_ITSELF.contains(&"/call/jobs"));
        assert!(BY_ITSELF.contains(&"/call/parameters-anew"));
        assert!(!BY_ITSELF.contains(&"/call/active-logins"), "finding and turning pages is use");
    }
}
