//! Remote clusters: how they are trusted, asked and kept up with.

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

use super::Cluster;
use crate::edge::Sampled;
use https::HttpsPeers;

/// The remote clusters of a cluster.
pub struct RemoteClusters {
    /// How each of them answers.
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
    /// Announcements that are not taken.
    announces: Sampled,
}

/// Tells the task of a remote cluster that there is something to do.
#[derive(Default)]
struct Wake {
    notify: Notify,
    /// Whether stays are to be compared: the other cluster has lost sight of this one, and does so too.
    compares: AtomicBool,
    /// Whether refused farewells are to be sent again now.
    tries_all: AtomicBool,
}

/// A problem with the keys of this cluster.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The key can't be opened or made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Key and certificate don't read, or don't belong together.
    #[error("the EMCC key of the database can't be used: {0}")]
    Broken(String),
}

/// Who shows a certificate.
pub enum Shown {
    /// A remote cluster.
    Known(RemoteCluster),
    /// The remote cluster that has announced it, and uses it from now on.
    Announced(RemoteCluster),
    /// Somebody else.
    Unknown,
}

impl RemoteClusters {
    /// Reads the keys of the cluster, or makes them. Messages go by `transport`, or by HTTPS.
    ///
    /// # Errors
    /// When there is no key that can be used.
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

    /// The certificate that this cluster shows to others, as TLS needs it.
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

    /// Knows these remote clusters, and the keys of the database, from now on.
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

    /// What wakes the task of a remote cluster.
    fn wake(&self, peer: &str) -> Arc<Wake> {
        let mut wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(wakes.entry(peer.to_owned()).or_default())
    }

    /// Lets a remote cluster be asked now, and get all its farewells.
    pub fn try_now(&self, peer: &str) {
        let wake = self.wake(peer);
        wake.tries_all.store(true, Ordering::Relaxed);
        wake.notify.notify_one();
    }

    /// Notes what a remote cluster says of itself. A cluster that did not answer before is asked now; a cluster that
    /// compares stays may have come back without some of them.
    pub fn heard_from(&self, peer: &str, info: &ClusterInfo) {
        let is_back = self.links.link(peer).failing.is_some();
        if is_back || info.compares {
            let wake = self.wake(peer);
            wake.compares.fetch_or(info.compares, Ordering::Relaxed);
            wake.notify.notify_one();
        }
    }

    /// Lets all remote clusters be asked now: one of them is owed a farewell.
    pub(super) fn try_all(&self) {
        let wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
        wakes.values().for_each(|wake| wake.notify.notify_one());
    }
}

impl Cluster {
    /// Asks a remote cluster, once, on behalf of the request of this number.
    ///
    /// # Errors
    /// Why it did not answer.
    pub async fn ask_peer_for(
        &self,
        peer: &str,
        number: u64,
        request: PeerRequest,
    ) -> Result<PeerAnswer, PeerError> {
        let message = PeerMessage { number, sender: self.id.clone(), request };
        self.peers.transport.ask(peer, &message).await
    }

    /// Asks a remote cluster, once, on behalf of nobody.
    async fn ask_peer(&self, peer: &str, request: PeerRequest) -> Result<PeerAnswer, PeerError> {
        self.ask_peer_for(peer, 0, request).await
    }

    /// The remote cluster of this id, as of the last change that was noticed.
    #[must_use]
    pub fn remote_cluster(&self, id: &str) -> Option<RemoteCluster> {
        let configuration = self.configuration.borrow();
        configuration.remote_clusters.iter().find(|cluster| cluster.id == id).cloned()
    }

    /// Who shows this certificate.
    #[must_use]
    pub fn who_shows(&self, certificate: &rustls::pki_types::CertificateDer<'_>) -> Shown {
        let configuration = self.configuration.borrow();
        let is = |pem: &str| {
            ClusterCertificate::from_pem(pem).is_ok_and(|known| known.der == *certificate)
        };
        let clusters = &configuration.remote_clusters;
        if let Some(known) = clusters.iter().find(|cluster| is(&cluster.certificate)) {
            return Shown::Known(known.clone());
        }
        let announced = clusters.iter().find(|cluster| is(&cluster.next_certificate));
        announced.map_or(Shown::Unknown, |cluster| Shown::Announced(cluster.clone()))
    }

    /// What this cluster tells a remote one about itself.
    #[must_use]
    pub fn info_for(&self, peer: &str) -> ClusterInfo {
        let emcc = self.remote_cluster(peer).is_some_and(|cluster| cluster.enabled);
        let next = self.peers.keys().next.map(|key| key.certificate);
        let release = self.configuration.borrow().release;
        ClusterInfo { release, emcc, next_certificate: next, compares: false }
    }

    /// Writes down what a remote cluster has shown of its certificates, if that is new; says whether that is what is
    /// known of it now.
    ///
    /// # Errors
    /// When the store can't.
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
