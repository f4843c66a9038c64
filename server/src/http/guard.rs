//! The rules of who may reach which route, and the headers of every answer.

use std::{collections::HashSet, net::SocketAddr, sync::Arc};

use axum::{
    extract::{Extension, MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::PublicUrl;
use crate::edge::{Client, Sampled, Via};

/// The answer for an address without a page.
pub(crate) const NOT_FOUND: &str = "There is nothing at this address.\n";

/// The rules of plain HTTP.
#[derive(Clone)]
pub(super) struct Plain(Arc<PlainRules>);

struct PlainRules {
    /// The address of HTTPS.
    https: SocketAddr,
    public_url: Option<PublicUrl>,
    open: HashSet<&'static str>,
    /// Requests from a proxy that is not set up as required: an operator has to see them in the log.
    untrusted: Sampled,
}

impl Plain {
    /// Serves the paths in `open` to everybody.
    pub(super) fn new(
        https: SocketAddr,
        public_url: Option<PublicUrl>,
        open: &[&'static str],
    ) -> Self {
        let open = open.iter().copied().collect();
        Self(Arc::new(PlainRules { https, public_url, open, untrusted: Sampled::default() }))
    }
}

impl PlainRules {
    /// Whether a client may see the console over plain HTTP.
    /// The client is on this machine, or a trusted proxy speaks TLS with the client.
    fn serves(&self, client: Client, headers: &HeaderMap) -> bool {
        let is_secured_by_proxy = client.via == Via::TrustedProxy
            && client.is_secure.unwrap_or(self.public_url.is_some());
        is_secured_by_proxy || is_from_here(client, headers)
    }
}

/// Serves some paths of plain HTTP to everybody, and the other paths to some clients only.
/// These are clients on this machine, under one of its own names, and clients that come by HTTPS
/// through a trusted proxy. Other clients are redirected to HTTPS.
pub(super) async fn plain(
    State(Plain(rules)): State<Plain>,
    Extension(client): Extension<Client>,
    request: Request,
    next: Next,
) -> Response {
    if rules.open.contains(request.uri().path()) || rules.serves(client, request.headers()) {
        return next.run(request).await;
    }
    // An address that HTTPS does not have either is not redirected.
    if request.extensions().get::<MatchedPath>().is_none() {
        return (StatusCode::NOT_FOUND, NOT_FOUND).into_response();
    }
    if client.via == Via::OtherProxy && client.address.is_loopback() {
        if let Some(times) = rules.untrusted.count() {
            let hint = "name it with --trusted-proxies, and its address with --public-url";
            tracing::warn!(times, hint, "a proxy on this machine is not trusted");
        }
        let text = "This request came through a proxy that --trusted-proxies does not name.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let host = host(request.headers()).filter(|host| is_host_name(host));
    let base = match (&rules.public_url, host) {
        (Some(url), _) => Some(url.to_string()),
        (None, Some(host)) => Some(format!("https://{host}:{}", rules.https.port())),
        (None, None) => None,
    };
    match base.filter(|_| is_safe) {
        Some(base) => {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            Redirect::temporary(&format!("{base}{path}")).into_response()
        }
        None => (StatusCode::FORBIDDEN, "The console is served over HTTPS.\n").into_response(),
    }
}

/// Whether a request comes from this machine, under one of its own names.
/// A foreign name that resolves to this machine does not count (DNS rebinding).
pub(super) fn is_from_here(client: Client, headers: &HeaderMap) -> bool {
    client.is_local && is_own_name(host(headers))
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

/// The server's own authorities, besides the one in the Host header.
#[derive(Clone)]
pub(super) struct Origins {
    public: Option<Arc<str>>,
    /// Requests from other origins: an operator has to see them in the log, since a proxy may be the reason.
    others: Arc<Sampled>,
}

impl Origins {
    /// The console's address behind a proxy; the proxy might not pass the Host header on.
    pub(super) fn of(public_url: Option<&PublicUrl>) -> Self {
        Self { public: public_url.map(|url| url.authority().into()), others: Arc::default() }
    }
}

/// Refuses requests that another site makes a browser send to the console: requests that may change
/// something, and websockets, which browsers open across sites with cookies.
pub(super) async fn same_origin(
    State(origins): State<Origins>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_websocket = headers.contains_key(header::SEC_WEBSOCKET_KEY);
    if (is_safe && !is_websocket) || is_same_origin(headers, origins.public.as_deref()) {
        return next.run(request).await;
    }
    if let Some(times) = origins.others.count() {
        let hint = "behind a proxy, name the console's address with --public-url";
        tracing::warn!(times, hint, "requests whose Origin is not this host were refused");
    }
    (StatusCode::FORBIDDEN, "This request comes from another site.\n").into_response()
}

/// Whether a browser says that a request comes from this site.
/// A client that sends neither `Sec-Fetch-Site` nor `Origin` is no current browser, and is accepted.
fn is_same_origin(headers: &HeaderMap, public: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some() && (authority == text("host") || authority == public)
        }
        (None, None) => true,
    }
}

/// The headers that every answer has, except the console's own files.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // A form without JavaScript is redirected to its Referer; other sites get no Referer.
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
        let is_same = |pairs: &[_]| is_same_origin(&with(pairs), Some("em.example:8443"));
        assert!(is_same(&[("sec-fetch-site", "same-origin")]));
        assert!(!is_same(&[("sec-fetch-site", "cross-site")]));
        assert!(!is_same(&[("sec-fetch-site", "same-site")]));
        let host = ("host", "127.0.0.1:8080");
        assert!(is_same(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(is_same(&[host, ("origin", "https://em.example:8443")]));
        assert!(!is_same(&[host, ("origin", "http://evil.example")]));
        assert!(!is_same(&[host, ("origin", "null")]));
    }

    #[test]
    fn a_name_that_points_here_is_not_one_of_ours() {
        assert!(is_own_name(host(&with(&[("host", "localhost:8080")]))));
        assert!(is_own_name(host(&with(&[("host", "[::1]:8080")]))));
        assert!(!is_own_name(host(&with(&[("host", "rebound.example:8080")]))));
        assert!(!is_own_name(host(&with(&[]))));
    }
}
