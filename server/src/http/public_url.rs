//! The public address of the console, where a proxy gives it another one.

use std::{fmt, str::FromStr};

use reqwest::Url;

/// `https://host` or `https://host:port`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl(String);

impl PublicUrl {
    /// Host and port, as a browser writes them in `Origin`.
    pub(crate) fn authority(&self) -> &str {
        &self.0
    }

    /// The host alone: a name, or an address without brackets.
    pub(crate) fn host(&self) -> Option<String> {
        let url = Url::parse(&self.to_string()).ok()?;
        let host = url.host_str()?;
        Some(host.trim_start_matches('[').trim_end_matches(']').to_owned())
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "must be https://HOST or https://HOST:PORT with a port from 1 to 65535, \
                            without user, path, query and fragment";
        authority(text).map(Self).ok_or(FORM)
    }
}

/// Host and port of a text that is an `https` address without path, query and user.
/// The scheme's own port is left out.
fn authority(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let is_bare = !rest.ends_with(':') && !rest.contains(is_beside_host_and_port);
    if !scheme.eq_ignore_ascii_case("https") || !is_bare {
        return None;
    }
    let url = Url::parse(&format!("https://{rest}")).ok()?;
    let host = url.host_str().filter(|host| is_host(host))?;
    match url.port() {
        Some(0) => None,
        Some(port) => Some(format!("{host}:{port}")),
        None => Some(host.to_owned()),
    }
}

/// Whether a character begins another part of an address.
/// [`Url`] ignores blanks and reads `\\` as `/`, as browsers do.
fn is_beside_host_and_port(c: char) -> bool {
    matches!(c, '/' | '\\' | '?' | '#' | '@') || c.is_whitespace() || c.is_control()
}

/// Whether a host that [`Url`] accepts is an address or a name of labels.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    host.starts_with('[') || host.strip_suffix('.').unwrap_or(host).split('.').all(is_label)
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_is_read_as_browsers_write_it() {
        let read = |text: &str| text.parse::<PublicUrl>().map(|url| url.to_string());
        for (given, written) in [
            ("https://em.example.org", "https://em.example.org"),
            ("HTTPS://EM.example.org:443/", "https://em.example.org"),
            ("https://em.example.org:0443", "https://em.example.org"),
            ("https://em:65535", "https://em:65535"),
            ("https://192.0.2.1:1", "https://192.0.2.1:1"),
            ("https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(read(given).as_deref(), Ok(written), "{given}");
        }
    }

    #[test]
    fn the_host_is_the_name_or_address_alone() {
        let host = |text: &str| text.parse::<PublicUrl>().unwrap().host();
        assert_eq!(host("https://em.example.org:8443").as_deref(), Some("em.example.org"));
        assert_eq!(host("https://[2001:db8::1]:8443").as_deref(), Some("2001:db8::1"));
    }

    #[test]
    fn what_is_no_address_or_more_than_one_is_refused() {
        for bad in [
            "",
            "em.example.org",
            "http://em.example.org",
            "https:em.example.org",
            "https://",
            "https:///",
            "https://:8443",
            "https://a:",
            "https://a:/",
            "https://a:0",
            "https://a:99999",
            "https://a:https",
            "https://a:1:2",
            "https://[::1",
            "https://a..b",
            "https://*.example.org",
            "https://a b",
            " https://a",
            "https://a\n",
            "https://a/b",
            "https://a//",
            "https://a\\b",
            "https://a?",
            "https://a?b",
            "https://a#",
            "https://em.example.org#x",
            "https://em.example.org/#x",
            "https://u@a",
            "https://u:p@a",
        ] {
            let refused = bad.parse::<PublicUrl>();
            assert!(refused.is_err_and(|form| form.contains("https://HOST:PORT")), "{bad:?}");
        }
    }
}
