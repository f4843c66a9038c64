//! What a form without JavaScript was answered, in a cookie until its page has said it.
//!
//! Answers to whoever is signed in stand in the session. These don't: nobody is signed in yet, and
//! strangers must not fill the database; or it was the session that could not be read.

use app::api::{Refused, SignInProblem};
use axum::http::{HeaderMap, HeaderValue, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

/// For how long a page may say it, in seconds.
const SECONDS: u32 = 60;

/// An answer. The page has its own words for it, so that a forged cookie can say nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Flash {
    /// Nobody signed in.
    SignIn {
        /// What was wrong.
        problem: SignInProblem,
        /// The name that was typed: the only words here that are not the page's own.
        name: String,
    },
    /// A server function was refused.
    Refused(Refused),
}

impl Flash {
    /// The answer that a request carries.
    pub(super) fn read(cluster_id: &str, headers: &HeaderMap) -> Option<Self> {
        let value = sent_cookie(headers, &name(cluster_id))?;
        serde_json::from_str(&percent_decode_str(value).decode_utf8().ok()?).ok()
    }

    /// The header that keeps an answer for the next page.
    pub(super) fn keep(&self, cluster_id: &str) -> Option<HeaderValue> {
        let json = serde_json::to_string(self).ok()?;
        let value = utf8_percent_encode(&json, NON_ALPHANUMERIC).to_string();
        cookie(&name(cluster_id), &value, SECONDS)
    }

    /// The header with which an answer has been said.
    pub(super) fn forget(cluster_id: &str) -> Option<HeaderValue> {
        forgotten(&name(cluster_id))
    }
}

/// The header with which a browser forgets a cookie.
pub(super) fn forgotten(name: &str) -> Option<HeaderValue> {
    cookie(name, "", 0)
}

/// The value of a cookie that a request carries.
pub(super) fn sent_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// As the session's cookie it holds the cluster id: cookies ignore ports.
fn name(cluster_id: &str) -> String {
    format!("__Host-answer-{cluster_id}")
}

/// The header that sets a cookie for so many seconds.
pub(super) fn cookie(name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    HeaderValue::try_from(format!(
        "{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookies).unwrap())])
    }

    #[test]
    fn an_answer_comes_back_from_its_cookie() {
        for flash in [
            Flash::SignIn { problem: SignInProblem::Wait(16), name: "김; a=b".into() },
            Flash::Refused(Refused::NotAllowed(terms::Role::Operator)),
        ] {
            let header = flash.keep("seoul").unwrap();
            let pair = header.to_str().unwrap().split(';').next().unwrap().to_owned();
            let headers = request(&format!("a=b; {pair}; c=d"));
            assert_eq!(Flash::read("seoul", &headers), Some(flash));
            assert_eq!(Flash::read("busan", &headers), None, "another cluster's");
        }
    }

    #[test]
    fn what_does_not_read_is_no_answer() {
        assert_eq!(Flash::read("seoul", &request("__Host-answer-seoul=hello")), None);
        assert_eq!(Flash::read("seoul", &request("__Host-answer-seoul=")), None);
        assert_eq!(Flash::read("seoul", &HeaderMap::new()), None);
    }
}
