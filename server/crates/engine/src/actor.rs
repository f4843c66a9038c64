//! Actors.

use serde::{Deserialize, Serialize};
use terms::ActorKind;

/// The requester of a change. Every changing operation takes an actor and records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The id of an application user or end user, the name of a phone or administrator, the id of a
    /// remote cluster, or a command; empty for the system.
    pub name: String,
    /// The source address of the request; empty if the request has none.
    #[serde(default)]
    pub address: String,
}

impl Actor {
    /// Sojourn itself.
    pub const SYSTEM: Self =
        Self { kind: ActorKind::System, name: String::new(), address: String::new() };

    /// An EM API client, by its application user id and its address.
    #[must_use]
    pub fn application_user(id: impl Into<String>, address: impl Into<String>) -> Self {
        Self { kind: ActorKind::ApplicationUser, name: id.into(), address: address.into() }
    }

    /// An end user, by id and address.
    #[must_use]
    pub fn user(id: impl Into<String>, address: impl Into<String>) -> Self {
        Self { kind: ActorKind::User, name: id.into(), address: address.into() }
    }

    /// The person at a phone, by the phone's name and address.
    #[must_use]
    pub fn phone(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { kind: ActorKind::Phone, name: name.into(), address: address.into() }
    }

    /// A signed-in administrator, by name and address.
    #[must_use]
    pub fn administrator(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { kind: ActorKind::Administrator, name: name.into(), address: address.into() }
    }

    /// A remote cluster, by its id.
    #[must_use]
    pub fn cluster(id: impl Into<String>) -> Self {
        Self { kind: ActorKind::RemoteCluster, name: id.into(), address: String::new() }
    }

    /// A user of the command line, who has access to the data folder, by the name of the command.
    #[must_use]
    pub fn command_line(command: impl Into<String>) -> Self {
        Self { kind: ActorKind::CommandLine, name: command.into(), address: String::new() }
    }
}
