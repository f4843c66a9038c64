//! Lines and speed dials as text: one on each line, number and label with a blank between them.

use terms::FieldProblem;

use super::line::one_line;

/// A number and its label.
type Labelled = (String, String);

/// The text of numbers with their labels. A number with a blank stands in quotation marks.
pub(super) fn text<'a>(numbers: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let line = |(number, label): (&str, &str)| {
        let needs_marks = number.contains(char::is_whitespace) || number.starts_with('"');
        let number = if needs_marks {
            format!("\"{}\"", number.replace('"', "\"\""))
        } else {
            number.to_owned()
        };
        format!("{number} {label}").trim_end().to_owned()
    };
    numbers.map(line).collect::<Vec<_>>().join("\n")
}

/// Reads the text of numbers with their labels.
pub(super) fn read(text: &str) -> Result<Vec<Labelled>, FieldProblem> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| labelled(line.trim(), number)).collect()
}

/// Reads the line of the text with this number.
fn labelled(line: &str, at: u32) -> Result<Labelled, FieldProblem> {
    let (number, label) = match line.strip_prefix('"') {
        None => match line.split_once(char::is_whitespace) {
            Some((number, label)) => (number.to_owned(), label),
            None => (line.to_owned(), ""),
        },
        Some(quoted) => {
            let end = end_of_quoted(quoted).ok_or(FieldProblem::NoNumber(at))?;
            (quoted[..end].replace("\"\"", "\""), &quoted[end + 1..])
        }
    };
    if number.trim().is_empty() {
        return Err(FieldProblem::NoNumber(at));
    }
    Ok((one_line(&number)?, one_line(label.trim())?))
}

/// The place of the mark that ends a quoted number; two marks are one mark of the number.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find('"')?;
        if !text[at + 1..].starts_with('"') {
            return Some(at);
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_their_text() {
        let numbers = [
            ("2001", "John"),
            ("2002", ""),
            ("+82 2 123", "Front desk, \"west\""),
            ("\"*\"9", "x"),
            ("a", "회의실 3"),
        ];
        let written = text(numbers.into_iter());
        assert_eq!(
            written,
            "2001 John\n2002\n\"+82 2 123\" Front desk, \"west\"\n\"\"\"*\"\"9\" x\na 회의실 3"
        );
        let back = read(&written.replace('\n', "\r\n\r\n")).unwrap();
        let back: Vec<_> = back.iter().map(|(number, label)| (&**number, &**label)).collect();
        assert_eq!(back, numbers);
    }

    #[test]
    fn a_line_without_a_number_is_told_by_its_place() {
        assert_eq!(read("1 a\n\n\"2 b"), Err(FieldProblem::NoNumber(3)));
        assert_eq!(read("\"\" x"), Err(FieldProblem::NoNumber(1)));
        assert_eq!(read(&format!("1 {}", "x".repeat(257))), Err(FieldProblem::NotALine));
        assert_eq!(read(" \r\n"), Ok(vec![]));
    }
}
