//! Commands to a phone.

use std::fmt::Write;

use quick_xml::{Reader, events::Event};

use super::Xml;

/// The most items of a command.
const MAX_ITEMS: usize = 3;

/// The time at which a phone executes a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// At once.
    Now,
    /// When the phone becomes idle.
    WhenIdle,
    /// If the phone is idle, else never.
    IfIdle,
}

/// A `CiscoIPPhoneExecute` with addresses or actions of the phone (`Init:CallHistory`), at most three.
#[must_use]
pub fn execute(urls: &[(&str, Priority)]) -> String {
    let mut xml = Xml("<CiscoIPPhoneExecute>\r\n".to_owned());
    for (url, priority) in urls.iter().take(MAX_ITEMS) {
        let priority = match priority {
            Priority::Now => 0,
            Priority::WhenIdle => 1,
            Priority::IfIdle => 2,
        };
        let url = quick_xml::escape::escape(*url);
        // Writing to a String can't fail.
        let _ = write!(xml.0, "<ExecuteItem Priority=\"{priority}\" URL=\"{url}\"/>\r\n");
    }
    xml.close("CiscoIPPhoneExecute");
    xml.0
}

/// The answer of a phone to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executed {
    /// The phone executes the command.
    Done,
    /// The phone does not accept the sender (`CiscoIPPhoneError Number="4"`).
    NotAuthorized,
    /// Another error, or no answer of a phone.
    Failed,
}

/// Reads the answer to a command. The items of a `CiscoIPPhoneResponse` are skipped: they say whether each
/// address could be opened, but the phone opens an address only after the answer.
#[must_use]
pub fn executed(answer: &str) -> Executed {
    let mut reader = Reader::from_str(answer);
    while let Ok(event) = reader.read_event() {
        let root = match event {
            Event::Start(root) | Event::Empty(root) => root,
            Event::Eof => break,
            _ => continue,
        };
        let name = root.name();
        let number = root.try_get_attribute("Number").ok().flatten();
        let is_refused = number.is_some_and(|number| number.value.trim() == "4");
        return match name.as_ref() {
            "CiscoIPPhoneResponse" => Executed::Done,
            "CiscoIPPhoneError" if is_refused => Executed::NotAuthorized,
            _ => Executed::Failed,
        };
    }
    Executed::Failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_its_items_in_order_and_no_more_than_three() {
        let url = "http://192.0.2.1/emapp/EMAppServlet?device=SEP1&EMCC=false";
        let items = [(url, Priority::Now), ("Init:CallHistory", Priority::WhenIdle)];
        let xml = execute(&items);
        assert_eq!(
            xml,
            "<CiscoIPPhoneExecute>\r\n\
             <ExecuteItem Priority=\"0\" \
             URL=\"http://192.0.2.1/emapp/EMAppServlet?device=SEP1&amp;EMCC=false\"/>\r\n\
             <ExecuteItem Priority=\"1\" URL=\"Init:CallHistory\"/>\r\n\
             </CiscoIPPhoneExecute>\r\n"
        );
        let many = [("Key:Services", Priority::IfIdle); 5];
        assert_eq!(execute(&many).matches("<ExecuteItem").count(), MAX_ITEMS);
    }

    #[test]
    fn an_answer_says_whether_the_phone_obeys() {
        let done = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<CiscoIPPhoneResponse>\
                    <ResponseItem Status=\"0\" Data=\"Success\" URL=\"Init:Services\"/>\
                    </CiscoIPPhoneResponse>";
        assert_eq!(executed(done), Executed::Done);
        assert_eq!(executed("<CiscoIPPhoneError Number=\"4\" />"), Executed::NotAuthorized);
        assert_eq!(executed("<CiscoIPPhoneError Number=\"1\"/>"), Executed::Failed);
        for other in ["", "<html/>", "no", "<", "<CiscoIPPhoneError/>"] {
            assert_eq!(executed(other), Executed::Failed, "{other}");
        }
    }
}
