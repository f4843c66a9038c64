//! Reading the text of elements within bounds.

use terms::NotUnderstood;

use crate::tree::Element;

/// The longest name, id or password, in characters: no stored text of these is longer.
pub const MAX_NAME_CHARS: usize = 256;

/// The text of a required child.
pub(crate) fn required<'a>(
    parent: &'a Element,
    element: &'static str,
    parent_name: &'static str,
) -> Result<&'a str, NotUnderstood> {
    parent.child(element).map(Element::text).ok_or_else(|| missing(element, parent_name))
}

/// The name in an optional child; `None` for an absent or empty child.
pub(crate) fn optional(
    parent: &Element,
    element: &'static str,
) -> Result<Option<String>, NotUnderstood> {
    let text = parent.child(element).map(Element::text).filter(|text| !text.is_empty());
    text.map(|text| name(text.to_owned(), element)).transpose()
}

/// A text that may be a name, without control characters and of at most [`MAX_NAME_CHARS`].
pub(crate) fn name(text: String, element: &'static str) -> Result<String, NotUnderstood> {
    bounded(plain(text, element)?, element)
}

/// A text without control characters.
pub(crate) fn plain(text: String, element: &'static str) -> Result<String, NotUnderstood> {
    if text.contains(char::is_control) {
        return Err(NotUnderstood::ControlCharacter { element: element.into() });
    }
    Ok(text)
}

/// A text of at most [`MAX_NAME_CHARS`] characters.
pub(crate) fn bounded(text: String, element: &'static str) -> Result<String, NotUnderstood> {
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(NotUnderstood::TooLong { element: element.into() });
    }
    Ok(text)
}

/// The reason for refusing a message without a required element.
pub(crate) fn missing(element: &'static str, parent: &'static str) -> NotUnderstood {
    NotUnderstood::Missing { element: element.into(), parent: parent.into() }
}
