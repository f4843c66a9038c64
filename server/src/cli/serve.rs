//! `sojourn serve`

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::PathBuf,
    sync::Arc,
};

use store::ConsoleStore;

use super::{CliError, ServeArguments, say};
use crate::{
    cluster::{Cluster, ClusterLimits, DataFolder, SystemClock, SystemIds},
    http::{self, Addresses, Server, StopSignals},
};

pub(super) async fn run(arguments: ServeArguments) -> Result<(), CliError> {
    let limits = arguments.limits();
    let tls = arguments.tls_cert.zip(arguments.tls_key);
    let addresses = Addresses { http: arguments.http, https: arguments.https };
    let (id, data_dir) = (arguments.cluster_id, arguments.data_dir);
    let running = Running::start(id, &data_dir, addresses, limits, tls).await?;
    let (id, https) = (&running.cluster.id, running.server.https);
    say(&format!("Sojourn serves cluster {id} at {} and https://{https}/", running.url()));
    let store = &running.cluster.store;
    if store.administrators().await.map_err(|error| error.to_string())?.is_empty() {
        let page = format!("first-administrator/{}", running.cluster.invitation.make());
        let url = running.url();
        say(&format!("There is no administrator yet. This link is good once: {url}{page}"));
        if let Some(url) = running.url_from_elsewhere() {
            say(&format!("From another machine it is {url}{page}"));
        }
    }
    running.until_stopped().await
}

/// A cluster and its HTTP server.
pub(super) struct Running {
    pub(super) cluster: Arc<Cluster>,
    server: Server,
    stop: StopSignals,
    _folder: DataFolder,
}

impl Running {
    /// Takes the addresses and the data folder, opens the cluster, and serves.
    pub(super) async fn start(
        cluster_id: String,
        data_dir: &std::path::Path,
        addresses: Addresses,
        limits: ClusterLimits,
        tls: Option<(PathBuf, PathBuf)>,
    ) -> Result<Self, CliError> {
        let stop = StopSignals::catch().map_err(|error| error.to_string())?;
        let folder = DataFolder::lock(data_dir).map_err(|error| error.to_string())?;
        let listeners = http::listen(&addresses).map_err(|error| error.to_string())?;
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        let cluster = Cluster::start(cluster_id, &folder.path, limits, clock, ids)
            .await
            .map_err(|error| error.to_string())?;
        let tls = http::certificate(&folder.path, tls).map_err(|error| error.to_string())?;
        let server = Server::start(&cluster, listeners, tls).map_err(|error| error.to_string())?;
        Ok(Self { cluster, server, stop, _folder: folder })
    }

    /// Where the console is on this machine: at no other name it is served without TLS.
    pub(super) fn url(&self) -> String {
        let mut http = self.server.http;
        match http.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => http.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => http.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("http://{http}/")
    }

    /// Where it is from another machine, unless HTTPS listens for this one alone.
    fn url_from_elsewhere(&self) -> Option<String> {
        let https = self.server.https;
        match https.ip() {
            ip if ip.is_loopback() => None,
            ip if ip.is_unspecified() => Some(format!("https://NAME:{}/", https.port())),
            _ => Some(format!("https://{https}/")),
        }
    }

    /// The address of HTTP.
    pub(super) fn http(&self) -> std::net::SocketAddr {
        self.server.http
    }

    /// Serves until the process is told to stop, then lets requests finish.
    ///
    /// # Errors
    /// When the cluster stopped by itself.
    pub(super) async fn until_stopped(self) -> Result<(), CliError> {
        let mut stopping = self.cluster.stopping();
        let by_itself = tokio::select! {
            () = self.stop.received() => false,
            _ = stopping.wait_for(|stopping| *stopping) => true,
        };
        self.cluster.begin_stop();
        self.server.stop().await;
        self.cluster.stop().await;
        if by_itself { Err("the cluster has met a fault of the program".into()) } else { Ok(()) }
    }
}
