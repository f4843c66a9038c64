//! The error codes of the EM service: one table, used by the EM API, the console and the phones.

use serde::{Deserialize, Serialize};

/// Whether Sojourn returns a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Sojourn returns the code.
    Here,
    /// Sojourn returns the code only for operations between two clusters (EMCC).
    Emcc,
    /// Sojourn returns the code only at a phone, not by the EM API.
    AtPhone,
    /// Sojourn never returns the code; the text says why.
    Never(&'static str),
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $text:literal, $quick:literal, $occurs:expr;)+) => {
        /// An error of the EM service: the number and the text that clients, phones and
        /// administrators see (Extension Mobility API developer guide, error table; quick
        /// descriptions from the Feature Configuration Guide 12.5(1)).
        ///
        /// The console's locale files say, by member of this enum, what an administrator can do
        /// about an error.
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

            /// The quick description, for administrators.
            #[must_use]
            pub const fn quick(self) -> &'static str {
                match self { $(Self::$variant => $quick),+ }
            }

            /// The text of the answer's `error` element. The text never contains the word `success`, by which
            /// clients recognize a successful answer.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Whether Sojourn returns the code.
            #[must_use]
            pub const fn occurs(self) -> Occurs {
                match self { $(Self::$variant => $occurs),+ }
            }
        }
    };
}

use Occurs::{AtPhone, Emcc, Here, Never};

