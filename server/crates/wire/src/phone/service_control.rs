//! The order to a phone to read its configuration anew: the body of a SIP NOTIFY.
//!
//! The original's call server sends the NOTIFY with `Event: service-control`. Phones obey this event alone, and
//! only when the body names the Call-ID of their REGISTER (usecallmanager.nz, "Service Control").

/// The event of the NOTIFY.
pub const SERVICE_CONTROL_EVENT: &str = "service-control";
/// The content type of the NOTIFY's body.
pub const SERVICE_CONTROL_TYPE: &str = "text/plain";

/// The version stamps of a phone's files. A phone with another version of a file reads the file anew.
const STAMPS: [&str; 3] = ["ConfigVersionStamp", "DialplanVersionStamp", "SoftkeyVersionStamp"];
/// A version that no phone has.
const NO_VERSION: &str = "00000000-0000-0000-0000-000000000000";

/// The body that makes a phone end its registration, read its configuration and register anew.
///
/// `register_call_id` is the Call-ID of the phone's REGISTER.
#[must_use]
pub fn restart(register_call_id: &str) -> String {
    let first = format!("action=restart\r\nRegisterCallId={{{register_call_id}}}\r\n");
    STAMPS.iter().fold(first, |body, stamp| format!("{body}{stamp}={{{NO_VERSION}}}\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_names_the_registration() {
        assert_eq!(
            restart("001122-334455@192.0.2.10"),
            "action=restart\r\n\
             RegisterCallId={001122-334455@192.0.2.10}\r\n\
             ConfigVersionStamp={00000000-0000-0000-0000-000000000000}\r\n\
             DialplanVersionStamp={00000000-0000-0000-0000-000000000000}\r\n\
             SoftkeyVersionStamp={00000000-0000-0000-0000-000000000000}\r\n"
        );
    }
}
