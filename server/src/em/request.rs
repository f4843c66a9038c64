//! Requests to the EM service and its answers, without a wire format.

use std::net::IpAddr;

use engine::{Actor, PhoneStatus, RequestedDuration, UserStatus};

use super::pin::Proof;

/// A request, with the credentials of its asker.
pub(crate) struct Request {
    /// The credentials.
    pub(crate) credentials: AskerCredentials,
    /// The origin.
    pub(crate) origin: Origin,
    /// The operation.
    pub(crate) operation: EmOperation,
}

/// The credentials of an asker.
pub(crate) enum AskerCredentials {
    /// The id of an application user or end user, with the password or PIN; `None` for a secret that
    /// can't be checked here.
    Secret(String, Option<String>),
    /// The proof that the PIN of a user was shown at a phone.
    Proof(Proof),
    /// The name of a phone, at which anybody may ask for the logged-in user, and log that user out.
    Phone(String),
}

impl AskerCredentials {
    /// The actor that the asker claims to be, at an address.
    pub(super) fn actor(&self, address: String) -> Actor {
        match self {
            Self::Secret(id, _) => Actor::application_user(id, address),
            Self::Proof(proof) => Actor::user(&proof.user, address),
            Self::Phone(name) => Actor::phone(name, address),
        }
    }
}

/// The origin of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// The client's address: the address of the connection, or the address that a trusted proxy names.
    pub(crate) peer: Option<IpAddr>,
    /// The value of the `Via` header.
    pub(crate) via: Option<String>,
    /// The client address that the nearest proxy reports.
    pub(crate) forwarded: Option<String>,
    /// The address of the phone, as the request states it.
    pub(crate) stated_address: Option<String>,
    /// Whether the phone's own request came through a proxy, as the request states it.
    pub(crate) stated_via: bool,
}

impl Origin {
    /// The client's address as text; empty when it is not known.
    pub(crate) fn address(&self) -> String {
        self.peer.map_or_else(String::new, |peer| peer.to_string())
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub(crate) enum EmOperation {
    /// To log a user in at a phone.
    LogIn {
        /// The phone's name.
        phone: String,
        /// The user id.
        user: String,
        /// The device profile; `None` is the user's default.
        profile: Option<String>,
        /// The requested duration.
        duration: RequestedDuration,
    },
    /// To log out the user at a phone.
    LogOut {
        /// The phone's name.
        phone: String,
    },
    /// To log out all users.
    LogOutAll,
    /// To say which users are at these phones.
    Phones(Vec<String>),
    /// To say where these users are, and which profiles they have.
    Users(Vec<String>),
    /// An unknown operation.
    Unknown,
}

impl EmOperation {
    /// Whether the operation logs users in or out.
    pub(crate) const fn is_login_or_logout(&self) -> bool {
        matches!(self, Self::LogIn { .. } | Self::LogOut { .. } | Self::LogOutAll)
    }

    /// The phone at which the operation logs a user in or out; empty if the operation names none.
    pub(crate) fn phone(&self) -> &str {
        match self {
            Self::LogIn { phone, .. } | Self::LogOut { phone } => phone,
            _ => "",
        }
    }
}

/// An answer.
pub(crate) enum Answer {
    /// The operation is done, and durable.
    Done,
    /// The phones that were named, in their order; `None` where there is none.
    Phones(Vec<Option<PhoneStatus>>),
    /// The users that were named, in their order; `None` where there is none.
    Users(Vec<Option<UserStatus>>),
}
