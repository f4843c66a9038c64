//! Stored users, phones, device profiles and remote clusters.

use std::fmt;

use serde::{Deserialize, Serialize};
use terms::{LogOutAt, LoginTexts};

use super::{LogOutRules, PinRules};
use crate::{UserId, UtcMillis};

/// A user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user id.
    pub id: String,
    /// The hash of the PIN (PHC string).
    pub pin_hash: String,
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user may log in at other clusters.
    pub emcc: bool,
    /// The user's own maximum login time in minutes, 0 for unlimited; `None` is the system's.
    pub max_login_minutes: Option<u32>,
    /// Names of device profiles, the default first.
    pub profiles: Vec<String>,
    /// The directory number by which the user may log in at a phone; empty for none.
    #[serde(default)]
    pub primary_extension: String,
    /// The self-service id by which the user may log in at a phone; empty for none.
    #[serde(default)]
    pub self_service_id: String,
    /// Whether the user has to choose another PIN before the next log-in at a phone.
    #[serde(default)]
    pub pin_must_change: bool,
    /// The hashes of former PINs, the last one first; at most [`PinRules::MAX_HISTORY`].
    #[serde(default)]
    pub pin_history: Vec<String>,
}

/// The texts of a record without any text.
pub(super) const NO_TEXTS: LoginTexts<'_> = LoginTexts {
    user: "",
    phone: "",
    profile: "",
    model: "",
    description: "",
    source: "",
    address: "",
};

/// Numbers and labels of lines, as one text.
fn line_texts(lines: &[Line]) -> String {
    let texts = lines.iter().flat_map(|line| [line.dn.as_str(), &line.label]);
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

impl User {
    /// The texts of the user in which a filter looks for words. The numbers by which the user may log in belong to the
    /// user.
    #[must_use]
    pub fn searched(&self) -> String {
        let Self { id, primary_extension, self_service_id, .. } = self;
        let user = format!("{id} {primary_extension} {self_service_id}");
        let profile = self.profiles.join(" ");
        LoginTexts { user: &user, profile: &profile, ..NO_TEXTS }.searched()
    }

    /// Replaces the PIN, and keeps the hash of the former one.
    pub(crate) fn replace_pin(&mut self, hash: String) {
        let former = std::mem::replace(&mut self.pin_hash, hash);
        self.pin_history.insert(0, former);
        self.pin_history.truncate(PinRules::MAX_HISTORY as usize);
    }
}

/// A phone as an administrator set it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Its description, for instance its location.
    pub description: String,
    /// Whether Extension Mobility is enabled on it.
    pub extension_mobility: bool,
    /// Its network address: an allowed source address of requests while addresses are validated.
    pub address: Option<String>,
    /// Its own lines.
    pub lines: Vec<Line>,
    /// Its own speed dials.
    pub speed_dials: Vec<SpeedDial>,
    /// The accounts of its own lines at the call server.
    #[serde(default)]
    pub sip: Vec<SipAccount>,
    /// The phone's own time of the day at which its user is logged out; `None` is the cluster's.
    #[serde(default)]
    pub log_out_at: Option<LogOutAt>,
    /// When `log_out_at` was set: earlier occurrences of the time log nobody out.
    #[serde(default)]
    pub log_out_since: UtcMillis,
    /// The phone's own minutes without use after which its user is logged out, 0 for never; `None` is the
    /// cluster's.
    #[serde(default)]
    pub idle_minutes: Option<u32>,
    /// The user who last logged out at the phone. No change of the configuration sets this field.
    pub last_user: Option<UserId>,
}

impl Phone {
    /// The texts of the phone in which a filter looks for words. Lines belong to the description.
    #[must_use]
    pub fn searched(&self) -> String {
        let description = format!("{} {}", self.description, line_texts(&self.lines));
        LoginTexts {
            phone: &self.name,
            model: &self.model,
            description: &description,
            address: self.address.as_deref().unwrap_or_default(),
            ..NO_TEXTS
        }
        .searched()
    }

    /// The time of the day at which the phone's user is logged out.
    #[must_use]
    pub fn log_out_at(&self, rules: &LogOutRules) -> LogOutAt {
        self.log_out_at.unwrap_or(rules.at)
    }

    /// The minutes without use after which the phone's user is logged out; 0 is never.
    #[must_use]
    pub fn idle_minutes(&self, rules: &LogOutRules) -> u32 {
        self.idle_minutes.unwrap_or(rules.idle_minutes)
    }
}

/// A device profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceProfile {
    /// Its name.
    pub name: String,
    /// The phone model that the profile is made for.
    pub model: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its speed dials.
    pub speed_dials: Vec<SpeedDial>,
    /// The accounts of its lines at the call server.
    #[serde(default)]
    pub sip: Vec<SipAccount>,
}

impl DeviceProfile {
    /// The texts of the profile in which a filter looks for words. Lines belong to the description.
    #[must_use]
    pub fn searched(&self) -> String {
        let description = line_texts(&self.lines);
        LoginTexts {
            profile: &self.name,
            model: &self.model,
            description: &description,
            ..NO_TEXTS
        }
        .searched()
    }
}

/// A remote cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteCluster {
    /// Its cluster id.
    pub id: String,
    /// The address of its EM service.
    pub url: String,
    /// Its EMCC certificate (PEM).
    pub certificate: String,
    /// Its description, for instance its location.
    pub description: String,
    /// Whether users of each cluster may log in at phones of the other.
    pub enabled: bool,
    /// The certificate (PEM) that the cluster has announced as its next; empty if there is none.
    pub next_certificate: String,
}

/// A line of a phone or device profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The directory number.
    pub dn: String,
    /// The label that the phone shows.
    #[serde(default)]
    pub label: String,
}

/// A speed dial of a phone or device profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedDial {
    /// The number to dial.
    pub number: String,
    /// The label that the phone shows.
    #[serde(default)]
    pub label: String,
}

/// The account of a line at the call server. Accounts are stored apart from the lines, because lists of
/// lines are shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SipAccount {
    /// The directory number of the line.
    pub dn: String,
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// A phone or device profile that has accounts at the call server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithAccounts {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The accounts of its lines; a line need not have an account.
    pub sip: Vec<SipAccount>,
}

/// The password is a secret.
impl fmt::Debug for SipAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dn, user, .. } = self;
        f.debug_struct("SipAccount").field("dn", dn).field("user", user).finish_non_exhaustive()
    }
}
