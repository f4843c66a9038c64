//! Why an operation was not done.

use engine::{AdministratorError, ports::StoreError};
use terms::{Named, Role};

use crate::cluster::PasswordError;

/// Why an operation was not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The caller's role is too small.
    #[error("this needs the role {}", .0.name())]
    NotAllowed(Role),
    /// The name is invalid.
    #[error(
        "the name must have 1 to 256 letters, digits and . _ - @, and begin with a letter or digit"
    )]
    Name,
    /// The password is invalid.
    #[error("the password must have 8 to 256 characters")]
    Password,
    /// The password is among the first that others would guess.
    #[error("the password is easy to guess: take several words, none of them the name")]
    EasyPassword,
    /// The password was typed twice, and not the same.
    #[error("the two passwords differ")]
    PasswordsDiffer,
    /// No password is checked before this number of seconds has passed.
    #[error("there were too many wrong passwords: try again in {0} s")]
    Wait(u32),
    /// The current password, which a caller gives to change its own password, is wrong.
    #[error("the current password is wrong")]
    CurrentPassword,
    /// Another value is invalid; the text says why.
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
