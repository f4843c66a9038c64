//! Remote clusters: trust, requests and synchronization.

mod certificate;
pub(crate) mod compare;
mod expiring;
mod homes;
mod https;
mod intents;
mod key;
mod links;
pub(crate) mod outbox;
mod problem;
pub(crate) mod run;
mod trust;

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use engine::{
    ClusterInfo, EmccKeys, Learnt, PeerAnswer, PeerMessage, PeerRequest, RemoteCluster,
    ports::{Clock, PeerError, Peers, Store, StoreError},
};
use tokio::sync::Notify;

pub use certificate::{CertificateError, ClusterCertificate};
pub(super) use expiring::run as watch_certificates;
pub use homes::Homes;
pub(super) use intents::{give_up_all as give_up_all_intents, run as give_up_intents};
pub use key::{KeyError, Seal};
pub use links::{Failing, HeldUp, Link, Links};
pub(super) use run::run;
pub use trust::{OwnIdentity, PROTOCOL};

use super::{Cluster, phone_secrets::PhoneSecrets};
use crate::edge::Sampled;
use https::HttpsPeers;

/// The remote clusters of a cluster.
pub struct RemoteClusters {
    /// The state of the link to each remote cluster.
    pub links: Links,
    /// The home clusters of users.
    pub homes: Homes,
    identity: OwnIdentity,
    seal: Seal,
    /// The keys that `identity` shows.
    keys: RwLock<EmccKeys>,
    https: Arc<HttpsPeers>,
    transport: Arc<dyn Peers>,
    wakes: Mutex<HashMap<String, Arc<Wake>>>,
    /// Rejected announcements of certificates.
    announces: Sampled,
}

/// The wake-up signal for the task of a remote cluster.
#[derive(Default)]
struct Wake {
    notify: Notify,
    /// Whether the task has to compare stays: the other cluster has lost contact with this cluster, and compares
    /// too.
    compares: AtomicBool,
    /// Whether the task has to send refused farewells again now.
    tries_all: AtomicBool,
}

/// A problem with the keys of this cluster.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key can't be opened or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Key and certificate can't be parsed, or don't match.
    #[error("the EMCC key of the database can't be used: {0}")]
    Broken(String),
}

/// The owner of a shown certificate.
pub enum CertificateOwner {
    /// A remote cluster.
    Known(RemoteCluster),
    /// The remote cluster that has announced the certificate, and uses the certificate from now on.
    Announced(RemoteCluster),
    /// No known remote cluster.
    Unknown,
}

impl RemoteClusters {
    /// The secrets of phones that follow from the key file.
    pub(super) fn phone_secrets(&self) -> PhoneSecrets {
        self.seal.phone_secrets()
    }

    /// Reads the keys of the cluster, or makes them. Messages go by `transport`, or by HTTPS.
    ///
    /// # Errors
    /// When the cluster has no usable key.
    pub(super) async fn start(
        id: &str,
        folder: &Path,
        store: &dyn Store,
        clock: &dyn Clock,
        transport: Option<Arc<dyn Peers>>,
    ) -> Result<Self, IdentityError> {
        let seal = Seal::of_folder(folder)?;
        let keys = match store.emcc_keys().await? {
            Some(keys) => keys,
            None => engine::own_keys(store, seal.make(id, clock.now())?).await?,
        };
        let identity = OwnIdentity::default();
        let https = Arc::new(HttpsPeers::new(identity.clone()));
        let transport = transport.unwrap_or_else(|| Arc::<HttpsPeers>::clone(&https));
        let clusters = Self {
            links: Links::default(),
            homes: Homes::default(),
            identity,
            seal,
            keys: RwLock::new(keys.clone()),
            https,
            transport,
            wakes: Mutex::default(),
            announces: Sampled::default(),
        };
        clusters.show(&keys)?;
        Ok(clusters)
    }

    /// The certificate that this cluster shows to others, in the form that TLS needs.
    #[must_use]
    pub fn identity(&self) -> OwnIdentity {
        self.identity.clone()
    }

