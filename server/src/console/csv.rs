//! The login history as CSV.

use std::{convert::Infallible, sync::Arc};

use app::api::{ArchiveQuery, EndedRow};
use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use engine::ports::Archive;
use futures::stream;
use jiff::Timestamp;
use serde::Deserialize;
use terms::EndCause;
use tower_sessions::Session;

use super::{
    Web,
    logins::history_query,
    request::{signed_in, status},
    views,
};
use crate::cluster::Cluster;

/// Rows that are read at a time.
const CHUNK_ROWS: u32 = 2_000;
/// The most rows of one file.
const MAX_CHUNKS: u32 = 500;

/// The query of the page, as its URL writes it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    find: String,
    cause: String,
    since: String,
    before: String,
}

const HEAD: &str = "user,phone,profile,type,from,until,cause,ended_by_kind,ended_by,reason\r\n";

/// Streams the rows that the page would show, all pages of them.
pub(super) async fn login_history(
    State(web): State<Web>,
    session: Session,
    Query(wanted): Query<Wanted>,
) -> Response {
    if let Err(refused) = signed_in(&web.cluster, &session).await {
        return status(&refused).into_response();
    }
    let query = ArchiveQuery {
        find: wanted.find,
        cause: EndCause::from_name(&wanted.cause),
        since_ms: app::day_start_ms(&wanted.since),
        before_ms: app::day_end_ms(&wanted.before),
        ..ArchiveQuery::default()
    };
    let chunks = stream::unfold((web.cluster, query), |(cluster, query)| async {
        let text = chunk(&cluster, &query).await?;
        let next = ArchiveQuery { page: query.page + 1, ..query };
        Some((Ok::<_, Infallible>(Bytes::from(text)), (cluster, next)))
    });
    let head = stream::once(async { Ok(Bytes::from_static(HEAD.as_bytes())) });
    let body = Body::from_stream(futures::StreamExt::chain(head, chunks));
    let mut response = body.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/csv;charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"login-history.csv\""),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn chunk(cluster: &Arc<Cluster>, query: &ArchiveQuery) -> Option<Vec<u8>> {
    if query.page >= MAX_CHUNKS {
        return None;
    }
    let page = cluster.store.history(&history_query(query, CHUNK_ROWS)).await;
    let rows: Vec<_> = match page {
        Ok(page) if page.rows.is_empty() => return None,
        Ok(page) => page.rows.iter().map(views::ended_row).collect(),
        Err(error) => {
            tracing::error!(%error, "the history could not be read");
            return None;
        }
    };
    lines(&rows)
        .inspect_err(|error| tracing::error!(%error, "the history could not be written"))
        .ok()
}

/// The lines of a chunk; what a spreadsheet would take for a formula gets an apostrophe in front.
fn lines(rows: &[EndedRow]) -> Result<Vec<u8>, csv::Error> {
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
    for row in rows {
        writer.write_record(cells(row).map(not_a_formula))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn cells(row: &EndedRow) -> [String; 10] {
    let time = |ms: i64| {
        Timestamp::from_millisecond(ms)
            .map_or_else(|_| ms.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    };
    [
        row.user.clone(),
        row.phone.clone(),
        row.profile.clone(),
        row.login_type.name().to_owned(),
        time(row.from_ms),
        time(row.ended_ms),
        row.cause.name().to_owned(),
        row.by.kind.name().to_owned(),
        row.by.name.clone(),
        row.reason.clone(),
    ]
}

fn not_a_formula(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use app::api::By;
    use terms::{ActorKind, LoginType};

    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_breaks_its_line() {
        let row = EndedRow {
            id: String::new(),
            user: "=cmd|' /C calc'!A0".into(),
            phone: "SEP1".into(),
            profile: "a,b".into(),
            login_type: LoginType::Em,
            from_ms: 0,
            ended_ms: 1_548_500_250_641,
            cause: EndCause::Forced,
            by: By { kind: ActorKind::Administrator, name: "@kim".into(), address: String::new() },
            reason: "left \"the\"\nbuilding".into(),
        };
        assert_eq!(
            String::from_utf8(lines(&[row]).unwrap()).unwrap(),
            "'=cmd|' /C calc'!A0,SEP1,\"a,b\",em,1970-01-01T00:00:00Z,2019-01-26T10:57:30Z,forced,\
             administrator,'@kim,\"left \"\"the\"\"\nbuilding\"\r\n"
        );
    }
}
