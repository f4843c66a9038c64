//! Credentials of application users and users.

use serde::{Deserialize, Serialize};

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

/// The credential of an end user.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCredential {
    /// The user id in its stored spelling.
    pub id: String,
    /// The hash of the PIN (PHC string).
    pub pin_hash: String,
    /// Whether the user may log in.
    pub enabled: bool,
}

/// The credentials of one id: an application user and an end user may have the same id.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The application user.
    pub app_user: Option<AppUser>,
    /// The end user.
    pub user: Option<UserCredential>,
}
