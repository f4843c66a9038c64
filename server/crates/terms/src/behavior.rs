//! The rule for a user who is logged in at one phone and logs in at another phone.

use serde::{Deserialize, Serialize};

/// The values of the service parameter *Multiple Login Behavior*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MultipleLoginBehavior {
    /// All logins of the user stay open.
    Allowed,
    /// The new login is refused with error 25.
    #[default]
    NotAllowed,
    /// All other logins of the user end, then the new login begins.
    AutoLogout,
}

impl MultipleLoginBehavior {
    /// All behaviours, in the order of the original's list.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::NotAllowed, Self::AutoLogout];

    /// The value on the Service Parameter page and in the database.
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
