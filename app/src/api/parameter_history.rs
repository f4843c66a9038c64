//! The history of the service parameters, and the return of a value.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::Parameter;

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, LastChange, Refused, SaveOutcome, Shown};

/// One change in the history of the service parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterChangeRow {
    /// The number of the change.
    pub number: u64,
    /// The parameter.
    pub parameter: Parameter,
    /// The value before the change.
    pub from: String,
    /// The value after the change.
    pub to: String,
    /// The value in force.
    pub current: String,
    /// The author and the time.
    pub last: LastChange,
}

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterHistory {
    /// The changes, the latest first.
    pub rows: Vec<ParameterChangeRow>,
    /// The number of all changes.
    pub total: u64,
    /// Whether the viewer may restore values.
    pub may_change: bool,
    /// The answer to the last return by a form without JavaScript.
    pub answered: Option<Returned>,
}

/// The result of a value's return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The number of the change to undo.
    pub number: u64,
    /// The parameter.
    pub parameter: Parameter,
    /// The value to restore.
    pub value: String,
    /// The value that the page showed as the value in force.
    pub seen: String,
    /// The result.
    pub outcome: SaveOutcome,
}

/// A page of the history; the first page is 0.
///
/// # Errors
/// As [`super::read_parameters`].
#[server(prefix = "/call", endpoint = "parameter-history", output = Json)]
pub async fn read_parameter_history(page: u32) -> Result<ParameterHistory, Refused> {
    console().parameter_history(page).await
}

/// Restores the value that a parameter had before a change.
///
/// # Errors
/// As [`super::SaveParameters`].
#[server(prefix = "/call", endpoint = "return-parameter", output = Json)]
pub async fn return_parameter(
    /// The number of the change.
    number: u64,
    /// The value that the page showed as the value in force.
    #[server(default)]
    seen: String,
    /// The impact that the form has shown.
    #[server(default)]
    shown: Shown,
    /// Why the administrator restores the value.
    #[server(default)]
    note: String,
) -> Result<Returned, Refused> {
    console().return_parameter(number, seen, shown, note).await
}
