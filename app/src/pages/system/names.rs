//! The ids of the fields, and values as they are shown.

use leptos::prelude::*;
use terms::{Definition, Parameter};

/// The id of a parameter's field.
pub(super) fn field_id(line: &Definition) -> String {
    format!("p{}", line.parameter as usize)
}

/// The parameter whose field has the focus.
pub(super) fn focused() -> Option<Parameter> {
    let id = document().active_element()?.id();
    Parameter::ALL.iter().find(|line| field_id(line) == id).map(|line| line.parameter)
}

/// A value; a dash stands for an empty one.
pub(super) fn shown(value: &str) -> String {
    if value.is_empty() { "—".to_owned() } else { value.to_owned() }
}
