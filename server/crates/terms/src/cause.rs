//! Why a login ended.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// The one cause with which a login ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EndCause {
    /// An EM API client or the person at the phone requested the log-out.
    Logout,
    /// The user logged in elsewhere under Auto Logout.
    AutoLogout,
    /// The time limit of the login was reached.
    Expired,
    /// An administrator ended the login.
    Forced,
    /// `logoutAll` of the EM API.
    LogoutAll,
    /// An extra login, ended on purpose after Multiple Login Behavior changed.
    Policy,
    /// Nobody used the phone.
    Idle,
    /// The clock time at which all users are logged out was reached.
    ClockTime,
    /// The user was disabled.
    UserDisabled,
    /// An administrator set a new PIN.
    PinReset,
    /// The user was removed.
    UserRemoved,
    /// The device profile was removed.
    ProfileRemoved,
    /// The phone was removed.
    PhoneRemoved,
    /// EMCC was switched off for the user.
    EmccDisabled,
    /// The other cluster ended the login.
    Remote,
    /// A name that a newer program has stored.
    #[serde(other)]
    Other,
}

impl Named for EndCause {
    const OTHER: Option<Self> = Some(Self::Other);
}
