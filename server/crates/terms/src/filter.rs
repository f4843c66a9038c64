//! Which logins a list shows.

use serde::{Deserialize, Serialize};

/// A filter over open logins. The database applies it to a page, and each tab to each event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginFilter {
    /// Part of a user id, phone name or device profile name; empty for all.
    pub find: String,
}

impl LoginFilter {
    /// Longest text to look for, in characters; the rest is cut off.
    pub const MAX_FIND_CHARS: usize = 128;

    /// A filter on `find`, trimmed and bounded.
    #[must_use]
    pub fn new(find: &str) -> Self {
        Self { find: find.trim().chars().take(Self::MAX_FIND_CHARS).collect() }
    }

    /// The form in which text is compared: without case.
    #[must_use]
    pub fn fold(text: &str) -> String {
        text.to_lowercase()
    }

    /// Whether a login with these names is shown.
    #[must_use]
    pub fn matches(&self, user: &str, phone: &str, profile: &str) -> bool {
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
        let filter = LoginFilter::new("  JoHn ");
        assert!(filter.matches("john", "SEP1", "desk"));
        assert!(filter.matches("jane", "SEP1", "john-UDP"));
        assert!(!filter.matches("jane", "SEP1", "desk"));
        assert!(LoginFilter::default().matches("jane", "SEP1", "desk"));
    }
}
