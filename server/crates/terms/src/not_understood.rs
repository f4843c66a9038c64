//! The reasons for which a request is not understood.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::MAX_LOGIN_TIME_MINUTES;

/// A name that is part of the program.
type Name = Cow<'static, str>;

/// The reason behind error 1, for the trace, the events and the console.
///
/// The reason names only elements of the EM API and quotes no text of a client: a password that is not
/// escaped can look like the name of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NotUnderstood {
    /// The body, or the query of the address, is too large.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The connection ended within the body.
    BrokenOff,
    /// There is no field `xml`.
    NoField,
    /// The XML is not well-formed.
    NotWellFormed {
        /// The first problem that the reader found.
        problem: Name,
    },
    /// Elements are nested too deep.
    TooDeep,
    /// The document type has declarations of its own.
    InternalSubset,
    /// A required element is absent.
    Missing {
        /// The absent element.
        element: Name,
        /// The element that has to contain the absent element.
        parent: Name,
    },
    /// A name, an id or a password is too long.
    TooLong {
        /// The element whose text is refused.
        element: Name,
    },
    /// A name or an id has a control character.
    ControlCharacter {
        /// The element whose text is refused.
        element: Name,
    },
    /// `time` is not a whole number of minutes.
    NotMinutes,
    /// `time` is longer than a login time can be.
    TooManyMinutes,
    /// A reason that a newer program has stored.
    #[serde(other)]
    Other,
}

impl NotUnderstood {
    /// The reason's name, and the element and parent that the reason names; empty where it names none.
    ///
    /// A browser gets the reason as these three texts: a reader of the tagged form would add to each page's
    /// first load.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &str, &str) {
        match self {
            Self::TooLarge => ("too_large", "", ""),
            Self::TooSlow => ("too_slow", "", ""),
            Self::BrokenOff => ("broken_off", "", ""),
            Self::NoField => ("no_field", "", ""),
            Self::NotWellFormed { problem } => ("not_well_formed", problem, ""),
            Self::TooDeep => ("too_deep", "", ""),
            Self::InternalSubset => ("internal_subset", "", ""),
            Self::Missing { element, parent } => ("missing", element, parent),
            Self::TooLong { element } => ("too_long", element, ""),
            Self::ControlCharacter { element } => ("control_character", element, ""),
            Self::NotMinutes => ("not_minutes", "", ""),
            Self::TooManyMinutes => ("too_many_minutes", "", ""),
            Self::Other => ("other", "", ""),
        }
    }

    /// The reason of these parts.
    #[must_use]
    pub fn from_parts(reason: &str, element: String, parent: String) -> Self {
        let element = Cow::Owned(element);
        match reason {
            "too_large" => Self::TooLarge,
            "too_slow" => Self::TooSlow,
            "broken_off" => Self::BrokenOff,
            "no_field" => Self::NoField,
            "not_well_formed" => Self::NotWellFormed { problem: element },
            "too_deep" => Self::TooDeep,
            "internal_subset" => Self::InternalSubset,
            "missing" => Self::Missing { element, parent: Cow::Owned(parent) },
            "too_long" => Self::TooLong { element },
            "control_character" => Self::ControlCharacter { element },
            "not_minutes" => Self::NotMinutes,
            "too_many_minutes" => Self::TooManyMinutes,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the request is too large"),
            Self::TooSlow => f.write_str("the body did not come in time"),
            Self::BrokenOff => f.write_str("the body breaks off"),
            Self::NoField => f.write_str("there is no field xml"),
            Self::NotWellFormed { problem } => write!(f, "not well-formed, {problem}"),
            Self::TooDeep => f.write_str("elements are nested too deep"),
            Self::InternalSubset => f.write_str("the document type has an internal subset"),
            Self::Missing { element, parent } => write!(f, "{parent} has no {element}"),
            Self::TooLong { element } => write!(f, "{element} is too long"),
            Self::ControlCharacter { element } => write!(f, "{element} has a control character"),
            Self::NotMinutes => f.write_str("time is not a whole number of minutes"),
            Self::TooManyMinutes => {
                write!(f, "time is more than {MAX_LOGIN_TIME_MINUTES} minutes")
            }
            Self::Other => f.write_str("a newer program knows why"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_comes_back_from_its_parts() {
        for why in [
            NotUnderstood::TooLarge,
            NotUnderstood::TooSlow,
            NotUnderstood::BrokenOff,
            NotUnderstood::NoField,
            NotUnderstood::NotWellFormed { problem: "a".into() },
            NotUnderstood::TooDeep,
            NotUnderstood::InternalSubset,
            NotUnderstood::Missing { element: "a".into(), parent: "b".into() },
            NotUnderstood::TooLong { element: "a".into() },
            NotUnderstood::ControlCharacter { element: "a".into() },
            NotUnderstood::NotMinutes,
            NotUnderstood::TooManyMinutes,
            NotUnderstood::Other,
        ] {
            let (reason, element, parent) = why.parts();
            assert_eq!(NotUnderstood::from_parts(reason, element.into(), parent.into()), why);
        }
    }

    #[test]
    fn a_reason_of_a_newer_program_is_read() {
        let read = |json: &str| serde_json::from_str::<NotUnderstood>(json).unwrap();
        assert_eq!(read(r#"{"why":"too_early","hours":3}"#), NotUnderstood::Other);
        let missing =
            NotUnderstood::Missing { element: "appInfo".into(), parent: "request".into() };
        assert_eq!(read(&serde_json::to_string(&missing).unwrap()), missing);
        assert_eq!(missing.to_string(), "request has no appInfo");
    }
}
