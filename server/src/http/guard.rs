//! Who may reach what, and the headers that every answer has.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

/// What plain HTTP needs to know.
#[derive(Clone, Copy)]
pub(super) struct Plain {
    /// Where HTTPS is.
    pub(super) https: SocketAddr,
}

/// On plain HTTP the EM API is for everybody; the console only from this machine, under one of its
/// own names. Others are sent to HTTPS.
pub(super) async fn plain(
    State(plain): State<Plain>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let for_everybody = path.trim_start_matches('/').starts_with("emservice/")
        || matches!(path, "/healthz" | "/readyz");
    if for_everybody || is_from_here(peer, request.headers()) {
        return next.run(request).await;
    }
    let host = host(request.headers());
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    match host.filter(|host| safe && is_host_name(host)) {
        Some(host) => {
            let port = plain.https.port();
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            Redirect::temporary(&format!("https://{host}:{port}{path}")).into_response()
        }
        None => (StatusCode::FORBIDDEN, "The console is served over HTTPS.\n").into_response(),
    }
}

/// Whether a request comes from this machine, under one of its own names: a name that somebody else
/// points here is not.
pub(super) fn is_from_here(peer: SocketAddr, headers: &HeaderMap) -> bool {
    peer.ip().to_canonical().is_loopback() && is_own_name(host(headers))
}

/// The name in the Host header, without the port.
fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(name),
        _ => Some(host),
    }
}

fn is_own_name(host: Option<&str>) -> bool {
    matches!(host, Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn is_host_name(host: &str) -> bool {
    !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte))
}

/// Refuses what another site asks a browser to send to the console: anything that changes
/// something, and websockets, which browsers open across sites with cookies.
pub(super) async fn same_origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let websocket = headers.contains_key(header::SEC_WEBSOCKET_KEY);
    if (safe && !websocket) || is_same_origin(headers) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "This request comes from another site.\n").into_response()
}

/// What a browser says about where a request comes from. Without `Sec-Fetch-Site` and `Origin` it
/// is not a browser of today that sends it.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some() && authority == text("host")
        }
        (None, None) => true,
    }
}

/// The headers that every answer has.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // A form without JavaScript comes back to its Referer; other sites learn nothing.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn other_sites_are_told_apart() {
        assert!(is_same_origin(&with(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_same_origin(&with(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_same_origin(&with(&[("sec-fetch-site", "same-site")])));
        let host = ("host", "127.0.0.1:8080");
        assert!(is_same_origin(&with(&[host, ("origin", "http://127.0.0.1:8080")])));
        assert!(!is_same_origin(&with(&[host, ("origin", "http://evil.example")])));
        assert!(!is_same_origin(&with(&[host, ("origin", "null")])));
    }

    #[test]
    fn a_name_that_points_here_is_not_one_of_ours() {
        assert!(is_own_name(host(&with(&[("host", "localhost:8080")]))));
        assert!(is_own_name(host(&with(&[("host", "[::1]:8080")]))));
        assert!(!is_own_name(host(&with(&[("host", "rebound.example:8080")]))));
        assert!(!is_own_name(host(&with(&[]))));
    }
}
