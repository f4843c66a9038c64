//! The page of one user.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{EndedRow, Json, LoginRow, RefusalLine, Refused};

/// A user with everything about the user but the secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    /// The name, as lists show it: the user id, with the cluster in parentheses for a user of another cluster.
    pub name: String,
    /// The cluster to which the user belongs, as far as this cluster knows.
    pub home: UserHome,
    /// The locks after wrong PINs, the longest first.
    pub locks: Vec<UserLock>,
    /// Open logins, the newest first; [`OPEN_OF_USER`] at most.
    pub logins: Vec<LoginRow>,
    /// The number of open logins.
    pub open: u64,
    /// Whether the viewer may end the logins.
    pub may_end: bool,
    /// Logins that ended last, the latest end first.
    pub recent: Vec<EndedRow>,
    /// Refusals, the latest first.
    pub refusals: Vec<RefusalLine>,
    /// The server's time: UTC, milliseconds since 1970.
    pub now_ms: i64,
    /// The number of the last event that the page includes.
    pub as_of: u64,
}

/// The most open logins that the page of a user shows.
pub const OPEN_OF_USER: u32 = 50;

/// The cluster to which a user belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserHome {
    /// This cluster.
    Here(UserSettings),
    /// The other cluster of this id.
    Other(String),
    /// This cluster has no user of the id; users of other clusters may have it.
    Unknown,
}

/// The settings of a user of this cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSettings {
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user may log in at other clusters.
    pub emcc: bool,
    /// The maximum login time.
    pub max_login: MaxLogin,
    /// The device profiles, the default first: name and phone model. A profile that does not exist has no model.
    pub profiles: Vec<(String, Option<String>)>,
}

/// The maximum login time of a user, in minutes; 0 is unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MaxLogin {
    /// The user's own.
    Own(u32),
    /// That of the service parameters.
    System {
        /// Within this cluster.
        intra: u32,
        /// At phones of other clusters.
        inter: u32,
    },
}

/// A lock of a user after wrong PINs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLock {
    /// The source address of the lock; empty for the lock at all source addresses not known for the user.
    pub source: String,
    /// When the lock ends: UTC, milliseconds since 1970.
    pub until_ms: i64,
}

/// A user by the name that lists show; `None` when nothing is known about such a user.
///
/// # Errors
/// When nobody is signed in or the server can't read the user.
#[server(prefix = "/call", endpoint = "user", input = Json, output = Json)]
pub async fn read_user(
    /// The name.
    name: String,
) -> Result<Option<UserPage>, Refused> {
    console().user(name).await
}

/// Reads what [`read_user`] reads, for a page that reads itself anew.
/// The call does not count as use of the session.
///
/// # Errors
/// As [`read_user`].
#[server(prefix = "/call", endpoint = "user-anew", input = Json, output = Json)]
pub async fn read_user_anew(
    /// The name.
    name: String,
) -> Result<Option<UserPage>, Refused> {
    console().user(name).await
}
