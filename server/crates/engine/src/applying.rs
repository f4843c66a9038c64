//! Applying a change of the configuration, however large it is.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use terms::key;

use crate::{
    Actor, ConfigurationChange, Difference, StoreError, UtcMillis,
    operations::{self, Apply},
    transaction::Transactions,
};

/// Entries of a change that are applied in one transaction. Logins wait for one: a few hundredths of a
/// second.
const PART_ENTRIES: usize = 500;

/// Is told how far a change is. What it waits for, others may do in the meantime.
#[async_trait]
pub trait Progress: Send + Sync {
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
}

fn how_far(applied: usize, entries: usize) -> String {
    match applied {
        0 => String::new(),
        applied => format!(
            "; {applied} of {entries} entries are applied; the same change goes on from there"
        ),
    }
}

/// Applies a change in parts of which each is a transaction, once the whole of it is known to fit what
/// is stored. Says what was different, and tells `progress` after each part how many entries are applied. What is the
/// same already is not written, so that the same change goes on where it was cut off.
///
/// # Errors
/// When the change contradicts what is stored, or the store can't.
pub async fn apply(
    store: &dyn Transactions,
    change: ConfigurationChange,
    by: Actor,
    now: UtcMillis,
    progress: &dyn Progress,
) -> Result<Vec<Difference>, NotApplied> {
    let is_large = change.entries() > PART_ENTRIES;
    if is_large {
        run(store, change.clone(), &by, now, None).await?;
    }
    run(store, change, &by, now, Some(progress)).await
}

/// What applying a change would make different.
///
/// # Errors
/// When the change contradicts what is stored, or the store can't.
pub async fn differences(
    store: &dyn Transactions,
    change: ConfigurationChange,
) -> Result<Vec<Difference>, StoreError> {
    let ran = run(store, change, &Actor::SYSTEM, UtcMillis(0), None).await;
    ran.map_err(|not_applied| not_applied.error)
}

/// Runs the parts of a change; without `progress` none of them writes.
async fn run(
    store: &dyn Transactions,
    change: ConfigurationChange,
    by: &Actor,
    now: UtcMillis,
    progress: Option<&dyn Progress>,
) -> Result<Vec<Difference>, NotApplied> {
    let names = change.profiles.iter().map(|profile| (key(&profile.name), profile.name.clone()));
    let profiles: Arc<HashMap<_, _>> = Arc::new(names.collect());
    let entries = change.entries();
    let (mut differences, mut applied) = (Vec::new(), 0);
    for part in change.parts(PART_ENTRIES) {
        let size = part.entries();
        let (profiles, by) = (Arc::clone(&profiles), by.clone());
        let apply = Apply { change: part, profiles, by, now, dry_run: progress.is_none() };
        let part = operations::run(store, apply).await;
        differences.extend(part.map_err(|error| NotApplied { error, applied, entries })?);
        if let Some(progress) = progress {
            applied += size;
            progress.applied(applied).await;
        }
    }
    Ok(differences)
}
