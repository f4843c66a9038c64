//! Applying a change of the configuration, however large it is.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use terms::key;

use crate::{
    Actor, ConfigurationChange, Difference, StoreError, UtcMillis,
    operations::{self, Apply},
    ports::Clock,
    transaction::Transactions,
};

/// Entries of a change that are applied in one transaction. Logins wait for one: a few hundredths of a
/// second.
const PART_ENTRIES: usize = 500;

/// Is told how far a change is. Others may use the store while it waits.
#[async_trait]
pub trait Progress: Send + Sync {
    /// So many entries are known to fit what is stored.
    async fn checked(&self, _entries: usize) {}

    /// So many entries are applied.
    async fn applied(&self, entries: usize);
}

#[async_trait]
impl<F: Fn(usize) + Send + Sync> Progress for F {
    async fn applied(&self, entries: usize) {
        self(entries);
    }
}

/// A change was not applied whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}{}", how_far(*.applied, *.entries))]
pub struct NotApplied {
    /// Why.
    pub error: StoreError,
    /// How many entries are applied; none when the change contradicts what is stored.
    pub applied: usize,
    /// How many there are.
    pub entries: usize,
    /// The differences that the applied ones made.
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

/// Applies a change in parts, each of which is a transaction of its own moment, once the whole of it is
/// known to fit the stored rows. Returns the differences, and tells `progress` after each part how far
/// it is. A row that is the same already is not written, so the same change goes on where it was cut off.
///
/// # Errors
/// When the change contradicts what is stored, or the store can't.
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

/// Says which differences applying a change would make.
///
/// # Errors
/// When the change contradicts what is stored, or the store can't.
pub async fn differences(
    store: &dyn Transactions,
    change: ConfigurationChange,
    progress: &dyn Progress,
) -> Result<Vec<Difference>, StoreError> {
    let clock = &UtcMillis(0);
    let pass = Pass { store, by: &Actor::SYSTEM, clock, progress, dry_run: true };
    pass.parts(change).await.map_err(|not_applied| not_applied.error)
}

/// A pass through the parts of a change; a dry one writes nothing.
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
        let entries = change.entries();
        let (mut differences, mut done) = (Vec::new(), 0);
        for part in change.parts(PART_ENTRIES) {
            let size = part.entries();
            let (profiles, by, now) = (Arc::clone(&profiles), by.clone(), clock.now());
            let apply = Apply { change: part, profiles, by, now, dry_run };
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
