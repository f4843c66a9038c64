//! The requests of EM API clients (grammar: Extension Mobility API developer guide, request and query DTDs).

mod application;
mod read;

use std::fmt;

pub use crate::content::MAX_NAME_CHARS;
pub use read::parse;

/// A request or query, with its asker.
#[derive(Clone, PartialEq, Eq)]
pub struct EmRequest {
    /// The id of the asking application user or end user.
    pub app_id: String,
    /// The password or PIN; `None` for an encrypted one, which only the original can check.
    pub app_certificate: Option<String>,
    /// The origin that the request states.
    pub origin: StatedOrigin,
    /// The requested operation.
    pub operation: RequestedOperation,
    /// The request's XML on one line, with every secret replaced.
    pub shown: String,
}

/// The origin that a request states; trusted only if the asker may relay.
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

/// The requested operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestedOperation {
    /// Log a user in at a phone.
    Login {
        /// The phone's name.
        device: String,
        /// The user id, decoded.
        user: String,
        /// The device profile; `None` is the user's default.
        profile: Option<String>,
        /// The duration of the login.
        duration: Duration,
    },
    /// Log out the user at a phone.
    Logout {
        /// The phone's name.
        device: String,
    },
    /// Log out all users.
    LogoutAll,
    /// Query the users at these phones.
    DeviceUsers(Vec<String>),
    /// Query the phones at which these users are logged in.
    UserDevices(Vec<String>),
    /// Query whether these users exist.
    CheckUsers(Vec<String>),
    /// Query the device profiles of these users.
    DeviceProfiles(Vec<String>),
    /// An unknown operation, by the names of its elements.
    Unknown(String),
}

/// The duration that a login asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duration {
    /// The login states no duration.
    #[default]
    Unset,
    /// `<indefinite/>`
    Indefinite,
    /// `<time>`, in minutes: up to [`terms::MAX_LOGIN_TIME_MINUTES`].
    Minutes(u32),
}
