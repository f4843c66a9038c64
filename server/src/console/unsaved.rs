//! What was typed on the parameter page without JavaScript, and not saved because the session had
//! ended: in a cookie until somebody has signed in and is back on the page. No parameter is a secret.

use axum::http::{HeaderMap, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use terms::saving::Typed;

use super::flash::{cookie, forgotten, sent_cookie};

/// For how long it is kept, in seconds: somebody signs in meanwhile.
const SECONDS: u32 = 600;
/// The longest value of a cookie, in bytes. Browsers take 4,096 with name and attributes.
const MOST_BYTES: usize = 3_800;

/// Values by parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unsaved {
    /// The administrator who typed it: nobody else gets it.
    pub(super) by: String,
    /// What was typed, where it differs from what was seen.
    pub(super) typed: Typed,
    /// What was seen of the same parameters.
    pub(super) seen: Typed,
}

impl Unsaved {
    /// What a request carries.
    pub(super) fn read(cluster_id: &str, headers: &HeaderMap) -> Option<Self> {
        let value = sent_cookie(headers, &name(cluster_id))?;
        serde_json::from_str(&percent_decode_str(value).decode_utf8().ok()?).ok()
    }

    /// The header that keeps it, unless it is too long.
    pub(super) fn keep(&self, cluster_id: &str) -> Option<HeaderValue> {
        let json = serde_json::to_string(self).ok()?;
        let value = utf8_percent_encode(&json, NON_ALPHANUMERIC).to_string();
        let is_short = value.len() <= MOST_BYTES;
        is_short.then(|| cookie(&name(cluster_id), &value, SECONDS)).flatten()
    }

    /// The header with which it is back on the page.
    pub(super) fn forget(cluster_id: &str) -> Option<HeaderValue> {
        forgotten(&name(cluster_id))
    }
}

fn name(cluster_id: &str) -> String {
    format!("__Host-unsaved-{cluster_id}")
}

#[cfg(test)]
mod tests {
    use axum::http::header;
    use terms::Parameter::MultipleLoginBehavior;

    use super::*;

    fn unsaved(value: &str) -> Unsaved {
        let values = |value: &str| Typed::from([(MultipleLoginBehavior, value.to_owned())]);
        Unsaved { by: "kim".to_owned(), typed: values(value), seen: values("Auto Logout") }
    }

    #[test]
    fn what_was_typed_comes_back_from_its_cookie() {
        let unsaved = unsaved("김; a=b");
        let header = unsaved.keep("seoul").unwrap();
        let pair = header.to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(pair).unwrap())]);
        assert_eq!(Unsaved::read("seoul", &headers), Some(unsaved));
        assert_eq!(Unsaved::read("busan", &headers), None, "another cluster's");
    }

    #[test]
    fn what_is_too_long_for_a_cookie_is_not_kept() {
        assert_eq!(unsaved(&"x".repeat(4_000)).keep("seoul"), None);
    }
}
