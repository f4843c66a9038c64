//! Importing records from a file: the pieces of the file, its judged rows, and the report.

use std::sync::{Arc, atomic::Ordering};

use app::api::{
    IMPORT_ROWS, ImportIntent, ImportPage, ImportRowView, ImportShow, ImportState, Refused,
    Verdict as View, import_url,
};
use axum::{
    Form,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use terms::{Named, RecordKind, Role};

use super::{
    Web, csv,
    imports::{File, PieceRefused, Running, Stage, State as At},
    request::{ConsoleRequest, refused, status},
};
use crate::admin::{Admin, Caller, FieldChange, ImportCounts, ImportRow, Verdict};

/// The longest name of a file that is kept, in characters.
const NAME_CHARS: usize = 120;

/// The piece of a file that a script sends.
#[derive(Deserialize)]
pub(super) struct Piece {
    /// The name of the file.
    file: String,
    /// The number of the piece, from 0.
    number: usize,
    /// Whether the file is whole with this piece.
    #[serde(default)]
    last: bool,
}

/// Rows that somebody has pasted.
#[derive(Deserialize)]
pub(super) struct Pasted {
    #[serde(default)]
    text: String,
    #[serde(default, rename = "shown-to")]
    shown_to: String,
}

/// Takes a piece of a file; with the last piece, the rows are judged.
pub(super) async fn piece(
    State(web): State<Web>,
    caller: Caller,
    Path(kind): Path<String>,
    Query(Piece { file, number, last }): Query<Piece>,
    body: Bytes,
) -> Response {
    let Some(kind) = RecordKind::from_name(&kind) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !caller.may(Role::Administrator) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let file: String = file.chars().take(NAME_CHARS).collect();
    let added = web.imports.add(caller.name(), kind, (&file, number), &body, web.admin.now());
    if let Err(refused) = added {
        return match refused {
            PieceRefused::Busy => StatusCode::SERVICE_UNAVAILABLE,
            PieceRefused::OutOfOrder => StatusCode::CONFLICT,
            PieceRefused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
        .into_response();
    }
    match if last { judge(&web, &caller, kind).await } else { Ok(()) } {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => status(&refused).into_response(),
    }
}

/// Takes pasted rows, and goes to the page that shows what an import would do.
pub(super) async fn paste(
    State(web): State<Web>,
    caller: Caller,
    Path(kind): Path<String>,
    Form(Pasted { text, shown_to }): Form<Pasted>,
) -> Response {
    let Some(kind) = RecordKind::from_name(&kind) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let back = Redirect::to(&import_url(kind, ImportShow::default()));
    if !caller.may(Role::Administrator) || !caller.is(&shown_to) {
        return back.into_response();
    }
    let added = web.imports.add(caller.name(), kind, ("", 0), text.as_bytes(), web.admin.now());
    if added.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match judge(&web, &caller, kind).await {
        Ok(()) => back.into_response(),
        Err(refused) => status(&refused).into_response(),
    }
}

async fn judge(web: &Web, caller: &Caller, kind: RecordKind) -> Result<(), Refused> {
    let bytes = web.imports.take(caller.name()).ok_or(Refused::Unavailable)?;
    let judged = web.admin.judge_import(caller, kind, &bytes).await.map_err(refused)?;
    let stage = match judged {
        Ok(import) => Stage::Judged(Arc::new(Running::new(import))),
        Err(problem) => Stage::Refused(problem),
    };
    web.imports.keep(caller.name(), stage);
    Ok(())
}

/// What has become of each row, as CSV.
pub(super) async fn report(
    State(web): State<Web>,
    caller: Caller,
    Path(kind): Path<String>,
) -> Response {
    let kind = RecordKind::from_name(&kind);
    let file = kind.and_then(|kind| web.imports.of(caller.name(), kind, web.admin.now()));
    let Some(File { stage: Stage::Judged(running), .. }) = file else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let refused = running.refused_lines();
    let done = running.done.load(Ordering::Relaxed);
    let mut wanted = 0;
    let rows = running.import.rows.iter().map(|row| {
        let is_wanted = matches!(row.verdict, Verdict::New | Verdict::Changed(_));
        wanted += usize::from(is_wanted);
        let outcome = match &row.verdict {
            _ if refused.contains(&row.line) => "refused",
            Verdict::New if wanted <= done => "added",
            Verdict::Changed(_) if wanted <= done => "changed",
            Verdict::New | Verdict::Changed(_) => "waiting",
            Verdict::Same => "same",
            Verdict::Wrong(_) => "wrong",
        };
        let problem = match &row.verdict {
            Verdict::Wrong(problem) => format!("{problem:?}"),
            _ => String::new(),
        };
        vec![row.line.to_string(), row.name.clone(), outcome.to_owned(), problem]
    });
    csv::whole("import-report.csv", "line,name,outcome,problem\r\n", rows)
}

impl ConsoleRequest {
    pub(super) async fn import(
        &self,
        kind: RecordKind,
        show: ImportShow,
    ) -> Result<ImportPage, Refused> {
        let caller = self.caller().await?;
        if !caller.may(Role::Administrator) {
            return Err(Refused::NotAllowed);
        }
        Ok(page(self.imports.of(caller.name(), kind, self.admin.now()), show))
    }

    pub(super) async fn change_import(
        &self,
        kind: RecordKind,
        intent: ImportIntent,
    ) -> Result<(), Refused> {
        let caller = self.caller().await?;
        let file = self.imports.of(caller.name(), kind, self.admin.now());
        let Some(File { stage: Stage::Judged(running), .. }) = file else {
            return Err(Refused::NotFound);
        };
        match intent {
            ImportIntent::Begin => begin(&self.admin, &caller, &running),
            ImportIntent::Cancel => {
                running.cancel();
                Ok(())
            }
        }
    }
}

fn begin(admin: &Admin, caller: &Caller, running: &Arc<Running>) -> Result<(), Refused> {
    if !caller.may(Role::Administrator) {
        return Err(Refused::NotAllowed);
    }
    // A second click begins nothing.
    if running.begin() {
        let import = Arc::clone(&running.import);
        admin.begin_import(caller, import, Arc::clone(running) as _).map_err(refused)?;
    }
    Ok(())
}

fn page(file: Option<File>, show: ImportShow) -> ImportPage {
    let Some(File { name, stage }) = file else { return ImportPage::default() };
    let running = match stage {
        Stage::Arriving(..) => return ImportPage::default(),
        Stage::Refused(problem) => {
            return ImportPage { file: name, problem: Some(problem), ..ImportPage::default() };
        }
        Stage::Judged(running) => running,
    };
    let ImportCounts { new, changed, same, wrong } = running.import.counts();
    let is_shown = |row: &&ImportRow| match show {
        ImportShow::Wrong => matches!(row.verdict, Verdict::Wrong(_)),
        ImportShow::New => row.verdict == Verdict::New,
        ImportShow::Changed => matches!(row.verdict, Verdict::Changed(_)),
        ImportShow::Same => row.verdict == Verdict::Same,
    };
    let rows = running.import.rows.iter().filter(is_shown).take(IMPORT_ROWS);
    ImportPage {
        file: name,
        problem: None,
        counts: [wrong, new, changed, same],
        state: match running.state() {
            At::Waiting => ImportState::Judged,
            At::Running => ImportState::Running,
            At::Done => ImportState::Done,
            At::Cancelled => ImportState::Cancelled,
            At::BrokenOff => ImportState::BrokenOff,
        },
        done: running.done.load(Ordering::Relaxed) as u64,
        refused: running.refused_lines().len() as u64,
        rows: rows.map(row).collect(),
    }
}

fn row(row: &ImportRow) -> ImportRowView {
    let verdict = match &row.verdict {
        Verdict::New => View::New,
        Verdict::Same => View::Same,
        Verdict::Wrong(problem) => View::Wrong(problem.clone()),
        Verdict::Changed(changes) => {
            let change =
                |change: &FieldChange| (change.field, change.from.clone(), change.to.clone());
            View::Changed(changes.iter().map(change).collect())
        }
    };
    ImportRowView { line: row.line, name: row.name.clone(), verdict }
}
