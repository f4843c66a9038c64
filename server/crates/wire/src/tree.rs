//! A small tree of elements, built with limits.

use quick_xml::{
    Reader,
    escape::{escape, resolve_predefined_entity},
    events::{BytesRef, BytesStart, Event},
};
use terms::NotUnderstood;

use crate::{
    markup::{
        Problem, attributes, comment, declaration, document_type, instruction, is_char, is_space,
        not_well_formed, qualified,
    },
    namespaces::Namespaces,
};

/// The deepest nesting of elements.
pub const MAX_DEPTH: usize = 16;
/// The most elements of a document: more than the users or phones that a request of 64 KiB can name.
const MAX_ELEMENTS: usize = 4096;

/// An element with its text, attributes and children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// The local name.
    pub(crate) name: String,
    /// The text directly inside the element.
    text: String,
    /// The attributes: local name and value.
    attributes: Vec<(String, String)>,
    /// The children.
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The text directly inside the element, without the blanks around it.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The text directly inside the element, with the blanks around it.
    pub(crate) fn whole_text(&self) -> &str {
        &self.text
    }

    /// The value of the first attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes.find_map(|(found, value)| (found == name).then_some(value.as_str()))
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

/// The most bytes of a request that are shown.
const MAX_SHOWN_BYTES: usize = 4096;

/// Elements whose text may be shown; the text of any other element may be a secret.
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

/// Elements whose content is never shown.
const SECRET: [&str; 2] = ["appCertificate", "appEncryptedCertificate"];

impl Element {
    /// The element on one line, without attributes, and without anything that may be a secret: a
    /// password that is not escaped can look like elements.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::new();
        self.show(&mut text);
        cut(text)
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

/// Cuts a text to [`MAX_SHOWN_BYTES`].
pub(crate) fn cut(mut text: String) -> String {
    if text.len() > MAX_SHOWN_BYTES {
        text.truncate(text.floor_char_boundary(MAX_SHOWN_BYTES));
        text.push('…');
    }
    text
}

/// Reads one document: well-formed XML 1.0 with namespaces, without an internal subset. The only exception is
/// that blanks before the XML declaration and around a byte order mark are accepted. The caller bounds the
/// length of the text.
pub(crate) fn parse(xml: &str) -> Result<Element, NotUnderstood> {
    let xml = xml.trim_matches(is_space);
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml).trim_start_matches(is_space);
    // The XML reader would skip a second byte order mark.
    if xml.starts_with('\u{feff}') || !xml.chars().all(is_char) {
        return Err(not_well_formed("there is a character that XML does not have"));
    }
    let mut reader = Reader::from_str(xml);
    let mut document = Document::default();
    loop {
        let begin = position(&reader);
        // The XML reader's error is dropped: its text quotes names, and a password can look like a name.
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

/// The part of a document that has been read.
#[derive(Default)]
struct Document {
    open: Vec<Element>,
    /// The number of elements that have begun.
    elements: usize,
    namespaces: Namespaces,
    root: Option<Element>,
    has_type: bool,
}

impl Document {
    /// Takes the next event, whose source is `markup` at byte `begin`.
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
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(NotUnderstood::TooLarge);
        }
        let entered = self.namespaces.enter(start.name().as_ref(), start.attributes_raw());
        entered.map_err(not_well_formed)?;
        let name = start.local_name().as_ref().to_owned();
        let attributes = kept(start.attributes_raw()).map_err(not_well_formed)?;
        self.open.push(Element { name, attributes, ..Element::default() });
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

/// The attributes of a tag that bind no prefix. Only the length of the text bounds their number.
fn kept(tag: &str) -> Result<Vec<(String, String)>, Problem> {
    let mut kept = Vec::new();
    for (name, value) in attributes(tag)? {
        match qualified(name)? {
            (Some("xmlns"), _) | (None, "xmlns") => {}
            (_, local) => kept.push((local.to_owned(), value.into_owned())),
        }
    }
    Ok(kept)
}

/// The text of a reference.
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
mod tests;
