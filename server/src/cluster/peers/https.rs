//! Asking remote clusters over HTTPS.

use std::{
    collections::HashMap,
    error::Error,
    io,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use engine::{
    PeerAnswer, PeerMessage, PeerRequest, RemoteCluster,
    ports::{PeerError, Peers},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, header, redirect::Policy};
use wire::emcc;

use super::{
    ClusterCertificate,
    trust::{OwnIdentity, client_config},
};
use crate::cluster::bounded::body;

/// The time in which a remote cluster has to be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The time for an answer that the remote cluster gives from memory or one read.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(4);
/// The time for an answer to a home login: the remote cluster checks a PIN, and other checks may be
/// queued before it.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(12);
/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// Idle connections to one cluster that are kept open.
const MOST_IDLE_CONNECTIONS: usize = 16;

/// The remote clusters, each with its connections.
pub(super) struct HttpsPeers {
    own: OwnIdentity,
    clusters: RwLock<HashMap<String, Known>>,
}

/// A remote cluster, and a client that trusts its certificates alone.
#[derive(Clone)]
struct Known {
    cluster: RemoteCluster,
    client: Client,
}

impl HttpsPeers {
    /// Starts without any remote cluster.
    pub(super) fn new(own: OwnIdentity) -> Self {
        Self { own, clusters: RwLock::default() }
    }

    /// Replaces the known remote clusters. A new identity of this cluster requires new connections.
    pub(super) fn know(&self, clusters: &[RemoteCluster], is_own_new: bool) {
        let before = self.clusters.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known = clusters.iter().filter_map(|cluster| {
            let same = before
                .get(&cluster.id)
                .filter(|known| !is_own_new && pins(&known.cluster) == pins(cluster));
            let client = match same {
                Some(known) => known.client.clone(),
                None => self.client(cluster)?,
            };
            Some((cluster.id.clone(), Known { cluster: cluster.clone(), client }))
        });
        let known = known.collect();
        *self.clusters.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    fn known(&self, cluster: &str) -> Result<Known, PeerError> {
        let known = self.clusters.read().unwrap_or_else(PoisonError::into_inner);
        known.get(cluster).cloned().ok_or(PeerError::NoSuchCluster)
    }

    fn client(&self, cluster: &RemoteCluster) -> Option<Client> {
        let pinned = pins(cluster).map(|pem| ClusterCertificate::from_pem(pem).map(|one| one.der));
        let config = client_config(&self.own, pinned.into_iter().flatten().collect());
        let config = config.inspect_err(|error| tracing::error!(%error, "no TLS towards clusters"));
        let client = Client::builder()
            .tls_backend_preconfigured(config.ok()?)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .http1_only()
            .https_only(true)
            .pool_max_idle_per_host(MOST_IDLE_CONNECTIONS)
            .build();
        client.inspect_err(|error| tracing::error!(%error, "no client towards clusters")).ok()
    }
}

/// The certificates (PEM) that a cluster may show.
fn pins(cluster: &RemoteCluster) -> [&str; 2] {
    [&cluster.certificate, &cluster.next_certificate]
}

#[async_trait]
impl Peers for HttpsPeers {
    async fn ask(&self, cluster: &str, message: &PeerMessage) -> Result<PeerAnswer, PeerError> {
        let Known { cluster, client } = self.known(cluster)?;
        let timeout = match message.request {
            PeerRequest::CheckPin(_) | PeerRequest::HomeLogin(_) => LOGIN_TIMEOUT,
            _ => ANSWER_TIMEOUT,
        };
        let xml = emcc::message(message);
        let sent = client
            .post(&cluster.url)
            .timeout(timeout)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("xml={}", utf8_percent_encode(&xml, NON_ALPHANUMERIC)))
            .send()
            .await;
        let mut answer = sent.map_err(|error| problem(&error))?;
        if !answer.status().is_success() {
            return Err(PeerError::NotUnderstood);
        }
        let read = body(&mut answer, MAX_ANSWER_BYTES).await.map_err(|error| problem(&error))?;
        let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or(PeerError::NotUnderstood)?;
        emcc::read_answer(&message.request, &text).map_err(|_| PeerError::NotUnderstood)
    }
}

/// The peer error for an HTTP error. The error's URL is left out: the log and the console name the
/// cluster.
fn problem(error: &reqwest::Error) -> PeerError {
    if is_other_certificate(error) {
        return PeerError::NotTrusted;
    }
    let why = if error.is_timeout() { "not in time".to_owned() } else { last_cause(error) };
    if error.is_connect() { PeerError::NotReached(why) } else { PeerError::NoAnswer(why) }
}

/// Whether the peer has shown a certificate that is not pinned.
fn is_other_certificate(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        // A TLS error is wrapped in an I/O error, which may be wrapped in further I/O errors.
        let mut inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        while let Some(deeper) = inner.and_then(|inner| inner.downcast_ref::<io::Error>()) {
            inner = deeper.get_ref();
        }
        let tls = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
    })
}

/// The text of the last cause, which says what happened.
fn last_cause(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// The error and the chain of its sources.
fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next: Option<&'a (dyn Error + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}
