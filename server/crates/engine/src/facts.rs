//! Facts: stored rows, in the form that the rules use.

use std::sync::Arc;

use terms::{Release, ServiceParameters};

use crate::{Intent, Login, Version};

/// The stored rows under the names of an operation, read while the operation holds the locks.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The version of the configuration.
    pub version: Version,
    /// The service parameters in force.
    pub parameters: Arc<ServiceParameters>,
    /// The cluster's release.
    pub release: Release,
    /// The user, if the id exists.
    pub user: Option<UserFacts>,
    /// The phone, if the name exists.
    pub phone: Option<PhoneFacts>,
    /// The name of the device profile in its stored spelling, if the profile exists.
    pub profile: Option<String>,
    /// The user's open logins.
    pub open_of_user: Vec<Login>,
    /// The open login on the phone.
    pub open_on_phone: Option<Login>,
    /// The intent on the phone, if the phone belongs to this cluster.
    pub intent_on_phone: Option<Intent>,
    /// Whether the phone belongs to another cluster, and this cluster has a phone of the same name.
    pub has_namesake: bool,
    /// Whether the stay of the operation at a phone of another cluster is known to be over, or the identity of the
    /// stay belongs to another login.
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
