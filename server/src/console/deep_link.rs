//! Links to a page survive signing in.

use app::api::local_path;
use axum::http::Uri;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The sign-in page.
pub(super) const SIGN_IN: &str = "/sign-in";
/// The query parameter of the sign-in page that names the wanted page.
const TO: &str = "to=";

/// The address of the sign-in page that leads back to `wanted`.
pub(super) fn sign_in_for(wanted: &Uri) -> String {
    let path = wanted.path_and_query().map_or("/", |path| path.as_str());
    match local_path(path) {
        "/" => SIGN_IN.to_owned(),
        path => format!("{SIGN_IN}?{TO}{}", utf8_percent_encode(path, NON_ALPHANUMERIC)),
    }
}

/// The page that an address of the sign-in page names.
pub(super) fn wanted(sign_in: &Uri) -> String {
    let mut pairs = sign_in.query().unwrap_or_default().split('&');
    let to = pairs.find_map(|pair| pair.strip_prefix(TO)).unwrap_or_default();
    let to = percent_decode_str(to).decode_utf8_lossy();
    local_path(&to).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_in(path: &str) -> Uri {
        sign_in_for(&path.parse().unwrap()).parse().unwrap()
    }

    #[test]
    fn a_page_comes_back_from_the_address_of_the_sign_in_page() {
        for path in ["/login-history?find=a%26b&page=2", "/phones/SEP1%2F2", "/?find=%EA%B9%80"] {
            assert_eq!(wanted(&sign_in(path)), path);
        }
        assert_eq!(sign_in_for(&"/".parse().unwrap()), "/sign-in");
    }

    #[test]
    fn nobody_is_sent_to_another_host() {
        for to in ["//evil.example", "/%5Cevil.example", "https://evil.example", "%0d%0a", ""] {
            let address = format!("/sign-in?to={to}").parse().unwrap();
            assert_eq!(wanted(&address), "/", "{to}");
        }
        assert_eq!(sign_in_for(&"//evil.example/".parse().unwrap()), "/sign-in");
    }
}
