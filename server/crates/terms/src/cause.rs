//! Why a login ended.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The one cause with which a login ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EndCause { $($(#[$doc])* $variant),+ }

        impl EndCause {
            /// All causes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in the database, the interfaces and the events.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

causes! {
    /// Somebody asked for it: the EM API or the person at the phone.
    Logout = "logout",
    /// The user logged in elsewhere under Auto Logout.
    AutoLogout = "auto_logout",
    /// Its time was up.
    Expired = "expired",
    /// An administrator ended it.
    Forced = "forced",
    /// `logoutAll` of the EM API.
    LogoutAll = "logout_all",
    /// An extra login, ended on purpose after Multiple Login Behavior changed.
    Policy = "policy",
    /// Nobody used the phone.
    Idle = "idle",
    /// The clock time at which everybody is logged out.
    ClockTime = "clock_time",
    /// The user was disabled.
    UserDisabled = "user_disabled",
    /// An administrator set a new PIN.
    PinReset = "pin_reset",
    /// The phone was removed.
    PhoneRemoved = "phone_removed",
    /// EMCC was switched off for the user.
    EmccDisabled = "emcc_disabled",
    /// The other cluster ended it.
    Remote = "remote",
}

impl fmt::Display for EndCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no cause.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no cause of an end")]
pub struct UnknownCause(String);

impl FromStr for EndCause {
    type Err = UnknownCause;

    fn from_str(name: &str) -> Result<Self, UnknownCause> {
        Self::ALL
            .iter()
            .copied()
            .find(|cause| cause.name() == name)
            .ok_or_else(|| UnknownCause(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_reads_back_from_its_name_in_both_forms() {
        for cause in EndCause::ALL {
            assert_eq!(cause.name().parse::<EndCause>().unwrap(), *cause);
        }
        assert!("vanished".parse::<EndCause>().is_err());
    }
}
