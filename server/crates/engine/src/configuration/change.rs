//! Changes of the configuration: users, phones, service parameters and the other kinds of entries.

use std::collections::BTreeMap;

use serde::Serialize;
use terms::{LogOutAt, Release};

use super::{
    EmccSettingsChange, Line, LogOutRulesChange, PinRulesChange, RetentionChange, SipAccount,
    SiteChange, SpeedDial,
};

/// A change of the configuration: adds and changes the entries that it names, and removes nothing. No
/// entry is named twice, not even in two spellings.
#[derive(Clone, Default)]
pub struct ConfigurationChange {
    /// The cluster's release.
    pub release: Option<Release>,
    /// The retention and the rate of jobs; a field that is `None` keeps its value.
    pub retention: RetentionChange,
    /// When the cluster logs users out by itself; a field that is `None` keeps its value.
    pub log_out_rules: LogOutRulesChange,
    /// The rules for PINs that users choose; a field that is `None` keeps its value.
    pub pin_rules: PinRulesChange,
    /// The settings of EMCC that hold for all remote clusters; a field that is `None` keeps its value.
    pub emcc: EmccSettingsChange,
    /// The facts about the site that phones get; a field that is `None` keeps its value.
    pub site: SiteChange,
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
    /// Whether an entry without a stored row is passed over, and adds none.
    pub only_existing: bool,
}

impl ConfigurationChange {
    /// The number of users, phones and other entries that the change names.
    #[must_use]
    pub const fn entries(&self) -> usize {
        let Self { app_users, users, profiles, phones, remote_clusters, .. } = self;
        app_users.len() + users.len() + profiles.len() + phones.len() + remote_clusters.len()
    }

    /// Splits the change into parts of at most `size` entries each, to be applied in this order: first the
    /// settings of the cluster, and profiles before the users who name them.
    #[must_use]
    pub fn parts(self, size: usize) -> Vec<Self> {
        let Self { release, retention, log_out_rules, pin_rules, emcc, site, parameters, .. } =
            self;
        let only_existing = self.only_existing;
        let mut app_users = self.app_users.into_iter();
        let mut profiles = self.profiles.into_iter();
        let mut users = self.users.into_iter();
        let mut phones = self.phones.into_iter();
        let mut remote_clusters = self.remote_clusters.into_iter();
        let mut parts = vec![Self {
            release,
            retention,
            log_out_rules,
            pin_rules,
            emcc,
            site,
            parameters,
            only_existing,
            ..Self::default()
        }];
        loop {
            let mut room = size;
            let part = Self {
                app_users: take(&mut app_users, &mut room),
                profiles: take(&mut profiles, &mut room),
                users: take(&mut users, &mut room),
                phones: take(&mut phones, &mut room),
                remote_clusters: take(&mut remote_clusters, &mut room),
                only_existing,
                ..Self::default()
            };
            if part.entries() == 0 {
                return parts;
            }
            match &mut parts[..] {
                // The settings go with the first entries.
                [first] if first.entries() == 0 => {
                    let Self {
                        release,
                        retention,
                        log_out_rules,
                        pin_rules,
                        emcc,
                        site,
                        parameters,
                        ..
                    } = std::mem::take(first);
                    *first = Self {
                        release,
                        retention,
                        log_out_rules,
                        pin_rules,
                        emcc,
                        site,
                        parameters,
                        ..part
                    };
                }
                _ => parts.push(part),
            }
        }
    }
}

/// Takes at most `room` items, and subtracts their number from `room`.
fn take<T>(from: &mut impl Iterator<Item = T>, room: &mut usize) -> Vec<T> {
    let taken: Vec<_> = from.by_ref().take(*room).collect();
    *room -= taken.len();
    taken
}

/// An application user to add or change; a field that is `None` keeps its value.
#[derive(Clone, Default)]
pub struct AppUserEntry {
    /// Its id.
    pub id: String,
    /// The new hash of its password; `None` keeps the stored one.
    pub password_hash: Option<String>,
    /// Whether the application user may act for any user; the default of a new application user is true.
    pub proxy: Option<bool>,
}

