//! Lists as CSV: the rows that a page would show, all pages of them.

use std::{collections::HashMap, io, sync::Arc};

use app::api::{ArchiveQuery, DirectoryQuery, LoginQuery};
use axum::{
    body::{Body, Bytes},
    extract::{Path, Query, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use engine::{AuditRow, EndedLogin, Login, RefusalRow, UtcMillis};
use futures::{Stream, StreamExt, stream};
use jiff::Timestamp;
use terms::{ErrorCode, Named, RecordKind};
use tower_sessions::Session;

use super::{
    Web,
    archive::{audit_query, history_query, refusal_query},
    choices::back_of,
    directory::names_after,
    logins::filter,
    reader::Reader,
};
use crate::admin::{AdminError, Caller, Record, guarded};

/// Rows that are read at a time; no more of a file is ever in memory.
const CHUNK_ROWS: u32 = 2_000;

const LOGINS: &str =
    "user,phone,description,model,profile,type,since,until,began_by_kind,began_by,address\r\n";
const HISTORY: &str = "user,phone,profile,type,from,until,cause,ended_by_kind,ended_by,reason\r\n";
const AUDIT: &str = "at,by_kind,by,address,action,subject,detail\r\n";
const REFUSALS: &str = "first,last,times,code,error,why,user,phone,held_by,by_kind,by,address\r\n";

/// The query of a page's URL.
type Parameters = Query<HashMap<String, String>>;

/// Goes to the CSV of the list whose page has the link. Other pages have no CSV, and the browser stays on them.
pub(super) async fn this_list(headers: HeaderMap) -> Response {
    let back = back_of(&headers);
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let csv = match path {
        "/" => "/active-logins".to_owned(),
        "/login-history" | "/audit" | "/refusals" => path.to_owned(),
        _ => match path.strip_prefix("/directory/").filter(|kind| !kind.contains('/')) {
            Some(kind) => format!("/records/{kind}"),
            None => return StatusCode::NO_CONTENT.into_response(),
        },
    };
    Redirect::to(&format!("{csv}.csv?{query}")).into_response()
}

/// Active Logins.
pub(super) async fn logins(
    State(web): State<Web>,
    caller: Caller,
    session: Session,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(place) = web.admin.viewers().downloads.take(caller.name()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let query = LoginQuery::from(format!("/?{}", query.unwrap_or_default()));
    let filter = filter(&query.filter).at(web.admin.now().0);
    let wanted = Arc::new((web.admin.clone(), caller, filter));
    let rows = walk(move |from: Option<Login>| {
        let wanted = Arc::clone(&wanted);
        async move {
            let (admin, caller, filter) = &*wanted;
            let logins = admin.walk_logins(caller, filter, from.as_ref(), CHUNK_ROWS).await?;
            Ok(logins.into_iter().map(|login| (login.clone(), login)).collect())
        }
    });
    let reader = Reader { web, session };
    let lines = csv(LOGINS, place.held_by(rows), login_cells);
    download("active-logins.csv", reader.while_signed_in(lines))
}

/// Users, phones, device profiles or application users, as an import reads them.
pub(super) async fn directory(
    State(web): State<Web>,
    caller: Caller,
    session: Session,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let kind = kind.strip_suffix(".csv").and_then(RecordKind::from_name);
    let Some(kind) = kind else { return StatusCode::NOT_FOUND.into_response() };
    let Some(place) = web.admin.viewers().downloads.take(caller.name()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let url = format!("/directory/{}?{}", kind.name(), query.unwrap_or_default());
    let wanted = Arc::new((web.admin.clone(), caller, DirectoryQuery::from(url)));
    let rows = walk(move |after: Option<String>| {
        let wanted = Arc::clone(&wanted);
        async move {
            let (admin, caller, query) = &*wanted;
            let names = names_after(admin, caller, query, after, CHUNK_ROWS).await?;
            let records = admin.records(caller, kind, &names).await?;
            Ok(records.into_iter().map(|record| (record.name.clone(), record)).collect())
        }
    });
    let head = kind.fields().iter().map(|field| field.name()).collect::<Vec<_>>().join(",");
    let cells = |record: &Record| record.values.values().cloned().collect();
    let reader = Reader { web, session };
    let lines = csv(&format!("{head}\r\n"), place.held_by(rows), cells);
    download(&format!("{}.csv", kind.name()), reader.while_signed_in(lines))
}

/// Login History.
pub(super) async fn login_history(
    State(web): State<Web>,
    caller: Caller,
    session: Session,
    parameters: Parameters,
) -> Response {
    let Some(place) = web.admin.viewers().downloads.take(caller.name()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let query = history_query(&wanted(&parameters), CHUNK_ROWS);
    let wanted = Arc::new((web.admin.clone(), caller, query));
    let rows = walk(move |from| {
        let wanted = Arc::clone(&wanted);
        async move {
            let (admin, caller, query) = &*wanted;
            admin.walk_history(caller, query, from).await
        }
    });
    let reader = Reader { web, session };
    download(
        "login-history.csv",
        reader.while_signed_in(csv(HISTORY, place.held_by(rows), ended_cells)),
    )
}

/// Audit.
pub(super) async fn audit(
    State(web): State<Web>,
    caller: Caller,
    session: Session,
    parameters: Parameters,
) -> Response {
    let Some(place) = web.admin.viewers().downloads.take(caller.name()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let query = audit_query(&wanted(&parameters), CHUNK_ROWS);
    let wanted = Arc::new((web.admin.clone(), caller, query));
    let rows = walk(move |from| {
        let wanted = Arc::clone(&wanted);
        async move {
            let (admin, caller, query) = &*wanted;
            admin.walk_audit(caller, query, from).await
        }
    });
    let reader = Reader { web, session };
    download("audit.csv", reader.while_signed_in(csv(AUDIT, place.held_by(rows), audit_cells)))
}

/// Refusals.
pub(super) async fn refusals(
    State(web): State<Web>,
    caller: Caller,
    session: Session,
    parameters: Parameters,
) -> Response {
    let Some(place) = web.admin.viewers().downloads.take(caller.name()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let query = refusal_query(&wanted(&parameters), web.admin.now(), CHUNK_ROWS);
    let wanted = Arc::new((web.admin.clone(), caller, query));
    let rows = walk(move |from| {
        let wanted = Arc::clone(&wanted);
        async move {
            let (admin, caller, query) = &*wanted;
            admin.walk_refusals(caller, query, from).await
        }
    });
    let reader = Reader { web, session };
    let lines = csv(REFUSALS, place.held_by(rows), refusal_cells);
    download("refusals.csv", reader.while_signed_in(lines))
}

/// The query of a page's address.
fn wanted(parameters: &Parameters) -> ArchiveQuery {
    ArchiveQuery::read(|name| parameters.get(name).cloned())
}

/// Reads chunk after chunk until a chunk is empty.
fn walk<C: Clone, R, F>(
    read: impl Fn(Option<C>) -> F + Send,
) -> impl Stream<Item = Result<Vec<R>, AdminError>>
where
    F: Future<Output = Result<Vec<(C, R)>, AdminError>>,
{
    stream::try_unfold((read, None), |(read, from)| async move {
        let found = read(from).await?;
        let Some((last, _)) = found.last() else { return Ok(None) };
        let last = Some(last.clone());
        Ok(Some((found.into_iter().map(|(_, row)| row).collect(), (read, last))))
    })
}

/// The byte-order mark, by which a spreadsheet recognizes UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The head of a file, and the lines of its rows.
fn csv<R: 'static>(
    head: &str,
    rows: impl Stream<Item = Result<Vec<R>, AdminError>> + Send + 'static,
    cells: fn(&R) -> Vec<String>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let lines = rows.map(move |rows| {
        rows.map_err(io::Error::other).and_then(|rows| lines(rows.iter().map(cells)))
    });
    let head = format!("{BYTE_ORDER_MARK}{head}");
    stream::once(async { Ok(Bytes::from(head)) }).chain(lines)
}

/// Sends a file as it is read. An error breaks the transfer off: a file that ends early must not look whole.
fn download(name: &str, lines: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let lines = lines.inspect(|lines| {
        if let Err(error) = lines {
            tracing::warn!(%error, "a download broke off");
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv;charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

/// CSV lines; a cell that a spreadsheet would take for a formula gets an apostrophe in front.
fn lines(rows: impl Iterator<Item = Vec<String>>) -> io::Result<Bytes> {
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
    for cells in rows {
        writer.write_record(cells.into_iter().map(guarded))?;
    }
    writer.into_inner().map(Bytes::from).map_err(csv::IntoInnerError::into_error)
}

fn login_cells(login: &Login) -> Vec<String> {
    vec![
        login.user.to_string(),
        login.phone.to_string(),
        login.description.clone(),
        login.model.clone(),
        login.profile.clone(),
        login.login_type.name().to_owned(),
        time(login.from),
        login.until.map(time).unwrap_or_default(),
        login.by.kind.name().to_owned(),
        login.by.name.clone(),
        login.by.address.clone(),
    ]
}

fn ended_cells(login: &EndedLogin) -> Vec<String> {
    vec![
        login.user.to_string(),
        login.phone.to_string(),
        login.profile.clone(),
        login.login_type.name().to_owned(),
        time(login.from),
        time(login.ended),
        login.cause.name().to_owned(),
        login.by.kind.name().to_owned(),
        login.by.name.clone(),
        login.reason.clone(),
    ]
}

fn audit_cells(row: &AuditRow) -> Vec<String> {
    vec![
        time(row.at),
        row.by.kind.name().to_owned(),
        row.by.name.clone(),
        row.by.address.clone(),
        row.action.clone(),
        row.subject.clone(),
        row.detail.clone(),
    ]
}

fn refusal_cells(row: &RefusalRow) -> Vec<String> {
    let RefusalRow { refusal, held_by } = row;
    let error = ErrorCode::from_number(refusal.code).map_or("", ErrorCode::quick);
    let why = refusal.why.as_ref().map(|why| {
        let (reason, element, parent) = why.parts();
        [reason, element, parent].join(" ").trim_end().to_owned()
    });
    vec![
        time(refusal.first),
        time(refusal.last),
        refusal.times.to_string(),
        refusal.code.to_string(),
        error.to_owned(),
        why.unwrap_or_default(),
        refusal.user.clone(),
        refusal.phone.clone(),
        held_by.clone().unwrap_or_default(),
        refusal.by.kind.name().to_owned(),
        refusal.by.name.clone(),
        refusal.by.address.clone(),
    ]
}

fn time(at: UtcMillis) -> String {
    Timestamp::from_millisecond(at.0)
        .map_or_else(|_| at.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// A file whose rows are in memory.
pub(super) fn whole(
    name: &str,
    head: &'static str,
    rows: impl Iterator<Item = Vec<String>>,
) -> Response {
    let rows = stream::iter([Ok(rows.collect::<Vec<_>>())]);
    download(name, csv(head, rows, Vec::clone))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use axum::body::to_bytes;
    use engine::{Actor, Cursor, LoginId, PhoneId, UserId, ports::StoreError};
    use terms::{EndCause, LoginType};

    use super::*;

    async fn text(response: Response) -> Result<String, axum::Error> {
        let bytes = to_bytes(response.into_body(), usize::MAX).await?;
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_cell_is_never_a_formula_and_never_breaks_its_line() {
        let login = EndedLogin {
            id: LoginId(uuid::Uuid::nil()),
            user: UserId::own("=cmd|' /C calc'!A0"),
            phone: PhoneId::own("SEP1"),
            model: String::new(),
            description: String::new(),
            profile: "a,b".into(),
            login_type: LoginType::Em,
            from: UtcMillis(0),
            until: None,
            began_by: Actor::SYSTEM,
            ended: UtcMillis(1_548_500_250_641),
            cause: EndCause::Forced,
            by: Actor::administrator("@kim", "192.0.2.1"),
            reason: "left \"the\"\nbuilding".into(),
        };
        let rows = stream::iter([Ok(vec![login])]);
        assert_eq!(
            text(download("x.csv", csv("", rows, ended_cells))).await.unwrap(),
            "\u{feff}'=cmd|' /C calc'!A0,SEP1,\"a,b\",em,1970-01-01T00:00:00Z,2019-01-26T10:57:30Z,forced,\
             administrator,'@kim,\"left \"\"the\"\"\nbuilding\"\r\n"
        );
    }

    #[tokio::test]
    async fn a_file_has_all_chunks_or_breaks_off() {
        // Chunks of one row: 3, 2, 1, and then none, or an error.
        let file = |broken: bool| {
            let left = AtomicI64::new(3);
            let rows = walk(move |from: Option<Cursor>| {
                let number = left.fetch_sub(1, Ordering::Relaxed);
                let expected = if number == 3 { None } else { Some(number + 1) };
                assert_eq!(from.map(|from| from.number), expected, "it goes on where it was");
                let cursor = Cursor { at: UtcMillis(0), number };
                std::future::ready(match number {
                    0 if broken => Err(AdminError::Store(StoreError::Busy)),
                    0 => Ok(Vec::new()),
                    number => Ok(vec![(cursor, number)]),
                })
            });
            text(download("x.csv", csv("number\r\n", rows, |number| vec![number.to_string()])))
        };
        assert_eq!(file(false).await.unwrap(), "\u{feff}number\r\n3\r\n2\r\n1\r\n");
        assert!(file(true).await.is_err());
    }
}
