//! Stays, and the clusters with which they are shared.

use std::collections::BTreeMap;

use async_trait::async_trait;
use terms::ErrorCode;

use super::StoreError;
use crate::{
    HomeConfiguration, LoginId, OpenCounts, PeerAnswer, PeerMessage, PostedFarewell, Role,
    UtcMillis,
};

/// Why a remote cluster did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// It can't be reached. It was asked nothing.
    #[error("it can't be reached: {0}")]
    NotReached(String),
    /// Who answers is not the cluster whose certificate is known. It was asked nothing.
    #[error("who answers at its address has another certificate")]
    NotTrusted,
    /// It does not answer in time. It may have done what it was asked.
    #[error("it does not answer: {0}")]
    NoAnswer(String),
    /// The answer is not understood. It may have done what it was asked.
    #[error("its answer is not understood")]
    NotUnderstood,
    /// It refuses. Nothing is done.
    #[error("it refuses: {}", .0.text())]
    Refused(ErrorCode),
    /// There is no remote cluster of this id.
    #[error("there is no remote cluster of this id")]
    NoSuchCluster,
}

impl PeerError {
    /// Whether it may have done what it was asked.
    #[must_use]
    pub const fn may_be_done(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::NotUnderstood)
    }
}

/// The remote clusters.
#[async_trait]
pub trait Peers: Send + Sync {
    /// Asks a remote cluster, once.
    async fn ask(&self, cluster: &str, message: &PeerMessage) -> Result<PeerAnswer, PeerError>;
}

/// The store's side of stays. Each answer comes from one moment.
#[async_trait]
pub trait StayStore: Send + Sync {
    /// The farewells in the outbox, to one cluster or all: the first behind the number `after`, at most `limit`, and
    /// how many there are in all.
    async fn farewells(
        &self,
        to: Option<&str>,
        after: u64,
        limit: u32,
    ) -> Result<(Vec<PostedFarewell>, u64), StoreError>;

    /// The identities of open stays with the cluster `peer`, of which this cluster is `role`, behind `after`
    /// in their order, at most `limit`.
    async fn stays(
        &self,
        peer: &str,
        role: Role,
        after: Option<LoginId>,
        limit: u32,
    ) -> Result<Vec<LoginId>, StoreError>;

    /// How many stays are open with each cluster; one that is not named has none.
    async fn stay_counts(&self) -> Result<BTreeMap<String, OpenCounts>, StoreError>;

    /// When the next intent is to be given up.
    async fn next_intent(&self) -> Result<Option<UtcMillis>, StoreError>;

    /// What the phone of a visit became.
    async fn visit(&self, login: LoginId) -> Result<Option<HomeConfiguration>, StoreError>;
}
