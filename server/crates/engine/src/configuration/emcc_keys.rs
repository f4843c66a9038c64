//! A cluster's keys towards other clusters.

use std::fmt;

use crate::UtcMillis;

/// A key with its certificate, by which other clusters know this one.
#[derive(Clone, PartialEq, Eq)]
pub struct EmccKey {
    /// The certificate (PEM).
    pub certificate: String,
    /// The key (PKCS #8), sealed by a key that is not in the database.
    pub sealed_key: Vec<u8>,
    /// When it was made.
    pub made: UtcMillis,
}

impl fmt::Debug for EmccKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmccKey").field("made", &self.made).finish_non_exhaustive()
    }
}

/// The keys of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmccKeys {
    /// The one in use.
    pub current: EmccKey,
    /// The one that is announced to other clusters before it is used.
    pub next: Option<EmccKey>,
}
