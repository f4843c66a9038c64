//! Administrators: who may sign in to the console, and what becomes of them.

use terms::Role;

use crate::{
    Actor, StoreError, UtcMillis,
    operations::{self, AddAdministrator, ChangeAdministrator, RemoveAdministrator, SignOut},
    transaction::Transactions,
};

/// Somebody who may sign in to the console.
#[derive(Clone)]
pub struct Administrator {
    /// The name in its stored spelling; compared without case.
    pub name: String,
    /// The hash of the password (PHC string).
    pub password_hash: String,
    /// Their role.
    pub role: Role,
    /// Whether they may sign in.
    pub enabled: bool,
}

impl Administrator {
    /// Whether they may do everything.
    #[must_use]
    pub fn may_do_everything(&self) -> bool {
        self.enabled && self.role == Role::Administrator
    }
}

/// A change to an administrator; what is `None` stays.
#[derive(Clone, Default)]
pub struct AdministratorChange {
    /// A new hash of the password.
    pub password_hash: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Whether they may sign in.
    pub enabled: Option<bool>,
}

/// Why an administrator was not added, changed or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdministratorError {
    /// There is one of this name.
    #[error("there is an administrator {0:?} already")]
    Taken(String),
    /// There is one, who would have to be the first.
    #[error("there is an administrator already")]
    NotTheFirst,
    /// There is none of this name.
    #[error("there is no administrator {0:?}")]
    Unknown(String),
    /// Nobody would be left who may do everything.
    #[error("this is the last administrator: give somebody else the role first")]
    Last,
    /// The store can't.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an administrator; with `first`, only while there is none.
///
/// # Errors
/// When there is one of this name, or any with `first`, or the store can't.
pub async fn add_administrator(
    store: &dyn Transactions,
    administrator: Administrator,
    first: bool,
    by: Actor,
    now: UtcMillis,
) -> Result<(), AdministratorError> {
    operations::run(store, AddAdministrator { administrator, first, by, now }).await?
}

/// Changes an administrator, and ends their sessions, which have the old rights.
///
/// # Errors
/// When there is none of this name, nobody would be left who may do everything, or the store can't.
pub async fn change_administrator(
    store: &dyn Transactions,
    name: String,
    change: AdministratorChange,
    by: Actor,
    now: UtcMillis,
) -> Result<(), AdministratorError> {
    operations::run(store, ChangeAdministrator { name, change, by, now }).await?
}

/// Removes an administrator with all sessions.
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

/// Ends all sessions of an administrator but the one under the hash `keep`; says how many.
///
/// # Errors
/// When the store can't.
pub async fn sign_out_everywhere(
    store: &dyn Transactions,
    name: String,
    keep: Option<[u8; 32]>,
    by: Actor,
    now: UtcMillis,
) -> Result<u64, StoreError> {
    operations::run(store, SignOut { name, keep, by, now }).await
}
