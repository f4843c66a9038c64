//! The kinds of actors, and the roles of administrators.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// The rights of an administrator in the console; each role includes the rights of the role before.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Ends logins, changes nothing else.
    Operator,
    /// Everything.
    Administrator,
}

impl Named for Role {}

/// The kind of actor that made a change.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ActorKind {
    /// An EM API client.
    ApplicationUser,
    /// An end user, by id and PIN.
    User,
    /// An administrator who is signed in to the console.
    Administrator,
    /// A user of the command line, who has access to the data folder.
    CommandLine,
    /// The person at a phone, by the phone's name.
    Phone,
    /// A remote cluster, by its id.
    RemoteCluster,
    /// Sojourn itself, for instance when the time limit of a login is reached.
    System,
    /// A name that a newer program has stored.
    #[serde(other)]
    Other,
}

impl Named for ActorKind {
    const OTHER: Option<Self> = Some(Self::Other);
}
