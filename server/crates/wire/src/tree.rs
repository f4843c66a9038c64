//! A small tree of elements, built with limits.

use quick_xml::{
    Reader,
    escape::{escape, resolve_predefined_entity},
    events::Event,
};

/// The deepest nesting of elements.
pub const MAX_DEPTH: usize = 16;

/// XML that is not well-formed, too deep, or has a document type. The text says which, for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MalformedXml(String);

/// An element with its text and children; attributes are passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The local name.
    pub(crate) name: String,
    /// The text directly inside it.
    text: String,
    /// Its children.
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The text directly inside it, without the blanks around it.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The texts of all children of this name.
    pub(crate) fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.children.iter().filter(move |child| child.name == name).map(Element::text)
    }
}

/// As much of a request as is shown, in bytes.
const MAX_SHOWN_BYTES: usize = 4096;

/// Elements whose text may be shown; of any other one nobody knows what it holds.
const SHOWN: [&str; 10] = [
    "appID",
    "deviceName",
    "userID",
    "deviceProfile",
    "time",
    "remoteIPAddr",
    "isViaHeaderSet",
    "loginType",
    "requestNum",
    "clusterId",
];

/// Elements of which nothing is shown.
const SECRET: [&str; 2] = ["appCertificate", "appEncryptedCertificate"];

impl Element {
    /// The element on one line, without attributes, and without anything that may be a secret: a
    /// password that is not escaped can look like elements.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::new();
        self.show(&mut text);
        if text.len() > MAX_SHOWN_BYTES {
            text.truncate(text.floor_char_boundary(MAX_SHOWN_BYTES));
            text.push('…');
        }
        text
    }

    fn show(&self, out: &mut String) {
        let Self { name, children, .. } = self;
        out.push('<');
        out.push_str(name);
        if children.is_empty() && self.text().is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        if SHOWN.contains(&name.as_str()) {
            out.push_str(&escape(self.text()));
        } else if !self.text().is_empty() || SECRET.contains(&name.as_str()) {
            out.push_str("***");
        }
        if !SECRET.contains(&name.as_str()) {
            for child in children {
                child.show(out);
            }
        }
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// Reads one document. The text's length is bounded by whoever read it.
///
/// A document type is refused: it is what entity bombs and foreign files come in by.
pub(crate) fn parse(xml: &str) -> Result<Element, MalformedXml> {
    let mut reader = Reader::from_str(xml.trim());
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        // What the reader says of it quotes names, and a password can look like one.
        let event = reader.read_event().map_err(|_| malformed("it is not well-formed"))?;
        match event {
            Event::Start(start) => {
                if open.len() == MAX_DEPTH {
                    return Err(malformed("elements are nested too deep"));
                }
                open.push(element(start.local_name().as_ref()));
            }
            Event::Empty(start) => {
                if open.len() == MAX_DEPTH {
                    return Err(malformed("elements are nested too deep"));
                }
                close(element(start.local_name().as_ref()), &mut open, &mut root)?;
            }
            Event::End(_) => match open.pop() {
                Some(element) => close(element, &mut open, &mut root)?,
                None => return Err(malformed("an element ends that did not begin")),
            },
            Event::Text(text) => push_text(&mut open, &text)?,
            Event::CData(data) => push_text(&mut open, &data)?,
            Event::GeneralRef(reference) => {
                let character = reference
                    .resolve_char_ref()
                    .map_err(|_| malformed("a character reference is none"))?;
                match (character, resolve_predefined_entity(&reference)) {
                    (Some(character), _) => {
                        push_text(&mut open, character.encode_utf8(&mut [0; 4]))?;
                    }
                    (None, Some(text)) => push_text(&mut open, text)?,
                    (None, None) => return Err(malformed("an entity is not known")),
                }
            }
            Event::DocType(_) => return Err(malformed("a document type is not taken")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    if !open.is_empty() {
        return Err(malformed("an element does not end"));
    }
    root.ok_or_else(|| malformed("there is no element"))
}

fn malformed(problem: &str) -> MalformedXml {
    MalformedXml(problem.to_owned())
}

fn element(name: &str) -> Element {
    Element { name: name.to_owned(), ..Element::default() }
}

fn close(
    element: Element,
    open: &mut [Element],
    root: &mut Option<Element>,
) -> Result<(), MalformedXml> {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None if root.is_none() => *root = Some(element),
        None => return Err(malformed("there is more than one root element")),
    }
    Ok(())
}

fn push_text(open: &mut [Element], text: &str) -> Result<(), MalformedXml> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(malformed("there is text outside of the root element")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(parse(&nested(20_000)).is_err());
        let empty = format!("{}<b/>{}", "<a>".repeat(MAX_DEPTH), "</a>".repeat(MAX_DEPTH));
        assert!(parse(&empty).is_err());
    }

    #[test]
    fn document_types_entities_and_halves_are_refused() {
        for xml in [
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>&b;</a>",
            "<a><b></a></b>",
            "<a>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "text",
            "",
        ] {
            assert!(parse(xml).is_err(), "{xml}");
        }
    }

    #[test]
    fn text_is_unescaped_and_trimmed() {
        let root = parse(
            "<?xml version=\"1.0\"?>\n<a>\n <b> x &amp; &#xAC00;<!-- no --><![CDATA[<]]> </b></a>",
        );
        assert_eq!(root.unwrap().child("b").unwrap().text(), "x & 가<");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(xml in ".{0,400}") {
            let _ = parse(&xml);
        }

        #[test]
        fn anything_like_xml_is_read_or_refused(xml in "(<[a-c/!?]{0,3}>?|&[a-z#0-9]{0,4};?|[ x]|]]>|<!\\[CDATA\\[){0,80}") {
            let _ = parse(&xml);
        }

        #[test]
        fn any_text_comes_through(text in "[^\u{0}-\u{8}\u{b}-\u{1f}\u{fffe}\u{ffff}\r]{0,40}") {
            let root = parse(&format!("<a>{}</a>", quick_xml::escape::escape(&text))).unwrap();
            prop_assert_eq!(root.text(), text.trim());
        }
    }
}
