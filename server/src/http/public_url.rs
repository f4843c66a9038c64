//! The address under which people reach the console, where a proxy gives it another one.

use std::{fmt, str::FromStr};

use axum::http::{Uri, uri::Authority};

/// `https://host` or `https://host:port`, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl(Authority);

impl PublicUrl {
    /// Host and port, as a browser writes them in `Origin`.
    pub(crate) fn authority(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "must be https://HOST or https://HOST:PORT, without a path";
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| FORM)?;
        let is_bare = uri.path() == "/" && uri.query().is_none();
        match (uri.scheme_str(), uri.authority()) {
            (Some("https"), Some(authority)) if is_bare && !authority.as_str().contains('@') => {
                // A browser leaves the scheme's own port out.
                let text = authority.as_str().to_ascii_lowercase();
                let text = text.strip_suffix(":443").unwrap_or(&text);
                text.parse().map(Self).map_err(|_| FORM)
            }
            _ => Err(FORM),
        }
    }
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
        assert_eq!(read("https://em.example.org").as_deref(), Ok("https://em.example.org"));
        assert_eq!(read("https://EM.example.org:443/").as_deref(), Ok("https://em.example.org"));
        assert_eq!(read("https://[2001:db8::1]:8443").as_deref(), Ok("https://[2001:db8::1]:8443"));
        for bad in [
            "http://em.example.org",
            "em.example.org",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
