//! The configuration of a cluster: what administrators set and every transaction reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use terms::{Parameter, Release, ServiceParameters};

use crate::{Actor, UtcMillis};

/// The version of the configuration: grows with every change, read by every transaction.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Version(pub u64);

/// The part of the configuration that rules requests, at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Which version this is.
    pub version: Version,
    /// The cluster's release.
    pub release: Release,
    /// The service parameters in force.
    pub parameters: ServiceParameters,
    /// How long what is kept, and how fast many logins end.
    pub upkeep: Upkeep,
    /// Service parameters that are stored and not known here, or not with their value: those of a newer
    /// program.
    pub passed_over: Vec<String>,
}

/// How long what is kept, and how fast many logins end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upkeep {
    /// Days for which logins are kept after their end.
    pub history_days: u32,
    /// Days for which the audit is kept.
    pub audit_days: u32,
    /// Days for which events are kept.
    pub event_days: u32,
    /// Logins that a job ends in a second.
    pub log_outs_per_second: u32,
}

impl Default for Upkeep {
    fn default() -> Self {
        Self { history_days: 365, audit_days: 730, event_days: 30, log_outs_per_second: 100 }
    }
}

impl Upkeep {
    /// The longest time that anything can be kept, in days: ten years.
    pub const MAX_DAYS: u32 = 3650;
    /// The highest rate of ending logins.
    pub const MAX_PER_SECOND: u32 = 5000;
}

/// What of [`Upkeep`] to change.
#[derive(Clone, Copy, Debug, Default)]
pub struct UpkeepChange {
    /// Days for which logins are kept after their end.
    pub history_days: Option<u32>,
    /// Days for which the audit is kept.
    pub audit_days: Option<u32>,
    /// Days for which events are kept.
    pub event_days: Option<u32>,
    /// Logins that a job ends in a second.
    pub log_outs_per_second: Option<u32>,
}

/// A stored application user.
#[derive(Clone, PartialEq, Eq)]
pub struct AppUser {
    /// Its id as stored.
    pub id: String,
    /// The hash of its password (PHC string).
    pub password_hash: String,
    /// Whether it may act for anybody.
    pub proxy: bool,
}

/// What an end user is authenticated by.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCredential {
    /// The user id in its stored spelling.
    pub id: String,
    /// The hash of the PIN (PHC string).
    pub pin_hash: String,
    /// Whether the user may log in.
    pub enabled: bool,
}

/// The credentials under one id: an application user and an end user may share it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The application user.
    pub app_user: Option<AppUser>,
    /// The end user.
    pub user: Option<UserCredential>,
}

/// A change of the configuration: adds and changes what it names, removes nothing.
#[derive(Clone, Default)]
pub struct ConfigurationChange {
    /// The cluster's release.
    pub release: Option<Release>,
    /// How long what is kept, and how fast many logins end; what is `None` stays as it is.
    pub upkeep: UpkeepChange,
    /// Service parameters by name, values as typed.
    pub parameters: BTreeMap<String, String>,
    /// Application users.
    pub app_users: Vec<AppUserEntry>,
    /// Users.
    pub users: Vec<UserEntry>,
    /// Device profiles.
    pub profiles: Vec<ProfileEntry>,
    /// Phones.
    pub phones: Vec<PhoneEntry>,
    /// Remote clusters.
    pub remote_clusters: Vec<RemoteClusterEntry>,
}

/// An application user to add or change; what is `None` stays as it is.
#[derive(Clone, Default)]
pub struct AppUserEntry {
    /// Its id.
    pub id: String,
    /// The new hash of its password; `None` keeps the stored one.
    pub password_hash: Option<String>,
    /// Whether it may act for anybody; a new one may.
    pub proxy: Option<bool>,
}

/// A user to add or change; what is `None` stays as it is, or has its default in a new one.
#[derive(Clone, Default)]
pub struct UserEntry {
    /// The user id; compared without case.
    pub id: String,
    /// The new hash of the PIN; `None` keeps the stored one.
    pub pin_hash: Option<String>,
    /// Whether the user may log in; a new one may.
    pub enabled: Option<bool>,
    /// Whether the user may log in at other clusters; a new one may not.
    pub emcc: Option<bool>,
    /// The user's own maximum login time in minutes, 0 for unlimited; `Some(None)` is the system's
    /// value, as it is for a new one.
    pub max_login_minutes: Option<Option<u32>>,
    /// Names of device profiles; the first is the default. A new one has none.
    pub profiles: Option<Vec<String>>,
}

/// A line of a phone or device profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The directory number.
    pub dn: String,
    /// What the phone shows.
    #[serde(default)]
    pub label: String,
}

/// A speed dial of a phone or device profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedDial {
    /// The number it dials.
    pub number: String,
    /// What the phone shows.
    #[serde(default)]
    pub label: String,
}

/// A device profile to add or change; what is `None` stays as it is, or is empty in a new one.
#[derive(Clone, Default)]
pub struct ProfileEntry {
    /// Its name.
    pub name: String,
    /// The phone model it is made for.
    pub model: Option<String>,
    /// Its lines.
    pub lines: Option<Vec<Line>>,
    /// Its speed dials.
    pub speed_dials: Option<Vec<SpeedDial>>,
}

/// A phone to add or change; what is `None` stays as it is, or is empty in a new one.
#[derive(Clone, Default)]
pub struct PhoneEntry {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: Option<String>,
    /// What it is called, for instance where it stands.
    pub description: Option<String>,
    /// Whether Extension Mobility is enabled on it; on a new one it is.
    pub extension_mobility: Option<bool>,
    /// Its network address, from which requests may come while addresses are validated.
    pub address: Option<String>,
    /// Its own lines.
    pub lines: Option<Vec<Line>>,
    /// Its own speed dials.
    pub speed_dials: Option<Vec<SpeedDial>>,
}

/// A remote cluster to add or change.
#[derive(Clone)]
pub struct RemoteClusterEntry {
    /// Its cluster id.
    pub id: String,
    /// The address of its EM service.
    pub url: String,
    /// Its EMCC certificate (PEM).
    pub certificate: String,
}

/// One thing that a change of the configuration changes; never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it belongs to, for instance `user john`.
    pub what: String,
    /// Which of its values, for instance `enabled`; empty for the whole.
    pub field: String,
    /// The old value; `None` where there was none.
    pub from: Option<String>,
    /// The new value.
    pub to: String,
}

/// A change of one service parameter, with the value that whoever changes it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSave {
    /// Which.
    pub parameter: Parameter,
    /// The value seen.
    pub seen: String,
    /// The new value.
    pub value: String,
}

/// A parameter whose value is not what somebody who wants to change it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterConflict {
    /// Which.
    pub parameter: Parameter,
    /// Its value now.
    pub current: String,
    /// Who set it, and when.
    pub changed: Option<(Actor, UtcMillis)>,
}

/// What became of a save: all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParametersSaved {
    /// Saved; with the changes that made a difference.
    Saved(Vec<Difference>),
    /// Somebody else was faster; nothing was saved.
    Conflict(Vec<ParameterConflict>),
}

/// One change in the history of the service parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterChange {
    /// Its number; later ones are greater.
    pub number: u64,
    /// When.
    pub at: UtcMillis,
    /// By whom.
    pub by: Actor,
    /// Which parameter.
    pub parameter: Parameter,
    /// The value before.
    pub from: String,
    /// The value since.
    pub to: String,
}
