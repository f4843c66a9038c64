//! Why something was not done.

use engine::{AdministratorError, ports::StoreError};
use terms::Role;

use crate::cluster::PasswordError;

/// Why something was not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The caller's role is too small.
    #[error("this needs the role {}", .0.name())]
    NotAllowed(Role),
    /// The name does not do.
    #[error("the name must have 1 to 256 characters that can be seen")]
    Name,
    /// The password does not do.
    #[error("the password must have 8 to 256 characters")]
    Password,
    /// A password is not looked at before so many seconds have passed.
    #[error("there were too many wrong passwords: try again in {0} s")]
    Wait(u32),
    /// Not the password that whoever changes their own has now.
    #[error("the current password is wrong")]
    CurrentPassword,
    /// Another value that does not do; the text says why.
    #[error("{0}")]
    Invalid(String),
    /// The store refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An administrator is not changed.
    #[error(transparent)]
    Administrator(#[from] AdministratorError),
    /// A file was applied in part.
    #[error(transparent)]
    NotApplied(#[from] engine::NotApplied),
    /// Hashing fails.
    #[error(transparent)]
    Hash(#[from] PasswordError),
}
