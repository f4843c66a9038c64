//! What EM API clients ask (grammar: Extension Mobility API developer guide, request and query
//! DTDs).

use std::fmt;

use percent_encoding::percent_decode_str;
use terms::ErrorCode;

use crate::tree::{self, Element};

/// A request or query, with who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct EmRequest {
    /// The application user's id.
    pub app_id: String,
    /// The application user's password.
    pub app_certificate: String,
    /// What is asked.
    pub operation: Operation,
}

impl fmt::Debug for EmRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmRequest")
            .field("app_id", &self.app_id)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Log a user in at a phone.
    Login {
        /// The phone's name.
        device: String,
        /// The user id, decoded.
        user: String,
        /// The device profile; `None` is the user's default.
        profile: Option<String>,
        /// How long.
        duration: Duration,
    },
    /// Log out whoever is at a phone.
    Logout {
        /// The phone's name.
        device: String,
    },
    /// Who is at these phones?
    DeviceUsers(Vec<String>),
    /// At which phones are these users?
    UserDevices(Vec<String>),
}

/// The duration that a login asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duration {
    /// It says nothing.
    #[default]
    Unset,
    /// `<indefinite/>`
    Indefinite,
    /// `<time>`, in minutes.
    Minutes(u32),
}

/// Why a request was not understood; each maps to one error code. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// Not well-formed, or not of the grammar.
    #[error("{0}")]
    Parsing(String),
    /// Well-formed, but nothing that is known.
    #[error("{0} is no request or query")]
    Undetermined(String),
}

impl BadRequest {
    /// The code that the client gets.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Parsing(_) => ErrorCode::Parsing,
            Self::Undetermined(_) => ErrorCode::QueryUndetermined,
        }
    }
}

/// The most phones or users that one query may name.
pub const MAX_NAMES: usize = 500;

/// Reads a request or query.
///
/// # Errors
/// When it is not well-formed, not of the grammar, or asks nothing that is known.
pub fn parse(xml: &str) -> Result<EmRequest, BadRequest> {
    let root = tree::parse(xml).map_err(|error| BadRequest::Parsing(error.to_string()))?;
    let info = required(&root, "appInfo")?;
    let app_id = required(info, "appID")?.text().to_owned();
    let app_certificate = required(info, "appCertificate")?.text().to_owned();
    let asked = root
        .children
        .iter()
        .find(|child| child.name != "appInfo")
        .ok_or_else(|| missing(&root, "a request or query"))?;
    let operation = match (root.name.as_str(), asked.name.as_str()) {
        ("request", "login") => login(asked)?,
        ("request", "logout") => Operation::Logout { device: text(asked, "deviceName")? },
        ("query", "deviceUserQuery") => {
            Operation::DeviceUsers(names(asked, "deviceName", str::to_owned)?)
        }
        ("query", "userDevicesQuery") => Operation::UserDevices(names(asked, "userID", user_id)?),
        (root, asked) => return Err(BadRequest::Undetermined(format!("{root}/{asked}"))),
    };
    Ok(EmRequest { app_id, app_certificate, operation })
}

fn login(login: &Element) -> Result<Operation, BadRequest> {
    let duration = match login.child("exclusiveDuration") {
        None => Duration::Unset,
        Some(duration) if duration.child("indefinite").is_some() => Duration::Indefinite,
        Some(duration) => {
            let time = required(duration, "time")?.text();
            let minutes = time
                .parse()
                .map_err(|_| BadRequest::Parsing("time is no number of minutes".to_owned()))?;
            Duration::Minutes(minutes)
        }
    };
    Ok(Operation::Login {
        device: text(login, "deviceName")?,
        user: user_id(&text(login, "userID")?),
        profile: login
            .child("deviceProfile")
            .map(|profile| profile.text().to_owned())
            .filter(|name| !name.is_empty()),
        duration,
    })
}

/// User ids are percent-encoded once more inside the XML; one that does not decode is meant as it
/// stands.
fn user_id(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

fn names(
    query: &Element,
    name: &str,
    read: impl Fn(&str) -> String,
) -> Result<Vec<String>, BadRequest> {
    let names: Vec<String> = query.texts(name).map(read).collect();
    match names.len() {
        0 => Err(missing(query, name)),
        1..=MAX_NAMES => Ok(names),
        _ => Err(BadRequest::Parsing(format!("{} names more than {MAX_NAMES}", query.name))),
    }
}

fn required<'a>(parent: &'a Element, name: &str) -> Result<&'a Element, BadRequest> {
    parent.child(name).ok_or_else(|| missing(parent, name))
}

