//! Closed sets whose members have a name in the database, the interfaces and the URL.

use std::str::FromStr;

use strum::VariantArray;

/// A closed set whose members have names. `strum` derives the names, `serde` the same names for JSON.
pub trait Named: Copy + PartialEq + Into<&'static str> + FromStr + VariantArray {
    /// The member that stands for any name that a newer program has stored. It is no choice: [`Named::all`] and
    /// [`Named::from_name`] leave it out.
    const OTHER: Option<Self> = None;

    /// All members, in their order.
    fn all() -> impl Iterator<Item = Self> + Clone {
        Self::VARIANTS.iter().copied().filter(|one| Self::OTHER.as_ref() != Some(one))
    }

    /// The member's name in the database, the interfaces and the URL.
    fn name(self) -> &'static str {
        self.into()
    }

    /// The member with this name.
    #[must_use]
    fn from_name(name: &str) -> Option<Self> {
        name.parse().ok().filter(|one| Self::OTHER.as_ref() != Some(one))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};

    use super::*;
    use crate::{ActorKind, Alarm, EndCause, LoginType, Role, TraceLevel, TraceLog};

    #[test]
    fn every_name_reads_back_and_is_the_serialized_form() {
        fn check<T: Named + Serialize + DeserializeOwned + std::fmt::Debug>() {
            for one in T::all() {
                assert_eq!(T::from_name(one.name()), Some(one));
                assert_eq!(serde_json::to_value(one).unwrap(), one.name());
            }
            assert_eq!(T::from_name("vanished"), None);
        }
        check::<EndCause>();
        check::<Role>();
        check::<ActorKind>();
        check::<LoginType>();
        check::<Alarm>();
        check::<TraceLevel>();
        check::<TraceLog>();
    }

    #[test]
    fn a_name_that_a_newer_program_has_stored_is_no_choice() {
        assert_eq!(serde_json::from_str::<LoginType>(r#""roaming""#).unwrap(), LoginType::Other);
        assert_eq!(serde_json::from_str::<Alarm>(r#""Meteorite""#).unwrap(), Alarm::Other);
        assert_eq!(EndCause::from_name("other"), None);
        assert!(EndCause::all().all(|cause| cause != EndCause::Other));
    }
}
