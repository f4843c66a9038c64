//! Texts that a spreadsheet would take for formulas.

/// The characters with which a spreadsheet begins a formula, in each width.
const BEGINS: [char; 14] =
    ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];

/// The text as a cell that no spreadsheet takes for a formula: an apostrophe stands in front where one could.
pub(crate) fn guarded(text: String) -> String {
    if text.starts_with(BEGINS) { format!("'{text}") } else { text }
}

/// The text of a guarded cell.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(BEGINS) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guarded_cell_comes_back() {
        for text in ["+82 2 123", "=1", "＝1", "'x", "2001", "", "-"] {
            assert_eq!(unguarded(&guarded(text.to_owned())), text);
        }
        for formula in ["=1", "+1", "-1", "@a", "\t=1", "＝1", "＋1", "－1", "＠a", "﹦1"] {
            assert_eq!(guarded(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(guarded("1＝1".to_owned()), "1＝1");
    }
}
