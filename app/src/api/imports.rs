//! Importing records from a file.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::{ImportProblem, Named, RecordField, RecordKind, RowProblem};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};
use crate::address::address;

/// The most rows of a file that the page shows.
pub const IMPORT_ROWS: usize = 200;

/// The rows of a file that the page shows, by their name in the URL.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum ImportShow {
    /// Rows that are wrong.
    #[default]
    Wrong,
    /// Rows that add a record.
    New,
    /// Rows that change a record.
    Changed,
    /// Rows whose record has these values.
    Same,
}

impl Named for ImportShow {}

/// The state of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportState {
    /// There is no file.
    #[default]
    None,
    /// The rows are judged, and nothing is applied.
    Judged,
    /// Rows are being applied.
    Running,
    /// All rows are applied, except refused ones.
    Done,
    /// An administrator stopped it.
    Cancelled,
    /// It broke off.
    BrokenOff,
}

/// An import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPage {
    /// The name of the file; empty for pasted rows.
    pub file: String,
    /// Why the file can't be imported.
    pub problem: Option<ImportProblem>,
    /// The numbers of rows, in the order of [`ImportShow`].
    pub counts: [u64; 4],
    /// The state.
    pub state: ImportState,
    /// The number of rows that are applied or refused.
    pub done: u64,
    /// The number of rows that the store has refused.
    pub refused: u64,
    /// The first rows to show, at most [`IMPORT_ROWS`].
    pub rows: Vec<ImportRowView>,
}

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRowView {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The name of the record.
    pub name: String,
    /// What an import does with the row.
    pub verdict: Verdict,
}

/// What an import does with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It adds the record.
    New,
    /// It changes these fields: field, stored text, text of the row. The texts of a secret are empty.
    Changed(Vec<(RecordField, String, String)>),
    /// Nothing.
    Same,
    /// Nothing: the row is wrong.
    Wrong(RowProblem),
}

/// An operation on an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportIntent {
    /// Apply the rows.
    Begin,
    /// Stop applying the rows.
    Cancel,
}

/// The address of the import of records of a kind.
#[must_use]
pub fn import_url(kind: RecordKind, show: ImportShow) -> String {
    let shown = if show == ImportShow::default() { "" } else { show.name() };
    let pairs = [("import", "1".to_owned()), ("show", shown.to_owned())];
    address(&format!("/directory/{}", kind.name()), &pairs)
}

/// The import of the administrator who asks.
///
/// # Errors
/// When nobody is signed in, or the role is too low.
#[server(prefix = "/call", endpoint = "import", input = Json, output = Json)]
pub async fn read_import(kind: RecordKind, show: ImportShow) -> Result<ImportPage, Refused> {
    console().import(kind, show).await
}

/// Reads what [`read_import`] reads, for a page that reads itself anew.
/// The call does not count as use of the session.
///
/// # Errors
/// As [`read_import`].
#[server(prefix = "/call", endpoint = "import-anew", input = Json, output = Json)]
pub async fn read_import_anew(kind: RecordKind, show: ImportShow) -> Result<ImportPage, Refused> {
    console().import(kind, show).await
}

/// Applies the rows of an import, or stops applying them.
///
/// # Errors
/// When nobody is signed in, the role is too low, or there is no import.
#[server(prefix = "/call", endpoint = "change-import", output = Json)]
pub async fn change_import(
    /// The kind of the records.
    kind: RecordKind,
    /// The operation.
    intent: ImportIntent,
) -> Result<(), Refused> {
    console().change_import(kind, intent).await
}
