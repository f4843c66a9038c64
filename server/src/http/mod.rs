//! The routes of a cluster, the rules of who may reach them, and the headers of the answers.

pub(crate) mod guard;
pub(crate) mod listener;
pub(crate) mod origin;
mod public_url;
pub(crate) mod routes;
pub(crate) mod site;
pub(crate) mod span;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    http::{HeaderMap, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use engine::ports::StoreError;
use tower_http::timeout::TimeoutLayer;

pub(crate) use public_url::PublicUrl;

use listener::Listener;
use routes::Routes;

use crate::{
    admin::Admin,
    cluster::Cluster,
    console::{self, Relay, Sessions},
    edge::{self, Client},
    em::Em,
    em_app::{self, EmApp},
    em_service,
    emcc::{self, Messages},
    live, phone_auth,
    phone_files::{self, PhoneFiles},
    phone_idle,
};

/// The time within which the answer to a console request begins.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The routers of a cluster's listeners.
pub(crate) struct Routers {
    /// For plain HTTP.
    pub(crate) plain: Router,
    /// For TLS.
    pub(crate) secure: Router,
    /// For phones that ask for their configuration files.
    pub(crate) phone_config: Router,
}

/// All routes of a cluster; the console works by `admin`.
/// `http` and `https` are the addresses of the listeners, `public_url` is the console's address behind
/// a proxy.
pub(crate) fn routers(
    cluster: &Arc<Cluster>,
    admin: Admin,
    http: SocketAddr,
    https: SocketAddr,
    public_url: Option<&PublicUrl>,
) -> Routers {
    let origins = guard::Origins::of(public_url);
    let sessions = Sessions::new(cluster);
    let em = Arc::new(Em::new(Arc::clone(cluster)));
    let phones = em_app::routes(Arc::new(EmApp::new(Arc::clone(&em))));
    let phones = phones.merge(phone_auth::routes(Arc::clone(cluster)));
    let phones = phones.merge(phone_idle::routes(Arc::clone(cluster)));
    let relay = Relay::to(phones.router.clone());
    let console = Routes::from(console::routes(admin.clone(), sessions.clone(), relay))
        .merge(live::routes(admin, sessions.clone()))
        .router
        .layer(middleware::from_fn_with_state(origins, guard::same_origin))
        .layer(console::sessions(sessions, &cluster.id))
        .layer(middleware::from_fn(edge::with_body))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT));
    let (ready, counted) = (Arc::clone(cluster), Arc::clone(cluster));
    let metrics = get(async move |client, headers: HeaderMap| metrics(client, &headers, &counted));
    let Routes { router, open } = Routes::default()
        .open("/healthz", get(|| async { "ok\n" }))
        .open("/readyz", get(async move || ready_or_not(&ready)))
        .closed("/metrics", metrics)
        .merge(em_service::routes(Arc::clone(&em)))
        .merge(phones)
        .merge(console);
    let router = router.layer(middleware::from_fn(guard::headers)).merge(site::routes());
    let files = PhoneFiles::of(Arc::clone(cluster), http.port());
    let with_files = middleware::from_fn_with_state(files.clone(), phone_files::first);
    let span = middleware::from_fn_with_state(Arc::clone(cluster), span::request);
    let plain = guard::Plain::new(https, public_url.cloned(), &open);
    Routers {
        plain: router
            .clone()
            .layer(Extension(Listener::Http))
            .layer(middleware::from_fn_with_state(plain, guard::plain))
            .layer(with_files.clone())
            .layer(span.clone()),
        secure: router
            .layer(Extension(Listener::Https))
            .layer(with_files)
            .layer(middleware::from_fn_with_state(Messages::to(em), emcc::peers))
            .layer(span.clone()),
        phone_config: phone_files::router(files).layer(span),
    }
}

/// The counters, served to this machine alone.
fn metrics(
    Extension(client): Extension<Client>,
    headers: &HeaderMap,
    cluster: &Cluster,
) -> Response {
    if !guard::is_from_here(client, headers) {
        return (StatusCode::FORBIDDEN, "The counters are for this machine alone.\n")
            .into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], cluster.counters.text()).into_response()
}

/// Whether the cluster can read the database, and could write to it at the last attempt.
/// The state is known already: a request costs nothing, since every client may ask.
fn ready_or_not(cluster: &Cluster) -> (StatusCode, &'static str) {
    match cluster.problem() {
        None => (StatusCode::OK, "ready\n"),
        Some(StoreError::Full) => (StatusCode::SERVICE_UNAVAILABLE, "the database has no room\n"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
