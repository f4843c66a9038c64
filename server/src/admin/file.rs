//! The configuration file of `sojourn apply`, in TOML.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use engine::{Line, SipAccount, SiteChange, SpeedDial, UpkeepChange};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde::{Deserialize, Deserializer};
use terms::{MAX_LOGIN_TIME_MINUTES, PhoneAddress, key, phone_key, saving};

use super::upkeep::check_upkeep;

/// The largest file, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The longest name or text in it, in characters.
const MAX_CHARS: usize = 256;

/// A configuration file; every table may be left out.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub(super) cluster: Cluster,
    pub(super) site: Site,
    pub(super) service_parameters: BTreeMap<String, String>,
    pub(super) app_users: Vec<AppUser>,
    pub(super) users: Vec<User>,
    pub(super) device_profiles: Vec<DeviceProfile>,
    pub(super) phones: Vec<Phone>,
    pub(super) remote_clusters: Vec<RemoteCluster>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Cluster {
    pub(super) release: Option<String>,
    /// Days for which ended logins, the audit, events and refusals are kept.
    pub(super) history_days: Option<u32>,
    pub(super) audit_days: Option<u32>,
    pub(super) event_days: Option<u32>,
    pub(super) refusal_days: Option<u32>,
    /// Logins that a forced log-out of many ends in a second.
    pub(super) log_outs_per_second: Option<u32>,
}

impl Cluster {
    pub(super) fn upkeep(&self) -> UpkeepChange {
        let Self {
            history_days, audit_days, event_days, refusal_days, log_outs_per_second, ..
        } = *self;
        UpkeepChange { history_days, audit_days, event_days, refusal_days, log_outs_per_second }
    }
}

/// What phones are told; an empty text takes a value away.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Site {
    pub(super) service_url: Option<String>,
    pub(super) call_server: Option<String>,
    pub(super) push_user: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub(super) push_password: Option<String>,
    pub(super) time_zone: Option<String>,
}

impl Site {
    pub(super) fn change(&self) -> SiteChange {
        let Self { service_url, call_server, push_user, push_password, time_zone } = self;
        SiteChange {
            service_url: service_url.clone(),
            call_server: call_server.clone(),
            push_user: push_user.clone(),
            push_password: push_password.clone(),
            time_zone: time_zone.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppUser {
    pub(super) id: String,
    /// A new one needs it.
    #[serde(default, deserialize_with = "secret")]
    pub(super) password: Option<String>,
    pub(super) proxy: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) id: String,
    /// A new one needs it.
    #[serde(default, deserialize_with = "secret")]
    pub(super) pin: Option<String>,
    pub(super) enabled: Option<bool>,
    pub(super) emcc: Option<bool>,
    pub(super) max_login_minutes: Option<MaxLogin>,
    pub(super) profiles: Option<Vec<String>>,
    /// By which the user may log in at a phone; an empty text takes it away.
    pub(super) primary_extension: Option<String>,
    pub(super) self_service_id: Option<String>,
}

/// A line, with its account at the call server.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SipLine {
    dn: String,
    #[serde(default)]
    label: String,
    sip_user: Option<String>,
    #[serde(default, deserialize_with = "secret")]
    sip_password: Option<String>,
}

impl SipLine {
    /// Lines without their accounts.
    pub(super) fn lines(lines: &[Self]) -> Vec<Line> {
        let line = |Self { dn, label, .. }: &Self| Line { dn: dn.clone(), label: label.clone() };
        lines.iter().map(line).collect()
    }

    /// The accounts of lines that have one. The user name is the directory number where none is named.
    pub(super) fn accounts(lines: &[Self]) -> Vec<SipAccount> {
        let account = |Self { dn, sip_user, sip_password, .. }: &Self| {
            let user = sip_user.as_ref().or(sip_password.as_ref().map(|_| dn))?.clone();
            let password = sip_password.clone().unwrap_or_default();
            Some(SipAccount { dn: dn.clone(), user, password })
        };
        lines.iter().filter_map(account).collect()
    }
}

/// A password or PIN. What is none is not repeated in the message, as the library would do: it is
/// one that lacks its quotation marks.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match toml::Value::deserialize(deserializer)? {
        toml::Value::String(secret) => Ok(Some(secret)),
        _ => Err(serde::de::Error::custom("a password or pin must be in quotation marks")),
    }
}

