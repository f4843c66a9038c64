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

    /// The member with this stored name, or [`Named::OTHER`] for an unknown name.
    #[must_use]
    fn stored(name: &str) -> Option<Self> {
        Self::from_name(name).or(Self::OTHER)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};

    use super::*;
    use crate::{
        ActorKind, Alarm, EndCause, LoginType, RecordField, RecordKind, Role, TraceLevel, TraceLog,
    };

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
        check::<RecordKind>();
        check::<RecordField>();
    }

    /// Databases, other clusters and URLs have these names: a renamed member keeps its name.
    #[test]
    fn stored_names_do_not_change() {
        fn names<T: Named>() -> String {
            T::all().map(Named::name).collect::<Vec<_>>().join(" ")
        }
        assert_eq!(
            names::<EndCause>(),
            "logout auto_logout expired forced logout_all policy idle clock_time user_disabled \
             pin_reset user_removed profile_removed phone_removed emcc_disabled remote"
        );
        assert_eq!(names::<Role>(), "viewer operator administrator");
        assert_eq!(
            names::<ActorKind>(),
            "application_user user administrator command_line phone remote_cluster system"
        );
        assert_eq!(names::<LoginType>(), "em visiting elsewhere");
        assert_eq!(
            names::<Alarm>(),
            "NodeNotTrusted EMCCFailedInLocalCluster EMCCFailedInRemoteCluster UserInputFailure"
        );
        assert_eq!(names::<TraceLevel>(), "DEBUG INFO WARN ERROR");
        assert_eq!(names::<TraceLog>(), "emservice emapp");
    }

    #[test]
    fn a_name_that_a_newer_program_has_stored_is_no_choice() {
        assert_eq!(serde_json::from_str::<LoginType>(r#""roaming""#).unwrap(), LoginType::Other);
        assert_eq!(serde_json::from_str::<Alarm>(r#""Meteorite""#).unwrap(), Alarm::Other);
        assert_eq!(EndCause::stored("teleported"), Some(EndCause::Other));
        assert_eq!(ActorKind::stored("robot"), Some(ActorKind::Other));
        assert_eq!(Role::stored("emperor"), None);
        assert_eq!(EndCause::from_name("other"), None);
        assert!(EndCause::all().all(|cause| cause != EndCause::Other));
    }
}
