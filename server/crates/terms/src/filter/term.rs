//! One term of a filter.

use super::{
    split::{is_quote, unquoted},
    texts::{LoginField, SoughtText, sought},
};

/// A term of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterTerm {
    /// A text that the row must have.
    Text(SoughtText),
    /// A time that must be shorter or longer than a number of minutes.
    Time(TimeField, Comparison, u32),
}

/// A time that a term compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeField {
    /// The time that is left until the login expires; an unlimited login has more than any other.
    Left,
    /// The time since the login began.
    Since,
}

/// A comparison of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Less than.
    Less,
    /// More than.
    More,
}

/// The longest time that a term can name, in minutes: ten years.
const MAX_MINUTES: u32 = 10 * 366 * 24 * 60;

impl FilterTerm {
    /// Reads a token; `None` for a token that says nothing yet, such as `model:` or `left<`.
    pub(super) fn read(token: &str) -> Option<Self> {
        let text = unquoted(token);
        // A token that begins with a quotation mark is text alone.
        if !token.starts_with(is_quote) {
            if let Some((field, comparison, value)) = compared(&text) {
                if value.is_empty() {
                    return None;
                }
                if let Some(minutes) = minutes(&value) {
                    return Some(Self::Time(field, comparison, minutes));
                }
            }
            if let Some((name, value)) = text.split_once([':', '：'])
                && let Some(field) = LoginField::typed(name)
            {
                let text = sought(value.trim());
                return (!text.is_empty())
                    .then_some(Self::Text(SoughtText { field: Some(field), text }));
            }
        }
        let text = sought(&text);
        (!text.is_empty()).then_some(Self::Text(SoughtText { field: None, text }))
    }

    /// The term as a text to look for.
    pub(super) fn text(self, typed: &str) -> SoughtText {
        match self {
            Self::Text(text) => text,
            Self::Time(..) => SoughtText { field: None, text: sought(typed) },
        }
    }
}

/// The names of columns with a blank in them.
const WITH_BLANK: [(&str, &str); 2] = [("남은 시간", "남은시간"), ("시작 시각", "시작시각")];

/// A typed text in which the names of time fields have no blank, so that a comparison is one token.
pub(super) fn joined(text: &str) -> String {
    let mut text = text.to_owned();
    for (name, without) in WITH_BLANK {
        text = text.replace(name, without);
    }
    text
}

/// Reads a comparison of times, `left<30m` or `since>1d12h`: its field, its direction, and the folded text after it.
fn compared(text: &str) -> Option<(TimeField, Comparison, String)> {
    // Folded text has plain signs in the place of full-width ones.
    let text = crate::key(text);
    let at = text.find(['<', '>'])?;
    let (name, rest) = text.split_at(at);
    let field = match name {
        "left" | "남은시간" | "남음" => TimeField::Left,
        "since" | "시작" | "시작시각" => TimeField::Since,
        _ => return None,
    };
    let comparison = if rest.starts_with('<') { Comparison::Less } else { Comparison::More };
    Some((field, comparison, rest[1..].to_owned()))
}

/// Reads a length of time, such as `90m`, `8h`, `1h30m` or `2d`, in minutes. A number alone is minutes.
fn minutes(text: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u32 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, after) =
            UNITS.iter().find_map(|(name, unit)| Some((*unit, rest.strip_prefix(name)?)))?;
        rest = after;
        total = total.checked_add(number.checked_mul(unit)?)?;
    }
    (total <= MAX_MINUTES).then_some(total)
}

/// Units with their minutes. The empty name is the last: every text begins with it.
const UNITS: [(&str, u32); 10] = [
    ("min", 1),
    ("m", 1),
    ("분", 1),
    ("hours", 60),
    ("h", 60),
    ("시간", 60),
    ("days", 1440),
    ("d", 1440),
    ("일", 1440),
    ("", 1),
];

/// The typed text that a text term looks for, without the name of its field and without quotation marks.
#[must_use]
pub fn typed_value(typed: &str, field: Option<LoginField>) -> String {
    let text = unquoted(typed);
    if field.is_none() {
        return text;
    }
    text.split_once([':', '：']).map_or("", |(_, value)| value).trim().to_owned()
}
