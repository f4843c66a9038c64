//! The normal form of a path, so that every rule and route sees the same path.

use axum::http::{Uri, uri::PathAndQuery};

/// Why a request's target is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadPath {
    /// `.` or `..` as a segment, plain or encoded.
    #[error("the path has a dot segment")]
    DotSegment,
    /// A control character.
    #[error("the path has a character that is not allowed")]
    Character,
    /// No path at all.
    #[error("the target is no path")]
    NoPath,
}

/// Normalises a request's target; `None` when the target is normal already.
/// Consecutive slashes become one slash, path parameters (`;jsessionid=…`) are cut off, as servlet
/// containers do, and characters that need no encoding are decoded (RFC 3986, 6.2.2.2).
pub(super) fn normalise(uri: &Uri) -> Result<Option<Uri>, BadPath> {
    let path = uri.path();
    if !path.starts_with('/') {
        return Err(BadPath::NoPath);
    }
    let mut normal = String::with_capacity(path.len());
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let segment = segment.split(';').next().unwrap_or_default();
        check(segment)?;
        // The last segment may be empty: a path that ends in a slash is another path.
        if !segment.is_empty() || (segments.peek().is_none() && !normal.ends_with('/')) {
            normal.push('/');
            push_decoded(&mut normal, segment);
        }
    }
    if normal.is_empty() {
        normal.push('/');
    }
    // An absolute form (`GET http://host/path`) is reduced to its path.
    if normal == path && uri.authority().is_none() {
        return Ok(None);
    }
    if let Some(query) = uri.query() {
        normal.push('?');
        normal.push_str(query);
    }
    let target = PathAndQuery::try_from(normal).map_err(|_| BadPath::Character)?;
    Ok(Some(Uri::from(target)))
}

/// Appends a segment. Of its encoded characters, letters, digits, `-`, `.`, `_` and `~` are decoded.
fn push_decoded(normal: &mut String, segment: &str) {
    let mut pieces = segment.split('%');
    normal.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let byte = byte.filter(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(byte));
        if let Some(byte) = byte {
            normal.push(char::from(byte));
            normal.push_str(&piece[2..]);
        } else {
            normal.push('%');
            normal.push_str(piece);
        }
    }
}

/// Refuses dot segments and control characters.
/// A segment may have an encoded slash. Dots between encoded slashes are refused too: a handler that
/// decodes before it splits would take them for a parent folder.
fn check(segment: &str) -> Result<(), BadPath> {
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(segment).collect();
    let mut parts = decoded.split(|byte| matches!(byte, b'/' | b'\\'));
    if parts.any(|part| matches!(part, b"." | b"..")) {
        return Err(BadPath::DotSegment);
    }
    if decoded.iter().any(u8::is_ascii_control) { Err(BadPath::Character) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(target: &str) -> Result<String, BadPath> {
        let uri: Uri = target.parse().unwrap();
        Ok(normalise(&uri)?.unwrap_or(uri).to_string())
    }

    #[test]
    fn servlet_forms_of_a_path_are_one_path() {
        let servlet = "/emservice/EMServiceServlet";
        for form in [
            "/emservice/EMServiceServlet",
            "//emservice/EMServiceServlet",
            "/emservice//EMServiceServlet",
            "///emservice///EMServiceServlet;jsessionid=0A1B",
            "/emservice;v=1/EMServiceServlet;jsessionid=0A1B;x=y",
            "/%65mservice/EMServiceServle%74",
        ] {
            assert_eq!(normal(form).as_deref(), Ok(servlet), "{form}");
        }
        assert_eq!(normal("//a;b=c?d=//e;f").as_deref(), Ok("/a?d=//e;f"));
        assert_eq!(normal("http://host/a//b?c").as_deref(), Ok("/a/b?c"));
    }

    #[test]
    fn what_is_normal_stays() {
        let name = "/phones/Lobby%20%231%2F2%3F";
        for path in ["/", "/a", "/a/", "/a/b%20c?d=/e/../f", "/%EC%84%9C%EC%9A%B8", name] {
            assert_eq!(normal(path).as_deref(), Ok(path));
        }
        for path in ["//", "/;a", "/;a/;b"] {
            assert_eq!(normal(path).as_deref(), Ok("/"), "{path}");
        }
        assert_eq!(normal("/a//").as_deref(), Ok("/a/"));
    }

    #[test]
    fn dot_segments_and_control_characters_are_refused() {
        for path in [
            "/emservice/../audit",
            "/emservice/%2e%2e/audit",
            "/emservice/.%2E/audit",
            "/emservice/%2e/audit",
            "/emservice/..;x/audit",
            "/a/..",
            "/./a",
            "/emservice%2f..%2faudit",
            "/a%5c..%5cb",
            "/emservice/%5c../audit",
        ] {
            assert_eq!(normal(path), Err(BadPath::DotSegment), "{path}");
        }
        for path in ["/a%00", "/a%0d%0ab"] {
            assert_eq!(normal(path), Err(BadPath::Character), "{path}");
        }
        assert_eq!(normal("*"), Err(BadPath::NoPath));
    }
}
