//! Why a remote cluster was not kept up with.

use engine::ports::{PeerError, StoreError};

/// Why a question to a remote cluster, or what follows from its answer, came to nothing.
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
