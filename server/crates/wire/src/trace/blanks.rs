//! Matching of texts whose blanks may differ. Releases of the original differ in the blanks beside punctuation,
//! and a printed form loses some: beside punctuation a blank may be missing or surplus. Between words there is
//! at least one blank, and the end of a line is a blank.

/// The number of bytes at the beginning of `text` that match `part`.
pub(super) fn prefix(text: &str, part: &str) -> Option<usize> {
    let (mut end, mut part) = (0, part);
    let mut last = None;
    loop {
        let (wanted, found) = (part.trim_start(), text[end..].trim_start());
        let is_wanted = wanted.len() < part.len();
        let is_found = end + found.len() < text.len();
        let Some(next) = wanted.chars().next() else {
            let joined = is_wanted && !is_found && !found.is_empty();
            return (!joined || !last.is_some_and(is_word)).then_some(end);
        };
        let differs = is_wanted != is_found && last.is_some_and(is_word) && is_word(next);
        if differs || !found.starts_with(next) {
            return None;
        }
        end = text.len() - found.len() + next.len_utf8();
        (last, part) = (Some(next), &wanted[next.len_utf8()..]);
    }
}

/// Finds `part` behind a value in `text`: the end of the value, and the end of the first match.
pub(super) fn find(text: &str, part: &str) -> Option<(usize, usize)> {
    let Some(first) = part.trim_start().chars().next() else {
        let begin = text.len() - text.trim_start().len();
        let end = text[begin..].find(char::is_whitespace).map_or(text.len(), |at| begin + at);
        return Some((end, end));
    };
    let needs_blank = part.starts_with(char::is_whitespace) && is_word(first);
    text.match_indices(first).find_map(|(at, _)| {
        let end = text[..at].trim_end().len();
        let length = prefix(&text[at..], part)?;
        (end < at || !needs_blank).then_some((end, at + length))
    })
}

fn is_word(one: char) -> bool {
    one.is_alphanumeric() || one == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_beside_punctuation_is_there_or_not() {
        for text in ["7: Service: x", "7:Service:x", "7 : Service :\r\n\r\nx", "7:\tService:  x"] {
            let (number, behind) = find(text, ": Service: ").unwrap();
            assert_eq!((&text[..number], text[behind..].trim_start()), ("7", "x"), "{text:?}");
        }
    }

    #[test]
    fn words_stay_apart() {
        assert_eq!(prefix("login  page for x", "login page for "), Some(15));
        assert_eq!(prefix("loginpage for x", "login page for "), None);
        assert_eq!(prefix("log in page for x", "login page for "), None);
        assert_eq!(prefix("login page forx", "login page for "), None);
        assert_eq!(prefix("login page for", "login page for "), Some(14), "an empty value");
        assert_eq!(find("pat at SEP1", " at "), Some((3, 6)));
        assert_eq!(find("pat", " at "), None);
    }

    #[test]
    fn a_part_of_blanks_alone_ends_a_word() {
        assert_eq!(find(" 0.8 utf-8", " "), Some((4, 4)));
        assert_eq!(find("0.8", " "), Some((3, 3)));
    }
}
