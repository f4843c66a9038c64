//! HTTP: addresses, TLS, routes, and who may reach what.

mod guard;
mod listen;
mod site;
mod tls;

use std::{sync::Arc, time::Duration};

use axum::{Router, http::StatusCode, middleware, routing::get};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::task::JoinSet;

pub(crate) use listen::{Addresses, Listeners, StopSignals, listen};
pub(crate) use site::BUILD;
pub(crate) use tls::certificate;

use crate::{cluster::Cluster, console, em_service, live};

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The HTTP and HTTPS servers of a cluster.
pub(crate) struct Server {
    /// The address that HTTP got.
    pub(crate) http: std::net::SocketAddr,
    handles: Vec<Handle<std::net::SocketAddr>>,
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
            .layer(middleware::from_fn_with_state(guard::Plain { https }, guard::plain));
        let (mut handles, mut tasks) = (Vec::new(), JoinSet::new());

        let handle = Handle::new();
        let mut server = axum_server::from_tcp(listeners.http)?.handle(handle.clone());
        limit(server.http_builder());
        let service = plain.into_make_service_with_connect_info::<std::net::SocketAddr>();
        tasks.spawn(server.serve(service));
        handles.push(handle);

        let handle = Handle::new();
        let mut server = axum_server::from_tcp_rustls(listeners.https, tls)?.handle(handle.clone());
        limit(server.http_builder());
        let service = routes.into_make_service_with_connect_info::<std::net::SocketAddr>();
        tasks.spawn(server.serve(service));
        handles.push(handle);
        Ok(Self { http, handles, tasks })
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
        .layer(console::sessions(cluster));
    let ready = Arc::clone(cluster);
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(move || ready_or_not(Arc::clone(&ready))))
        .merge(em_service::routes(Arc::clone(cluster)))
        .merge(site::routes())
        .merge(console)
        .layer(middleware::from_fn(guard::headers))
}

/// The address that a request comes from; empty when it is not known.
pub(crate) fn peer_address(request: &axum::extract::Request) -> String {
    let peer = request.extensions().get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
    peer.map_or_else(String::new, |peer| peer.0.ip().to_string())
}

/// Ready is who can answer from the database.
async fn ready_or_not(cluster: Arc<Cluster>) -> (StatusCode, &'static str) {
    match engine::ports::ConfigurationStore::configuration(&cluster.store).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database can't be read\n")
        }
    }
}
