//! The subject of a line of the audit; a user or a phone is a link.

use leptos::prelude::*;

use crate::components::{PhoneLink, UserLink};

/// The subject.
#[expect(clippy::needless_pass_by_value, reason = "a part of a page owns what it shows")]
#[component]
pub(super) fn Subject(action: String, subject: String, detail: String) -> impl IntoView {
    let Some((kind, before, name)) = named(&action, &subject, &detail) else {
        return subject.into_any();
    };
    let after = subject[before.len() + name.len()..].to_owned();
    let (before, name) = (before.to_owned(), name.to_owned());
    let name = match kind {
        Kind::User => view! { <UserLink name/> }.into_any(),
        Kind::Phone => view! { <PhoneLink name/> }.into_any(),
    };
    view! { {before} {name} {after} }.into_any()
}

/// The kind of a name with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    User,
    Phone,
}

const USER: &str = "user ";
const PHONE: &str = "phone ";

/// The kind of a subject, the text before its name, and the name; `None` unless the line tells the name with certainty.
fn named<'a>(action: &str, subject: &'a str, detail: &str) -> Option<(Kind, &'a str, &'a str)> {
    let (kind, before) = match action {
        "change_pin" => (Kind::User, ""),
        "log_in" => (Kind::Phone, ""),
        "use_phone" | "lock_pin" | "unlock" | "configure" if subject.starts_with(PHONE) => {
            (Kind::Phone, PHONE)
        }
        "use_phone" | "lock_pin" | "unlock" | "configure" if subject.starts_with(USER) => {
            (Kind::User, USER)
        }
        _ => return None,
    };
    let (before, name) = subject.split_at(before.len());
    let name = match action {
        // A changed value follows the name; a new user or phone has the name alone.
        "configure" if detail != "added" => without_field(name)?,
        _ => name,
    };
    (!name.is_empty()).then_some((kind, before, name))
}

/// The name before a field. A name can have blanks, and one field has a blank.
fn without_field(name: &str) -> Option<&str> {
    let of_two_words = name.strip_suffix(" sip accounts");
    of_two_words.or_else(|| name.rsplit_once(' ').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_user_or_a_phone_is_found() {
        let user = |name| Some((Kind::User, USER, name));
        let phone = |name| Some((Kind::Phone, PHONE, name));
        assert_eq!(named("configure", "user john", "added"), user("john"));
        assert_eq!(named("configure", "user kim minsu", "added"), user("kim minsu"));
        assert_eq!(named("configure", "user kim minsu enabled", "true → false"), user("kim minsu"));
        assert_eq!(named("configure", "phone Lobby 1 sip accounts", "changed"), phone("Lobby 1"));
        assert_eq!(named("configure", "phone SEP1 model", "a → b"), phone("SEP1"));
        assert_eq!(named("lock_pin", "user john", "5 wrong PINs"), user("john"));
        assert_eq!(named("use_phone", "phone SEP1", "key"), phone("SEP1"));
        assert_eq!(named("log_in", "SEP1", "john"), Some((Kind::Phone, "", "SEP1")));
        assert_eq!(named("change_pin", "john", ""), Some((Kind::User, "", "john")));
    }

    #[test]
    fn what_is_no_user_and_no_phone_is_no_link() {
        for (action, subject) in [
            ("configure", "application user emproxy password"),
            ("configure", "cluster release"),
            ("add_administrator", "kim"),
            ("lock_password", "administrator kim"),
            ("unlock", "push user phonepush"),
            ("finish_log_outs", "job 1"),
            ("lock_pin", "others"),
        ] {
            assert_eq!(named(action, subject, "x"), None, "{subject}");
        }
    }
}
