//! A user with everything that a list of the console knows about the user.

use crate::{EndedLogin, Login, RefusalRow, UserId};

/// The settings of a user of this cluster, without the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSettings {
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user may log in at other clusters.
    pub emcc: bool,
    /// The user's own maximum login time in minutes, 0 for unlimited; `None` is the system's.
    pub max_login_minutes: Option<u32>,
    /// The user's device profiles, the default first.
    pub profiles: Vec<UserProfile>,
}

/// A device profile of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserProfile {
    /// The name of the device profile.
    pub name: String,
    /// The phone model that the profile is made for; `None` when no such profile exists.
    pub model: Option<String>,
}

/// A user, read in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserDetail {
    /// The user, in the stored spelling. Without settings, an empty cluster means that the cluster is not known.
    pub user: UserId,
    /// The settings; `None` when this cluster has no such user.
    pub settings: Option<UserSettings>,
    /// Whether a request that names the id without a cluster means this user.
    pub is_meant_by_id: bool,
    /// Open logins, the newest first; at most the number that was asked for.
    pub logins: Vec<Login>,
    /// The number of open logins.
    pub open: u64,
    /// Logins that ended last, the latest end first.
    pub ended: Vec<EndedLogin>,
    /// Refusals, the latest first.
    pub refusals: Vec<RefusalRow>,
    /// The number of the last event that the answer reflects.
    pub as_of: u64,
}

/// The most rows of each list of a [`UserDetail`].
#[derive(Clone, Copy, Debug)]
pub struct UserDetailLimits {
    /// Open logins.
    pub open: u32,
    /// Ended logins.
    pub ended: u32,
    /// Refusals.
    pub refusals: u32,
}

/// The users that a name may mean, as lists show names: `rak`, or `rak (busan)` for a user of another cluster.
///
/// A user of this cluster may have parentheses in the id, so that a name has both readings.
#[must_use]
pub fn user_of_other_cluster(name: &str) -> Option<UserId> {
    let (id, cluster) = name.strip_suffix(')')?.rsplit_once(" (")?;
    let is_named = !id.is_empty() && !cluster.is_empty();
    is_named.then(|| UserId { cluster: cluster.to_owned(), id: id.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_list_is_read_back() {
        for (cluster, id) in [("busan", "rak"), ("busan", "rak (b)"), ("b", "a@b.example")] {
            let user = UserId { cluster: cluster.into(), id: id.into() };
            assert_eq!(user_of_other_cluster(&user.to_string()), Some(user));
        }
        for name in ["rak", "rak (", "(busan)", " (busan)", "rak ()", "rak (busan) "] {
            assert_eq!(user_of_other_cluster(name), None, "{name}");
        }
    }
}
