//! Facts: stored rows, as the rules ask for them.

use std::sync::Arc;

use terms::{EndCause, LoginType, Release, ServiceParameters};

use crate::{Actor, EndedLogin, Intent, LoginId, PhoneId, UserId, UtcMillis, Version};

/// The rows that are stored under the names of an operation, read after the locks were taken.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The version of the configuration.
    pub version: Version,
    /// The service parameters in force.
    pub parameters: Arc<ServiceParameters>,
    /// The cluster's release.
    pub release: Release,
    /// The user, if there is one of that id.
    pub user: Option<UserFacts>,
    /// The phone, if there is one of that name.
    pub phone: Option<PhoneFacts>,
    /// The name of the device profile in its stored spelling, if there is one of that name.
    pub profile: Option<String>,
    /// The user's open logins.
    pub open_of_user: Vec<OpenLogin>,
    /// The open login on the phone.
    pub open_on_phone: Option<OpenLogin>,
    /// The intent that holds the phone, if it is of this cluster.
    pub intent_on_phone: Option<Intent>,
    /// Whether the phone is of another cluster, and this cluster has one of the same name.
    pub has_namesake: bool,
    /// Whether the stay of the operation at the phone of another cluster is known to be over, or its identity is that of
    /// another login.
    pub is_over: bool,
}

/// A phone.
#[derive(Clone, Debug)]
pub struct PhoneFacts {
    /// Its name.
    pub name: String,
    /// Its model.
    pub model: String,
    /// Its description, for instance its location.
    pub description: String,
    /// Whether Extension Mobility is enabled on it.
    pub extension_mobility: bool,
    /// The address that an administrator set.
    pub address: Option<String>,
}

/// A user.
#[derive(Clone, Debug)]
pub struct UserFacts {
    /// The user id in its stored spelling.
    pub id: String,
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user may log in at other clusters.
    pub emcc: bool,
    /// The user's own maximum login time in minutes.
    pub max_login_minutes: Option<u32>,
    /// The user's device profiles; the first is the default.
    pub profiles: Vec<String>,
}

/// An open login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLogin {
    /// Its identity.
    pub id: LoginId,
    /// Its user.
    pub user: UserId,
    /// Its phone.
    pub phone: PhoneId,
    /// The device profile it uses.
    pub profile: String,
    /// The relation of user and phone to this cluster.
    pub login_type: LoginType,
    /// When it began.
    pub from: UtcMillis,
    /// When its time is up.
    pub until: Option<UtcMillis>,
}

impl OpenLogin {
    /// The login, ended.
    #[must_use]
    pub fn ended(self, cause: EndCause, by: Actor, reason: String, ended: UtcMillis) -> EndedLogin {
        let Self { id, user, phone, profile, login_type, from, .. } = self;
        EndedLogin { id, user, phone, profile, login_type, from, ended, cause, by, reason }
    }

    /// Whether its time is up.
    pub(crate) fn is_due(&self, now: UtcMillis) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}
