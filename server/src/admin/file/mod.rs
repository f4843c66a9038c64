//! The configuration file of `sojourn apply`, in TOML.

mod check;
mod settings;
mod values;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::remote_clusters::certificate_of;
use engine::{Line, SipAccount, SpeedDial};
use serde::Deserialize;
use terms::LogOutAt;

pub(super) use check::MAX_CHARS;
use check::check;
use settings::{Cluster, Emcc, PinRules, Site};
use values::secret;
pub(super) use values::{MaxLogin, OwnOr};

/// The largest file, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A configuration file; every table may be left out.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub(super) cluster: Cluster,
    pub(super) pin_rules: PinRules,
    pub(super) emcc: Emcc,
    pub(super) site: Site,
    pub(super) service_parameters: BTreeMap<String, String>,
    pub(super) app_users: Vec<AppUser>,
    pub(super) users: Vec<User>,
    pub(super) device_profiles: Vec<DeviceProfile>,
    pub(super) phones: Vec<Phone>,
    pub(super) remote_clusters: Vec<RemoteCluster>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppUser {
    pub(super) id: String,
    /// The password; a new application user needs one.
    #[serde(default, deserialize_with = "secret")]
    pub(super) password: Option<String>,
    pub(super) proxy: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) id: String,
    /// The PIN; a new user needs one.
    #[serde(default, deserialize_with = "secret")]
    pub(super) pin: Option<String>,
    pub(super) enabled: Option<bool>,
    pub(super) emcc: Option<bool>,
    pub(super) max_login_minutes: Option<MaxLogin>,
    pub(super) profiles: Option<Vec<String>>,
    /// The number by which the user may log in at a phone; an empty text removes it.
    pub(super) primary_extension: Option<String>,
    pub(super) self_service_id: Option<String>,
    /// Whether the user has to choose another PIN before the next log-in at a phone.
    pub(super) pin_must_change: Option<bool>,
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

    /// The accounts of the lines that have one.
    /// Without `sip_user` the directory number is the user name.
    pub(super) fn accounts(lines: &[Self]) -> Vec<SipAccount> {
        let account = |Self { dn, sip_user, sip_password, .. }: &Self| {
            let user = sip_user.as_ref().or(sip_password.as_ref().map(|_| dn))?.clone();
            let password = sip_password.clone().unwrap_or_default();
            Some(SipAccount { dn: dn.clone(), user, password })
        };
        lines.iter().filter_map(account).collect()
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
    /// An empty text removes the address.
    pub(super) address: Option<String>,
    /// As in `cluster`, or `cluster` for the value there.
    pub(super) log_out_at: Option<OwnOr<LogOutAt>>,
    pub(super) idle_minutes: Option<OwnOr<u32>>,
    pub(super) lines: Option<Vec<SipLine>>,
    pub(super) speed_dials: Option<Vec<SpeedDial>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoteCluster {
    pub(super) id: String,
    pub(super) url: String,
    /// The path of the certificate, relative to the configuration file.
    pub(super) certificate: String,
    /// Whether the certificate replaces one in use that is newer.
    #[serde(default)]
    pub(super) older_certificate: bool,
    pub(super) description: Option<String>,
    /// Whether the users of each cluster log in at phones of the other.
    pub(super) enabled: Option<bool>,
}

/// A configuration file that can't be applied.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file can't be read.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// The file is larger than 64 MiB.
    #[error("{0}: larger than 64 MiB")]
    Size(PathBuf),
    /// The file is not TOML of this form, or a value in it is invalid.
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
        if let Err(problem) = certificate_of(&cluster.id, &cluster.certificate) {
            return Err(FileError::Bad(certificate, problem.to_string()));
        }
    }
    Ok(file)
}

/// Reads a configuration from text, and checks it as [`read`] does.
/// `certificate` keeps the path of a file.
///
/// # Errors
/// One clear text for the first thing that is wrong.
pub fn parse(text: &str) -> Result<File, String> {
    let file: File = toml::from_str(text).map_err(|error| toml_problem(text, &error))?;
    check(&file)?;
    Ok(file)
}

