//! Importing a file of records: it is read and judged against the stored records, and then applied.

mod apply;
mod judge;
mod read;

use terms::{RecordField, RecordKind, RowProblem};

pub use read::MAX_IMPORT_BYTES;

/// A file whose rows are judged.
pub struct Import {
    /// The kind of the records.
    pub kind: RecordKind,
    /// The fields of the cells, in the order of the file.
    fields: Vec<RecordField>,
    /// The rows.
    pub rows: Vec<ImportRow>,
}

/// A row of a file.
pub struct ImportRow {
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    /// The name of the record.
    pub name: String,
    /// What an import does with the row.
    pub verdict: Verdict,
    cells: csv::StringRecord,
}

/// What an import does with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It adds the record.
    New,
    /// It changes these fields; a secret that the row gives has empty texts.
    Changed(Vec<FieldChange>),
    /// Nothing: the record has these values.
    Same,
    /// Nothing: the row is wrong.
    Wrong(RowProblem),
}

/// A field that a row changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: RecordField,
    /// The stored text.
    pub from: String,
    /// The text of the row.
    pub to: String,
}

/// The number of rows of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Records that are added.
    pub new: u64,
    /// Records that are changed.
    pub changed: u64,
    /// Records that have the values already.
    pub same: u64,
    /// Wrong rows.
    pub wrong: u64,
}

impl Import {
    /// The number of rows of each verdict.
    #[must_use]
    pub fn counts(&self) -> ImportCounts {
        let mut counts = ImportCounts::default();
        for row in &self.rows {
            *match row.verdict {
                Verdict::New => &mut counts.new,
                Verdict::Changed(_) => &mut counts.changed,
                Verdict::Same => &mut counts.same,
                Verdict::Wrong(_) => &mut counts.wrong,
            } += 1;
        }
        counts
    }
}

/// The progress of applying a file, and whether to stop.
pub trait ImportProgress: Send + Sync {
    /// The first `rows` of the rows that are new or changed are done.
    fn applied(&self, rows: usize);

    /// The store has refused the rows on these lines.
    fn refused(&self, lines: &[u64]);

    /// The work is over: all rows are done, or it was cancelled, or it broke off.
    fn finished(&self, is_whole: bool);

    /// Whether to stop before the next rows.
    fn is_cancelled(&self) -> bool;
}
