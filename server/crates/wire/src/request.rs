//! What EM API clients ask (grammar: Extension Mobility API developer guide, request and query
//! DTDs).

use std::fmt;

use crate::tree::{self, Element};
use percent_encoding::percent_decode_str;

/// A request or query, with who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct EmRequest {
    /// The id of the application user or end user who asks.
    pub app_id: String,
    /// The password or PIN; `None` for an encrypted one, which only the original can check.
    pub app_certificate: Option<String>,
    /// What it says about where it comes from.
    pub origin: StatedOrigin,
    /// What is asked.
    pub operation: Operation,
    /// The XML once more, on one line, with every secret replaced.
    pub shown: String,
}

/// What a request says about where it comes from; believed only from somebody who may relay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedOrigin {
    /// `remoteIPAddr`: the phone's address.
    pub remote_address: Option<String>,
    /// `isViaHeaderSet`: whether the phone's own request came through a proxy.
    pub via: bool,
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
    /// Log out everybody.
    LogoutAll,
    /// Who is at these phones?
    DeviceUsers(Vec<String>),
    /// At which phones are these users?
    UserDevices(Vec<String>),
    /// Are there these users?
    CheckUsers(Vec<String>),
    /// Which device profiles do these users have?
    DeviceProfiles(Vec<String>),
    /// Nothing that is known, by the names of its elements.
    Unknown(String),
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

/// A request that is not well-formed, or not of the grammar. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadRequest(String);

/// The most phones or users that one query may name.
pub const MAX_NAMES: usize = 500;
/// The longest name, id or password, in characters: no stored one is longer.
pub const MAX_NAME_CHARS: usize = 256;

/// Reads a request or query.
///
/// # Errors
/// When it is not well-formed or not of the grammar.
pub fn parse(xml: &str) -> Result<EmRequest, BadRequest> {
    let root = tree::parse(xml).map_err(|error| BadRequest(error.to_string()))?;
    let info = required(&root, "appInfo")?;
    let app_id = user_id(&text(info, "appID")?);
    let app_certificate = match info.child("appEncryptedCertificate") {
        Some(_) => None,
        None => Some(text(info, "appCertificate")?),
    };
    let asked = root
        .children
        .iter()
        .find(|child| child.name != "appInfo")
        .ok_or_else(|| missing(&root, "a request or query"))?;
    let operation = match (root.name.as_str(), asked.name.as_str()) {
        ("request", "login") => login(asked)?,
        ("request", "logout") => Operation::Logout { device: text(asked, "deviceName")? },
        ("request", "logoutAll") => Operation::LogoutAll,
        ("query", "deviceUserQuery") => {
            Operation::DeviceUsers(names(asked, "deviceName", str::to_owned)?)
        }
        ("query", "userDevicesQuery") => Operation::UserDevices(names(asked, "userID", user_id)?),
        ("query", "checkUser") => Operation::CheckUsers(names(asked, "userID", user_id)?),
        // The developer guide's grammar has the one name, its example the other.
        ("query", "deviceProfileQuery" | "userDeviceProfileQuery") => {
            Operation::DeviceProfiles(names(asked, "userID", user_id)?)
        }
        (root, asked) => Operation::Unknown(format!("{root}/{asked}")),
    };
    let origin = StatedOrigin {
        remote_address: optional(asked, "remoteIPAddr")?,
        via: asked
            .child("isViaHeaderSet")
            .is_some_and(|via| via.text().eq_ignore_ascii_case("true")),
    };
    Ok(EmRequest { app_id, app_certificate, origin, operation, shown: root.shown() })
}

fn login(login: &Element) -> Result<Operation, BadRequest> {
    let duration = match login.child("exclusiveDuration") {
        None => Duration::Unset,
        Some(duration) if duration.child("indefinite").is_some() => Duration::Indefinite,
        Some(duration) => {
            let time = required(duration, "time")?.text();
            let minutes =
                time.parse().map_err(|_| BadRequest("time is no number of minutes".to_owned()))?;
            Duration::Minutes(minutes)
        }
    };
    Ok(Operation::Login {
        device: text(login, "deviceName")?,
        user: user_id(&text(login, "userID")?),
        profile: optional(login, "deviceProfile")?,
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
    let texts = query.texts(name).map(|text| bounded(name, text));
    let names: Vec<String> = texts.map(|text| text.map(&read)).collect::<Result<_, _>>()?;
    match names.len() {
        0 => Err(missing(query, name)),
        1..=MAX_NAMES => Ok(names),
        _ => Err(BadRequest(format!("{} names more than {MAX_NAMES}", query.name))),
    }
}

fn required<'a>(parent: &'a Element, name: &str) -> Result<&'a Element, BadRequest> {
    parent.child(name).ok_or_else(|| missing(parent, name))
}

fn text(parent: &Element, name: &str) -> Result<String, BadRequest> {
    bounded(name, required(parent, name)?.text()).map(ToOwned::to_owned)
}

