//! The listeners of a server, from the first connection to the last.

use std::{
    io,
    net::{self, SocketAddr},
    time::Duration,
};

use axum::Router;
use futures::future::join_all;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::Instrument;

use super::{
    Bounds, Listeners, Tls, TrustedProxies, accept, connection::Service, permits::Permits,
};

/// How long requests may run after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The running listeners: plain HTTP, TLS, and one for the configuration files of phones.
pub(crate) struct Server {
    /// The bound address of HTTP.
    pub(crate) http: SocketAddr,
    /// The bound address of HTTPS.
    pub(crate) https: SocketAddr,
    draining: watch::Sender<bool>,
    /// The bound address of the listener for the files of phones.
    pub(crate) phone_config: Option<SocketAddr>,
    listeners: Vec<JoinHandle<JoinSet<()>>>,
    /// Renews the self-signed certificate.
    #[expect(dead_code, reason = "the task ends when this is dropped")]
    renewing: Option<AbortOnDropHandle<()>>,
    /// Cancelled when a listener ends, also by a fault of the program.
    ended: CancellationToken,
}

/// The services of the listeners.
pub(crate) struct Served {
    /// The routes over plain HTTP.
    pub(crate) plain: Router,
    /// The routes over TLS.
    pub(crate) secure: Router,
    /// The routes for phones that ask for their configuration files, over plain HTTP.
    pub(crate) phone_config: Router,
    /// How TLS is spoken.
    pub(crate) tls: Tls,
    /// Proxies that name clients.
    pub(crate) proxies: TrustedProxies,
    /// The bounds of each listener.
    pub(crate) bounds: Bounds,
}

impl Server {
    /// Begins to serve, in the span in which this is called.
    ///
    /// # Errors
    /// When a listener can't be used.
    pub(crate) fn start(listeners: Listeners, served: Served) -> io::Result<Self> {
        let http = listeners.http.local_addr()?;
        let https = listeners.https.local_addr()?;
        let phone_config = listeners.phone_config.as_ref().map(net::TcpListener::local_addr);
        let phone_config = phone_config.transpose()?;
        let Served { plain, secure, phone_config: files, tls, proxies, bounds } = served;
        let (draining, drains) = watch::channel(false);
        let ended = CancellationToken::new();
        let start = |listener: net::TcpListener, router, tls| -> io::Result<_> {
            let listener = TcpListener::from_std(listener)?;
            let permits = Permits::new(bounds, proxies.clone());
            let service = Service { router, tls, proxies: proxies.clone() };
            let (drains, ended) = (drains.clone(), ended.clone().drop_guard());
            let accept = async move {
                let _ended = ended;
                accept::run(listener, permits, service, drains).await
            };
            Ok(tokio::spawn(accept.in_current_span()))
        };
        let renewing = tls.renewed.clone();
        let renewing =
            renewing.map(|own| AbortOnDropHandle::new(tokio::spawn(own.renew().in_current_span())));
        let mut started =
            vec![start(listeners.http, plain, None)?, start(listeners.https, secure, Some(tls))?];
        if let Some(listener) = listeners.phone_config {
            started.push(start(listener, files, None)?);
        }
        Ok(Self { http, https, phone_config, draining, listeners: started, renewing, ended })
    }

    /// Returns when a listener has ended without being told to: a fault of the program.
    pub(crate) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Takes no more connections, lets requests finish for [`GRACE`], and ends the rest.
    pub(crate) async fn stop(self) {
        self.draining.send_replace(true);
        join_all(self.listeners.into_iter().map(finish)).await;
    }
}

/// Lets the connections of a listener finish, or ends them.
async fn finish(listener: JoinHandle<JoinSet<()>>) {
    let Ok(mut connections) = listener.await else { return };
    let finished = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, finished).await.is_err() {
        connections.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::{CertificateSource, ListenAddresses, certificate, listen};

    #[tokio::test]
    async fn a_listener_that_ends_by_itself_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        for ends in [0, 1, 2] {
            let any = "127.0.0.1:0".parse().unwrap();
            let listeners =
                listen(&ListenAddresses { http: any, https: any, phone_config: Some(any) })
                    .unwrap();
            let own = CertificateSource::SelfSigned {
                folder: folder.path(),
                address: any,
                public_host: None,
            };
            let content = Served {
                plain: Router::new(),
                secure: Router::new(),
                phone_config: Router::new(),
                tls: certificate(own, None).unwrap(),
                proxies: "".parse().unwrap(),
                bounds: Bounds::of_this_process(3),
            };
            let server = Server::start(listeners, content).unwrap();
            server.listeners[ends].abort();
            timeout(Duration::from_secs(10), server.ended()).await.unwrap();
        }
    }
}
