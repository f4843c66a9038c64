//! Words for an import and its rows.

use terms::{ImportProblem, RecordKind, RowProblem};

use super::super::record::words::{label_of, problem_words as field_problem};
use crate::{
    api::{ImportShow, ImportState, Verdict},
    components::grouped,
    text::{t, use_i18n},
};

/// Why a file can't be imported.
pub(super) fn problem_words(problem: ImportProblem) -> String {
    let i18n = use_i18n();
    match problem {
        ImportProblem::NotText => t!(i18n, import.not_text).to_owned(),
        ImportProblem::TooLarge => t!(i18n, import.too_large).to_owned(),
        ImportProblem::NoRows => t!(i18n, import.no_rows).to_owned(),
        ImportProblem::NoColumn(column) => t!(i18n, import.no_column, column = column),
        ImportProblem::UnknownColumn(column) => t!(i18n, import.unknown_column, column = column),
        ImportProblem::ColumnTwice(column) => t!(i18n, import.column_twice, column = column),
    }
}

/// The rows that the page shows.
pub(super) fn show_words(show: ImportShow) -> &'static str {
    let i18n = use_i18n();
    match show {
        ImportShow::Wrong => t!(i18n, import.wrong),
        ImportShow::New => t!(i18n, import.new_rows),
        ImportShow::Changed => t!(i18n, import.changed),
        ImportShow::Same => t!(i18n, import.same),
    }
}

/// How far an import is.
pub(super) fn state_words(state: ImportState, done: u64, wanted: u64, refused: u64) -> String {
    let i18n = use_i18n();
    let (done, all) = (grouped(done), grouped(wanted));
    let text = match state {
        ImportState::None => return String::new(),
        ImportState::Judged if wanted == 0 => return t!(i18n, import.nothing).to_owned(),
        ImportState::Judged => return t!(i18n, import.judged).to_owned(),
        ImportState::Running => t!(i18n, import.running, done = done, all = all),
        ImportState::Done => t!(i18n, import.done, done = done, all = all),
        ImportState::Cancelled => t!(i18n, import.cancelled, done = done, all = all),
        ImportState::BrokenOff => t!(i18n, import.broken_off, done = done, all = all),
    };
    if refused == 0 {
        return text;
    }
    format!("{text} {}", t!(i18n, import.refused_rows, count = grouped(refused)))
}

/// What an import does with a row.
pub(super) fn verdict_words(kind: RecordKind, verdict: Verdict) -> String {
    let i18n = use_i18n();
    let shown = |text: &str| {
        if text.is_empty() { "—".to_owned() } else { text.replace('\n', ", ") }
    };
    match verdict {
        Verdict::New => t!(i18n, import.is_new).to_owned(),
        Verdict::Same => t!(i18n, import.is_same).to_owned(),
        Verdict::Changed(changes) => {
            let change = |(field, from, to): (_, String, String)| {
                let label = label_of(kind, field);
                match (from.is_empty(), to.is_empty()) {
                    // A secret, whose texts are not shown.
                    (true, true) => label.to_owned(),
                    _ => format!("{label}: {} → {}", shown(&from), shown(&to)),
                }
            };
            changes.into_iter().map(change).collect::<Vec<_>>().join("; ")
        }
        Verdict::Wrong(RowProblem::Field(field, problem)) => {
            format!("{}: {}", label_of(kind, field), field_problem(&problem))
        }
        Verdict::Wrong(RowProblem::TooManyCells) => t!(i18n, import.too_many_cells).to_owned(),
        Verdict::Wrong(RowProblem::Twice(line)) => {
            t!(i18n, import.twice, line = line.to_string())
        }
    }
}
