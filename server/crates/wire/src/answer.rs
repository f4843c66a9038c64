//! The answers to EM API clients: one element a line, no indentation, no newline at the end.
//! Clients match these bytes.

use std::fmt::Write;

use quick_xml::escape::escape;
use terms::ErrorCode;

use crate::percent::encoded as user_id;

/// The answer to a successful log-in or log-out. No other answer has an XML declaration.
pub const DONE: &str = "<?xml version=\"1.0\"?>\n<response>\n<success/>\n</response>";

/// A failure with the code's own text.
#[must_use]
pub fn failure(code: ErrorCode) -> String {
    failure_with(code, code.text())
}

/// The failure of an application user's authentication, with `app_id` in its text.
///
/// The text leaves out an `app_id` with the word `success`, by which clients recognize a successful answer, and
/// an `app_id` with a control character, which could begin a line of a trace.
#[must_use]
pub fn authentication_failure(app_id: &str) -> String {
    let code = ErrorCode::InvalidAppUser;
    if app_id.to_lowercase().contains("success") || app_id.chars().any(char::is_control) {
        return failure(code);
    }
    failure_with(code, &format!("{} '{app_id}'", code.text()))
}

fn failure_with(code: ErrorCode, text: &str) -> String {
    format!(
        "<response>\n<failure>\n<error code=\"{}\">{}</error>\n</failure>\n</response>",
        code.number(),
        // A quotation mark needs no escape in text, and the original writes it as it is.
        quick_xml::escape::partial_escape(text)
    )
}

/// The users of a phone, for [`device_users`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceUser<'a> {
    /// The user who is logged in.
    pub user: Option<&'a str>,
    /// The user who last logged out.
    pub last_user: Option<&'a str>,
    /// Whether the user belongs to another cluster.
    pub emcc: bool,
}

