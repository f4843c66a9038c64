//! Letters from the number keys: repeated presses of a key select its next letter.

/// The time within which a repeated press selects the next letter, in milliseconds.
const COMMITS_AFTER_MS: f64 = 800.0;

/// The characters that a field accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Letters, lower case first.
    Letters,
    /// Capital letters.
    Capitals,
    /// Digits only.
    Digits,
    /// Digits with `*` and `#`.
    Telephone,
}

/// The kind of a field, from the phone's input flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldKind {
    /// The characters that the field accepts.
    pub takes: Takes,
    /// Whether typed characters are hidden.
    pub is_secret: bool,
}

impl FieldKind {
    /// Reads flags such as `L` or `NP`.
    pub fn read(flags: &str) -> Self {
        let has = |flag: char| flags.chars().any(|one| one.eq_ignore_ascii_case(&flag));
        let takes = if has('T') {
            Takes::Telephone
        } else if has('N') {
            Takes::Digits
        } else if has('U') {
            Takes::Capitals
        } else {
            Takes::Letters
        };
        Self { takes, is_secret: has('P') }
    }

    /// Whether the field accepts no letters.
    pub fn is_numeric(self) -> bool {
        matches!(self.takes, Takes::Digits | Takes::Telephone)
    }

    /// The characters of a key, in the order of the presses.
    fn of_key(self, key: char) -> Vec<char> {
        let is_sign = matches!(key, '*' | '#');
        match self.takes {
            Takes::Digits if is_sign => Vec::new(),
            Takes::Digits | Takes::Telephone => vec![key],
            Takes::Letters => letters(key).chars().collect(),
            Takes::Capitals => letters(key).to_ascii_uppercase().chars().collect(),
        }
    }
}

/// The letters and other characters of a key.
fn letters(key: char) -> &'static str {
    match key {
        '0' => "0 ",
        '1' => ".@-_1",
        '2' => "abc2",
        '3' => "def3",
        '4' => "ghi4",
        '5' => "jkl5",
        '6' => "mno6",
        '7' => "pqrs7",
        '8' => "tuv8",
        '9' => "wxyz9",
        '*' => "*",
        '#' => "#",
        _ => "",
    }
}

/// The last pressed key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct MultiTap {
    last: Option<(char, usize, f64)>,
}

impl MultiTap {
    /// Types a key into a text, at a time in milliseconds.
    pub fn press(&mut self, text: &mut String, kind: FieldKind, key: char, at_ms: f64) {
        let letters = kind.of_key(key);
        if letters.is_empty() {
            return;
        }
        let again = self.last.filter(|(last, _, then)| {
            *last == key && letters.len() > 1 && at_ms - then <= COMMITS_AFTER_MS
        });
        let index = again.map_or(0, |(_, index, _)| (index + 1) % letters.len());
        if again.is_some() {
            text.pop();
        }
        text.push(letters[index]);
        self.last = Some((key, index, at_ms));
    }

    /// Ends the selection of a letter: the next press types a new letter.
    pub fn commit(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Presses keys, each at its time, in a field with these flags.
    fn typed(flags: &str, presses: &[(char, f64)]) -> String {
        let (mut taps, mut text) = (MultiTap::default(), String::new());
        for (key, at_ms) in presses {
            taps.press(&mut text, FieldKind::read(flags), *key, *at_ms);
        }
        text
    }

    #[test]
    fn a_key_cycles_through_its_letters() {
        let presses: Vec<_> = (0_u32..5).map(|count| ('2', f64::from(count) * 100.0)).collect();
        for (count, text) in [(1, "a"), (2, "b"), (3, "c"), (4, "2"), (5, "a")] {
            assert_eq!(typed("L", &presses[..count]), text);
        }
        assert_eq!(typed("U", &presses[..2]), "B");
        assert_eq!(typed("", &presses[..1]), "a");
    }

    #[test]
    fn a_letter_stays_after_a_while_or_at_another_key() {
        assert_eq!(typed("A", &[('2', 0.0), ('2', 800.0)]), "b");
        assert_eq!(typed("A", &[('2', 0.0), ('2', 801.0)]), "aa");
        assert_eq!(typed("A", &[('5', 0.0), ('6', 9.0), ('4', 18.0)]), "jmg");
    }

    #[test]
    fn a_letter_that_was_committed_stays() {
        let (mut taps, mut text) = (MultiTap::default(), String::new());
        taps.press(&mut text, FieldKind::read("L"), '7', 0.0);
        taps.commit();
        taps.press(&mut text, FieldKind::read("L"), '7', 1.0);
        assert_eq!(text, "pp");
    }

    #[test]
    fn digits_are_typed_at_once() {
        let presses = [('1', 0.0), ('1', 1.0), ('#', 2.0), ('0', 3.0)];
        assert_eq!(typed("NP", &presses), "110");
        assert_eq!(typed("T", &presses), "11#0");
        assert!(FieldKind::read("NP").is_secret);
        assert!(!FieldKind::read("L").is_secret);
    }
}
