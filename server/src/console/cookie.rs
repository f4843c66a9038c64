//! Cookies that keep a value for the next page of a browser without a session.

use axum::http::{HeaderMap, HeaderValue, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};

/// The longest value, in bytes. Browsers take 4,096 with name and attributes.
const MOST_BYTES: usize = 3_800;

/// A cookie whose value is JSON.
/// A browser can send anything: a value that does not parse counts as absent.
pub(super) struct JsonCookie {
    /// The cookie's name, without prefix and cluster id.
    pub(super) name: &'static str,
    /// How long a browser keeps the cookie, in seconds.
    pub(super) seconds: u32,
}

impl JsonCookie {
    /// The value that a request carries.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        cluster_id: &str,
        headers: &HeaderMap,
    ) -> Option<T> {
        let value = sent_cookie(headers, &self.full_name(cluster_id))?;
        serde_json::from_str(&percent_decode_str(value).decode_utf8().ok()?).ok()
    }

    /// The header that sets a value, unless the value is too long for a browser.
    pub(super) fn keep(&self, cluster_id: &str, value: &impl Serialize) -> Option<HeaderValue> {
        let json = serde_json::to_string(value).ok()?;
        let value = utf8_percent_encode(&json, NON_ALPHANUMERIC).to_string();
        let is_short = value.len() <= MOST_BYTES;
        is_short.then(|| set(&self.full_name(cluster_id), &value, self.seconds)).flatten()
    }

    /// The header that deletes the cookie.
    pub(super) fn forget(&self, cluster_id: &str) -> Option<HeaderValue> {
        forgotten(&self.full_name(cluster_id))
    }

    /// The cookie's full name.
    /// The cluster id is part of it, as in the session's cookie: cookies ignore ports.
    fn full_name(&self, cluster_id: &str) -> String {
        format!("__Host-{}-{cluster_id}", self.name)
    }
}

/// The value of a cookie that a request carries.
pub(super) fn sent_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The header that deletes a cookie.
pub(super) fn forgotten(name: &str) -> Option<HeaderValue> {
    set(name, "", 0)
}

fn set(name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    HeaderValue::try_from(format!(
        "{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: JsonCookie = JsonCookie { name: "test", seconds: 60 };

    fn request(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookies).unwrap())])
    }

    #[test]
    fn a_value_comes_back_from_the_cookie_of_its_cluster() {
        let header = COOKIE.keep("seoul", &"김; a=b").unwrap();
        let pair = header.to_str().unwrap().split(';').next().unwrap();
        let headers = request(&format!("a=b; {pair}; c=d"));
        assert_eq!(COOKIE.read::<String>("seoul", &headers).as_deref(), Some("김; a=b"));
        assert_eq!(COOKIE.read::<String>("busan", &headers), None, "another cluster's");
    }

    #[test]
    fn what_does_not_read_is_not_there() {
        for cookies in ["__Host-test-seoul=hello", "__Host-test-seoul=", "a=b"] {
            assert_eq!(COOKIE.read::<String>("seoul", &request(cookies)), None);
        }
        assert_eq!(COOKIE.read::<String>("seoul", &HeaderMap::new()), None);
    }

    #[test]
    fn what_is_too_long_for_a_cookie_is_not_kept() {
        assert_eq!(COOKIE.keep("seoul", &"x".repeat(4_000)), None);
    }
}
