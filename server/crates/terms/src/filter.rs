//! Which logins a list shows.

use serde::{Deserialize, Serialize};

use crate::named::named;

named! {
    /// How user and phone of a login belong to this cluster.
    LoginType {
        /// Both are of this cluster.
        Em = "em",
        /// The phone is ours, the user is at home in another cluster.
        Visiting = "visiting",
        /// The user is ours, the phone belongs to another cluster.
        Elsewhere = "elsewhere",
    }
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
    /// Longest text to look for, in characters; the rest is cut off.
    pub const MAX_FIND_CHARS: usize = 128;

    /// A filter on `find`, trimmed and bounded.
    #[must_use]
    pub fn new(find: &str, login_type: Option<LoginType>) -> Self {
        let find = find.trim().chars().take(Self::MAX_FIND_CHARS).collect();
        Self { find, login_type }
    }

    /// The form in which text is compared: without case.
    #[must_use]
    pub fn fold(text: &str) -> String {
        text.to_lowercase()
    }

    /// Whether all logins pass.
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
        let find = Self::fold(&self.find);
        find.is_empty()
            || [user, phone, profile].iter().any(|text| Self::fold(text).contains(&find))
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
    fn a_type_keeps_the_others_out() {
        let filter = LoginFilter::new("john", Some(LoginType::Visiting));
        assert!(filter.matches("john", "SEP1", "desk", LoginType::Visiting));
        assert!(!filter.matches("john", "SEP1", "desk", LoginType::Em));
    }
}