/// A user's own maximum login time.
#[derive(Deserialize)]
#[serde(untagged, expecting = "must be minutes, or \"system\"")]
pub(super) enum MaxLogin {
    /// Zero is unlimited.
    Minutes(u32),
    System(System),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum System {
    /// The maximum of the service parameters.
    System,
}

impl MaxLogin {
    pub(super) const fn minutes(&self) -> Option<u32> {
        match self {
            Self::Minutes(minutes) => Some(*minutes),
            Self::System(System::System) => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceProfile {
    pub(super) name: String,
    pub(super) model: Option<String>,
    pub(super) lines: Option<Vec<SipLine>>,
    pub(super) speed_dials: Option<Vec<SpeedDial>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phone {
    pub(super) name: String,
    pub(super) model: Option<String>,
    pub(super) description: Option<String>,
    pub(super) extension_mobility: Option<bool>,
    /// An empty one takes it away.
    pub(super) address: Option<String>,
    pub(super) lines: Option<Vec<SipLine>>,
    pub(super) speed_dials: Option<Vec<SpeedDial>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoteCluster {
    pub(super) id: String,
    pub(super) url: String,
    /// A file, relative to this one.
    pub(super) certificate: String,
}

/// A configuration file that can't be applied.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It can't be read.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// It is larger than any configuration is.
    #[error("{0}: larger than 64 MiB")]
    Size(PathBuf),
    /// It is not TOML of this form, or a value in it does not do.
    #[error("{0}: {1}")]
    Bad(PathBuf, String),
}

/// Reads a configuration file and checks everything that can be checked without the database.
///
/// # Errors
/// One clear text for the first thing that is wrong.
pub fn read(path: &Path) -> Result<File, FileError> {
    let io = |error| FileError::Io(path.to_owned(), error);
    if fs::metadata(path).map_err(io)?.len() > MAX_BYTES {
        return Err(FileError::Size(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(io)?;
    let mut file = parse(&text).map_err(|problem| FileError::Bad(path.to_owned(), problem))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for cluster in &mut file.remote_clusters {
        let certificate = folder.join(&cluster.certificate);
        cluster.certificate = fs::read_to_string(&certificate)
            .map_err(|error| FileError::Io(certificate.clone(), error))?;
        if CertificateDer::from_pem_slice(cluster.certificate.as_bytes()).is_err() {
            let problem = "is no certificate (PEM)".to_owned();
            return Err(FileError::Bad(certificate, problem));
        }
    }
    Ok(file)
}

/// Reads a configuration from text, and checks it likewise. Certificates stay names of files.
///
/// # Errors
/// One clear text for the first thing that is wrong.
pub fn parse(text: &str) -> Result<File, String> {
    let file: File = toml::from_str(text).map_err(|error| toml_problem(text, &error))?;
    check(&file)?;
    Ok(file)
}

/// Line, column and message on one line: the library's own form shows the line's text, which may
/// hold a password.
fn toml_problem(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', " ");
    match error.span() {
        Some(span) => {
            let before = &text.get(..span.start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            format!("line {line}, column {column}: {message}")
        }
        None => message,
    }
}

fn check(file: &File) -> Result<(), String> {
    if let Some(release) = &file.cluster.release {
        release
            .parse::<terms::Release>()
            .map_err(|error| format!("release: {release:?} {error}"))?;
    }
    check_upkeep(&file.cluster.upkeep())?;
    check_site(&file.site)?;
    saving::named(&file.service_parameters).map_err(|error| error.to_string())?;
    unique("application user", file.app_users.iter().map(|user| &user.id), key)?;
    unique("user", file.users.iter().map(|user| &user.id), key)?;
    unique("device profile", file.device_profiles.iter().map(|profile| &profile.name), key)?;
    unique("phone", file.phones.iter().map(|phone| &phone.name), phone_key)?;
    unique(
        "remote cluster",
        file.remote_clusters.iter().map(|cluster| &cluster.id),
        str::to_owned,
    )?;
    for user in &file.app_users {
        if user.password.as_ref().is_some_and(String::is_empty) {
            return Err(format!("application user {}: the password is empty", user.id));
        }
    }
    for user in &file.users {
        let digits = |pin: &String| !pin.is_empty() && pin.bytes().all(|b| b.is_ascii_digit());
        if user.pin.as_ref().is_some_and(|pin| !digits(pin)) {
            return Err(format!("user {}: the pin must be digits", user.id));
        }
        let minutes = user.max_login_minutes.as_ref().and_then(MaxLogin::minutes);
        if minutes.is_some_and(|minutes| minutes > MAX_LOGIN_TIME_MINUTES) {
            return Err(format!(
                "user {}: max_login_minutes must be from 0 to {MAX_LOGIN_TIME_MINUTES}",
                user.id
            ));
        }
        unique(&format!("user {}: profile", user.id), user.profiles.iter().flatten(), key)?;
        for (field, number) in [
            ("primary_extension", &user.primary_extension),
            ("self_service_id", &user.self_service_id),
        ] {
            let is_blank = |number: &str| number.contains(char::is_whitespace);
            if number.as_deref().is_some_and(is_blank) {
                return Err(format!("user {}: {field}: a number has no blanks", user.id));
            }
            text(&format!("user {}", user.id), field, number.as_deref())?;
        }
    }
    for DeviceProfile { name, model, lines, speed_dials } in &file.device_profiles {
        let what = format!("device profile {name}");
        text(&what, "model", model.as_deref())?;
        keys(&what, lines.as_deref(), speed_dials.as_deref())?;
    }
    for phone in &file.phones {
        let what = format!("phone {}", phone.name);
        text(&what, "model", phone.model.as_deref())?;
        text(&what, "description", phone.description.as_deref())?;
        keys(&what, phone.lines.as_deref(), phone.speed_dials.as_deref())?;
        let address = phone.address.as_ref().filter(|address| !address.is_empty());
        let is_bad = |address: &String| PhoneAddress::parse(address).is_none();
        if address.is_some_and(is_bad) {
            return Err(format!("{what}: the address must be an IP address or a network"));
        }
    }
    for cluster in &file.remote_clusters {
        let url = reqwest::Url::parse(&cluster.url).ok();
        if url.is_none_or(|url| url.scheme() != "https" || url.host().is_none()) {
            return Err(format!("remote cluster {}: the url must be an https address", cluster.id));
        }
    }
    Ok(())
}

/// Checks what phones are told about the site.
fn check_site(site: &Site) -> Result<(), String> {
    let is_set = |value: &&String| !value.is_empty();
    if let Some(url) = site.service_url.as_ref().filter(is_set) {
        let url = reqwest::Url::parse(&url.replace('#', "")).ok();
        let is_http = |url: &reqwest::Url| matches!(url.scheme(), "http" | "https");
        if url.is_none_or(|url| !is_http(&url) || url.host().is_none()) {
            return Err("site: service_url must be an http or https address".to_owned());
        }
    }
    if let Some(server) = site.call_server.as_ref().filter(is_set) {
        let url = reqwest::Url::parse(&format!("http://{server}")).ok();
        let is_bare = |url: &reqwest::Url| url.path() == "/" && url.username().is_empty();
        if server.ends_with('/') || url.is_none_or(|url| !is_bare(&url)) {
            return Err("site: call_server must be HOST or HOST:PORT".to_owned());
        }
    }
    for (field, value) in [
        ("service_url", &site.service_url),
        ("call_server", &site.call_server),
        ("push_user", &site.push_user),
        ("push_password", &site.push_password),
        ("time_zone", &site.time_zone),
    ] {
        text("site", field, value.as_deref())?;
    }
    if site.push_user.as_deref().is_some_and(|user| user.contains(':')) {
        return Err("site: push_user has no colon".to_owned());
    }
    Ok(())
}

/// Checks a text that people read.
fn text(what: &str, field: &str, value: Option<&str>) -> Result<(), String> {
    let bad =
        |value: &str| value.chars().count() > MAX_CHARS || value.chars().any(char::is_control);
    if value.is_some_and(bad) {
        return Err(format!("{what}: {field}: at most {MAX_CHARS} characters on one line"));
    }
    Ok(())
}

/// Checks lines and speed dials.
fn keys(
    what: &str,
    lines: Option<&[SipLine]>,
    speed_dials: Option<&[SpeedDial]>,
) -> Result<(), String> {
    for line in lines.into_iter().flatten() {
        text(what, "sip_user", line.sip_user.as_deref())?;
        text(what, "sip_password", line.sip_password.as_deref())?;
    }
    let lines = lines.into_iter().flatten().map(|line| ("lines", &line.dn, &line.label));
    let dials = speed_dials.into_iter().flatten();
    let dials = dials.map(|dial| ("speed_dials", &dial.number, &dial.label));
    for (field, number, label) in lines.chain(dials) {
        if number.trim().is_empty() {
            return Err(format!("{what}: {field}: a number is empty"));
        }
        text(what, field, Some(number))?;
        text(what, field, Some(label))?;
    }
    Ok(())
}

/// Checks names, and that no two of them have the same key.
fn unique<'a>(
    what: &str,
    names: impl Iterator<Item = &'a String>,
    key: impl Fn(&str) -> String,
) -> Result<(), String> {
    let mut seen = HashMap::new();
    for name in names {
        let printable = !name.chars().any(char::is_control);
        let key = key(name);
        if name.trim() != name.as_str()
            || key.is_empty()
            || !printable
            || name.chars().count() > MAX_CHARS
        {
            return Err(format!(
                "{what} {name:?}: a name has 1 to {MAX_CHARS} characters that can be seen, no blanks around it and no control characters"
            ));
        }
        match seen.insert(key, name) {
            None => {}
            Some(first) if first == name => {
                return Err(format!("{what} {name:?} is there twice"));
            }
            Some(first) => {
                return Err(format!("{what} {first:?} and {name:?} are two spellings of one name"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        fs::write(&path, text).unwrap();
        let problem = read(&path).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(!problem.contains('\n'), "one line: {problem}");
        problem
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        assert!(problem("[cluster").contains("line 1, column"));
        assert!(problem("[[users]]\nid = \"j\"\npin = \"1\"\ncolour = 1").contains("colour"));
        assert!(problem("[[users]]\nid = \"j\"\npin = \"x\"").contains("must be digits"));
        assert!(
            problem("[[users]]\nid = \"j\"\npin = \"1\"\nmax_login_minutes = 10081")
                .contains("0 to 10080")
        );
        assert!(
            problem("[service_parameters]\n\"Multiple Login Behavior\" = \"x\"")
                .contains("Multiple Login Behavior: \"x\" must be one of")
        );
        assert!(problem("[service_parameters]\n\"No\" = \"x\"").contains("no service parameter"));
        let twice = problem(
            "[service_parameters]\n\"Multiple Login Behavior\" = \"Auto Logout\"\n\
             \"Intra-cluster Multiple Login Behavior\" = \"Multiple Logins Allowed\"",
        );
        assert!(twice.contains("\"Multiple Login Behavior\""), "{twice}");
        assert!(twice.contains("\"Intra-cluster Multiple Login Behavior\""), "{twice}");
        assert!(problem("[cluster]\nrelease = \"twelve\"").contains("two numbers"));
        assert!(problem("[cluster]\nhistory_days = 0").contains("from 1 to 3650"));
        assert!(problem("[[phones]]\nname = \"A\"\n[[phones]]\nname = \"A\"").contains("twice"));
        let phone = |rest: &str| problem(&format!("[[phones]]\nname = \"A\"\n{rest}"));
        assert!(phone("address = \"nowhere\"").contains("must be an IP address"));
        assert!(phone("lines = [{ dn = \"\" }]").contains("a number is empty"));
        assert!(phone(&format!("model = \"{}\"", "m".repeat(257))).contains("256 characters"));
        let user = |rest: &str| problem(&format!("[[users]]\nid = \"j\"\n{rest}"));
        assert!(user("max_login_minutes = \"long\"").contains("minutes, or \"system\""));
        assert_eq!(user("max_login_minutes = \"system\""), "");
        let remote = |url: &str| {
            let text = "[[remote_clusters]]\nid = \"b\"\ncertificate = \"b.pem\"";
            problem(&format!("{text}\nurl = \"{url}\""))
        };
        assert!(remote("http://b.example/").contains("must be an https address"));
        assert!(remote("https://b.example/").contains("b.pem"));
        assert_eq!(problem(""), "");
    }

    #[test]
    fn a_password_is_not_in_the_message() {
        let text = problem("[[app_users]]\nid = \"a\"\npassword = \"hunter2\" x");
        assert!(!text.contains("hunter2"), "{text}");
        let text = problem("[[users]]\nid = \"a\"\npin = 98765");
        assert!(text.contains("in quotation marks") && !text.contains("98765"), "{text}");
    }
}
