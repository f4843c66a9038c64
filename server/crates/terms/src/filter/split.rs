//! Typed text, split into tokens.

/// Quotation marks, also those that editors set by themselves.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂')
}

/// The tokens of a text: between blanks, but a quoted text is part of one token. A quotation mark without its
/// partner quotes the rest of the text.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let (mut tokens, mut start, mut quoted) = (Vec::new(), None, false);
    for (at, c) in text.char_indices() {
        if is_quote(c) {
            quoted = !quoted;
        }
        match start {
            Some(from) if c.is_whitespace() && !quoted => {
                tokens.push(&text[from..at]);
                start = None;
            }
            None if !c.is_whitespace() => start = Some(at),
            _ => {}
        }
    }
    tokens.extend(start.map(|from| &text[from..]));
    tokens
}

/// A token without its quotation marks.
pub(super) fn unquoted(token: &str) -> String {
    token.chars().filter(|c| !is_quote(*c)).collect()
}
