//! What EM API clients ask (grammar: Extension Mobility API developer guide, request and query
//! DTDs).

mod application;
mod read;

use std::fmt;

pub use crate::content::MAX_NAME_CHARS;
pub use read::parse;

/// A request or query, with who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct EmRequest {
    /// The id of the application user or end user who asks.
    pub app_id: String,
    /// The password or PIN; `None` for an encrypted one, which only the original can check.
    pub app_certificate: Option<String>,
    /// What it says about where it comes from.
    pub origin: StatedOrigin,
    /// What is asked.
    pub operation: Operation,
    /// The XML once more, on one line, with every secret replaced.
    pub shown: String,
}

/// What a request says about where it comes from; believed only from somebody who may relay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedOrigin {
    /// `remoteIPAddr`: the phone's address.
    pub remote_address: Option<String>,
    /// `isViaHeaderSet`: whether the phone's own request came through a proxy.
    pub via: bool,
}

impl fmt::Debug for EmRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmRequest")
            .field("app_id", &self.app_id)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Log a user in at a phone.
    Login {
        /// The phone's name.
        device: String,
        /// The user id, decoded.
        user: String,
        /// The device profile; `None` is the user's default.
        profile: Option<String>,
        /// How long.
        duration: Duration,
    },
    /// Log out whoever is at a phone.
    Logout {
        /// The phone's name.
        device: String,
    },
    /// Log out everybody.
    LogoutAll,
    /// Who is at these phones?
    DeviceUsers(Vec<String>),
    /// At which phones are these users?
    UserDevices(Vec<String>),
    /// Are there these users?
    CheckUsers(Vec<String>),
    /// Which device profiles do these users have?
    DeviceProfiles(Vec<String>),
    /// Nothing that is known, by the names of its elements.
    Unknown(String),
}

/// The duration that a login asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duration {
    /// It says nothing.
    #[default]
    Unset,
    /// `<indefinite/>`
    Indefinite,
    /// `<time>`, in minutes: up to [`terms::MAX_LOGIN_TIME_MINUTES`].
    Minutes(u32),
}
