//! Small closed sets whose members have a name in the database, the interfaces and the URL.

/// Makes an enum whose members have names, with `ALL`, `name` and `from_name`. An enum that ends in
/// `else Other` reads any other name, which a newer program may have stored, as `Other`. `Other` is not in
/// `ALL`, and this program makes `Other` only by reading such a name.
macro_rules! named {
    ($(#[$doc:meta])* $type:ident {
        $($(#[$member_doc:meta])* $member:ident = $name:literal),+ $(,)?
    } $(else $other:ident)?) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $type {
            $($(#[$member_doc])* $member,)+
            $(
                /// A name that a newer program has stored.
                #[serde(other)]
                $other,
            )?
        }

        impl $type {
            /// All members, in their order.
            pub const ALL: &[Self] = &[$(Self::$member),+];

            /// The member's name in the database, the interfaces and the URL.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $name,)+
                    $(Self::$other => "other",)?
                }
            }

            /// The member with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }

            $(
                /// The member with this stored name; `Other` for an unknown name.
                #[must_use]
                pub fn stored(name: &str) -> Self {
                    Self::from_name(name).unwrap_or(Self::$other)
                }
            )?
        }
    };
}
pub(crate) use named;

#[cfg(test)]
mod tests {
    use crate::{ActorKind, EndCause, LoginType, Role};

    #[test]
    fn every_name_reads_back_and_is_the_serialized_form() {
        macro_rules! check {
            ($type:ident) => {
                for one in $type::ALL {
                    assert_eq!($type::from_name(one.name()), Some(*one));
                    assert_eq!(serde_json::to_value(one).unwrap(), one.name());
                }
                assert_eq!($type::from_name("vanished"), None);
            };
        }
        check!(EndCause);
        check!(Role);
        check!(ActorKind);
        check!(LoginType);
    }

    #[test]
    fn a_name_that_a_newer_program_has_stored_is_another() {
        assert_eq!(LoginType::stored("roaming"), LoginType::Other);
        assert_eq!(EndCause::stored("teleported"), EndCause::Other);
        assert_eq!(ActorKind::stored("robot"), ActorKind::Other);
        assert_eq!(serde_json::from_str::<LoginType>(r#""roaming""#).unwrap(), LoginType::Other);
        assert_eq!(EndCause::stored("forced"), EndCause::Forced);
        assert!(!EndCause::ALL.contains(&EndCause::Other), "nobody chooses it");
    }
}
