//! The filter over lists: what a user types, and the condition that it means.
//!
//! Words are found in any order, each anywhere in what a row shows; `"quoted words"` are one text. In a list of
//! logins `model:8861` looks in one field, and `left<30m` and `since>8h` compare times.

mod condition;
mod split;
mod term;
mod texts;

use serde::{Deserialize, Serialize};

use crate::LoginType;

pub use condition::LoginCondition;
pub use term::{Comparison, FilterTerm, TimeField, typed_value};
pub use texts::{LoginField, LoginTexts, SoughtText};

/// A filter over logins. The database applies its condition to a page, and each tab to each event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginFilter {
    /// The typed text; empty for all.
    pub find: String,
    /// Only logins of this type.
    pub login_type: Option<LoginType>,
}

impl LoginFilter {
    /// The longest text to look for, in characters; the rest is cut off.
    pub const MAX_FIND_CHARS: usize = 128;
    /// The most terms of a filter; the rest is passed over.
    const MAX_TERMS: usize = 16;

    /// A filter on `find`, trimmed and bounded.
    #[must_use]
    pub fn new(find: &str, login_type: Option<LoginType>) -> Self {
        let mut find: String = find.trim().chars().take(Self::MAX_FIND_CHARS).collect();
        // A list must not say that it is filtered by invisible characters alone.
        let says_nothing = |token: &&str| texts::sought(&split::unquoted(token)).is_empty();
        if split::tokens(&find).iter().all(says_nothing) {
            find.clear();
        }
        Self { find, login_type }
    }

    /// The form in which text is compared: [`crate::key`].
    #[must_use]
    pub fn fold(text: &str) -> String {
        crate::key(text)
    }

    /// The terms of the filter, all of which must hold, each with its text as typed.
    #[must_use]
    pub fn terms(&self) -> Vec<(String, FilterTerm)> {
        terms(&self.find)
    }

    /// The condition of the filter at `now_ms`: UTC, milliseconds since 1970.
    #[must_use]
    pub fn at(&self, now_ms: i64) -> LoginCondition {
        LoginCondition::new(self.login_type, self.terms(), now_ms)
    }

    /// The texts to look for in an ended login: times are no terms, because an ended login has none left.
    #[must_use]
    pub fn texts(find: &str) -> Vec<SoughtText> {
        terms(&Self::new(find, None).find)
            .into_iter()
            .map(|(typed, term)| term.text(&typed))
            .collect()
    }

    /// The words to look for in a row without fields.
    #[must_use]
    pub fn words(find: &str) -> Vec<SoughtText> {
        let find: String = find.trim().chars().take(Self::MAX_FIND_CHARS).collect();
        if is_separated_mac(&find) {
            return vec![SoughtText::from(&*find)];
        }
        split::tokens(&find)
            .into_iter()
            .map(|token| SoughtText::from(&*split::unquoted(token)))
            .filter(|word| !word.text.is_empty())
            .take(Self::MAX_TERMS)
            .collect()
    }

    /// The filter without one of its terms, given as typed.
    #[must_use]
    pub fn without(&self, typed: &str) -> Self {
        let kept = terms(&self.find).into_iter().map(|(other, _)| other);
        let kept: Vec<String> = kept.filter(|other| other != typed).collect();
        Self::new(&kept.join(" "), self.login_type)
    }

    /// Whether a term compares times, so that logins come to match and cease to match as time passes.
    #[must_use]
    pub fn has_times(&self) -> bool {
        self.terms().iter().any(|(_, term)| matches!(term, FilterTerm::Time(..)))
    }

    /// Whether the filter passes all logins.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.login_type.is_none() && self.terms().is_empty()
    }

    /// Whether the typed text is the beginning of a term, such as `model:`, and filters nothing yet.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        !self.find.is_empty() && self.terms().is_empty()
    }
}

fn terms(find: &str) -> Vec<(String, FilterTerm)> {
    let find = &term::joined(find);
    if is_separated_mac(find) {
        let text = SoughtText { field: None, text: texts::sought(find) };
        return vec![(find.to_owned(), FilterTerm::Text(text))];
    }
    let read = |token: &str| Some((token.to_owned(), FilterTerm::read(token)?));
    split::tokens(find).into_iter().filter_map(read).take(LoginFilter::MAX_TERMS).collect()
}

/// Whether a whole text is a MAC address with separators, which may be blanks: such a text is one word.
fn is_separated_mac(find: &str) -> bool {
    crate::phone_key(find) != crate::key(find)
}

#[cfg(test)]
mod tests;
