//! The settings of the running program, as administrators see them.
//!
//! A value is masked when a [`ProgramSetting`] is made, so that no secret reaches a page.

use terms::Role;

use super::{Admin, AdminError, Caller};

/// The text in the place of a secret.
const MASK: &str = "•••";
/// Parts of names whose values are secrets.
const SECRETS: [&str; 5] = ["password", "passwd", "secret", "token", "credential"];

/// The place where a setting got its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramSource {
    /// This flag of the command.
    Flag(String),
    /// This environment variable.
    Variable(String),
    /// The settings file with this path.
    File(String),
    /// The default of the program.
    Default,
    /// This command, which fixes the value.
    Command(&'static str),
}

/// A setting of the running program, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramSetting {
    name: String,
    help: String,
    value: Option<String>,
    source: ProgramSource,
}

impl ProgramSetting {
    /// A setting; an empty `value` is none. Secrets in `value` are masked.
    #[must_use]
    pub fn new(name: &str, help: String, value: Option<&str>, source: ProgramSource) -> Self {
        let value = value.filter(|value| !value.is_empty()).map(|value| masked(name, value));
        Self { name: name.to_owned(), help, value, source }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the setting does.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }

    /// The value, with its secrets masked; `None` for a setting that is not set.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// The place where the setting got its value.
    #[must_use]
    pub const fn source(&self) -> &ProgramSource {
        &self.source
    }
}

impl Admin {
    /// The settings of the running program.
    ///
    /// # Errors
    /// When the caller is no administrator.
    pub fn program_settings(&self, caller: &Caller) -> Result<&[ProgramSetting], AdminError> {
        Ok(self.program.open(caller, Role::Administrator)?)
    }
}

/// A value without its secrets.
fn masked(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    if SECRETS.iter().any(|secret| name.contains(secret)) {
        return MASK.to_owned();
    }
    without_pairs(&without_password(value))
}

/// Masks the password before the host of an address: `postgres://user:password@host/database`.
/// A password can contain `@`, so everything up to the last `@` counts as the password.
fn without_password(value: &str) -> String {
    let start = value.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = value.split_at(start);
    match rest.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}{user}:{MASK}@{host}"),
        None => value.to_owned(),
    }
}

/// Masks the values of pairs such as `password=x`, in the query of an address or in a list.
fn without_pairs(value: &str) -> String {
    // The lengths of letters are the same in both cases: only ASCII letters change.
    let lower = value.to_ascii_lowercase();
    let (mut shown, mut done) = (String::new(), 0);
    while let Some((from, end)) = next_pair(&lower, done) {
        shown.push_str(&value[done..from]);
        shown.push_str(MASK);
        done = end;
    }
    shown + &value[done..]
}

/// The place of the next secret value after `from`.
fn next_pair(lower: &str, from: usize) -> Option<(usize, usize)> {
    let after = |secret: &str| {
        let name = lower[from..].match_indices(secret).find_map(|(at, _)| {
            let rest = &lower[from + at + secret.len()..];
            let value = rest.trim_start().strip_prefix('=')?.trim_start();
            Some(lower.len() - value.len())
        });
        name.filter(|start| *start < lower.len())
    };
    let start = SECRETS.iter().filter_map(|secret| after(secret)).min()?;
    let value = &lower[start..];
    let quote = value.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let length = match quote {
        Some(quote) => value[1..].find(quote).map(|at| at + 2),
        None => value.find(|c: char| c.is_whitespace() || matches!(c, '&' | ';')),
    };
    Some((start, start + length.unwrap_or(value.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::TestCluster;

    fn shown(name: &str, value: &str) -> Option<String> {
        let source = ProgramSource::Default;
        ProgramSetting::new(name, String::new(), Some(value), source).value().map(str::to_owned)
    }

    #[test]
    fn no_secret_is_shown_and_all_else_is() {
        for (name, value, expected) in [
            ("database_url", "postgres://sojourn:s3cret@db/em", "postgres://sojourn:•••@db/em"),
            ("database_url", "postgres://sojourn:s3@c:r/et@db/em", "postgres://sojourn:•••@db/em"),
            ("database_url", "postgres://:s3cret@[::1]:5432/em", "postgres://:•••@[::1]:5432/em"),
            ("database_url", "sojourn:s3cret@db", "sojourn:•••@db"),
            ("database_url", "postgres://sojourn@db/em", "postgres://sojourn@db/em"),
            (
                "database_url",
                "postgres:///em?user=a&password=s3cret&sslmode=require",
                "postgres:///em?user=a&password=•••&sslmode=require",
            ),
            (
                "database_url",
                "host=db Password = 's3 cret' sslpassword=s3cret dbname=em",
                "host=db Password = ••• sslpassword=••• dbname=em",
            ),
            ("database_url", "postgres:///em?password=", "postgres:///em?password="),
            ("api_token", "s3cret", MASK),
            ("push_password", "s3cret", MASK),
            ("http", "127.0.0.1:8080", "127.0.0.1:8080"),
            ("tls_key", "/etc/sojourn/key.pem", "/etc/sojourn/key.pem"),
            ("public_url", "https://em.example.org:8443", "https://em.example.org:8443"),
            ("trusted_proxies", "10.0.0.0/8,2001:db8::/32", "10.0.0.0/8,2001:db8::/32"),
            ("log", "warn,server=debug", "warn,server=debug"),
        ] {
            let masked = shown(name, value).unwrap();
            assert_eq!(masked, expected, "{name} = {value}");
            assert!(!masked.contains("s3"), "{masked}");
        }
        assert_eq!(shown("trusted_proxies", ""), None);
    }

    #[tokio::test]
    async fn administrators_alone_see_the_settings() {
        let cluster = TestCluster::start("seoul").await;
        let flag = ProgramSource::Flag("--http".to_owned());
        let http = ProgramSetting::new("http", String::new(), Some("127.0.0.1:8080"), flag);
        let admin = Admin::of_program(std::sync::Arc::clone(&cluster), vec![http.clone()]);
        let see = |role| {
            let caller = Caller::of_test("kim", role);
            admin.program_settings(&caller).map(<[_]>::to_vec)
        };
        assert!(matches!(see(Role::Operator), Err(AdminError::NotAllowed(_))));
        assert_eq!(see(Role::Administrator).unwrap(), [http]);
    }
}
