//! Stays, and the clusters that share them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use terms::ErrorCode;

use super::StoreError;
use crate::{
    HomeConfiguration, LoginId, OpenCounts, PeerAnswer, PeerMessage, PostedFarewell, StayRole,
    UtcMillis,
};

/// Why a remote cluster did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// The cluster can't be reached, and has not received the request.
    #[error("it can't be reached: {0}")]
    NotReached(String),
    /// The server at the cluster's address does not have the known certificate, and has not received the request.
    #[error("who answers at its address has another certificate")]
    NotTrusted,
    /// The cluster does not answer in time, and may have carried out the request.
    #[error("it does not answer: {0}")]
    NoAnswer(String),
    /// The answer is not understood. The cluster may have carried out the request.
    #[error("its answer is not understood")]
    NotUnderstood,
    /// The cluster refuses, and has done nothing.
    #[error("it refuses: {}", .0.text())]
    Refused(ErrorCode),
    /// There is no remote cluster of this id.
    #[error("there is no remote cluster of this id")]
    NoSuchCluster,
}

impl PeerError {
    /// Whether the cluster may have carried out the request.
    #[must_use]
    pub const fn may_be_done(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::NotUnderstood)
    }
}

/// The remote clusters.
#[async_trait]
pub trait Peers: Send + Sync {
    /// Sends a request to a remote cluster once, without a retry.
    async fn ask(&self, cluster: &str, message: &PeerMessage) -> Result<PeerAnswer, PeerError>;
}

/// The store's side of stays. Each answer comes from one snapshot of the database.
#[async_trait]
pub trait StayStore: Send + Sync {
    /// The farewells in the outbox to one cluster or to all clusters: the first `limit` after the number `after`,
    /// and the number of all these farewells without regard to `after` and `limit`.
    async fn farewells(
        &self,
        to: Option<&str>,
        after: u64,
        limit: u32,
    ) -> Result<(Vec<PostedFarewell>, u64), StoreError>;

    /// The identities of open stays with the cluster `peer` in which this cluster has the role `role`: the first
    /// `limit` after `after`, in ascending order.
    async fn stays(
        &self,
        peer: &str,
        role: StayRole,
        after: Option<LoginId>,
        limit: u32,
    ) -> Result<Vec<LoginId>, StoreError>;

    /// The number of open stays with each cluster; a cluster without an entry has no open stay.
    async fn stay_counts(&self) -> Result<BTreeMap<String, OpenCounts>, StoreError>;

    /// Whether any enabled user of this cluster may log in at other clusters.
    async fn has_emcc_users(&self) -> Result<bool, StoreError>;

    /// When the next intent is due to be given up.
    async fn next_intent(&self) -> Result<Option<UtcMillis>, StoreError>;

    /// The configuration that the phone of a visit has.
    async fn visit(&self, login: LoginId) -> Result<Option<HomeConfiguration>, StoreError>;
}
