//! A cluster's keys towards other clusters.

use std::fmt;

use crate::UtcMillis;

/// A key with its certificate, by which other clusters recognize this cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct EmccKey {
    /// The certificate (PEM).
    pub certificate: String,
    /// The key (PKCS #8), encrypted with a key that is not in the database.
    pub sealed_key: Vec<u8>,
    /// When the key was made.
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
    /// The key in use.
    pub current: EmccKey,
    /// The next key, which is announced to other clusters before the cluster uses it.
    pub next: Option<EmccKey>,
}