/// The text of a child that there need not be; an empty one is none.
fn optional(parent: &Element, name: &str) -> Result<Option<String>, BadRequest> {
    let text = parent.child(name).map(|child| bounded(name, child.text())).transpose()?;
    Ok(text.filter(|text| !text.is_empty()).map(ToOwned::to_owned))
}

/// A text that may be a name: what is longer is none, and goes no further than here.
fn bounded<'a>(name: &str, text: &'a str) -> Result<&'a str, BadRequest> {
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(BadRequest(format!("{name} is longer than {MAX_NAME_CHARS} characters")));
    }
    Ok(text)
}

fn missing(parent: &Element, name: &str) -> BadRequest {
    BadRequest(format!("{} has no {name}", parent.name))
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
    fn reads_all_other_operations() {
        let users = "<userID>a</userID><userID>b%40c</userID>";
        let ids = vec!["a".to_owned(), "b@c".to_owned()];
        for name in ["deviceProfileQuery", "userDeviceProfileQuery"] {
            let read = operation(&format!("<{name}>{users}</{name}>"));
            assert_eq!(read, Ok(Operation::DeviceProfiles(ids.clone())));
        }
        let query = format!("<query>{INFO}<checkUser>{users}</checkUser></query>");
        assert_eq!(parse(&query).unwrap().operation, Operation::CheckUsers(ids));
        assert_eq!(operation("<logoutAll/>"), Ok(Operation::LogoutAll));
        assert_eq!(operation("<logoutAll></logoutAll>"), Ok(Operation::LogoutAll));
        assert_eq!(operation("<dance/>"), Ok(Operation::Unknown("request/dance".to_owned())));
    }

    #[test]
    fn reads_where_a_request_says_it_comes_from() {
        let origin = |rest: &str| {
            let logout = format!("<logout><deviceName>A</deviceName>{rest}</logout>");
            parse(&format!("<request>{INFO}{logout}</request>")).unwrap().origin
        };
        assert_eq!(origin(""), StatedOrigin::default());
        let stated =
            origin("<remoteIPAddr> 192.0.2.1 </remoteIPAddr><isViaHeaderSet>true</isViaHeaderSet>");
        assert_eq!(stated.remote_address.as_deref(), Some("192.0.2.1"));
        assert!(stated.via);
        assert!(!origin("<isViaHeaderSet>false</isViaHeaderSet>").via);
    }

    #[test]
    fn what_is_not_of_the_grammar_is_refused() {
        let login = |rest: &str| {
            operation(&format!("<login><deviceName>S</deviceName><userID>j</userID>{rest}</login>"))
        };
        assert!(parse("<request>").is_err());
        assert!(parse("<request/>").is_err());
        assert!(parse(&format!("<request>{INFO}</request>")).is_err());
        assert!(login("<exclusiveDuration><time>-1</time></exclusiveDuration>").is_err());
        assert!(login(&format!("<deviceProfile>{}</deviceProfile>", "p".repeat(257))).is_err());
        assert!(login(&format!("<deviceProfile>{}</deviceProfile>", "p".repeat(256))).is_ok());
    }

    #[test]
    fn an_encrypted_certificate_is_one_that_cannot_be_checked() {
        let info = "<appInfo><appID>CCMSysUser</appID><appEncryptedCertificate>s3</appEncryptedCertificate></appInfo>";
        let logout = "<logout><deviceName>A</deviceName></logout>";
        let request = parse(&format!("<request>{info}{logout}</request>")).unwrap();
        assert_eq!(request.app_certificate, None);
        assert!(!request.shown.contains("s3"));
    }

    #[test]
    fn no_secret_is_in_what_is_shown() {
        let logout = "<logout><deviceName>A&amp;B</deviceName><pin>s3</pin></logout>";
        let request = parse(&format!("<request>\n{INFO}{logout}</request>")).unwrap();
        assert_eq!(
            request.shown,
            "<request><appInfo><appID>emproxy</appID><appCertificate>***</appCertificate>\
             </appInfo><logout><deviceName>A&amp;B</deviceName><pin>***</pin></logout></request>"
        );
        assert!(!format!("{request:?}").contains("s3"));
    }

    #[test]
    fn a_password_that_looks_like_xml_is_not_shown() {
        let ask = |password: &str| {
            let info = "<appInfo><appID>emproxy</appID><appCertificate>";
            let logout = "<logout><deviceName>A</deviceName></logout>";
            parse(&format!(
                "<request>{info}{password}</appCertificate></appInfo>{logout}</request>"
            ))
        };
        let request = ask("a<s3/>b").unwrap();
        assert!(!request.shown.contains("s3"), "{}", request.shown);
        for password in ["a<s3", "a<s3>", "</s3>", "a&s3;", "a&#s3;", "<s3 s3=s3>", "<!s3"] {
            let error = ask(password).unwrap_err().to_string();
            assert!(!error.contains("s3"), "{error}");
        }
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
