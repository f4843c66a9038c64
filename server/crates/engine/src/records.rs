//! One record that administrators set up: reading, editing and removing it.

use terms::RecordKind;

use crate::{
    Actor, AppUser, ConfigurationChange, DeviceProfile, Difference, Phone, StoreError, User,
    UtcMillis,
    operations::{self, Edit, Remove},
    transaction::Transactions,
};

/// A stored record of any kind.
#[derive(Clone)]
pub enum StoredRecord {
    /// A user.
    User(User),
    /// A phone.
    Phone(Phone),
    /// A device profile.
    DeviceProfile(DeviceProfile),
    /// An application user.
    AppUser(AppUser),
}

/// What depends on records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// The number of open logins that end when the records are removed.
    pub logins: u64,
    /// The number of users who have one of the device profiles.
    pub users: u64,
}

/// A change of one record.
pub struct RecordEdit {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The name of the record, in any spelling.
    pub name: String,
    /// The entry with the new values. An entry that names another record is an error of the caller.
    pub change: ConfigurationChange,
    /// An entry with the values that the editor has seen in the fields that change; `None` for a new record.
    pub seen: Option<ConfigurationChange>,
}

/// What has become of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The record has the new values; the differences are empty if the record had these values.
    Done(Vec<Difference>),
    /// Nothing is changed: a record of this name exists.
    Exists,
    /// Nothing is changed: the record does not exist any more.
    Gone,
    /// Nothing is changed: a seen value is not the stored one.
    Conflict,
}

/// Adds or changes one record.
///
/// # Errors
/// When the change contradicts the stored rows, or the store fails; then nothing is changed.
pub async fn edit_record(
    store: &dyn Transactions,
    edit: RecordEdit,
    by: Actor,
    now: UtcMillis,
) -> Result<Edited, StoreError> {
    operations::run(store, Edit { wanted: edit, by, now }).await
}

/// What has become of a removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// The records are removed.
    Done {
        /// Their names; a name without a record is left out.
        names: Vec<String>,
        /// The logins that have ended, and the users who have lost a device profile.
        in_use: InUse,
    },
    /// Nothing is removed: this much depends on the records.
    MoreInUse(InUse),
}

/// Removes records of one kind in one transaction, unless more depends on them than `seen`. Logins that depend on the
/// records end, and device profiles are taken from their users.
///
/// # Errors
/// When the store fails; then nothing is removed.
pub async fn remove_records(
    store: &dyn Transactions,
    kind: RecordKind,
    names: Vec<String>,
    seen: InUse,
    by: Actor,
    now: UtcMillis,
) -> Result<Removed, StoreError> {
    operations::run(store, Remove { kind, names, seen, by, now }).await
}
