//! A small tree of elements, built with limits.

use quick_xml::{
    Reader,
    escape::{escape, resolve_predefined_entity},
    events::{BytesRef, BytesStart, Event},
};
use terms::NotUnderstood;

use crate::{
    markup::{
        Problem, comment, declaration, document_type, instruction, is_char, is_space,
        not_well_formed,
    },
    namespaces::Namespaces,
};

/// The deepest nesting of elements.
pub const MAX_DEPTH: usize = 16;

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

/// Reads one document: well-formed XML 1.0 with namespaces, without an internal subset. Blanks before
/// the XML declaration are the one thing that is forgiven. The text's length is bounded by whoever
/// read it.
pub(crate) fn parse(xml: &str) -> Result<Element, NotUnderstood> {
    let xml = xml.trim_matches(|c| is_space(c) || c == '\u{feff}');
    if !xml.chars().all(is_char) {
        return Err(not_well_formed("there is a character that XML does not have"));
    }
    let mut reader = Reader::from_str(xml);
    let mut document = Document::default();
    loop {
        let begin = position(&reader);
        // What the reader says of it quotes names, and a password can look like one.
        let event = reader.read_event().map_err(|_| not_well_formed("markup is broken"))?;
        if matches!(event, Event::Eof) {
            return document.end();
        }
        let markup = xml.get(begin..position(&reader)).unwrap_or_default();
        document.take(event, markup, begin)?;
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A document as far as it is read.
#[derive(Default)]
struct Document {
    open: Vec<Element>,
    namespaces: Namespaces,
    root: Option<Element>,
    has_type: bool,
}

impl Document {
    /// Takes the next event, which stands as `markup` at `begin`.
    fn take(&mut self, event: Event<'_>, markup: &str, begin: usize) -> Result<(), NotUnderstood> {
        let well_formed = |checked: Result<(), Problem>| checked.map_err(not_well_formed);
        match event {
            Event::Start(start) => self.begin(&start),
            Event::Empty(start) => {
                self.begin(&start)?;
                self.close()
            }
            Event::End(_) => self.close(),
            Event::Text(text) if text.contains("]]>") => {
                Err(not_well_formed("there is ]]> in a text"))
            }
            Event::Text(text) if self.open.is_empty() && text.trim_matches(is_space).is_empty() => {
                Ok(())
            }
            Event::Text(text) => self.push(&text),
            Event::CData(data) => self.push(&data),
            Event::GeneralRef(reference) => self.push(&referred(&reference)?),
            Event::DocType(_) if self.has_type || self.root.is_some() || !self.open.is_empty() => {
                Err(not_well_formed("the DOCTYPE is not at the beginning"))
            }
            Event::DocType(_) => {
                self.has_type = true;
                document_type(markup)
            }
            Event::Decl(_) if begin > 0 => {
                Err(not_well_formed("the XML declaration is not at the beginning"))
            }
            Event::Decl(content) => {
                well_formed(declaration(content.strip_prefix("xml").unwrap_or_default()))
            }
            Event::PI(content) => well_formed(instruction(&content)),
            Event::Comment(content) => well_formed(comment(&content)),
            Event::Eof => Ok(()),
        }
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), NotUnderstood> {
        if self.open.len() == MAX_DEPTH {
            return Err(NotUnderstood::TooDeep);
        }
        let entered = self.namespaces.enter(start.name().as_ref(), start.attributes_raw());
        entered.map_err(not_well_formed)?;
        let name = start.local_name().as_ref().to_owned();
        self.open.push(Element { name, ..Element::default() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), NotUnderstood> {
        self.namespaces.leave();
        let closed = self.open.pop();
        let element =
            closed.ok_or_else(|| not_well_formed("an element ends that did not begin"))?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err(not_well_formed("there is more than one root element")),
        }
        Ok(())
    }

    fn push(&mut self, text: &str) -> Result<(), NotUnderstood> {
        let outside = || not_well_formed("there is text outside of the root element");
        self.open.last_mut().ok_or_else(outside)?.text.push_str(text);
        Ok(())
    }

    fn end(self) -> Result<Element, NotUnderstood> {
        if !self.open.is_empty() {
            return Err(not_well_formed("an element does not end"));
        }
        self.root.ok_or_else(|| not_well_formed("there is no element"))
    }
}

/// What a reference stands for.
fn referred(reference: &BytesRef<'_>) -> Result<String, NotUnderstood> {
    let character = reference.resolve_char_ref();
    let character =
        character.map_err(|_| not_well_formed("a character reference is to no character"))?;
    match (character, resolve_predefined_entity(reference)) {
        (Some(character), _) if is_char(character) => Ok(character.to_string()),
        (Some(_), _) => Err(not_well_formed("a character reference is to no character")),
        (None, Some(text)) => Ok(text.to_owned()),
        (None, None) => Err(not_well_formed("an entity is not known")),
    }
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
    fn what_is_not_well_formed_is_refused() {
        for xml in [
            // Halves, and more than one.
            "",
            "text",
            "<a>",
            "</a>",
            "<a",
            "<a><b></a></b>",
            "<a/><b/>",
            "<a/>text",
            "text<a/>",
            "<a/>&#32;",
            "<a/><![CDATA[]]>",
            "<a></ a>",
            "<a></a b>",
            "<a></a b='1'>",
            // Attributes.
            "<a b/>",
            "<a b=/>",
            "<a b=1/>",
            "<a b='1/>",
            "<a b='1' b='2'/>",
            "<a b='1'c='2'/>",
            "<a 'b'/>",
            "<a =\"b\"/>",
            "<a b='<'/>",
            "<a b='&'/>",
            "<a b='&x;'/>",
            "<a b='&#0;'/>",
            "<a b='1' / >",
            "<a / >",
            // Names and prefixes.
            "<1a/>",
            "< a/>",
            "<a!/>",
            "<a 1='1'/>",
            "<p:a/>",
            "<a p:b='1'/>",
            "<a:/>",
            "<:a/>",
            // Characters, literally and by reference.
            "<a>\0</a>",
            "<a>\u{1}</a>",
            "<a>\u{1f}</a>",
            "<a>\u{fffe}</a>",
            "<a b='\u{8}'/>",
            "<a><!-- \u{b} --></a>",
            "<a><![CDATA[\0]]></a>",
            "<a><?b \0?></a>",
            "<a>\0</a>\0",
            "<a>&#0;</a>",
            "<a>&#1;</a>",
            "<a>&#x1F;</a>",
            "<a>&#xFFFE;</a>",
            "<a>&#xD800;</a>",
            "<a>&#x110000;</a>",
            "<a>&#;</a>",
            "<a>&#x;</a>",
            "<a>&#X41;</a>",
            "<a>&#+65;</a>",
            // Text and references.
            "<a>]]></a>",
            "<a>&</a>",
            "<a>& </a>",
            "<a>&b;</a>",
            "<a>&amp</a>",
            "<a>b & c</a>",
            // Comments and instructions.
            "<a><!-- b -- c --></a>",
            "<a><!-- b ---></a>",
            "<a><!-- b</a>",
            "<a><!b></a>",
            "<a><?xml b?></a>",
            "<a><?XML b?></a>",
            "<a><??></a>",
            "<a><? b?></a>",
            "<a><?1?></a>",
            "<a/><?xml version='1.0'?>",
            "<!-- b --><?xml version='1.0'?><a/>",
            "<?xml?><a/>",
            "<?xml version='1.0'?><?xml version='1.0'?><a/>",
            // Document types.
            "<a/><!DOCTYPE a>",
            "<a><!DOCTYPE a></a>",
            "<!DOCTYPE a><!DOCTYPE a><a/>",
            "<!doctype a><a/>",
            "<!DOCTYPE><a/>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<!DOCTYPE a SYSTEM \"b.dtd\"><a>&b;</a>",
            "<!DOCTYPE a []><a/>",
        ] {
            assert!(parse(xml).is_err(), "{xml:?}");
        }
    }

    #[test]
    fn what_is_well_formed_is_read() {
        for xml in [
            " \n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a/>\n ",
            "\u{feff}<?xml version='1.0'?><!-- b - c --><?b c?><a></a ><!----><?b?>",
            "<!DOCTYPE a SYSTEM \"http://em:8080/emservice/jsp/LoginQuery.dtd\"><a/>",
            "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<a/>",
            "<a b='1' c = \"it's > &lt; &#xA; 2\"\n/>",
            "<p:a xmlns:p='u' p:b='1' b='2' xml:space='preserve'><p:b xmlns='v'><c/></p:b></p:a>",
            "<a>&#x9;&#10;&#xE000;\u{85}\u{10ffff}&quot;&apos;]] >]]&gt;</a>",
            "<a><![CDATA[<>&]] >]]]]><![CDATA[>]]></a>",
            "<é-1._·/>",
        ] {
            assert!(parse(xml).is_ok(), "{xml:?}: {:?}", parse(xml));
        }
        assert_eq!(parse("<p:a xmlns:p='u'/>").unwrap().name, "a");
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