/// The answer to `deviceUserQuery`: the users of each phone, or `None` for an unknown phone.
/// The order of the children has a meaning: current user, last user, EMCC.
#[must_use]
pub fn device_users(devices: &[(&str, Option<DeviceUser<'_>>)]) -> String {
    let mut xml = String::from("<response>\n<deviceUserResults>\n");
    for (name, device) in devices {
        // A name stays on one line: the trace has the answer, and a line in the trace can be a record.
        let name = name.replace(char::is_control, " ");
        line(&mut xml, format_args!("<device name=\"{}\">", escape(name.as_str())));
        match device {
            Some(device) => {
                match device.user {
                    Some(user) => {
                        line(&mut xml, format_args!("<userID>{}</userID>", user_id(user)));
                    }
                    None => line(&mut xml, format_args!("<none/>")),
                }
                match device.last_user {
                    Some(user) => {
                        line(&mut xml, format_args!("<lastlogin>{}</lastlogin>", user_id(user)));
                    }
                    None => line(&mut xml, format_args!("<none/>")),
                }
                let emcc = if device.emcc { "yes" } else { "no" };
                line(&mut xml, format_args!("<emccDevice>{emcc}</emccDevice>"));
            }
            None => line(&mut xml, format_args!("<doesNotExist/>")),
        }
        line(&mut xml, format_args!("</device>"));
    }
    xml.push_str("</deviceUserResults>\n</response>");
    xml
}

/// The answer to `userDevicesQuery`: the phones of each user, or `None` for an unknown user.
#[must_use]
pub fn user_devices(users: &[(&str, Option<&[String]>)]) -> String {
    let mut xml = String::from("<response>\n<userDevicesResults>\n");
    for (id, devices) in users {
        line(&mut xml, format_args!("<user id=\"{}\">", user_id(id)));
        match devices {
            Some([]) => line(&mut xml, format_args!("<none/>")),
            Some(devices) => {
                for device in *devices {
                    line(
                        &mut xml,
                        format_args!("<deviceName>{}</deviceName>", escape(device.as_str())),
                    );
                }
            }
            None => line(&mut xml, format_args!("<doesNotExist/>")),
        }
        line(&mut xml, format_args!("</user>"));
    }
    xml.push_str("</userDevicesResults>\n</response>");
    xml
}

/// The answer to `checkUser`: each id of the query, with the stored id, or `None` for an unknown user.
#[must_use]
pub fn check_users(users: &[(&str, Option<&str>)]) -> String {
    let mut xml = String::from("<response>\n<checkUserResults>\n");
    for (asked, stored) in users {
        line(&mut xml, format_args!("<user id=\"{}\">", user_id(stored.unwrap_or(asked))));
        match stored {
            Some(id) => line(&mut xml, format_args!("<exists>{}</exists>", user_id(id))),
            None => line(&mut xml, format_args!("<doesNotExist/>")),
        }
        line(&mut xml, format_args!("</user>"));
    }
    xml.push_str("</checkUserResults>\n</response>");
    xml
}

/// The answer to `deviceProfileQuery`: the device profiles of each user, the default first, or an error,
/// which is nested in the user's element.
#[must_use]
pub fn device_profiles(users: &[(&str, Result<&[String], ErrorCode>)]) -> String {
    let mut xml = String::from("<response>\n<deviceProfileResults>\n");
    for (id, profiles) in users {
        line(&mut xml, format_args!("<user id=\"{}\">", user_id(id)));
        if let Err(code) = profiles {
            let (number, text) = (code.number(), code.text());
            line(&mut xml, format_args!("<failure>"));
            line(&mut xml, format_args!("<error code=\"{number}\">{text}</error>"));
            line(&mut xml, format_args!("</failure>"));
        }
        for (index, profile) in profiles.unwrap_or_default().iter().enumerate() {
            let default = if index == 0 { 't' } else { 'f' };
            line(&mut xml, format_args!("<deviceProfile>"));
            line(
                &mut xml,
                format_args!("<deviceProfileName>{}</deviceProfileName>", escape(profile.as_str())),
            );
            line(
                &mut xml,
                format_args!("<isDefaultDeviceProfile>{default}</isDefaultDeviceProfile>"),
            );
            line(&mut xml, format_args!("</deviceProfile>"));
        }
        line(&mut xml, format_args!("</user>"));
    }
    xml.push_str("</deviceProfileResults>\n</response>");
    xml
}

fn line(xml: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = writeln!(xml, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_the_golden_files() {
        assert_eq!(DONE, include_str!("../golden/login-success.xml"));
        assert_eq!(failure(ErrorCode::LoggedInElsewhere), include_str!("../golden/failure-25.xml"));
        assert_eq!(
            authentication_failure("emproxy"),
            include_str!("../golden/failure-application-user.xml")
        );
        let em = "em@example.com";
        assert_eq!(
            device_users(&[(
                "SEP402CF4915265",
                Some(DeviceUser { user: Some(em), last_user: Some(em), emcc: false })
            )]),
            include_str!("../golden/device-user-logged-in.xml")
        );
        assert_eq!(
            device_users(&[(
                "SEP402CF4915265",
                Some(DeviceUser { user: None, last_user: None, emcc: false })
            )]),
            include_str!("../golden/device-user-never-used.xml")
        );
        assert_eq!(
            device_users(&[("SEPFFFFFFFFFFFF", None)]),
            include_str!("../golden/device-user-unknown-phone.xml")
        );
        let phones = ["SEP402CF4915265".to_owned(), "SEP402CF4915266".to_owned()];
        assert_eq!(
            user_devices(&[(em, Some(&phones)), ("one", Some(&[])), ("nobody", None)]),
            include_str!("../golden/user-devices.xml")
        );
        assert_eq!(
            check_users(&[("one", Some("one")), ("nobody", None)]),
            include_str!("../golden/check-user.xml")
        );
        let profiles = ["one-desk".to_owned(), "one-lab".to_owned()];
        assert_eq!(
            device_profiles(&[("one", Ok(&profiles)), ("nobody", Err(ErrorCode::NoSuchUser))]),
            include_str!("../golden/device-profiles.xml")
        );
    }

    #[test]
    fn a_failure_never_reads_like_a_good_answer_whoever_asks() {
        for id in ["success", "<SUCCESS/>", "a\nb"] {
            let answer = authentication_failure(id);
            assert!(!answer.to_lowercase().contains("success"), "{answer}");
            assert!(answer.contains("Application Authentication Error"));
            assert_eq!(answer.lines().count(), 5);
        }
    }

    #[test]
    fn what_a_client_sends_comes_back_escaped() {
        assert!(authentication_failure("<a>&'").contains("'&lt;a&gt;&amp;''"));
        assert!(device_users(&[("\"<&", None)]).contains("name=\"&quot;&lt;&amp;\""));
        assert!(device_users(&[("a\nb", None)]).contains("name=\"a b\""));
    }
}
