//! `sojourn serve`

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    process::ExitCode,
    sync::Arc,
};

use super::{CliError, say, settings::Settings, warn};
use crate::{
    admin::{Admin, ProgramSetting},
    cluster::{Cluster, ClusterLimits, DataFolder, PROTOCOL, SystemClock, SystemIds},
    edge::{
        self, Bounds, CertificateSource, ListenAddresses, Served, Server, StopSignals,
        TrustedProxies,
    },
    http::{self, PublicUrl, Routers},
};

/// The part of a listener's connections on which secrets of strangers wait for a check: guesses never take
/// more, so most connections stay free for others.
const STRANGERS_PART: usize = 4;

/// Serves with these settings; `shown` is their list for the console.
pub(super) async fn run(
    settings: Settings,
    shown: Vec<ProgramSetting>,
) -> Result<ExitCode, CliError> {
    let limits = settings.limits();
    let Some(data_dir) = settings.data_dir else {
        return Err("say where the cluster keeps everything: --data-dir DIR".to_owned());
    };
    let certificate = settings.tls_cert.zip(settings.tls_key);
    let reach = Reach {
        addresses: ListenAddresses {
            http: settings.http,
            https: settings.https,
            phone_config: settings.phone_config,
        },
        certificate: certificate.map(|(certificate, key)| edge::Files { certificate, key }),
        proxies: settings.trusted_proxies.naming_clients_in(settings.forwarded_header),
        public_url: settings.public_url,
        listeners: if settings.phone_config.is_some() { 3 } else { 2 },
        shown,
    };
    let running = Running::start(settings.cluster_id, &data_dir, reach, limits).await?;
    let (id, https) = (&running.cluster.id, running.server.https);
    say(&format!("Sojourn serves cluster {id} at {} and https://{https}/", running.url()));
    if let Some(files) = running.server.phone_config {
        say(&format!("Configuration files of phones are at http://{files}/"));
    }
    let store = &running.cluster.store;
    if store.administrators().await.map_err(|error| error.to_string())?.is_empty() {
        let page = format!("first-administrator/{}", running.cluster.invitation.make());
        let url = running.url();
        say(&format!("There is no administrator yet. This link is good once: {url}{page}"));
        if let Some(url) = running.url_from_elsewhere() {
            say(&format!("From another machine it is {url}{page}"));
        }
    }
    Ok(running.until_stopped().await)
}

/// A cluster and its HTTP server.
pub(super) struct Running {
    pub(super) cluster: Arc<Cluster>,
    server: Server,
    stop: StopSignals,
    public_url: Option<PublicUrl>,
    _folder: DataFolder,
}

/// The addresses of a server, the limits on its clients, and what its console shows of the settings.
pub(super) struct Reach {
    pub(super) addresses: ListenAddresses,
    pub(super) certificate: Option<edge::Files>,
    pub(super) proxies: TrustedProxies,
    pub(super) public_url: Option<PublicUrl>,
    /// Listeners of the whole process, among which its descriptors are divided.
    pub(super) listeners: u64,
    /// The settings of the program, for the console.
    pub(super) shown: Vec<ProgramSetting>,
}

impl Running {
    /// Takes the addresses and the data folder, opens the cluster, and serves.
    pub(super) async fn start(
        cluster_id: Option<String>,
        data_dir: &std::path::Path,
        reach: Reach,
        mut limits: ClusterLimits,
    ) -> Result<Self, CliError> {
        let Reach { addresses, certificate, proxies, public_url, listeners, shown } = reach;
        // A signal during the wait for the lock ends the program at once.
        let folder = DataFolder::locked(data_dir).await.map_err(|error| error.to_string())?;
        let stop = StopSignals::catch().map_err(|error| error.to_string())?;
        let bounds = Bounds::of_this_process(listeners);
        limits.strangers = Some(bounds.connections / STRANGERS_PART);
        let listeners = edge::listen(&addresses).map_err(|error| error.to_string())?;
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        let cluster = Cluster::start(cluster_id, &folder.path, limits, clock, ids, None)
            .await
            .map_err(|error| error.to_string())?;
        let peers = edge::Peers {
            protocol: PROTOCOL.to_vec(),
            identity: Arc::new(cluster.peers.identity()),
        };
        let https = listeners.https.local_addr().map_err(|error| error.to_string())?;
        let source = match certificate {
            Some(files) => CertificateSource::Given(files),
            None => CertificateSource::SelfSigned {
                folder: &folder.path,
                address: https,
                public_host: public_url.as_ref().and_then(PublicUrl::host),
            },
        };
        let tls = edge::certificate(source, Some(peers)).map_err(|error| error.to_string())?;
        let http = listeners.http.local_addr().map_err(|error| error.to_string())?;
        let admin = Admin::of_program(Arc::clone(&cluster), shown);
        let Routers { plain, secure, phone_config } =
            http::routers(&cluster, admin, http, https, public_url.as_ref());
        let content = Served { plain, secure, phone_config, tls, proxies, bounds };
        let start = || Server::start(listeners, content);
        let server =
            cluster.span("listeners").in_scope(start).map_err(|error| error.to_string())?;
        edge::supervisor::ready();
        Ok(Self { cluster, server, stop, public_url, _folder: folder })
    }

    /// The URL of the console on this machine, the only host that gets the console without TLS.
    pub(super) fn url(&self) -> String {
        let mut http = self.server.http;
        match http.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => http.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => http.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("http://{http}/")
    }

    /// The URL of the console on other machines: the public URL, or the address of HTTPS unless that is a
    /// loopback address.
    fn url_from_elsewhere(&self) -> Option<String> {
        if let Some(url) = &self.public_url {
            return Some(format!("{url}/"));
        }
        let https = self.server.https;
        match https.ip() {
            ip if ip.is_loopback() => None,
            ip if ip.is_unspecified() => Some(format!("https://NAME:{}/", https.port())),
            _ => Some(format!("https://{https}/")),
        }
    }

    /// The address of HTTPS.
    pub(super) fn https(&self) -> std::net::SocketAddr {
        self.server.https
    }

    /// The address of HTTP.
    pub(super) fn http(&self) -> std::net::SocketAddr {
        self.server.http
    }

    /// Serves until a signal stops the process, then lets requests finish. A second signal stops the
    /// process at once: commits are durable, and the next start continues from them.
    ///
    /// Exits with 1, and prints the reason, when the cluster or a listener stopped by itself.
    pub(super) async fn until_stopped(self) -> ExitCode {
        let Self { cluster, server, mut stop, public_url: _, _folder } = self;
        let mut stopping = cluster.stopping();
        let by_itself = tokio::select! {
            () = stop.received() => None,
            _ = stopping.wait_for(|stopping| *stopping) => cluster.failure().map(str::to_owned),
            () = server.ended() => Some("a listener has met a fault of the program".to_owned()),
            () = edge::supervisor::watchdog() => None,
        };
        edge::supervisor::stopping();
        cluster.begin_stop();
        let orderly = async {
            server.stop().await;
            cluster.stop().await;
        };
        tokio::select! {
            () = orderly => {}
            () = stop.received() => tracing::warn!("told to stop once more: stopping at once"),
        }
        match by_itself {
            Some(problem) => {
                warn(&problem);
                ExitCode::FAILURE
            }
            None => ExitCode::SUCCESS,
        }
    }
}
