//! Callers, and the gate that they pass.
//!
//! A caller is made from the session of a request, or for a command. Everything that administrators see
//! and do stands behind a [`Gate`], which opens for a caller alone.

mod extract;
mod gate;

use engine::Actor;
use terms::{ActorKind, Role, key};

pub use extract::NotSignedIn;
pub(crate) use extract::{ADDRESS, ADMINISTRATOR, SIGNED_IN_MS};
pub(super) use gate::Gate;

/// An administrator, or a command.
#[derive(Clone, Debug)]
pub struct Caller {
    actor: Actor,
    role: Role,
    /// The path of the request; empty for a command.
    path: String,
}

impl Caller {
    /// The caller of a command.
    /// Its user has access to the data folder, and may do everything.
    #[must_use]
    pub fn command_line(command: &str) -> Self {
        let actor = Actor::command_line(command);
        Self { actor, role: Role::Administrator, path: String::new() }
    }

    /// An administrator of this name.
    #[cfg(test)]
    pub(crate) fn of_test(name: &str, role: Role) -> Self {
        let actor = Actor::administrator(name, "192.0.2.1");
        Self { actor, role, path: "/test".to_owned() }
    }

    /// The actor as which the audit names the caller.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The name of the administrator, or the command.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.actor.name
    }

    /// The caller's role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The path of the request, which says what the caller asks for.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the caller's role is at least `needed`.
    #[must_use]
    pub fn may(&self, needed: Role) -> bool {
        self.role >= needed
    }

    /// Whether the caller is the administrator of this name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.actor.kind == ActorKind::Administrator && key(&self.actor.name) == key(name)
    }
}
