//! The configuration of a cluster: what administrators set and every transaction reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use terms::{Release, ServiceParameters};

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

/// A change of the configuration: adds and changes what it names, removes nothing.
#[derive(Clone, Default)]
pub struct ConfigurationChange {
    /// The cluster's release.
    pub release: Option<Release>,
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

/// An application user to add or change.
#[derive(Clone)]
pub struct AppUserEntry {
    /// Its id.
    pub id: String,
    /// The new hash of its password; `None` keeps the stored one.
    pub password_hash: Option<String>,
    /// Whether it may act for anybody.
    pub proxy: bool,
}

/// A user to add or change.
#[derive(Clone)]
pub struct UserEntry {
    /// The user id; compared without case.
    pub id: String,
    /// The new hash of the PIN; `None` keeps the stored one.
    pub pin_hash: Option<String>,
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user may log in at other clusters.
    pub emcc: bool,
    /// The user's own maximum login time in minutes, 0 for unlimited; `None` is the system's value.
    pub max_login_minutes: Option<u32>,
    /// Names of device profiles; the first is the default.
    pub profiles: Vec<String>,
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

/// A device profile to add or change.
#[derive(Clone)]
pub struct ProfileEntry {
    /// Its name.
    pub name: String,
    /// The phone model it is made for.
    pub model: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its speed dials.
    pub speed_dials: Vec<SpeedDial>,
}

/// A phone to add or change.
#[derive(Clone)]
pub struct PhoneEntry {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Whether Extension Mobility is enabled on it.
    pub extension_mobility: bool,
    /// The address to which pushes go.
    pub address: Option<String>,
    /// Its own lines.
    pub lines: Vec<Line>,
    /// Its own speed dials.
    pub speed_dials: Vec<SpeedDial>,
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