    /// The keys of this cluster.
    #[must_use]
    pub fn keys(&self) -> EmccKeys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, keys: &EmccKeys) -> Result<(), IdentityError> {
        let broken = |error: &dyn std::fmt::Display| IdentityError::Broken(error.to_string());
        let certificate = ClusterCertificate::from_pem(&keys.current.certificate);
        let certificate = certificate.map_err(|error| broken(&error))?;
        let key = self.seal.open(&keys.current)?;
        self.identity.set(certificate.der, key).map_err(|error| broken(&error))
    }

    /// Replaces the known remote clusters, and loads the keys from the database.
    async fn reload(
        &self,
        store: &dyn Store,
        clusters: &[RemoteCluster],
    ) -> Result<(), IdentityError> {
        let before = self.keys();
        let keys = store.emcc_keys().await?.unwrap_or_else(|| before.clone());
        let is_own_new = keys.current != before.current;
        if is_own_new {
            self.show(&keys)?;
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.https.know(clusters, is_own_new);
        Ok(())
    }

    /// The wake-up signal for the task of a remote cluster.
    fn wake(&self, peer: &str) -> Arc<Wake> {
        let mut wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(wakes.entry(peer.to_owned()).or_default())
    }

    /// Makes the task ask a remote cluster now, and send all farewells to the cluster.
    pub fn try_now(&self, peer: &str) {
        let wake = self.wake(peer);
        wake.tries_all.store(true, Ordering::Relaxed);
        wake.notify.notify_one();
    }

    /// Notes the information of a remote cluster about itself. A cluster that did not answer before is asked now; a
    /// cluster that compares stays may have come back without some of its stays.
    pub fn heard_from(&self, peer: &str, info: &ClusterInfo) {
        let is_back = self.links.link(peer).failing.is_some();
        if is_back || info.compares {
            let wake = self.wake(peer);
            wake.compares.fetch_or(info.compares, Ordering::Relaxed);
            wake.notify.notify_one();
        }
    }

    /// Makes the tasks ask all remote clusters now: one of the clusters is owed a farewell.
    pub(super) fn try_all(&self) {
        let wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        wakes.values().for_each(|wake| wake.notify.notify_one());
    }
}

impl Cluster {
    /// Asks a remote cluster once, on behalf of the request with this number.
    ///
    /// # Errors
    /// The reason why the remote cluster did not answer.
    pub async fn ask_peer_for(
        &self,
        peer: &str,
        number: u64,
        request: PeerRequest,
    ) -> Result<PeerAnswer, PeerError> {
        let message = PeerMessage { number, sender: self.id.clone(), request };
        self.peers.transport.ask(peer, &message).await
    }

    /// Asks a remote cluster once, on behalf of no request.
    async fn ask_peer(&self, peer: &str, request: PeerRequest) -> Result<PeerAnswer, PeerError> {
        self.ask_peer_for(peer, 0, request).await
    }

    /// The remote cluster of this id, as of the last change that was noticed.
    #[must_use]
    pub fn remote_cluster(&self, id: &str) -> Option<RemoteCluster> {
        let configuration = self.configuration.borrow();
        configuration.remote_clusters.iter().find(|cluster| cluster.id == id).cloned()
    }

    /// The owner of a shown certificate.
    #[must_use]
    pub fn owner_of(
        &self,
        certificate: &rustls::pki_types::CertificateDer<'_>,
    ) -> CertificateOwner {
        let configuration = self.configuration.borrow();
        let is = |pem: &str| {
            ClusterCertificate::from_pem(pem).is_ok_and(|known| known.der == *certificate)
        };
        let clusters = &configuration.remote_clusters;
        if let Some(known) = clusters.iter().find(|cluster| is(&cluster.certificate)) {
            return CertificateOwner::Known(known.clone());
        }
        let announced = clusters.iter().find(|cluster| is(&cluster.next_certificate));
        announced.map_or(CertificateOwner::Unknown, |cluster| {
            CertificateOwner::Announced(cluster.clone())
        })
    }

    /// The information about this cluster that a remote cluster gets.
    #[must_use]
    pub fn info_for(&self, peer: &str) -> ClusterInfo {
        let next = self.peers.keys().next.map(|key| key.certificate);
        let (release, emcc) = {
            let configuration = self.configuration.borrow();
            (configuration.release, configuration.is_emcc_partner(peer))
        };
        ClusterInfo { release, emcc, next_certificate: next, compares: false }
    }

    /// Stores a certificate that a remote cluster has shown, if the certificate is new. Returns whether the stored
    /// row has the certificate now.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub async fn learn(&self, peer: &str, learnt: Learnt) -> Result<bool, StoreError> {
        let known = self.remote_cluster(peer);
        let is_known = match &learnt {
            Learnt::Next(next) => known
                .is_none_or(|known| known.next_certificate == *next || known.certificate == *next),
            Learnt::Uses(_) => false,
        };
        if is_known {
            return Ok(true);
        }
        if let Learnt::Next(next) = &learnt
            && ClusterCertificate::from_pem(next).map_or(true, |one| one.cluster != peer)
        {
            if let Some(times) = self.peers.announces.count() {
                let what = "a remote cluster announces what is no certificate of its own";
                tracing::warn!(times, peer, "{what}");
            }
            return Ok(false);
        }
        engine::learn(&*self.store, peer.to_owned(), learnt, self.clock.now()).await
    }
}
