//! The action of a command: the address of a soft key or of an item of a menu, or a pushed command.

use crate::api::{PhoneBody, PhoneScreen};

/// The action of a phone for a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// The phone requests an address.
    Open(String),
    /// The phone sends the form.
    Submit,
    /// The phone follows the current item.
    Select,
    /// The phone deletes the last character.
    Delete,
    /// The phone leaves the present screen.
    Leave,
    /// The phone clears its list of calls.
    ClearCalls,
    /// The phone does not know the command.
    Nothing,
}

impl Action {
    /// Reads a command.
    /// Phones ignore the case of a command.
    pub fn read(command: &str) -> Self {
        let command = command.trim();
        match command.to_ascii_lowercase().as_str() {
            "softkey:submit" => Self::Submit,
            "softkey:select" => Self::Select,
            "softkey:<<" => Self::Delete,
            "softkey:exit" | "softkey:cancel" | "init:services" => Self::Leave,
            "init:callhistory" => Self::ClearCalls,
            other if other.starts_with("http://") || other.starts_with("https://") => {
                Self::Open(command.to_owned())
            }
            _ => Self::Nothing,
        }
    }
}

/// Whether a screen waits for an answer: the screen is a form, or a key or item leads to an address.
/// Such a screen is outdated as soon as the phone's user changes; a screen with a mere message is not.
pub(super) fn asks(screen: &PhoneScreen) -> bool {
    let leads_on = |url: &str| matches!(Action::read(url), Action::Open(_));
    let body_asks = match &screen.body {
        PhoneBody::Form { .. } => true,
        PhoneBody::Menu(items) => items.iter().any(|item| leads_on(&item.url)),
        PhoneBody::Text(_) | PhoneBody::Commands(_) => false,
    };
    body_asks || screen.keys.iter().any(|key| leads_on(&key.url))
}

/// Whether a screen is a service's result.
/// The phone's own messages have no keys, and an error at a known phone has a key to try again.
pub(super) fn is_result(screen: &PhoneScreen) -> bool {
    matches!(screen.body, PhoneBody::Text(_)) && !screen.keys.is_empty() && !asks(screen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::PhoneKey;

    #[test]
    fn commands_are_read_in_any_case() {
        for (command, action) in [
            ("SoftKey:Submit", Action::Submit),
            ("softkey:select", Action::Select),
            ("SoftKey:<<", Action::Delete),
            ("SoftKey:Exit", Action::Leave),
            ("SoftKey:Cancel", Action::Leave),
            (" Init:CallHistory ", Action::ClearCalls),
            ("Init:Services", Action::Leave),
            ("Key:Line1", Action::Nothing),
            ("Dial:2001", Action::Nothing),
            ("", Action::Nothing),
        ] {
            assert_eq!(Action::read(command), action, "{command}");
        }
        let url = "HTTPS://a.example:8443/emapp/EMAppServlet?device=SEPA";
        assert_eq!(Action::read(url), Action::Open(url.to_owned()));
    }

    #[test]
    fn a_question_is_outdated_by_another_user_and_a_message_is_not() {
        let key = |url: &str| PhoneKey { label: "Yes".to_owned(), url: url.to_owned() };
        let screen =
            |body, keys| PhoneScreen { title: String::new(), prompt: String::new(), body, keys };
        let text = || PhoneBody::Text("Log out?".to_owned());
        let form = PhoneBody::Form { url: String::new(), is_posted: false, fields: Vec::new() };
        assert!(asks(&screen(form, Vec::new())));
        assert!(asks(&screen(text(), vec![key("http://a.example/out"), key("SoftKey:Exit")])));
        assert!(asks(&screen(PhoneBody::Menu(vec![key("http://a.example/in")]), Vec::new())));
        assert!(!asks(&screen(text(), vec![key("SoftKey:Exit")])));
        assert!(!asks(&screen(PhoneBody::Menu(vec![key("Key:Line1")]), Vec::new())));
        assert!(is_result(&screen(text(), vec![key("SoftKey:Exit")])));
        let again = vec![key("http://a.example/again"), key("SoftKey:Exit")];
        assert!(!is_result(&screen(text(), again)), "what went wrong stays");
        assert!(!is_result(&screen(text(), Vec::new())), "so does what the phone says itself");
    }
}
