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
        let change = change(cluster, import, part).await?;
        let began = Instant::now();
        let applied =
            engine::apply(&*cluster.store, change, by.clone(), &*cluster.clock, &|_| ()).await;
        match applied.map_err(|not_applied| not_applied.error) {
            Ok(_) => {}
            // A device profile has been removed since the rows were judged.
            Err(StoreError::Invalid(problem)) => {
                tracing::warn!(problem, rows = part.len(), "rows of an import are refused");
                progress.refused(&part.iter().map(|row| row.line).collect::<Vec<_>>());
            }
            Err(error) => return Err(error.into()),
        }
        done += part.len();
        progress.applied(done);
        // Other processes poll for the database lock, and are not visible here.
        tokio::time::sleep((began.elapsed() * PAUSE_TIMES).min(LONGEST_PAUSE)).await;
    }
    Ok(())
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
            (row.name.clone(), import.values(&row.cells).unwrap_or_default(), before)
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
