//! Administrators of the console: adding, changing and removing them, and ending their sessions.

use terms::Role;

use crate::{
    Actor, StoreError, UtcMillis,
    operations::{self, AddAdministrator, ChangeAdministrator, RemoveAdministrator, SignOut},
    transaction::Transactions,
};

/// An account that may sign in to the console.
#[derive(Clone)]
pub struct Administrator {
    /// The name in its stored spelling; compared without case.
    pub name: String,
    /// The hash of the password (PHC string).
    pub password_hash: String,
    /// The role.
    pub role: Role,
    /// Whether the administrator may sign in.
    pub enabled: bool,
}

impl Administrator {
    /// Whether the administrator is enabled and has the role that may do everything.
    #[must_use]
    pub fn may_do_everything(&self) -> bool {
        self.enabled && self.role == Role::Administrator
    }
}

/// A change to an administrator; a field that is `None` keeps its value.
#[derive(Clone, Default)]
pub struct AdministratorChange {
    /// A new hash of the password.
    pub password_hash: Option<String>,
    /// The new role.
    pub role: Option<Role>,
    /// Whether the administrator may sign in.
    pub enabled: Option<bool>,
}

/// Why an administrator was not added, changed or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdministratorError {
    /// An administrator of this name exists.
    #[error("there is an administrator {0:?} already")]
    Taken(String),
    /// An administrator exists, and the new one was to be the first.
    #[error("there is an administrator already")]
    NotTheFirst,
    /// No administrator has this name.
    #[error("there is no administrator {0:?}")]
    Unknown(String),
    /// No enabled administrator with all rights would be left.
    #[error("this is the last administrator: give somebody else the role first")]
    Last,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an administrator; with `first`, only while no administrator exists.
///
/// # Errors
/// When the name is taken, an administrator exists and `first` is set, or the store fails.
pub async fn add_administrator(
    store: &dyn Transactions,
    administrator: Administrator,
    first: bool,
    by: Actor,
    now: UtcMillis,
) -> Result<(), AdministratorError> {
    operations::run(store, AddAdministrator { administrator, first, by, now }).await?
}

/// Changes an administrator, and ends the administrator's sessions, which have the old rights.
///
/// # Errors
/// When no administrator has this name, no enabled administrator with all rights would be left, or the
/// store fails.
pub async fn change_administrator(
    store: &dyn Transactions,
    name: String,
    change: AdministratorChange,
    by: Actor,
    now: UtcMillis,
) -> Result<(), AdministratorError> {
    operations::run(store, ChangeAdministrator { name, change, by, now }).await?
}

/// Removes an administrator, and ends the administrator's sessions.
///
/// # Errors
/// As [`change_administrator`].
pub async fn remove_administrator(
    store: &dyn Transactions,
    name: String,
    by: Actor,
    now: UtcMillis,
) -> Result<(), AdministratorError> {
    operations::run(store, RemoveAdministrator { name, by, now }).await?
}

/// Ends all sessions of an administrator except the session with the hash `keep`; returns the number
/// of ended sessions.
///
/// # Errors
/// When the store fails.
pub async fn sign_out_everywhere(
    store: &dyn Transactions,
    name: String,
    keep: Option<[u8; 32]>,
    by: Actor,
    now: UtcMillis,
) -> Result<u64, StoreError> {
    operations::run(store, SignOut { name, keep, by, now }).await
}
