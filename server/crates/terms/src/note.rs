//! The note that an administrator leaves with a change.

/// Why a change was made, in the words of its administrator: one line, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// The greatest length in characters.
    pub const MAX_CHARS: usize = 200;

    /// A note as typed, without the spaces around it; `None` if it is too long or has control characters.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_good =
            text.chars().count() <= Self::MAX_CHARS && !text.chars().any(char::is_control);
        is_good.then(|| Self(text.to_owned()))
    }

    /// The text; empty without a note.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_of_at_most_two_hundred_characters() {
        let note = |text: &str| Note::typed(text).map(|note| note.as_str().to_owned());
        assert_eq!(note("  Ticket 4711 \n").as_deref(), Some("Ticket 4711"));
        assert_eq!(note(" ").as_deref(), Some(""));
        assert_eq!(note(&"김".repeat(200)), Some("김".repeat(200)));
        assert_eq!(note(&"김".repeat(201)), None);
        assert_eq!(note("one\ntwo"), None);
    }
}
