//! Failed attempts to show a secret, and the sources from which names showed the right one.

use async_trait::async_trait;
use serde::Serialize;

use super::StoreError;
use crate::{Actor, UtcMillis};

/// For what failures are counted; what does not belong to a scope is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TallyKey {
    /// The name of the scope.
    pub scope: String,
    /// The kind of the name.
    pub kind: String,
    /// The name, or the phone.
    pub name: String,
    /// The source.
    pub source: String,
}

/// How many failures there were, and what is left of the waits that they brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TallyRow {
    /// For what.
    #[serde(flatten)]
    pub key: TallyKey,
    /// How many.
    pub failures: u32,
    /// A digest of the stored hash against which they were.
    pub secret: i64,
    /// The time that is left to wait.
    pub wait_ms: u64,
    /// The time left until they are forgotten.
    pub forget_ms: u64,
}

/// A source from which a name has shown the right secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct KnownSource {
    /// The kind of the name.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The source.
    pub source: String,
}

/// Changes since the last time.
#[derive(Clone, Debug, Default)]
pub struct AttemptChanges {
    /// Tallies as they are now.
    pub tallies: Vec<TallyRow>,
    /// Tallies that are no more.
    pub forgotten: Vec<TallyKey>,
    /// Sources from which somebody was right.
    pub sources: Vec<KnownSource>,
    /// Rows of the audit: who, the action, the subject and the detail.
    pub audit: Vec<(Actor, &'static str, String, String)>,
}

/// The store's side of the limits on attempts.
#[async_trait]
pub trait AttemptStore: Send + Sync {
    /// All tallies, each with the time at which it was stored.
    async fn attempt_tallies(&self) -> Result<Vec<(TallyRow, UtcMillis)>, StoreError>;

    /// Stores changes in one transaction.
    async fn save_attempts(
        &self,
        changes: AttemptChanges,
        now: UtcMillis,
    ) -> Result<(), StoreError>;

    /// When a name showed the right secret from a source, as far as that is kept.
    async fn known_source(&self, source: &KnownSource) -> Result<Option<UtcMillis>, StoreError>;

    /// Forgets at most `limit` sources that were not used since `before`, and as many of those that
    /// are too many; says how many.
    async fn forget_sources(&self, before: UtcMillis, limit: u32) -> Result<u64, StoreError>;
}