/// Line, column and message of an error, on one line.
/// The library's own form shows the line's text, which may hold a password.
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
        assert!(problem("[[users]]\nid = \"j\"\npin = \"x\"").contains("1 to 256 digits"));
        for secret in ["", " s", "s ", &"s".repeat(257)] {
            let app_user = format!("[[app_users]]\nid = \"e\"\npassword = \"{secret}\"");
            assert!(problem(&app_user).contains("no blanks around it"), "{secret:?}");
        }
        let longest = format!("[[app_users]]\nid = \"e\"\npassword = \"{}\"", "s".repeat(256));
        assert_eq!(problem(&longest), "");
        let pin = format!("[[users]]\nid = \"j\"\npin = \"{}\"", "1".repeat(257));
        assert!(problem(&pin).contains("1 to 256 digits"));
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
        assert!(phone("log_out_at = \"25:00\"").contains("from 00:00 to 23:59"));
        assert!(phone("idle_minutes = 10081").contains("0 to 10080"));
        assert_eq!(phone("log_out_at = \"cluster\"\nidle_minutes = \"cluster\""), "");
        assert_eq!(phone("log_out_at = \"never\"\nidle_minutes = 0"), "");
        assert!(phone("address = \"nowhere\"").contains("must be an IP address"));
        assert!(phone("address = \"0.0.0.0/0\"").contains("must be an IP address"));
        assert!(phone("lines = [{ dn = \"\" }]").contains("a number is empty"));
        for half in
            ["sip_user = \"1\"", "sip_user = \"\", sip_password = \"x\"", "sip_password = \"\""]
        {
            let line = format!("lines = [{{ dn = \"1\", {half} }}]");
            assert!(phone(&line).contains("a sip_user has a sip_password"), "{half}");
        }
        let site = |rest: &str| problem(&format!("[site]\n{rest}"));
        assert_eq!(site("call_server_rpc = \"http://192.0.2.5:5060/RPC\""), "");
        for bad in ["https://192.0.2.5/RPC", "192.0.2.5:5060", "http://a:b@192.0.2.5/RPC"] {
            let text = site(&format!("call_server_rpc = \"{bad}\""));
            assert!(text.contains("must be an http address"), "{bad}: {text}");
        }
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
    fn the_example_of_the_documents_has_each_key_and_is_valid() {
        let document = include_str!("../../../../docs/configuration-file.md");
        let (_, example) = document.split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        parse(example).map(drop).unwrap();
        let keys = example.parse::<toml::Table>().unwrap();
        let parameters = keys["service_parameters"].as_table().unwrap();
        for definition in terms::Parameter::ALL {
            assert_eq!(parameters[definition.name].as_str(), Some(definition.default));
        }
        let source = [include_str!("mod.rs"), include_str!("settings.rs")].concat();
        let fields = source.lines().filter_map(|line| {
            let field = line.strip_prefix("    pub(super) ");
            let field = field.or_else(|| line.strip_prefix("    pub(in crate::admin) "))?;
            field.split_once(": ").map(|(name, _)| name).filter(|name| !name.contains(' '))
        });
        let of_lines = ["dn", "label", "sip_user", "sip_password", "number"];
        let mut count = 0;
        for field in fields.chain(of_lines) {
            let is_there =
                example.contains(&format!("{field} = ")) || example.contains(&format!("[{field}]"));
            assert!(is_there, "{field} is not in the document");
            count += 1;
        }
        assert!(count > 60, "{count} fields");
    }

    #[test]
    fn a_password_is_not_in_the_message() {
        let text = problem("[[app_users]]\nid = \"a\"\npassword = \"hunter2\" x");
        assert!(!text.contains("hunter2"), "{text}");
        let text = problem("[[users]]\nid = \"a\"\npin = 98765");
        assert!(text.contains("in quotation marks") && !text.contains("98765"), "{text}");
    }
}
