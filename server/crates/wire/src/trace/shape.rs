//! Templates of messages: text with named places, filled when writing and found when reading.

use std::fmt::{self, Write};

/// A template such as `{request}: authenticate pin for {user}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template(pub(super) &'static str);

/// A part of a template.
enum Part {
    Text(&'static str),
    Place(&'static str),
}

impl Template {
    /// Puts values into the places, in their order.
    pub(super) fn fill(self, values: &[&dyn fmt::Display]) -> String {
        let mut text = String::with_capacity(self.0.len() + 16 * values.len());
        self.fill_into(&mut text, values.iter().copied());
        text
    }

    /// Likewise, behind what `text` has already.
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

    /// The values in the places, if the text is of this shape: the shortest for each place, and
    /// digits where the place is a number.
    pub(super) fn read(self, text: &str) -> Option<Vec<(&'static str, &str)>> {
        let mut values = Vec::new();
        let mut rest = text;
        let mut open: Option<&'static str> = None;
        for part in self.parts() {
            match part {
                Part::Place(name) => open = Some(name),
                // An empty value at the end: the blank before it may have been lost.
                Part::Text(part) if rest == part.trim_end() => rest = "",
                Part::Text(part) => {
                    let at = match open {
                        None => rest.starts_with(part).then_some(0)?,
                        Some(_) => rest.find(part)?,
                    };
                    if let Some(name) = open.take() {
                        values.push((name, value(name, &rest[..at])?));
                    }
                    rest = &rest[at + part.len()..];
                }
            }
        }
        match open {
            Some(name) => values.push((name, value(name, rest)?)),
            None if rest.trim().is_empty() => {}
            None => return None,
        }
        Some(values)
    }

    /// How many places it has.
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

/// A value that a place of this name can have.
fn value<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    let number = matches!(name, "request" | "remote" | "code" | "number" | "millis" | "seconds");
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (!number || digits(text.strip_prefix('-').unwrap_or(text))).then_some(text)
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
    }

    #[test]
    fn only_an_answer_has_several_lines() {
        let text = TEMPLATE.fill(&[&7, &"SEP1\n2019-01-26 ", &25, &"a\nb"]);
        assert_eq!(text, "7: Dev: SEP1 2019-01-26 - Error# 25-a\nb");
    }
}
