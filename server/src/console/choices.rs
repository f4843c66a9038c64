//! What a reader chooses for one browser: language, view options and time zone. Cookies keep the choices.

use app::api::local_path;
use axum::{
    Form,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Language {
    language: String,
}

/// Keeps the language in a cookie, and redirects to the page on which it was chosen.
pub(super) async fn language(headers: HeaderMap, Form(form): Form<Language>) -> Response {
    let language = if form.language == "ko" { "ko" } else { "en" };
    let cookie = format!(
        "{}={language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        app::LANGUAGE_COOKIE
    );
    back_with(&headers, &cookie)
}

/// Keeps the view options in a cookie, and redirects to the page on which they were chosen.
pub(super) async fn view(headers: HeaderMap, Form(form): Form<Vec<(String, String)>>) -> Response {
    let options = app::ViewOptions::named(form.iter().map(|(_, option)| option.as_str()));
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        app::VIEW_COOKIE,
        options.names(".")
    );
    back_with(&headers, &cookie)
}

#[derive(Deserialize)]
pub(super) struct Zone {
    zone: String,
}

/// Keeps the time zone of the pages in a cookie, or forgets the zone if the name is empty or unknown.
pub(super) async fn zone(headers: HeaderMap, Form(form): Form<Zone>) -> Response {
    let Zone { zone } = form;
    let (zone, seconds) = if app::is_zone(&zone) { (zone.as_str(), 31_536_000) } else { ("", 0) };
    let cookie =
        format!("{}={zone}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly", app::ZONE_COOKIE);
    back_with(&headers, &cookie)
}

/// Sets a cookie, and redirects to the page that sent the form.
fn back_with(headers: &HeaderMap, cookie: &str) -> Response {
    let mut response = Redirect::to(back_of(headers)).into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The path of the page that sent a form.
pub(super) fn back_of(headers: &HeaderMap) -> &str {
    let referer = headers.get(header::REFERER).and_then(|referer| referer.to_str().ok());
    referer.map_or("/", path_of_referer)
}

/// The path of a Referer.
/// The host of the Referer is ignored, so that the redirect stays on this host.
pub(super) fn path_of_referer(referer: &str) -> &str {
    let after_scheme = referer.split_once("://").map_or("", |(_, rest)| rest);
    match after_scheme.find('/') {
        Some(slash) => local_path(&after_scheme[slash..]),
        None => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_stays_on_this_host() {
        assert_eq!(path_of_referer("http://127.0.0.1:8080/?find=j&page=2"), "/?find=j&page=2");
        assert_eq!(path_of_referer("http://evil.example/x"), "/x");
        assert_eq!(path_of_referer("http://evil.example//other.example"), "/");
        assert_eq!(path_of_referer("http://evil.example/\\other.example"), "/");
        assert_eq!(path_of_referer("nonsense"), "/");
    }
}
