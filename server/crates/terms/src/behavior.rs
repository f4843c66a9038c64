//! What happens when a user who is logged in somewhere logs in somewhere else.

use serde::{Deserialize, Serialize};

/// The values of the service parameter *Multiple Login Behavior*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MultipleLoginBehavior {
    /// All logins stay.
    Allowed,
    /// The new login is refused with error 25.
    #[default]
    NotAllowed,
    /// Every other login of the user ends, then the new one begins.
    AutoLogout,
}

impl MultipleLoginBehavior {
    /// All of them, in the order of the original's list.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::NotAllowed, Self::AutoLogout];

    /// The value as it stands on the Service Parameter page and in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Allowed => "Multiple Logins Allowed",
            Self::NotAllowed => "Multiple Logins Not Allowed",
            Self::AutoLogout => "Auto Logout",
        }
    }

    /// The value as the trace writes it behind `Multi Login Policy = `.
    #[must_use]
    pub const fn trace_name(self) -> &'static str {
        match self {
            Self::Allowed => "multiOK",
            Self::NotAllowed => "noLogin",
            Self::AutoLogout => "autoLogout",
        }
    }

    /// The behaviour with this [`label`](Self::label).
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|behavior| behavior.label() == label)
    }
}
