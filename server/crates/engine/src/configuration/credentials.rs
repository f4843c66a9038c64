//! Credentials of application users and users.

use serde::{Deserialize, Serialize};
use terms::LoginTexts;

use super::records::NO_TEXTS;

/// A stored application user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppUser {
    /// Its id in the stored spelling.
    pub id: String,
    /// The hash of its password (PHC string).
    pub password_hash: String,
    /// Whether the application user may act for any user.
    pub proxy: bool,
}

impl AppUser {
    /// The texts of the application user in which a filter looks for words.
    #[must_use]
    pub fn searched(&self) -> String {
        LoginTexts { source: &self.id, ..NO_TEXTS }.searched()
    }
}

/// The credential of an end user.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCredential {
    /// The user id in its stored spelling.
    pub id: String,
    /// The hash of the PIN (PHC string).
    pub pin_hash: String,
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user has to choose another PIN first.
    pub must_change: bool,
}

/// The PINs of a user, as far as they are kept, and the numbers that a PIN should not repeat.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pins {
    /// The hash of the present PIN (PHC string).
    pub hash: String,
    /// The hashes of former PINs, the last one first.
    pub history: Vec<String>,
    /// The primary extension; empty for none.
    pub primary_extension: String,
    /// The self-service id; empty for none.
    pub self_service_id: String,
}

/// The credentials of one id: an application user and an end user may have the same id.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The application user.
    pub app_user: Option<AppUser>,
    /// The end user.
    pub user: Option<UserCredential>,
}
