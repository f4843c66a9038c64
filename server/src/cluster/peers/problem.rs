//! Failures of synchronization with a remote cluster.

use engine::ports::{PeerError, StoreError};

/// Why a request to a remote cluster, or the processing of its answer, failed.
pub(crate) enum Problem {
    /// The remote cluster.
    Peer(PeerError),
    /// The database.
    Store(StoreError),
}

impl From<PeerError> for Problem {
    fn from(problem: PeerError) -> Self {
        Self::Peer(problem)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