fn text(parent: &Element, name: &str) -> Result<String, BadRequest> {
    required(parent, name).map(|child| child.text().to_owned())
}

fn missing(parent: &Element, name: &str) -> BadRequest {
    BadRequest::Parsing(format!("{} has no {name}", parent.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INFO: &str =
        "<appInfo><appID>emproxy</appID><appCertificate>s3</appCertificate></appInfo>";

    fn operation(rest: &str) -> Result<Operation, BadRequest> {
        let root = if rest.contains("Query") { "query" } else { "request" };
        parse(&format!("<{root}>{INFO}{rest}</{root}>")).map(|request| request.operation)
    }

    #[test]
    fn reads_a_login_with_all_and_with_least() {
        let all = "<login><deviceName>SEP1 </deviceName><userID>em%40example.com</userID>
            <deviceProfile>desk</deviceProfile><exclusiveDuration><time>60</time>
            </exclusiveDuration></login>";
        let expected = Operation::Login {
            device: "SEP1".into(),
            user: "em@example.com".into(),
            profile: Some("desk".into()),
            duration: Duration::Minutes(60),
        };
        assert_eq!(operation(all), Ok(expected));
        let least = "<login><deviceName>SEP1</deviceName><userID>john</userID></login>";
        let expected = Operation::Login {
            device: "SEP1".into(),
            user: "john".into(),
            profile: None,
            duration: Duration::Unset,
        };
        assert_eq!(operation(least), Ok(expected));
    }

    #[test]
    fn reads_indefinite_in_both_forms() {
        for indefinite in ["<indefinite/>", "<indefinite></indefinite>"] {
            let login = operation(&format!(
                "<login><deviceName>S</deviceName><userID>j</userID>
                 <exclusiveDuration>{indefinite}</exclusiveDuration></login>"
            ));
            assert!(matches!(login, Ok(Operation::Login { duration: Duration::Indefinite, .. })));
        }
    }

    #[test]
    fn reads_queries_and_a_logout_with_a_stray_user() {
        assert_eq!(
            operation(
                "<deviceUserQuery><deviceName>A</deviceName><deviceName>B</deviceName></deviceUserQuery>"
            ),
            Ok(Operation::DeviceUsers(vec!["A".into(), "B".into()]))
        );
        assert_eq!(
            operation("<userDevicesQuery><userID>a%40b</userID></userDevicesQuery>"),
            Ok(Operation::UserDevices(vec!["a@b".into()]))
        );
        assert_eq!(
            operation("<logout><deviceName>A</deviceName><userID>j</userID></logout>"),
            Ok(Operation::Logout { device: "A".into() })
        );
    }

    #[test]
    fn what_is_not_understood_has_its_code() {
        let code = |xml: &str| parse(xml).unwrap_err().code();
        assert_eq!(code("<request>"), ErrorCode::Parsing);
        assert_eq!(code("<request/>"), ErrorCode::Parsing);
        assert_eq!(code(&format!("<request>{INFO}</request>")), ErrorCode::Parsing);
        assert_eq!(
            code(&format!("<request>{INFO}<dance/></request>")),
            ErrorCode::QueryUndetermined
        );
        assert_eq!(
            operation("<login><deviceName>S</deviceName><userID>j</userID><exclusiveDuration><time>-1</time></exclusiveDuration></login>")
                .unwrap_err()
                .code(),
            ErrorCode::Parsing
        );
    }

    #[test]
    fn the_password_is_not_in_the_debug_form() {
        let request =
            parse(&format!("<request>{INFO}<logout><deviceName>A</deviceName></logout></request>"));
        assert!(!format!("{request:?}").contains("s3"));
    }

    proptest! {
        #[test]
        fn any_names_come_through(device in "[A-Z0-9]{1,15}", user in "[a-z0-9.@ -]{1,20}") {
            let escaped = percent_encoding::utf8_percent_encode(&user, percent_encoding::NON_ALPHANUMERIC);
            let read = operation(&format!(
                "<login><deviceName>{device}</deviceName><userID>{escaped}</userID></login>"
            ));
            let expected = Operation::Login { device, user, profile: None, duration: Duration::Unset };
            prop_assert_eq!(read, Ok(expected));
        }
    }
}
