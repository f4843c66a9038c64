//! Requests that a page of another site makes a browser send.
//!
//! Phones need no sign-in to log out, so a picture on any page could log out the phones of the page's
//! readers. Browsers send `Sec-Fetch-Site`, but only to HTTPS and loopback addresses. A request of a
//! browser to any other address is known by `Origin` or `Referer`, which a page can suppress, by
//! `Accept`, and by `User-Agent`. Phones and scripts send no such values.

use axum::http::{HeaderMap, HeaderName, header};

/// The prefix of every browser's `User-Agent`, in lower case.
const BROWSER: &str = "mozilla/";
/// A part of the `User-Agent` of a script that claims to be a browser: PowerShell sends it, and no page
/// can.
const SCRIPT: &str = "powershell/";
/// The prefix of the headers that phones send, and that no page can make a browser send across sites.
const OF_PHONES: &str = "x-ciscoipphone";

/// Whether a request may come from a page, and not from a phone or a script.
pub(super) fn is_from_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST).unwrap_or_default();
    let is_other = |url: &str| !url.split_once("://").is_some_and(|(_, rest)| is_at(rest, host));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    if text(header::ORIGIN).is_some_and(is_other) || text(header::REFERER).is_some_and(is_other) {
        return true;
    }
    let accepted = text(header::ACCEPT).unwrap_or_default().trim().to_ascii_lowercase();
    if accepted.starts_with("image/") || accepted.starts_with("text/html") {
        return true;
    }
    // A script, or a request whose page suppresses its address, accepts anything.
    let agent = text(header::USER_AGENT).unwrap_or_default().to_ascii_lowercase();
    let is_phone = headers.keys().any(|name| name.as_str().starts_with(OF_PHONES));
    let is_browser = agent.starts_with(BROWSER) && !agent.contains(SCRIPT);
    site.is_none() && is_browser && !is_phone
}

/// Whether an address without its scheme is at this host.
fn is_at(rest: &str, host: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && authority.eq_ignore_ascii_case(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn is_from_page_with(pairs: &[(&'static str, &'static str)]) -> bool {
        let host = [("host", "em.example:8080")];
        let pairs = host
            .iter()
            .chain(pairs)
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_from_page(&pairs.collect())
    }

    const CHROMIUM: (&str, &str) = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64)");

    #[test]
    fn phones_and_scripts_are_no_pages() {
        let is = is_from_page_with;
        assert!(!is(&[]));
        assert!(!is(&[
            ("user-agent", "Allegro-Software-WebClient/4.34"),
            ("accept", "x-CiscoIPPhone/*, text/*,image/png,*/*"),
        ]));
        assert!(!is(&[("user-agent", "curl/8.0"), ("accept", "*/*")]));
        let powershell = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1";
        assert!(!is(&[("user-agent", powershell)]));
        assert!(!is(&[("user-agent", "Dalvik/2.1.0 (Linux; U; Android 9)")]));
        let phone = ("x-ciscoipphonemodelname", "CP-8861");
        assert!(!is(&[("user-agent", "Mozilla/4.0 (compatible; CP-8861)"), phone]));
        assert!(!is(&[CHROMIUM, ("sec-fetch-site", "same-origin"), ("accept", "*/*")]));
        assert!(!is(&[("referer", "http://em.example:8080/emapp/EMAppServlet?device=SEP1")]));
    }

    #[test]
    fn whatever_a_page_can_make_a_browser_send_is_known() {
        let is = is_from_page_with;
        assert!(is(&[("sec-fetch-site", "cross-site")]));
        assert!(is(&[("sec-fetch-site", "same-site")]));
        assert!(is(&[("origin", "http://evil.example")]));
        assert!(is(&[("origin", "null")]));
        assert!(is(&[("referer", "http://evil.example/em.example:8080")]));
        assert!(is(&[("referer", "http://em.example:8080.evil.example/")]));
        assert!(is(&[("accept", "image/avif,image/webp,*/*;q=0.8")]));
        assert!(is(&[("accept", "Text/HTML,application/xhtml+xml")]));
        // A script of a page that suppresses its address.
        assert!(is(&[CHROMIUM, ("accept", "*/*")]));
    }
}
