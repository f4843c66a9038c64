//! The reader of screens and commands, as a phone reads them: the reader identifies an element by its path, and
//! skips unknown elements.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};
use terms::NotUnderstood;

use crate::{MAX_DEPTH, markup::not_well_formed};

/// A screen, or commands, as a phone reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedScreen {
    /// The title.
    pub title: String,
    /// The line above the soft keys.
    pub prompt: String,
    /// The text.
    pub text: String,
    /// The form, if the screen is a form.
    pub form: Option<ReceivedForm>,
    /// The items of a menu: their names and addresses.
    pub items: Vec<(String, String)>,
    /// The soft keys in the order of their positions: their labels and addresses.
    pub keys: Vec<(String, String)>,
    /// The addresses and actions of a command.
    pub commands: Vec<String>,
}

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedForm {
    /// The address to which the fields are sent.
    pub url: String,
    /// Whether the fields are sent in a body.
    pub is_posted: bool,
    /// The fields.
    pub fields: Vec<ReceivedField>,
}

/// A field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedField {
    /// The label.
    pub label: String,
    /// The name of the parameter that the field sends.
    pub name: String,
    /// The phone's input flags.
    pub flags: String,
    /// The initial value.
    pub value: String,
}

impl ReceivedScreen {
    /// Reads a screen or a command.
    ///
    /// # Errors
    /// If the message is not well-formed, has a document type, or has a root that a phone does not know.
    pub fn read(xml: &str) -> Result<Self, NotUnderstood> {
        let mut reader = Reader::from_str(xml);
        let mut message = Message::default();
        loop {
            match reader.read_event().map_err(|_| not_well_formed("markup is broken"))? {
                Event::Start(start) => message.begin(&start)?,
                Event::Empty(start) => {
                    message.begin(&start)?;
                    message.end();
                }
                Event::End(_) => message.end(),
                Event::Text(text) => message.text.push_str(&text),
                Event::CData(text) => message.text.push_str(&text),
                Event::GeneralRef(reference) => message.text.push_str(&referred(&reference)?),
                Event::DocType(_) => return Err(not_well_formed("there is a document type")),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof if message.open.is_empty() && message.is_known => {
                    return Ok(message.take());
                }
                Event::Eof => return Err(not_well_formed("there is no whole message")),
            }
        }
    }
}

/// The part of a message that has been read.
#[derive(Default)]
struct Message {
    /// The names of the elements that are open.
    open: Vec<String>,
    /// The text since the last tag.
    text: String,
    is_known: bool,
    shown: ReceivedScreen,
    /// Soft keys with their positions.
    keys: Vec<(u32, (String, String))>,
}

/// The roots of messages.
const ROOTS: [&str; 4] =
    ["CiscoIPPhoneText", "CiscoIPPhoneInput", "CiscoIPPhoneMenu", "CiscoIPPhoneExecute"];

impl Message {
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), NotUnderstood> {
        if self.open.len() == MAX_DEPTH {
            return Err(NotUnderstood::TooDeep);
        }
        self.text.clear();
        let name = start.name().as_ref().to_owned();
        if self.open.is_empty() {
            if self.is_known || !ROOTS.contains(&name.as_str()) {
                return Err(not_well_formed("the root is no message to a phone"));
            }
            self.is_known = true;
            if name == "CiscoIPPhoneInput" {
                self.shown.form = Some(ReceivedForm::default());
            }
        }
        self.open.push(name);
        match self.place().as_str() {
            "URL" => {
                if let Some(form) = &mut self.shown.form {
                    form.is_posted =
                        attribute(start, "method").is_some_and(|value| value == "post");
                }
            }
            "InputItem" => {
                if let Some(form) = &mut self.shown.form {
                    form.fields.push(ReceivedField::default());
                }
            }
            "MenuItem" => self.shown.items.push(Default::default()),
            "SoftKeyItem" => self.keys.push(Default::default()),
            "ExecuteItem" => self.shown.commands.extend(attribute(start, "URL")),
            _ => {}
        }
        Ok(())
    }

    /// The path of the open element below the root.
    fn place(&self) -> String {
        self.open.get(1..).unwrap_or_default().join("/")
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        let place = self.place();
        self.open.pop();
        let Self { shown, keys, .. } = self;
        let Some((parent, name)) = place.rsplit_once('/') else {
            match (place.as_str(), &mut shown.form) {
                ("Title", _) => shown.title = text,
                ("Prompt", _) => shown.prompt = text,
                ("Text", _) => shown.text = text,
                ("URL", Some(form)) => text.trim().clone_into(&mut form.url),
                _ => {}
            }
            return;
        };
        let form = shown.form.as_mut().and_then(|form| form.fields.last_mut());
        match (parent, name) {
            ("InputItem", name) => {
                let Some(field) = form else { return };
                match name {
                    "DisplayName" => field.label = text,
                    "QueryStringParam" => field.name = text,
                    "InputFlags" => field.flags = text,
                    "DefaultValue" => field.value = text,
                    _ => {}
                }
            }
            ("MenuItem", name) => named(shown.items.last_mut(), name, text),
            ("SoftKeyItem", "Position") => {
                let position = text.trim().parse().unwrap_or(u32::MAX);
                keys.last_mut().into_iter().for_each(|key| key.0 = position);
            }
            ("SoftKeyItem", name) => named(keys.last_mut().map(|(_, key)| key), name, text),
            _ => {}
        }
    }

    fn take(mut self) -> ReceivedScreen {
        self.keys.sort_by_key(|(position, _)| *position);
        self.shown.keys = self.keys.into_iter().map(|(_, key)| key).collect();
        self.shown
    }
}

