//! CiscoIPPhone messages: the screens of a desk phone, and commands to it; and its configuration file.
//!
//! The phone defines the order of the elements and their limits (IP Phone Services Application
//! Development Notes): Title, Prompt, then Text, URL or items, then soft keys. Elements are not
//! indented and end with CRLF: a portal in the field cuts the log-out page at these.

mod charset;
mod command;
pub mod configuration;
mod read;
#[cfg(test)]
mod schema_test;
mod service_control;

use std::fmt::Write;

use quick_xml::escape::escape;

pub use charset::{Charset, Encoded};
pub use command::{Executed, Priority, execute, executed};
pub use read::{ReceivedField, ReceivedForm, ReceivedScreen};
pub use service_control::{SERVICE_CONTROL_EVENT, SERVICE_CONTROL_TYPE, restart};

/// The longest title or prompt, in characters.
pub const MAX_TITLE_CHARS: usize = 32;
/// The longest name of a menu's item, in characters.
pub const MAX_NAME_CHARS: usize = 64;
/// The longest text, in characters: about the most that a phone shows.
pub const MAX_TEXT_CHARS: usize = 4_000;
/// The most fields of a form.
pub const MAX_FIELDS: usize = 5;
/// The most items of a menu.
pub const MAX_ITEMS: usize = 100;
/// The most soft keys: two rows of them.
pub const MAX_KEYS: usize = 8;

/// A screen of a phone. Text beyond the phone's limits is cut, and items beyond the phone's limits are left
/// out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The title.
    pub title: String,
    /// The line above the soft keys.
    pub prompt: String,
    /// The content.
    pub body: Body,
    /// The soft keys from the left; they replace all of the phone's own soft keys.
    pub keys: Vec<SoftKey>,
}

/// The content of a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A text.
    Text(String),
    /// A question, which the soft keys answer. The question's text comes before the prompt, as clients of the
    /// log-out page expect.
    Question(String),
    /// A form.
    Form {
        /// The address to which the fields are sent.
        url: String,
        /// Whether the fields are sent in a body; only models of the 78xx and 88xx series support this.
        /// Other models append the fields to the address.
        is_posted: bool,
        /// The fields, at most [`MAX_FIELDS`].
        fields: Vec<Field>,
    },
    /// A menu, at most [`MAX_ITEMS`].
    Menu(Vec<Item>),
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The label.
    pub label: String,
    /// The name of the parameter that the field sends.
    pub name: &'static str,
    /// The characters that the field takes.
    pub entry: InputKind,
    /// The initial value.
    pub value: String,
}

/// The characters that a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Letters in lower case, digits and others.
    Lower,
    /// Digits, as of a telephone number.
    Digits,
    /// Digits that are not shown.
    Secret,
}

impl InputKind {
    /// The phone's flags.
    const fn flags(self) -> &'static str {
        match self {
            Self::Lower => "L",
            Self::Digits => "T",
            Self::Secret => "NP",
        }
    }
}

/// An item of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The item's name.
    pub name: String,
    /// The address that the item opens.
    pub url: String,
}

/// A soft key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoftKey {
    /// The key's label.
    pub label: String,
    /// The address that the key opens, or an action of the phone: `SoftKey:Submit`, `SoftKey:Exit`.
    pub url: String,
}

impl Screen {
    /// The screen as XML, without the declaration that [`Charset::encode`] writes.
    #[must_use]
    pub fn xml(&self) -> String {
        let root = match self.body {
            Body::Text(_) | Body::Question(_) => "CiscoIPPhoneText",
            Body::Form { .. } => "CiscoIPPhoneInput",
            Body::Menu(_) => "CiscoIPPhoneMenu",
        };
        let mut xml = Xml(format!("<{root}>\r\n"));
        xml.element("Title", &cut(&self.title, MAX_TITLE_CHARS));
        let prompt = cut(&self.prompt, MAX_TITLE_CHARS);
        match &self.body {
            Body::Question(text) => {
                xml.element("Text", &cut_lines(text));
                xml.element("Prompt", &prompt);
            }
            body => {
                xml.element("Prompt", &prompt);
                xml.body(body);
            }
        }
        for (key, position) in self.keys.iter().take(MAX_KEYS).zip(1..) {
            xml.open("SoftKeyItem");
            xml.element("Name", &cut(&key.label, MAX_TITLE_CHARS));
            xml.element("URL", &key.url);
            xml.element("Position", &format!("{position}"));
            xml.close("SoftKeyItem");
        }
        xml.close(root);
        xml.0
    }
}

/// XML that is written element by element.
struct Xml(String);

impl Xml {
    fn open(&mut self, name: &str) {
        // Writing to a String can't fail.
        let _ = write!(self.0, "<{name}>\r\n");
    }

    fn close(&mut self, name: &str) {
        let _ = write!(self.0, "</{name}>\r\n");
    }

    fn element(&mut self, name: &str, text: &str) {
        let _ = write!(self.0, "<{name}>{}</{name}>\r\n", escape(text));
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Text(text) | Body::Question(text) => self.element("Text", &cut_lines(text)),
            Body::Form { url, is_posted, fields } => {
                let method = if *is_posted { " method=\"post\"" } else { "" };
                let _ = write!(self.0, "<URL{method}>{}</URL>\r\n", escape(url.as_str()));
                for field in fields.iter().take(MAX_FIELDS) {
                    self.open("InputItem");
                    self.element("DisplayName", &cut(&field.label, MAX_TITLE_CHARS));
                    self.element("QueryStringParam", field.name);
                    self.element("InputFlags", field.entry.flags());
                    self.element("DefaultValue", &one_line(&field.value));
                    self.close("InputItem");
                }
            }
            Body::Menu(items) => {
                for item in items.iter().take(MAX_ITEMS) {
                    self.open("MenuItem");
                    self.element("Name", &cut(&item.name, MAX_NAME_CHARS));
                    self.element("URL", &item.url);
                    self.close("MenuItem");
                }
            }
        }
    }
}

/// A text on one line of at most `max` characters.
fn cut(text: &str, max: usize) -> String {
    let text = one_line(text);
    if text.chars().count() <= max {
        return text;
    }
    let mut cut: String = text.chars().take(max - 1).collect();
    cut.push('…');
    cut
}

/// A text of several lines.
fn cut_lines(text: &str) -> String {
    let is_shown = |c: &char| !c.is_control() || *c == '\n';
    text.chars().filter(is_shown).take(MAX_TEXT_CHARS).collect()
}

/// A text without control characters.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