/// A user to add or change; a field that is `None` keeps its value, or has its default in a new user.
#[derive(Clone, Default)]
pub struct UserEntry {
    /// The user id; compared without case.
    pub id: String,
    /// The new hash of the PIN; `None` keeps the stored one.
    pub pin_hash: Option<String>,
    /// Whether the user may log in; the default is true.
    pub enabled: Option<bool>,
    /// Whether the user may log in at other clusters; the default is false.
    pub emcc: Option<bool>,
    /// The user's own maximum login time in minutes, 0 for unlimited; `Some(None)` is the system's
    /// value, which is also the default.
    pub max_login_minutes: Option<Option<u32>>,
    /// Names of device profiles; the first is the user's default profile. A new user has no profile.
    pub profiles: Option<Vec<String>>,
    /// The directory number by which the user may log in at a phone; an empty text removes the number.
    pub primary_extension: Option<String>,
    /// The self-service id by which the user may log in at a phone; an empty text removes the id.
    pub self_service_id: Option<String>,
    /// Whether the user has to choose another PIN before the next log-in at a phone; the default is false.
    pub pin_must_change: Option<bool>,
}

/// A device profile to add or change; a field that is `None` keeps its value, or is empty in a new profile.
#[derive(Clone, Default)]
pub struct ProfileEntry {
    /// Its name.
    pub name: String,
    /// The phone model that the profile is made for.
    pub model: Option<String>,
    /// Its lines.
    pub lines: Option<Vec<Line>>,
    /// Its speed dials.
    pub speed_dials: Option<Vec<SpeedDial>>,
    /// The accounts of its lines at the call server.
    pub sip: Option<Vec<SipAccount>>,
}

/// A phone to add or change; a field that is `None` keeps its value, or has its default in a new phone:
/// empty, unless the field says otherwise.
#[derive(Clone, Default)]
pub struct PhoneEntry {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: Option<String>,
    /// Its description, for instance its location.
    pub description: Option<String>,
    /// Whether Extension Mobility is enabled on the phone; the default is true.
    pub extension_mobility: Option<bool>,
    /// Its network address: an allowed source address of requests while addresses are validated.
    pub address: Option<String>,
    /// Its own lines.
    pub lines: Option<Vec<Line>>,
    /// Its own speed dials.
    pub speed_dials: Option<Vec<SpeedDial>>,
    /// The accounts of its own lines at the call server.
    pub sip: Option<Vec<SipAccount>>,
    /// The phone's own time of the day at which its user is logged out; `Some(None)` is the cluster's, which
    /// is also the default.
    pub log_out_at: Option<Option<LogOutAt>>,
    /// The phone's own minutes without use after which its user is logged out, 0 for never; `Some(None)` is
    /// the cluster's, which is also the default.
    pub idle_minutes: Option<Option<u32>>,
}

/// A remote cluster to add or change.
#[derive(Clone)]
pub struct RemoteClusterEntry {
    /// Its cluster id.
    pub id: String,
    /// The address of its EM service.
    pub url: String,
    /// Its EMCC certificate (PEM); `None` keeps the stored one.
    pub certificate: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Whether users of each cluster may log in at phones of the other; the default is true.
    pub enabled: Option<bool>,
}

/// One value that a change of the configuration changes; never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The object that the value belongs to, for instance `user john`.
    pub what: String,
    /// The field that changes, for instance `enabled`; empty for the whole object.
    pub field: String,
    /// The old value; `None` for an added object and for a secret.
    pub from: Option<String>,
    /// The new value.
    pub to: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_everything_once_and_profiles_before_users() {
        let profile = |name: u32| ProfileEntry { name: name.to_string(), ..Default::default() };
        let user = |id: u32| UserEntry { id: id.to_string(), ..Default::default() };
        let change = ConfigurationChange {
            release: Some(Release::default()),
            users: (0..3).map(user).collect(),
            profiles: (0..4).map(profile).collect(),
            ..ConfigurationChange::default()
        };
        let sizes = |change: ConfigurationChange, size| -> Vec<_> {
            let parts = change.parts(size).into_iter();
            parts
                .map(|part| (part.release.is_some(), part.profiles.len(), part.users.len()))
                .collect()
        };
        assert_eq!(sizes(change.clone(), 3), [(true, 3, 0), (false, 1, 2), (false, 0, 1)]);
        assert_eq!(sizes(change, 7), [(true, 4, 3)]);
        assert_eq!(sizes(ConfigurationChange::default(), 3), [(false, 0, 0)]);
    }
}
