//! The number of nodes of a page, by which the browser detects that the page was changed.
//!
//! The program takes over the server's markup node by node.
//! A browser extension that inserts an element of its own would make the program take the wrong nodes.

use axum::{
    body::{Body, to_bytes},
    http::header,
    response::Response,
};

/// The start of the part that the program takes over, and the element after that part.
const BEGIN: &str = r#"<div id="app""#;
const END: &str = r#"<div id="notices""#;
/// The attribute that receives the number.
const NUMBER: &str = r#"data-nodes="0""#;
/// The largest page, in bytes; a larger one is not counted, and so not taken over.
const PAGE_BYTES: usize = 16 * 1024 * 1024;

/// Writes the number of its nodes into a page.
pub(super) async fn count_nodes(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, PAGE_BYTES).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let counted = std::str::from_utf8(&body).ok().and_then(counted);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, counted.map_or_else(|| Body::from(body), Body::from))
}

fn counted(page: &str) -> Option<String> {
    let app = page.find(BEGIN)?;
    let end = app + page[app..].rfind(END)?;
    let start = app + page[app..].find('>')? + 1;
    let number = app + page[app..start].find(NUMBER)?;
    let (before, after) = (&page[..number], &page[number + NUMBER.len()..]);
    Some(format!(r#"{before}data-nodes="{}"{after}"#, nodes(&page[start..end])))
}

/// Counts the elements, comments and texts of a piece of HTML from our own templates.
/// There all elements are closed, and texts and attribute values are escaped.
fn nodes(html: &str) -> usize {
    let mut count = 0;
    let mut rest = html;
    while !rest.is_empty() {
        let length = if let Some(comment) = rest.strip_prefix("<!--") {
            count += 1;
            comment.find("-->").map(|end| end + 7)
        } else if rest.starts_with("</") {
            rest.find('>').map(|end| end + 1)
        } else if rest.starts_with('<') {
            count += 1;
            tag_length(rest)
        } else {
            count += 1;
            rest.find('<')
        };
        rest = length.and_then(|length| rest.get(length..)).unwrap_or_default();
    }
    count
}

/// The length of the tag with which a text begins.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (index, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(index + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_comments_and_texts_are_counted() {
        assert_eq!(nodes(""), 0);
        assert_eq!(nodes("<p>a</p>"), 2);
        assert_eq!(nodes("<p>a<!>b<!--hk--></p><br/><i></i>"), 7);
        assert_eq!(nodes(r#"<a title="a > b" x='"<'>김</a>"#), 2);
    }

    #[test]
    fn the_number_stands_in_the_page() {
        let page = r#"<body><div id="app" data-nodes="0"><p>a</p></div><div id="notices">b</div>"#;
        let expected =
            r#"<body><div id="app" data-nodes="2"><p>a</p></div><div id="notices">b</div>"#;
        assert_eq!(counted(page).as_deref(), Some(expected));
        assert_eq!(counted("<body></body>"), None);
    }
}