codes! {
    /// An error without a code of its own: a fault of the program.
    Unknown = 0, "Unknown Error", "Unknown Error", Here;
    /// The request is not well-formed, too large or too deep.
    Parsing = 1, "Error on Parsing", "Error on parsing", Here;
    /// `appID` or `appCertificate` is blank.
    NotAuthorized = 2, "Cannot authorize App user", "EMCC Authentication Error", Here;
    /// `appID` or `appCertificate` is wrong. The answer names the `appID` behind this text.
    InvalidAppUser = 3, "DB Query Error: Application Authentication Error: Could not authenticate", "Invalid App User", Here;
    /// The policy could not be validated: its stored data can't be read.
    PolicyValidation = 4, "Policy Validation error", "Policy Validation error", Here;
    /// Extension Mobility is not enabled on the phone (at log-out).
    LogoutDisabled = 5, "Device logon disabled", "Dev. logon disabled", Here;
    /// The database operation failed.
    Database = 6, "Database Error", "Database Error", Here;
    /// The automatic log-out could not be set or removed.
    LogoutRequest = 7, "Logout Request Error", "Logout Request Error",
        Never("a login and the time of its end are one row of the database");
    /// The type of the request or query is unknown.
    QueryUndetermined = 8, "Query type undetermined", "Query type undetermined", Here;
    /// The asker could not be checked: the stored credential can't be read.
    UserInfo = 9, "Dir. User Info Error", "Dir. User Info Error", Here;
    /// The asker may not act for others.
    NoProxyRights = 10, "User lacks app proxy rights", "User lacks app proxy rights", Here;
    /// No such phone.
    NoSuchDevice = 11, "Device does not exist", "Device does not exist", Here;
    /// The device profile does not exist or is not the asking user's, or the user has no device profile.
    NoSuchProfile = 12, "Dev. Profile not found", "Dev. Profile not found", Here;
    /// A user is logged in at the phone (wording that clients look for, in the form of code 25's text).
    DeviceTaken = 18, "Policy Violation: com.cisco.emservice.PolicyValidatorException: Phone currently has user logged in", "Another user logged in", Here;
    /// Nobody is logged in at the phone.
    NobodyLoggedIn = 19, "No user logged in", "No user logged in", Here;
    /// Whether Extension Mobility is enabled on the phone could not be read.
    HotelingFlag = 20, "Hoteling flag error", "Hoteling flag error",
        Never("the flag is part of the phone's row, which the database does not leave empty");
    /// Whether a user is logged in at the phone could not be read.
    HotelingStatus = 21, "Hoteling Status error", "Hoteling Status error",
        Never("who is logged in is read with the phone; what does not read is a policy error");
    /// Extension Mobility is not enabled on the phone (at login; wording that clients look for, as in code 25).
    LoginDisabled = 22, "Policy Violation: com.cisco.emservice.PolicyValidatorException: Device does not allow hoteling", "Dev. logon disabled", Here;
    /// No such user, or the user is disabled.
    NoSuchUser = 23, "User does not exist", "User does not exist", Here;
    /// Multiple Login Behavior refuses a second login (wording of the original's answer).
    LoggedInElsewhere = 25, "Policy Violation: com.cisco.emservice.PolicyValidatorException: Not allowed to log into multiple devices.", "User logged in elsewhere", Here;
    /// Maximum Concurrent Requests is reached.
    Busy = 26, "Busy, please try again", "Busy, please try again", Here;
    /// The credential must be changed first.
    ChangePassword = 27, "Change Password", "Change Password",
        Never("credentials here do not expire");
    /// The request does not come from a trusted address.
    UntrustedIp = 28, "Untrusted IP Error", "Untrusted IP Error", Here;
    /// The service that knows the phones' addresses is down.
    RisDown = 29, "RIS down-contact admin", "ris down-contact admin",
        Never("the phones' addresses are in the same database as all else");
    /// The request came through a proxy.
    ProxyNotAllowed = 30, "Proxy not allowed", "Proxy not allowed", Here;
    /// EMCC is not activated for the user in the home cluster.
    EmccNotActivated = 31, "EMCC Not Activated for the user", "EMCC Not Activated for the user", Emcc;
    /// The phone's model does not support EMCC.
    EmccUnsupported = 32, "Device does not support EMCC", "Device does not support EMCC",
        Never("every model takes the device profile of another cluster");
    /// The home cluster has no free base device.
    NoFreeEmccDevice = 33, "No free EMCC dummy device", "No free EMCC dummy device",
        Never("a stay needs no base device at home");
    /// The home cluster does not know the visiting cluster.
    VisitingClusterUnknown = 35, "Visiting Cluster Information is not present in Home Cluster", "Visiting Cluster Information is not present in Home Cluster", Emcc;
    /// No remote cluster is configured.
    NoRemoteCluster = 36, "No Remote Cluster", "No Remote Cluster", Emcc;
    /// Both clusters have a phone of this name.
    DuplicateDevice = 37, "Duplicate Device Name", "Duplicate Device Name", Emcc;
    /// The home cluster refuses EMCC.
    EmccNotAllowed = 38, "EMCC Not Allowed", "EMCC Not Allowed", Emcc;
    /// The addresses that a visiting phone needs are not set.
    EmccConfiguration = 39, "Configuration Issue", "Configuration Issue", Emcc;
    /// The other cluster does not answer.
    NoResponse = 40, "No Response from Remote Host", "No Response from Remote Host", Emcc;
    /// The user has to change the PIN first.
    PinChangeRequired = 41, "PIN change is required", "PIN change is required", AtPhone;
    /// The certificate names another cluster than the message.
    InvalidClusterId = 42, "Invalid ClusterID", "Invalid ClusterID", Emcc;
    /// The phone's security mode does not fit its base device.
    DeviceSecurityMode = 43, "Device Security mode error", "Device Security mode error",
        Never("phones have no security mode here");
    /// The cluster id is not valid.
    ClusterIdConfiguration = 44, "Configuration Issue", "Configuration Issue",
        Never("a cluster has an id from its first start on");
    /// The other cluster's release is too old.
    RemoteVersion = 45, "Remote Cluster version not supported", "Remote Cluster version not supported",
        Never("clusters of all releases speak the same messages");
    /// The other cluster's security mode does not fit.
    RemoteSecurityMode = 46, "Remote Cluster security mode not supported", "Remote Cluster security mode not supported",
        Never("clusters have no security mode here");
    /// More than one user has this directory number.
    DnAmbiguous = 47, "DN has multiple users", "DN has multiple users", Emcc;
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

    #[test]
    fn refusals_by_policy_have_the_wording_that_clients_look_for() {
        let policy = "Policy Violation: com.cisco.emservice.PolicyValidatorException: ";
        for (code, text) in [
            (ErrorCode::DeviceTaken, "Phone currently has user logged in"),
            (ErrorCode::LoginDisabled, "Device does not allow hoteling"),
            (ErrorCode::LoggedInElsewhere, "Not allowed to log into multiple devices."),
        ] {
            assert_eq!(code.text(), format!("{policy}{text}"));
        }
        assert_eq!(ErrorCode::DeviceTaken.quick(), "Another user logged in");
    }

    #[test]
    fn every_documented_code_is_there() {
        let undocumented = [13, 14, 15, 16, 17, 24, 34];
        for number in (0..=47).filter(|number| !undocumented.contains(number)) {
            assert!(ErrorCode::from_number(number).is_some(), "{number}");
        }
        assert!(undocumented.iter().all(|number| ErrorCode::from_number(*number).is_none()));
    }
}
