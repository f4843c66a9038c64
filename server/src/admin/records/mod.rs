//! One user, phone, device profile or application user: its values as texts, and its changes.

mod entry;
mod import;
mod line;
mod numbers;
mod values;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use engine::{Edited, InUse, RecordEdit, Removed, StoredRecord};
use terms::{FieldControl, FieldProblem, RecordField, RecordKind, Role, key, phone_key};

use super::{Admin, AdminError, Caller, to_its_end::to_its_end};
use crate::cluster::Cluster;
use entry::{Secrets, entry, trimmed};
use values::values;

pub use import::{
    FieldChange, Import, ImportCounts, ImportProgress, ImportRow, MAX_IMPORT_BYTES, Verdict,
};

/// The texts of fields. A field that is absent keeps its value.
pub type RecordValues = BTreeMap<RecordField, String>;

/// A record as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The name in the stored spelling.
    pub name: String,
    /// The value of each field; secrets are empty.
    pub values: RecordValues,
}

/// Why a record is not changed; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The value of a field is not valid.
    #[error("{0:?}: {1:?}")]
    Field(RecordField, FieldProblem),
    /// The caller's role does not allow it, or the store fails.
    #[error(transparent)]
    Admin(#[from] AdminError),
}

impl Admin {
    /// Records by their names in any spelling; a name without a record is left out.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn records(
        &self,
        caller: &Caller,
        kind: RecordKind,
        names: &[String],
    ) -> Result<Vec<Record>, AdminError> {
        let records = self.gate.open(caller, Role::Viewer)?.store.records(kind, names).await?;
        let record = |record| Record { name: name_of(&record).to_owned(), values: values(&record) };
        Ok(records.into_iter().map(record).collect())
    }

    /// What depends on the records of these names.
    ///
    /// # Errors
    /// As [`Admin::records`].
    pub async fn in_use(
        &self,
        caller: &Caller,
        kind: RecordKind,
        names: &[String],
    ) -> Result<InUse, AdminError> {
        Ok(self.gate.open(caller, Role::Viewer)?.store.in_use(kind, names).await?)
    }

    /// Adds a record with the typed values, or changes the values of a record that differ from the seen ones.
    ///
    /// # Errors
    /// When the caller's role does not allow it, a value is not valid, or the store fails.
    pub async fn edit_record(
        &self,
        caller: &Caller,
        kind: RecordKind,
        name: &str,
        mut typed: RecordValues,
        seen: Option<RecordValues>,
    ) -> Result<Edited, RecordError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        trim(&mut typed);
        let name = match &seen {
            // Another process may have changed the spelling since the page was shown.
            Some(_) => match stored(cluster, kind, name).await? {
                Some(record) => name_of(&record).to_owned(),
                None => return Ok(Edited::Gone),
            },
            None => entry::new_name(kind, &typed)?,
        };
        let seen = seen.map(|mut seen| {
            typed.retain(|field, value| match field.control() {
                FieldControl::Secret => !value.is_empty(),
                _ => seen.get(field).is_some_and(|seen| trimmed(seen) != trimmed(value)),
            });
            seen.retain(|field, _| typed.contains_key(field));
            seen
        });
        let given = entry::secrets(kind, &typed, seen.is_none())?;
        let mut change = entry(kind, &name, &typed)?;
        // A value that a page has shown is valid, unless a later program has stored it.
        let seen = seen.map(|seen| entry(kind, &name, &seen)).transpose()?;
        known_profiles(cluster, &change).await?;
        let hashed = hash(cluster, given).await?;
        for user in &mut change.users {
            user.pin_hash.clone_from(&hashed.pin);
        }
        for user in &mut change.app_users {
            user.password_hash.clone_from(&hashed.password);
        }
        let edit = RecordEdit { kind, name, change, seen };
        let (by, now) = (caller.actor().clone(), cluster.clock.now());
        let store = cluster.store.clone();
        let edited = async move { Ok(engine::edit_record(&*store, edit, by, now).await?) };
        Ok(to_its_end(cluster, edited).await?)
    }

    /// Sets a flag of existing records; returns the number of records that had another value.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn set_flag(
        &self,
        caller: &Caller,
        kind: RecordKind,
        names: Vec<String>,
        (field, value): (RecordField, bool),
    ) -> Result<u64, RecordError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        let mut change = engine::ConfigurationChange::default();
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(key_of(kind, &name)) {
                continue;
            }
            let values = RecordValues::from([(field, value.to_string())]);
            let one = entry(kind, &name, &values)?;
            change.users.extend(one.users);
            change.phones.extend(one.phones);
        }
        let change = engine::ConfigurationChange { only_existing: true, ..change };
        let (by, begins) = (caller.actor().clone(), Arc::clone(cluster));
        let differences = to_its_end(cluster, async move {
            let Cluster { store, clock, .. } = &*begins;
            let applied = engine::apply(&**store, change, by, &**clock, &|_| ()).await;
            Ok(applied.map_err(|not_applied| not_applied.error)?)
        });
        Ok(differences.await?.len() as u64)
    }

    /// Removes records of one kind, unless more depends on them than `seen`.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails.
    pub async fn remove_records(
        &self,
        caller: &Caller,
        kind: RecordKind,
        names: Vec<String>,
        seen: InUse,
    ) -> Result<Removed, AdminError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        let (by, now) = (caller.actor().clone(), cluster.clock.now());
        let store = cluster.store.clone();
        to_its_end(cluster, async move {
            Ok(engine::remove_records(&*store, kind, names, seen, by, now).await?)
        })
        .await
    }
}

