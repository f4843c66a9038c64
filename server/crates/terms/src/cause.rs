//! Why a login ended.

use crate::named::named;

named! {
    /// The one cause with which a login ended.
    EndCause {
        /// An EM API client or the person at the phone requested the log-out.
        Logout = "logout",
        /// The user logged in elsewhere under Auto Logout.
        AutoLogout = "auto_logout",
        /// The time limit of the login was reached.
        Expired = "expired",
        /// An administrator ended the login.
        Forced = "forced",
        /// `logoutAll` of the EM API.
        LogoutAll = "logout_all",
        /// An extra login, ended on purpose after Multiple Login Behavior changed.
        Policy = "policy",
        /// Nobody used the phone.
        Idle = "idle",
        /// The clock time at which all users are logged out was reached.
        ClockTime = "clock_time",
        /// The user was disabled.
        UserDisabled = "user_disabled",
        /// An administrator set a new PIN.
        PinReset = "pin_reset",
        /// The phone was removed.
        PhoneRemoved = "phone_removed",
        /// EMCC was switched off for the user.
        EmccDisabled = "emcc_disabled",
        /// The other cluster ended the login.
        Remote = "remote",
    } else Other
}