/// Fills in the name or the address of an item.
fn named(item: Option<&mut (String, String)>, name: &str, text: String) {
    match (item, name) {
        (Some(item), "Name") => item.0 = text,
        (Some(item), "URL") => text.trim().clone_into(&mut item.1),
        _ => {}
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok().flatten()?;
    let value = quick_xml::escape::unescape(attribute.value.as_ref()).ok()?;
    Some(value.into_owned())
}

/// The character that a reference stands for.
pub(super) fn referred(reference: &BytesRef<'_>) -> Result<String, NotUnderstood> {
    let unknown = || not_well_formed("a reference is not known");
    let numbered = reference.resolve_char_ref().map_err(|_| unknown())?;
    let named = || resolve_predefined_entity(reference).map(ToOwned::to_owned);
    numbered.map(String::from).or_else(named).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn key(label: &str) -> SoftKey {
        SoftKey { label: label.to_owned(), url: "http://192.0.2.1/?a=1&b=2".to_owned() }
    }

    fn read(body: Body) -> ReceivedScreen {
        let (title, prompt) = ("Title & <more>".to_owned(), "Prompt".to_owned());
        let keys = vec![key("One"), key("Two")];
        ReceivedScreen::read(&Screen { title, prompt, body, keys }.xml()).unwrap()
    }

    #[test]
    fn a_screen_reads_back_as_it_was_written() {
        let url = || "http://192.0.2.1/emapp?device=SEP1&EMCC=false".to_owned();
        let field = Field {
            label: "User".to_owned(),
            name: "userid",
            entry: InputKind::Lower,
            value: "j&hn".to_owned(),
        };
        let form = read(Body::Form { url: url(), is_posted: true, fields: vec![field] });
        assert_eq!(form.title, "Title & <more>");
        let labels: Vec<_> = form.keys.iter().map(|(label, _)| label.as_str()).collect();
        assert_eq!(
            (labels, form.keys[1].1.as_str()),
            (vec!["One", "Two"], "http://192.0.2.1/?a=1&b=2")
        );
        let form = form.form.unwrap();
        assert_eq!((form.url, form.is_posted), (url(), true));
        let ReceivedField { label, name, flags, value } = form.fields[0].clone();
        assert_eq!([label, name, flags, value], ["User", "userid", "L", "j&hn"]);

        let menu = read(Body::Menu(vec![Item { name: "<desk>".to_owned(), url: url() }]));
        assert_eq!((menu.items, menu.form), (vec![("<desk>".to_owned(), url())], None));
        assert_eq!(read(Body::Question("Sure?".to_owned())).text, "Sure?");
        let urls =
            [("http://192.0.2.1/?a=1&b=2", Priority::Now), ("Init:CallHistory", Priority::Now)];
        let commands = ReceivedScreen::read(&execute(&urls)).unwrap().commands;
        assert_eq!(commands, ["http://192.0.2.1/?a=1&b=2", "Init:CallHistory"]);
    }

    #[test]
    fn what_is_no_message_to_a_phone_is_refused() {
        for bad in
            ["", "<html></html>", "<CiscoIPPhoneText>", "no", "<!DOCTYPE x><CiscoIPPhoneText/>"]
        {
            assert!(ReceivedScreen::read(bad).is_err(), "{bad}");
        }
    }
}
