//! Reading events.

use engine::{Event, EventKind, EventPage, RefusalCounts, UtcMillis, ports::StoreError};
use sqlx::{SqlitePool, sqlite::SqliteRow};

use crate::{
    error,
    rows::{self, get},
};

pub(crate) async fn after(
    pool: &SqlitePool,
    after: u64,
    limit: u32,
) -> Result<EventPage, StoreError> {
    // One statement reads one snapshot. A row with the last number exists even without new events.
    let found = sqlx::query(
        "SELECT last.latest, new.number, new.at_ms, new.body
           FROM (SELECT coalesce(max(number), 0) AS latest FROM events) last
           LEFT JOIN (
                SELECT number, at_ms, body FROM events WHERE number > ? ORDER BY number LIMIT ?) new
          ORDER BY new.number",
    )
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    let latest = found.first().map_or(Ok(0), |row| get(row, "latest"))?;
    let latest = rows::count(latest)?;
    let mut events = Vec::with_capacity(found.len());
    for row in &found {
        if get::<Option<i64>>(row, "number")?.is_some() {
            events.push(event(row)?);
        }
    }
    // A number past the last one comes from another database that was served under the same address.
    let gap = after > latest
        || events.first().map_or(after < latest && limit > 0, |first| first.number != after + 1);
    Ok(EventPage { events, latest, gap })
}

pub(crate) async fn last(pool: &SqlitePool, limit: u32) -> Result<Vec<Event>, StoreError> {
    let found = sqlx::query(
        "SELECT number, at_ms, body FROM events WHERE body ->> 'event' <> 'configuration_changed'
          ORDER BY number DESC LIMIT ?",
    )
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    found.iter().map(event).collect()
}

/// The most refusal events that are counted; above this number the exact count has no use.
const MAX_COUNTED: u32 = 100_000;

pub(crate) async fn refusals_since(
    pool: &SqlitePool,
    since: UtcMillis,
    up_to: u64,
) -> Result<RefusalCounts, StoreError> {
    let counts: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT code, sum(times) FROM (
             SELECT body ->> 'code' AS code, coalesce(body ->> 'times', 1) AS times FROM events
              WHERE body ->> 'event' = 'refused' AND at_ms > ? AND number <= ? LIMIT ?)
          GROUP BY code ORDER BY 2 DESC, 1",
    )
    .bind(since.0)
    .bind(i64::try_from(up_to).unwrap_or(i64::MAX))
    .bind(MAX_COUNTED)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    counts
        .into_iter()
        .map(|(code, count)| {
            Ok((u16::try_from(code).map_err(error::bad_row)?, rows::count(count)?))
        })
        .collect()
}

/// An event from its number, time and body.
/// An event whose body can't be decoded comes from a newer program.
fn event(row: &SqliteRow) -> Result<Event, StoreError> {
    let body: String = get(row, "body")?;
    Ok(Event {
        number: rows::count(get(row, "number")?)?,
        at: UtcMillis(get(row, "at_ms")?),
        kind: rows::json(&body).unwrap_or(EventKind::Unknown),
    })
}
