//! Applying a change of the configuration, of any size.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use terms::key;

use crate::{
    Actor, ConfigurationChange, Difference, StoreError, UtcMillis,
    operations::{self, Apply},
    ports::Clock,
    transaction::Transactions,
};

/// Entries of a change that are applied in one transaction. Logins wait while such a transaction runs:
/// some hundredths of a second.
const PART_ENTRIES: usize = 500;

/// Receives the progress of a change. Other operations may use the store while an implementation waits.
#[async_trait]
pub trait Progress: Send + Sync {
    /// The first `entries` entries of the change are checked against the stored rows.
    async fn checked(&self, _entries: usize) {}

    /// The first `entries` entries of the change are applied.
    async fn applied(&self, entries: usize);
}

#[async_trait]
impl<F: Fn(usize) + Send + Sync> Progress for F {
    async fn applied(&self, entries: usize) {
        self(entries);
    }
}

/// A change that was not applied as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}{}", how_far(*.applied, *.entries))]
pub struct NotApplied {
    /// The cause.
    pub error: StoreError,
    /// The number of applied entries; zero when the change contradicts the stored rows.
    pub applied: usize,
    /// The number of entries in the change.
    pub entries: usize,
    /// The differences that the applied entries made.
    pub differences: Vec<Difference>,
}

fn how_far(applied: usize, entries: usize) -> String {
    match applied {
        0 => String::new(),
        applied => {
            format!(
                "; {applied} of {entries} entries are applied; the same change goes on from there"
            )
        }
    }
}

/// Applies a change, and returns the differences.
///
/// The change is applied in parts of at most `PART_ENTRIES` entries, each in a transaction with its own
/// time. A change of more than one part is first checked in full against the stored rows. `progress` is
/// called after each part. A row that already has the wanted values is not written, so an interrupted
/// change continues where it stopped when it is applied again.
///
/// # Errors
/// When the change contradicts the stored rows, or the store fails.
pub async fn apply(
    store: &dyn Transactions,
    change: ConfigurationChange,
    by: Actor,
    clock: &dyn Clock,
    progress: &dyn Progress,
) -> Result<Vec<Difference>, NotApplied> {
    let is_large = change.entries() > PART_ENTRIES;
    if is_large {
        let check = Pass { store, by: &by, clock, progress, dry_run: true };
        check.parts(change.clone()).await?;
    }
    Pass { store, by: &by, clock, progress, dry_run: false }.parts(change).await
}

/// Returns the differences that applying a change would make.
///
/// # Errors
/// When the change contradicts the stored rows, or the store fails.
pub async fn differences(
    store: &dyn Transactions,
    change: ConfigurationChange,
    progress: &dyn Progress,
) -> Result<Vec<Difference>, StoreError> {
    let clock = &UtcMillis(0);
    let pass = Pass { store, by: &Actor::SYSTEM, clock, progress, dry_run: true };
    pass.parts(change).await.map_err(|not_applied| not_applied.error)
}

/// A pass through the parts of a change; a dry run writes nothing.
struct Pass<'a> {
    store: &'a dyn Transactions,
    by: &'a Actor,
    clock: &'a dyn Clock,
    progress: &'a dyn Progress,
    dry_run: bool,
}

impl Pass<'_> {
    async fn parts(&self, change: ConfigurationChange) -> Result<Vec<Difference>, NotApplied> {
        let Self { store, by, clock, progress, dry_run } = *self;
        let named = change.profiles.iter().map(|one| (key(&one.name), one.name.clone()));
        let profiles: Arc<HashMap<_, _>> = Arc::new(named.collect());
        let (entries, enable_new) = (change.entries(), change.emcc.enable_new);
        let (mut differences, mut done) = (Vec::new(), 0);
        for part in change.parts(PART_ENTRIES) {
            let size = part.entries();
            let (profiles, by, now) = (Arc::clone(&profiles), by.clone(), clock.now());
            let apply = Apply { change: part, profiles, enable_new, by, now, dry_run };
            match operations::run(store, apply).await {
                Ok(more) => differences.extend(more),
                Err(error) => {
                    let applied = if dry_run { 0 } else { done };
                    return Err(NotApplied { error, applied, entries, differences });
                }
            }
            done += size;
            if dry_run {
                progress.checked(done).await;
            } else {
                progress.applied(done).await;
            }
        }
        Ok(differences)
    }
}
