//! Remote clusters: their state, and requests to them.

mod change;
mod given;

use std::time::{Duration, Instant};

use engine::{
    ClusterInfo, OpenCounts, PeerAnswer, PeerRequest, PostedFarewell, RemoteCluster,
    ports::PeerError,
};
use terms::Role;

use super::{Admin, AdminError, Caller, OwnCertificate, OwnCertificates};
use crate::cluster::{Cluster, Link};

pub use change::{RemoteClusterChange, RemoteClusterError};
pub(super) use change::{certificate_of, check_url};
pub use given::GivenCertificate;
pub(super) use given::keep_certificates;

/// A remote cluster, with its current state.
pub struct KnownCluster {
    /// The configuration of the remote cluster.
    pub cluster: RemoteCluster,
    /// Whether users log in across both clusters, as far as this cluster decides.
    pub is_on: bool,
    /// Whether and how the remote cluster answers.
    pub link: Link,
    /// The open stays with the remote cluster.
    pub open: OpenCounts,
    /// The number of farewells that the remote cluster has not acknowledged.
    pub farewells: u64,
}

/// The answer of a remote cluster to a test, with the time that it took.
pub type Tested = Result<(ClusterInfo, Duration), PeerError>;

impl Admin {
    /// The remote clusters, by id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remote_clusters(&self, caller: &Caller) -> Result<Vec<KnownCluster>, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let configuration = cluster.store.configuration().await?;
        let mut stored = configuration.remote_clusters.clone();
        stored.sort_by(|one, other| one.id.cmp(&other.id));
        let open = cluster.store.stay_counts().await?;
        let mut known = Vec::with_capacity(stored.len());
        for remote in stored {
            let (_, farewells) = cluster.store.farewells(Some(&remote.id), 0, 0).await?;
            known.push(KnownCluster {
                is_on: configuration.is_emcc_partner(&remote.id),
                link: cluster.peers.links.link(&remote.id),
                open: open.get(&remote.id).copied().unwrap_or_default(),
                farewells,
                cluster: remote,
            });
        }
        Ok(known)
    }

    /// A remote cluster, and the first farewells that it has not acknowledged, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remote_cluster(
        &self,
        caller: &Caller,
        id: &str,
        limit: u32,
    ) -> Result<Option<(KnownCluster, Vec<PostedFarewell>)>, AdminError> {
        let cluster = self.gate.open(caller, Role::Viewer)?;
        let configuration = cluster.store.configuration().await?;
        let found = configuration.remote_clusters.iter().find(|one| one.id == id);
        let Some(remote) = found.cloned() else { return Ok(None) };
        let is_on = configuration.is_emcc_partner(id);
        let open = cluster.store.stay_counts().await?.remove(id).unwrap_or_default();
        let (posted, farewells) = cluster.store.farewells(Some(id), 0, limit).await?;
        let link = cluster.peers.links.link(id);
        Ok(Some((KnownCluster { cluster: remote, is_on, link, open, farewells }, posted)))
    }

    /// The certificate by which other clusters know this one.
    ///
    /// # Errors
    /// When there is no certificate yet, or the store fails.
    pub async fn own_certificate(&self, caller: &Caller) -> Result<OwnCertificates, AdminError> {
        let Cluster { store, clock, .. } = &**self.gate.open(caller, Role::Viewer)?;
        OwnCertificate::new(&**store, &**clock).show(caller).await
    }

    /// Asks a remote cluster once for its state, and returns the answer.
    /// `None` when no remote cluster has this id.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn test_remote_cluster(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<Option<Tested>, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        if stored(cluster, id).await?.is_none() {
            return Ok(None);
        }
        let began = Instant::now();
        let own = PeerRequest::Update(cluster.info_for(id));
        let tested = match cluster.ask_peer_for(id, 0, own).await {
            Ok(PeerAnswer::Cluster(info)) => Ok((info, began.elapsed())),
            Ok(PeerAnswer::Refused(code)) => Err(PeerError::Refused(code)),
            Ok(_) => Err(PeerError::NotUnderstood),
            Err(problem) => Err(problem),
        };
        // A retry now brings the state that the page shows up to date.
        cluster.peers.try_now(id);
        let detail = match &tested {
            Ok((info, took)) => format!("release {}, {} ms", info.release, took.as_millis()),
            Err(problem) => problem.to_string(),
        };
        note(cluster, caller, "test_remote_cluster", id, detail).await?;
        Ok(Some(tested))
    }

    /// Asks a remote cluster now, and sends it the pending messages.
    /// Returns false when no remote cluster has this id.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn ask_remote_cluster(&self, caller: &Caller, id: &str) -> Result<bool, AdminError> {
        let cluster = self.gate.open(caller, Role::Operator)?;
        if stored(cluster, id).await?.is_none() {
            return Ok(false);
        }
        cluster.peers.try_now(id);
        note(cluster, caller, "ask_remote_cluster", id, String::new()).await?;
        Ok(true)
    }
}

/// The remote cluster of this id, from the store.
/// The copy in memory may lag behind the last save.
async fn stored(cluster: &Cluster, id: &str) -> Result<Option<RemoteCluster>, AdminError> {
    let stored = cluster.store.configuration().await?.remote_clusters;
    Ok(stored.into_iter().find(|remote| remote.id == id))
}

async fn note(
    cluster: &Cluster,
    caller: &Caller,
    action: &'static str,
    id: &str,
    detail: String,
) -> Result<(), AdminError> {
    let (by, now) = (caller.actor().clone(), cluster.clock.now());
    let subject = format!("remote cluster {id}");
    Ok(cluster.store.note(by, action, subject, detail, now).await?)
}
