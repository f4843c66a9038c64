//! Who asks, and what they may do. Every operation of this module checks it, whoever calls it.

use engine::{Actor, AdministratorError, ports::StoreError};
use terms::{ActorKind, Role, key};

use crate::cluster::PasswordError;

/// Who asks for something.
#[derive(Clone, Debug)]
pub struct Caller {
    /// As it is written down.
    pub actor: Actor,
    /// What they may do.
    pub role: Role,
}

impl Caller {
    /// Somebody with access to the data folder, who may do everything.
    #[must_use]
    pub fn command_line(command: &str) -> Self {
        Self { actor: Actor::command_line(command), role: Role::Administrator }
    }

    /// Whether the caller is the administrator of this name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.actor.kind == ActorKind::Administrator && key(&self.actor.name) == key(name)
    }

    /// Refuses unless the caller's role is at least `needed`.
    ///
    /// # Errors
    /// [`AdminError::NotAllowed`]
    pub fn must_be(&self, needed: Role) -> Result<(), AdminError> {
        if self.role >= needed { Ok(()) } else { Err(AdminError::NotAllowed(needed)) }
    }
}

/// Why something was not done; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The caller's role is too small.
    #[error("this needs the role {}", .0.name())]
    NotAllowed(Role),
    /// The name does not do.
    #[error("the name must have 1 to 256 characters and no control characters")]
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
