//! Applies the rows of a file that are new or changed.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{Actor, ConfigurationChange, StoredRecord, ports::StoreError};
use futures::{StreamExt, TryStreamExt, stream};
use terms::Role;
use tracing::Instrument;

use super::{
    super::{RecordError, entry, key_of, name_of},
    Import, ImportProgress, ImportRow, Verdict,
};
use crate::{
    admin::{Admin, AdminError, Caller, apply::new_hash},
    cluster::Cluster,
};

/// Rows that are applied in one transaction. Logins wait while it runs.
const PART_ROWS: usize = 200;
/// Secrets that are hashed at a time, for each hash thread.
const SECRETS_PER_THREAD: usize = 2;
/// The pause after a part, as a multiple of the part's time, so that the database is free most of the time.
const PAUSE_TIMES: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

impl Admin {
    /// Begins to apply the rows that are new or changed, in parts of their own transaction each. Cut off half-way, the
    /// same file completes the rest.
    ///
    /// # Errors
    /// When the caller's role does not allow it.
    pub fn begin_import(
        &self,
        caller: &Caller,
        import: Arc<Import>,
        progress: Arc<dyn ImportProgress>,
    ) -> Result<(), AdminError> {
        let cluster = Arc::clone(self.gate.open(caller, Role::Administrator)?);
        let by = caller.actor().clone();
        let begins = Arc::clone(&cluster);
        let work = async move {
            let done = apply(&begins, &by, &import, &*progress).await;
            if let Err(error) = &done {
                tracing::error!(%error, "an import broke off");
            }
            progress.finished(done.is_ok());
        };
        cluster.tasks.spawn(work.in_current_span());
        Ok(())
    }
}

async fn apply(
    cluster: &Cluster,
    by: &Actor,
    import: &Import,
    progress: &dyn ImportProgress,
) -> Result<(), AdminError> {
    let wanted = |row: &&ImportRow| matches!(row.verdict, Verdict::New | Verdict::Changed(_));
    let rows: Vec<_> = import.rows.iter().filter(wanted).collect();
    let mut done = 0;
    for part in rows.chunks(PART_ROWS) {
        if progress.is_cancelled() || cluster.tasks.is_closed() {
            return Ok(());
        }
        let began = Instant::now();
        let (new, changed): (Vec<_>, Vec<_>) =
            part.iter().partition(|row| row.verdict == Verdict::New);
        for (rows, only_existing) in [(new, false), (changed, true)] {
            for line in apply_part(cluster, by, import, &rows, only_existing).await? {
                progress.refused(&[line]);
            }
        }
        done += part.len();
        progress.applied(done);
        // Other processes poll for the database lock, and are not visible here.
        tokio::time::sleep((began.elapsed() * PAUSE_TIMES).min(LONGEST_PAUSE)).await;
    }
    Ok(())
}

/// Applies some rows; returns the lines of those that the store refuses, because something that they name has been
/// removed since they were judged.
async fn apply_part(
    cluster: &Cluster,
    by: &Actor,
    import: &Import,
    rows: &[&ImportRow],
    only_existing: bool,
) -> Result<Vec<u64>, AdminError> {
    let mut refused = Vec::new();
    // The rows of a refused transaction are tried one by one.
    let mut waiting = vec![rows];
    while let Some(rows) = waiting.pop() {
        if rows.is_empty() {
            continue;
        }
        let change = change(cluster, import, rows).await?;
        let change = ConfigurationChange { only_existing, ..change };
        let applied =
            engine::apply(&*cluster.store, change, by.clone(), &*cluster.clock, &|_| ()).await;
        match (applied.map_err(|not_applied| not_applied.error), rows) {
            (Ok(_), _) => {}
            (Err(StoreError::Invalid(problem)), [row]) => {
                tracing::warn!(problem, line = row.line, "a row of an import is refused");
                refused.push(row.line);
            }
            (Err(StoreError::Invalid(_)), rows) => waiting.extend(rows.chunks(1)),
            (Err(error), _) => return Err(error.into()),
        }
    }
    Ok(refused)
}

/// The change of some rows, with the hashes of their secrets.
async fn change(
    cluster: &Cluster,
    import: &Import,
    part: &[&ImportRow],
) -> Result<ConfigurationChange, AdminError> {
    let names: Vec<_> = part.iter().map(|row| row.name.clone()).collect();
    let stored = cluster.store.records(import.kind, &names).await?;
    let hashes: HashMap<_, _> =
        stored.iter().map(|one| (key_of(import.kind, name_of(one)), hash_of(one))).collect();
    let given: Vec<_> = part
        .iter()
        .map(|row| {
            let before = hashes.get(&key_of(import.kind, &row.name)).cloned().flatten();
            let mut values = import.values(&row.cells).unwrap_or_default();
            // What the row does not change may have changed since the row was judged.
            if let Verdict::Changed(changes) = &row.verdict {
                values.retain(|field, _| changes.iter().any(|change| change.field == *field));
            }
            (row.name.clone(), values, before)
        })
        .collect();
    let entries = stream::iter(given).map(|(name, values, before)| async move {
        let mut change = entry::entry(import.kind, &name, &values).map_err(invalid)?;
        let given = entry::secrets(import.kind, &values, false).map_err(invalid)?;
        if let Some(pin) = given.pin {
            let hash = new_hash(&cluster.passwords, before.clone(), pin).await?;
            change.users.iter_mut().for_each(|user| user.pin_hash.clone_from(&hash));
        }
        if let Some(password) = given.password {
            let hash = new_hash(&cluster.passwords, before, password).await?;
            change.app_users.iter_mut().for_each(|user| user.password_hash.clone_from(&hash));
        }
        Ok::<_, AdminError>(change)
    });
    let at_a_time = cluster.passwords.threads() * SECRETS_PER_THREAD;
    let entries: Vec<ConfigurationChange> = entries.buffered(at_a_time).try_collect().await?;
    let mut all = ConfigurationChange::default();
    for one in entries {
        all.users.extend(one.users);
        all.phones.extend(one.phones);
        all.profiles.extend(one.profiles);
        all.app_users.extend(one.app_users);
    }
    Ok(all)
}

/// A judged row is valid.
fn invalid(error: RecordError) -> AdminError {
    match error {
        RecordError::Admin(error) => error,
        error @ RecordError::Field(..) => AdminError::Store(StoreError::Invalid(error.to_string())),
    }
}

/// The hash of the stored secret.
fn hash_of(record: &StoredRecord) -> Option<String> {
    match record {
        StoredRecord::User(user) => Some(user.pin_hash.clone()),
        StoredRecord::AppUser(user) => Some(user.password_hash.clone()),
        StoredRecord::Phone(_) | StoredRecord::DeviceProfile(_) => None,
    }
}
