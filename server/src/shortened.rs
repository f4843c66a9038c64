//! The beginning of a text that a stranger has sent.

/// The most characters that are kept.
const MAX_CHARS: usize = 64;

/// The beginning of a text that a stranger has sent, on one line.
pub(crate) fn shortened(text: &str) -> String {
    let mut all = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = all.by_ref().take(MAX_CHARS).collect();
    if all.next().is_some() {
        short.push('…');
    }
    short
}
