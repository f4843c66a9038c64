//! A text on one line.

use terms::FieldProblem;

use crate::admin::file::MAX_CHARS;

/// A text on one line, as people read it.
pub(super) fn one_line(text: &str) -> Result<String, FieldProblem> {
    if text.chars().count() > MAX_CHARS || text.chars().any(char::is_control) {
        return Err(FieldProblem::NotALine);
    }
    Ok(text.to_owned())
}
