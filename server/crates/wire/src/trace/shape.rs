//! Templates of messages: text with named placeholders, which the writer fills and the reader finds.

use std::fmt::{self, Write};

use super::blanks;

/// A template such as `{request}: authenticate pin for {user}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template(pub(super) &'static str);

/// A part of a template.
enum Part {
    Text(&'static str),
    Place(&'static str),
}

impl Template {
    /// Fills the placeholders with values, in their order.
    pub(super) fn fill(self, values: &[&dyn fmt::Display]) -> String {
        let mut text = String::with_capacity(self.0.len() + 16 * values.len());
        self.fill_into(&mut text, values.iter().copied());
        text
    }

    /// Fills the placeholders, and appends the result to `text`.
    pub(super) fn fill_into<'a>(
        self,
        text: &mut String,
        values: impl IntoIterator<Item = &'a dyn fmt::Display>,
    ) {
        let mut values = values.into_iter();
        for part in self.parts() {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Place(name) => {
                    let value = values.next();
                    debug_assert!(value.is_some(), "{}: a value is missing", self.0);
                    let Some(value) = value else { continue };
                    // Writing to a String can't fail.
                    let _ = match name {
                        "answer" => write!(text, "{value}"),
                        _ => write!(OneLine(text), "{value}"),
                    };
                }
            }
        }
        debug_assert!(values.next().is_none(), "{}: a value too many", self.0);
    }

    /// The values of the placeholders, without the blanks around them, if the text matches the template: the
    /// shortest value for each placeholder, and digits for a placeholder that is a number.
    pub(super) fn read(self, text: &str) -> Option<Vec<(&'static str, &str)>> {
        let mut values = Vec::new();
        let mut rest = text;
        let mut open: Option<&'static str> = None;
        for part in self.parts() {
            match (part, open.take()) {
                (Part::Place(name), _) => open = Some(name),
                (Part::Text(part), None) => rest = &rest[blanks::prefix(rest, part)?..],
                (Part::Text(part), Some(name)) => {
                    let (value, behind) = split(name, rest, part)?;
                    values.push((name, value.trim()));
                    rest = behind;
                }
            }
        }
        let rest = rest.trim();
        match open {
            Some(name) if !is_number(name) || is_digits(rest) => values.push((name, rest)),
            None if rest.is_empty() => {}
            _ => return None,
        }
        Some(values)
    }

    /// The number of placeholders.
    pub(super) fn places(self) -> usize {
        self.parts().filter(|part| matches!(part, Part::Place(_))).count()
    }

    fn parts(self) -> impl Iterator<Item = Part> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let place = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let (part, end) = if let Some((name, _)) = place {
                (Part::Place(name), name.len() + 2)
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                (Part::Text(&rest[..end]), end)
            };
            rest = &rest[end..];
            Some(part)
        })
    }
}

/// The value of a placeholder at the beginning of a text, and the text behind the part that ends the value.
fn split<'a>(name: &str, text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    if is_number(name) {
        let (number, behind) = text.trim_start().split_at(digits(text.trim_start()));
        let end = blanks::prefix(behind, part)?;
        return (!number.is_empty()).then(|| (number, &behind[end..]));
    }
    let (end, behind) = blanks::find(text, part)?;
    Some((&text[..end], &text[behind..]))
}

/// Whether a placeholder of this name takes only a number.
fn is_number(name: &str) -> bool {
    matches!(name, "request" | "remote" | "code" | "number" | "millis" | "seconds")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && digits(text) == text.len()
}

/// The length of the number with which a text begins.
fn digits(text: &str) -> usize {
    let sign = usize::from(text.starts_with('-'));
    match text[sign..].bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        count => sign + count,
    }
}

/// Writes everything on one line.
struct OneLine<'a>(&'a mut String);

impl Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
            self.0.push_str(text);
        } else {
            self.0.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: Template = Template("{request}: Dev: {device}- Error# {code}-{answer}");

    #[test]
    fn what_is_filled_in_is_read_back() {
        let text = TEMPLATE.fill(&[&7, &"SEP1", &25, &"no - really"]);
        assert_eq!(text, "7: Dev: SEP1- Error# 25-no - really");
        let values =
            [("request", "7"), ("device", "SEP1"), ("code", "25"), ("answer", "no - really")];
        assert_eq!(TEMPLATE.read(&text), Some(values.to_vec()));
        assert_eq!(TEMPLATE.read("x: Dev: SEP1- Error# 25-no"), None);
        assert_eq!(TEMPLATE.read("7: Dev: SEP1"), None);
        assert_eq!(Template("done").read("done "), Some(Vec::new()));
        assert_eq!(Template("done").read("done it"), None);
        assert_eq!(Template("{number}").read("7"), Some(vec![("number", "7")]));
        assert_eq!(Template("{number}").read(""), None);
    }

    #[test]
    fn an_empty_value_and_one_with_blanks_around_are_read() {
        let template = Template("User: {user} Password:  Locale: {number} {charset}");
        let read = |text| template.read(text).map(|values| values.into_iter().map(|(_, v)| v));
        let values = |text| read(text).unwrap().collect::<Vec<_>>();
        assert_eq!(values("User: ann Password:  Locale: 1 utf-8"), ["ann", "1", "utf-8"]);
        assert_eq!(values("User:  Password:  Locale: -1"), ["", "-1", ""]);
        assert_eq!(values(" User :ann  Password: Locale:1\tutf-8 "), ["ann", "1", "utf-8"]);
        assert!(read("User: annPassword: Locale: 1 utf-8").is_none());
        assert!(read("User: ann Password:  Locale: one utf-8").is_none());
    }

    #[test]
    fn only_an_answer_has_several_lines() {
        let text = TEMPLATE.fill(&[&7, &"SEP1\n2019-01-26 ", &25, &"a\nb"]);
        assert_eq!(text, "7: Dev: SEP1 2019-01-26 - Error# 25-a\nb");
    }
}
