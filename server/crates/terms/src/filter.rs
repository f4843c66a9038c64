//! The filter over lists of logins.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::Named;

/// The clusters to which the user and the phone of a login belong.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LoginType {
    /// User and phone belong to this cluster.
    Em,
    /// The phone belongs to this cluster, the user to another cluster.
    Visiting,
    /// The user belongs to this cluster, the phone to another cluster.
    Elsewhere,
    /// A name that a newer program has stored.
    #[serde(other)]
    Other,
}

impl Named for LoginType {
    const OTHER: Option<Self> = Some(Self::Other);
}

/// A filter over logins. The database applies it to a page, and each tab to each event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginFilter {
    /// Part of a user id, phone name or device profile name; empty for all.
    pub find: String,
    /// Only logins of this type.
    pub login_type: Option<LoginType>,
}

impl LoginFilter {
    /// The longest text to look for, in characters; the rest is cut off.
    pub const MAX_FIND_CHARS: usize = 128;
    /// The most words to look for; the rest is passed over.
    const MAX_WORDS: usize = 16;

    /// A filter on `find`, trimmed and bounded.
    #[must_use]
    pub fn new(find: &str, login_type: Option<LoginType>) -> Self {
        let find: String = find.trim().chars().take(Self::MAX_FIND_CHARS).collect();
        // Invisible characters fold to an empty text, which matches every login: store the empty filter.
        let find = if Self::fold(&find).is_empty() { String::new() } else { find };
        Self { find, login_type }
    }

    /// The form in which text is compared: [`crate::key`].
    #[must_use]
    pub fn fold(text: &str) -> String {
        crate::key(text)
    }

    /// The words to look for in [`LoginFilter::searched`], in any order: those of `find`, folded. A whole MAC
    /// address matches with any separators.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let (folded, key) = (Self::fold(&self.find), crate::phone_key(&self.find));
        if folded != key {
            return vec![key];
        }
        folded.split_whitespace().take(Self::MAX_WORDS).map(crate::phone_key).collect()
    }

    /// The text of a login in which [`LoginFilter::words`] are looked for.
    ///
    /// The text has the folded names as lists show them (names of another cluster with the cluster's id), the
    /// phone's name both with and without the separators of its MAC address.
    #[must_use]
    pub fn searched(user: &str, phone: &str, profile: &str) -> String {
        let (folded, key) = (Self::fold(phone), crate::phone_key(phone));
        let mut text = [Self::fold(user), folded, Self::fold(profile)].join("\n");
        if !text.contains(&key) {
            text.push('\n');
            text.push_str(&key);
        }
        text
    }

    /// Whether the filter passes all logins.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a login with these names is shown.
    #[must_use]
    pub fn matches(&self, user: &str, phone: &str, profile: &str, login_type: LoginType) -> bool {
        if self.login_type.is_some_and(|only| only != login_type) {
            return false;
        }
        let searched = Self::searched(user, phone, profile);
        self.words().iter().all(|word| searched.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_part_of_any_name_without_case() {
        let filter = LoginFilter::new("  JoHn ", None);
        assert!(filter.matches("john", "SEP1", "desk", LoginType::Em));
        assert!(filter.matches("jane", "SEP1", "john-UDP", LoginType::Em));
        assert!(!filter.matches("jane", "SEP1", "desk", LoginType::Em));
        assert!(LoginFilter::default().matches("jane", "SEP1", "desk", LoginType::Visiting));
    }

    #[test]
    fn finds_words_in_any_order() {
        let found = |find| {
            LoginFilter::new(find, None).matches("Kim Minsu", "SEP1", "desk-UDP", LoginType::Em)
        };
        assert!(found("minsu kim") && found("udp  KIM") && found("sep1 minsu"));
        assert!(!found("kim lee"));
        let typed = LoginFilter::new("00 11 22 33 44 55", None);
        assert!(typed.matches("j", "SEP001122334455", "d", LoginType::Em));
    }

    #[test]
    fn finds_a_phone_by_its_mac_address_however_it_is_written() {
        for stored in ["SEP001122334455", "SEP00:11:22:33:44:55"] {
            for find in ["00:11:22:33:44:55", "0011.2233.4455", "sep001122334455", "2233"] {
                let found = LoginFilter::new(find, None).matches("j", stored, "d", LoginType::Em);
                assert!(found, "{find} in {stored}");
            }
        }
        let straight = LoginFilter::new("STRASSE", None);
        assert!(straight.matches("Straße", "SEP1", "desk", LoginType::Em));
    }

    /// Otherwise a list would say that it is filtered, and show all logins.
    #[test]
    fn characters_that_nobody_sees_are_no_filter() {
        for unseen in ["\u{200b}", " \u{2060}\u{feff} ", "\u{ad}"] {
            assert!(LoginFilter::new(unseen, None).is_everything(), "{unseen:?}");
        }
    }

    #[test]
    fn a_type_keeps_the_others_out() {
        let filter = LoginFilter::new("john", Some(LoginType::Visiting));
        assert!(filter.matches("john", "SEP1", "desk", LoginType::Visiting));
        assert!(!filter.matches("john", "SEP1", "desk", LoginType::Em));
    }
}
