//! HTTP: addresses, TLS, routes, and who may reach what.

mod guard;
mod listen;
mod site;
mod tls;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::ConnectInfo,
    http::{HeaderMap, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::task::JoinSet;
use tower_http::timeout::TimeoutLayer;

pub(crate) use listen::{Addresses, Listeners, StopSignals, listen};
pub(crate) use site::BUILD;
pub(crate) use tls::certificate;

use crate::{cluster::Cluster, console, em_service, live};

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request to the console may take until its answer begins: also to send its body.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The HTTP and HTTPS servers of a cluster.
pub(crate) struct Server {
    /// The address that HTTP got.
    pub(crate) http: SocketAddr,
    /// The address that HTTPS got.
    pub(crate) https: SocketAddr,
    handles: Vec<Handle<SocketAddr>>,
    tasks: JoinSet<std::io::Result<()>>,
}

impl Server {
    /// Serves a cluster on its listeners.
    pub(crate) fn start(
        cluster: &Arc<Cluster>,
        listeners: Listeners,
        tls: RustlsConfig,
    ) -> std::io::Result<Self> {
        let http = listeners.http.local_addr()?;
        let https = listeners.https.local_addr()?;
        let routes = routes(cluster);
        let plain = routes
            .clone()
            .layer(Extension(Listener::Http))
            .layer(middleware::from_fn_with_state(guard::Plain { https }, guard::plain));
        let routes = routes.layer(Extension(Listener::Https));
        let (mut handles, mut tasks) = (Vec::new(), JoinSet::new());

        let handle = Handle::new();
        let mut server = axum_server::from_tcp(listeners.http)?.handle(handle.clone());
        limit(server.http_builder());
        let service = plain.into_make_service_with_connect_info::<SocketAddr>();
        tasks.spawn(server.serve(service));
        handles.push(handle);

        let handle = Handle::new();
        let mut server = axum_server::from_tcp_rustls(listeners.https, tls)?.handle(handle.clone());
        limit(server.http_builder());
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        tasks.spawn(server.serve(service));
        handles.push(handle);
        Ok(Self { http, https, handles, tasks })
    }

    /// Takes no more connections, lets requests finish, and ends.
    pub(crate) async fn stop(mut self) {
        for handle in &self.handles {
            handle.graceful_shutdown(Some(GRACE));
        }
        while self.tasks.join_next().await.is_some() {}
    }
}

fn limit(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    // Nothing here speaks anything newer, and what is asked first is asked in time.
    *builder = builder.clone().http1_only();
    builder
        .http1()
        .timer(hyper_util::rt::TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(64 * 1024);
}

fn routes(cluster: &Arc<Cluster>) -> Router {
    let console = console::routes(Arc::clone(cluster))
        .merge(live::routes(Arc::clone(cluster)))
        .layer(middleware::from_fn(guard::same_origin))
        .layer(console::sessions(cluster))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT));
    let (ready, counted) = (Arc::clone(cluster), Arc::clone(cluster));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(move || ready_or_not(Arc::clone(&ready))))
        .route(
            "/metrics",
            get(async move |peer, headers: HeaderMap| metrics(peer, &headers, &counted)),
        )
        .merge(em_service::routes(Arc::clone(cluster)))
        .merge(site::routes())
        .merge(console)
        .layer(middleware::from_fn(guard::headers))
}

/// By which way a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Listener {
    Http,
    #[default]
    Https,
}

impl Listener {
    /// The original's port, after which its threads are named, whatever ours is.
    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Http => 8080,
            Self::Https => 8443,
        }
    }
}

/// The counters, for this machine alone.
fn metrics(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: &HeaderMap,
    cluster: &Cluster,
) -> Response {
    if !guard::is_from_here(peer, headers) {
        return (StatusCode::FORBIDDEN, "The counters are for this machine alone.\n")
            .into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], cluster.counters.text()).into_response()
}

/// The address that a request comes from; empty when it is not known.
pub(crate) fn peer_address(request: &axum::extract::Request) -> String {
    let peer = request.extensions().get::<axum::extract::ConnectInfo<SocketAddr>>();
    peer.map_or_else(String::new, |peer| peer.0.ip().to_canonical().to_string())
}

/// Ready is who can answer from the database, and could write to it.
async fn ready_or_not(cluster: Arc<Cluster>) -> (StatusCode, &'static str) {
    match cluster.store.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
