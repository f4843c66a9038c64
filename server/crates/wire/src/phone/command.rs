//! Commands that a phone is sent.

use std::fmt::Write;

use super::Xml;

/// The most items of a command.
const MAX_ITEMS: usize = 3;

/// The time at which a phone obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// At once.
    Now,
    /// When nobody uses it any more.
    WhenIdle,
    /// If nobody uses it, else never.
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
}
