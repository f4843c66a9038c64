//! The error codes of the EM service.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $text:literal, $quick:literal;)+) => {
        /// An error of the EM service: the number and the text that clients, phones and
        /// administrators see (Extension Mobility API developer guide, error table).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode { $($(#[$doc])* $variant),+ }

        impl ErrorCode {
            /// All codes, by number.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The number in the answer's `code` attribute.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $number),+ }
            }

            /// The code of this number.
            #[must_use]
            pub fn from_number(number: u16) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.number() == number)
            }

            /// The quick description (Feature Configuration Guide 12.5(1)), for administrators.
            #[must_use]
            pub const fn quick(self) -> &'static str {
                match self { $(Self::$variant => $quick),+ }
            }

            /// The text of the answer's `error` element. Never contains the word a client looks
            /// for to see that all went well.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

codes! {
    /// Anything without a code of its own.
    Unknown = 0, "Unknown Error", "Unknown Error";
    /// The request is not well-formed, too large or too deep.
    Parsing = 1, "Error on Parsing", "Error on parsing";
    /// `appID` or `appCertificate` is wrong. The answer names the `appID` behind this text.
    InvalidAppUser = 3, "DB Query Error: Application Authentication Error: Could not authenticate", "Invalid App User";
    /// The policy could not be validated.
    PolicyValidation = 4, "Policy Validation error", "Policy Validation error";
    /// Extension Mobility is not enabled on the phone (at log-out).
    LogoutDisabled = 5, "Device logon disabled", "Dev. logon disabled";
    /// The database did not do it.
    Database = 6, "Database Error", "Database Error";
    /// The request or query is none that is known.
    QueryUndetermined = 8, "Query type undetermined", "Query type undetermined";
    /// The application user may not act for others.
    NoProxyRights = 10, "User lacks app proxy rights", "User lacks app proxy rights";
    /// No such phone.
    NoSuchDevice = 11, "Device does not exist", "Device does not exist";
    /// The user has no such device profile.
    NoSuchProfile = 12, "Dev. Profile not found", "Dev. Profile not found";
    /// Somebody is logged in at the phone.
    DeviceTaken = 18, "Another user logged in", "Another user logged in";
    /// Nobody is logged in at the phone.
    NobodyLoggedIn = 19, "No user logged in", "No user logged in";
    /// Extension Mobility is not enabled on the phone (at login).
    LoginDisabled = 22, "Device logon disabled", "Dev. logon disabled";
    /// No such user, or the user is disabled.
    NoSuchUser = 23, "User does not exist", "User does not exist";
    /// Multiple Login Behavior refuses a second login (wording of the original's answer).
    LoggedInElsewhere = 25, "Policy Violation: com.cisco.emservice.PolicyValidatorException: Not allowed to log into multiple devices.", "User logged in elsewhere";
    /// Maximum Concurrent Requests is reached.
    Busy = 26, "Busy, please try again", "Busy, please try again";
    /// The request does not come from a trusted address.
    UntrustedIp = 28, "Untrusted IP Error", "Untrusted IP Error";
    /// The request came through a proxy.
    ProxyNotAllowed = 30, "Proxy not allowed", "Proxy not allowed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_rising() {
        assert!(ErrorCode::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
    }

    #[test]
    fn no_text_is_empty_or_reads_like_a_good_answer() {
        for code in ErrorCode::ALL {
            assert!(!code.text().is_empty());
            assert!(!code.text().to_lowercase().contains("success"), "{code:?}");
        }
    }
}
