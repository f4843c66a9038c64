//! The phone that asks, by its headers, and the format of its answers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, StatusCode, Uri, header, uri::Authority},
    response::{IntoResponse, Response},
};
use terms::Language;
use wire::phone::{Charset, Screen};

use crate::{edge::Client, http::listener::Listener};

/// The longest part of a header that is kept, in characters.
const MAX_HEADER_CHARS: usize = 256;
/// The longest host with its port, in bytes: the rest of an address fits into the 256 bytes that a phone takes.
const MAX_HOST_BYTES: usize = 128;
/// A time in the past: phones do not keep an expired screen to return to.
const EXPIRED: &str = "Thu, 01 Jan 1970 00:00:00 GMT";

/// The phone that asks.
#[derive(Clone)]
pub(super) struct Phone {
    /// The language of its answers.
    pub(super) language: Language,
    /// The languages that it accepts, for the trace.
    pub(super) accept_language: Option<String>,
    /// The charsets that it accepts.
    pub(super) accept_charset: Option<String>,
    /// The model that it names, for instance `CP-8861`.
    pub(super) model: Option<String>,
    /// Scheme, host and port of the request, for the addresses in the phone's screens; empty if they are not
    /// known.
    pub(super) base: String,
    /// Whether the phone connects by TLS.
    pub(super) is_secure: bool,
}

impl Phone {
    /// Reads the headers of a request.
    pub(super) fn read(request: &Request, listener: Listener, client: Option<Client>) -> Self {
        let headers = request.headers();
        let text = |name: HeaderName| text(headers, &name);
        // A proxy that terminates TLS for the phone states that.
        let is_secure = client.and_then(|client| client.is_secure);
        let is_secure = is_secure.unwrap_or(listener == Listener::Https);
        let scheme = if is_secure { "https" } else { "http" };
        let base = host(headers, request.uri()).map(|host| format!("{scheme}://{host}"));
        let accept_language = text(header::ACCEPT_LANGUAGE);
        Self {
            language: Language::accepted(accept_language.as_deref()),
            accept_language,
            accept_charset: text(header::ACCEPT_CHARSET),
            model: text(HeaderName::from_static("x-ciscoipphonemodelname")),
            base: base.unwrap_or_default(),
            is_secure,
        }
    }

    /// The charset of its answers.
    pub(super) fn charset(&self) -> Charset {
        Charset::accepted(self.accept_charset.as_deref())
    }

    /// An answer with a screen.
    pub(super) fn answer(&self, screen: &Screen) -> Response {
        self.response(StatusCode::OK, screen)
    }

    /// The answer to a page of another site.
    pub(super) fn refuse(&self, screen: &Screen) -> Response {
        self.response(StatusCode::FORBIDDEN, screen)
    }

    fn response(&self, status: StatusCode, screen: &Screen) -> Response {
        let encoded = self.charset().encode(&screen.xml());
        let headers =
            [(header::CONTENT_TYPE, encoded.content_type), (header::EXPIRES, EXPIRED.to_owned())];
        (status, headers, encoded.bytes).into_response()
    }
}

/// The value of a header, cut to `MAX_HEADER_CHARS`.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned();
    Some(value.chars().take(MAX_HEADER_CHARS).collect())
}

/// Host and port of the requested address.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(Authority::as_str))?;
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte);
    let is_host = (1..=MAX_HOST_BYTES).contains(&host.len()) && host.bytes().all(is_good);
    is_host.then(|| host.to_owned())
}