async fn stored(
    cluster: &Cluster,
    kind: RecordKind,
    name: &str,
) -> Result<Option<StoredRecord>, AdminError> {
    Ok(cluster.store.records(kind, &[name.to_owned()]).await?.pop())
}

/// Takes the blanks around the values, except those of secrets and lists.
fn trim(values: &mut RecordValues) {
    for (field, value) in values {
        if !matches!(field.control(), FieldControl::Secret | FieldControl::List) {
            *value = value.trim().to_owned();
        }
    }
}

/// Checks that the device profiles of users exist. A profile that is removed after this check fails the change.
async fn known_profiles(
    cluster: &Cluster,
    change: &engine::ConfigurationChange,
) -> Result<(), RecordError> {
    let named = change.users.iter().flat_map(|user| user.profiles.iter().flatten());
    let named: Vec<_> = named.cloned().collect();
    let found = cluster.store.records(RecordKind::DeviceProfiles, &named).await;
    let found: BTreeSet<_> =
        found.map_err(AdminError::from)?.iter().map(|one| key(name_of(one))).collect();
    match named.into_iter().find(|name| !found.contains(&key(name))) {
        Some(name) => Err(RecordError::Field(RecordField::Profiles, FieldProblem::NoProfile(name))),
        None => Ok(()),
    }
}

/// The hashes of secrets.
async fn hash(cluster: &Cluster, given: Secrets) -> Result<Secrets, RecordError> {
    let hash = async |secret: Option<String>| match secret {
        Some(secret) => cluster.passwords.hash(secret).await.map(Some).map_err(AdminError::from),
        None => Ok(None),
    };
    Ok(Secrets { pin: hash(given.pin).await?, password: hash(given.password).await? })
}

fn name_of(record: &StoredRecord) -> &str {
    match record {
        StoredRecord::User(user) => &user.id,
        StoredRecord::Phone(phone) => &phone.name,
        StoredRecord::DeviceProfile(profile) => &profile.name,
        StoredRecord::AppUser(user) => &user.id,
    }
}

/// The key of a record's name.
fn key_of(kind: RecordKind, name: &str) -> String {
    if kind == RecordKind::Phones { phone_key(name) } else { key(name) }
}
