//! Failed attempts to show a secret, and the sources from which names showed the right secret.

use async_trait::async_trait;
use serde::Serialize;

use super::StoreError;
use crate::{Actor, UtcMillis};

/// The scope of a count of failures; a field that does not belong to the scope is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TallyKey {
    /// The name of the scope.
    pub scope: String,
    /// The kind of the name.
    pub kind: String,
    /// The name; in the scope of a phone, the name of the phone.
    pub name: String,
    /// The source.
    pub source: String,
}

/// A count of failures, and the time that is left of the back-off after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TallyRow {
    /// The scope of the count.
    #[serde(flatten)]
    pub key: TallyKey,
    /// The number of failures.
    pub failures: u32,
    /// A digest of the stored hash against which the attempts failed.
    pub secret: i64,
    /// The time that is left of the back-off, in milliseconds.
    pub wait_ms: u64,
    /// The time that is left until the tally is dropped, in milliseconds.
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

/// Changes since the last save.
#[derive(Clone, Debug, Default)]
pub struct AttemptChanges {
    /// Changed tallies with their current values.
    pub tallies: Vec<TallyRow>,
    /// The keys of dropped tallies.
    pub forgotten: Vec<TallyKey>,
    /// Sources from which a name has shown the right secret.
    pub sources: Vec<KnownSource>,
    /// Rows of the audit: the actor, the action, the subject and the detail.
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

    /// When a name last showed the right secret from a source; `None` when the store does not have the source.
    async fn known_source(&self, source: &KnownSource) -> Result<Option<UtcMillis>, StoreError>;

    /// Deletes at most `limit` sources that were not used since `before`, and at most `limit` sources beyond the
    /// store's maximum; returns how many.
    async fn forget_sources(&self, before: UtcMillis, limit: u32) -> Result<u64, StoreError>;
}
