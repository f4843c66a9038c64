//! Credentials of application users and users.

use serde::{Deserialize, Serialize};

/// A stored application user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppUser {
    /// Its id as stored.
    pub id: String,
    /// The hash of its password (PHC string).
    pub password_hash: String,
    /// Whether it may act for anybody.
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

/// The credentials under one id: an application user and an end user may share it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The application user.
    pub app_user: Option<AppUser>,
    /// The end user.
    pub user: Option<UserCredential>,
}
