//! Rows past their retention: counting and deleting them, by one rule for each kind.

use engine::{KeptSince, PastRetention, PastRows, UtcMillis, ports::StoreError};
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool, sqlite::SqliteRow};

use crate::{
    error,
    rows::{self, get},
};

/// A table of rows that have a retention.
struct Kept {
    table: &'static str,
    /// The columns that identify a row.
    key: &'static str,
    /// The condition for a row past its retention; `?1` is the start of the retention period. An index serves the
    /// condition.
    past: &'static str,
    /// The column with the time of a row. The index that serves `past` is in the order of this time.
    time: &'static str,
}

const ENDED: Kept = Kept {
    table: "logins",
    key: "rowid",
    past: "ended_ms IS NOT NULL AND ended_ms < ?1",
    time: "ended_ms",
};
const AUDIT: Kept = Kept { table: "audit", key: "number", past: "at_ms < ?1", time: "at_ms" };
const EVENTS: Kept = Kept {
    table: "events",
    key: "number",
    // The last event stays: its number says how far a console tab has read.
    past: "at_ms < ?1 AND number < (SELECT max(number) FROM events)",
    time: "at_ms",
};
const REFUSALS: Kept = Kept {
    table: "refusals",
    key: "minute, code, user, phone, by_kind, by_name, by_address",
    past: "minute < ?1 / 60000",
    time: "minute",
};
const JOBS: Kept =
    Kept { table: "jobs", key: "id", past: "made_ms < ?1 AND state <> 'running'", time: "made_ms" };
const BURIED: Kept =
    Kept { table: "buried_stays", key: "visiting, login", past: "at_ms < ?1", time: "at_ms" };
const FAREWELLS: Kept =
    Kept { table: "farewells", key: "number", past: "posted_ms < ?1", time: "posted_ms" };

impl Kept {
    /// SQL that deletes at most `?2` rows.
    fn deletion(&self) -> String {
        let Self { table, key, past, .. } = self;
        format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {past} LIMIT ?2)"
        )
    }

    /// SQL that counts the rows, at most `?2`, and reads the time of the oldest row. Both read the index alone.
    fn count(&self) -> String {
        let Self { table, past, time, .. } = self;
        format!(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {past} LIMIT ?2)) AS rows,
                    (SELECT {time} FROM {table} WHERE {past} ORDER BY {time} LIMIT 1) AS oldest"
        )
    }
}

/// Counts the rows past their retention, at most `limit` of each kind, in one snapshot.
pub(crate) async fn past_retention(
    pool: &SqlitePool,
    kept: KeptSince,
    limit: u32,
) -> Result<PastRetention, StoreError> {
    const MINUTE_MS: i64 = 60_000;
    let mut tx = pool.begin().await.map_err(error::store)?;
    Ok(PastRetention {
        ended: past_rows(&mut tx, &ENDED, kept.ended, limit, 1).await?,
        audit: past_rows(&mut tx, &AUDIT, kept.audit, limit, 1).await?,
        events: past_rows(&mut tx, &EVENTS, kept.events, limit, 1).await?,
        refusals: past_rows(&mut tx, &REFUSALS, kept.refusals, limit, MINUTE_MS).await?,
    })
}

/// Counts the rows of a kind; `unit_ms` is the unit of their time.
async fn past_rows(
    connection: &mut SqliteConnection,
    kept: &Kept,
    since: UtcMillis,
    limit: u32,
    unit_ms: i64,
) -> Result<Option<PastRows>, StoreError> {
    let counted: SqliteRow = sqlx::query(AssertSqlSafe(kept.count()))
        .bind(since.0)
        .bind(limit)
        .fetch_one(connection)
        .await
        .map_err(error::store)?;
    let rows = rows::count(get(&counted, "rows")?)?;
    let oldest: Option<i64> = get(&counted, "oldest")?;
    Ok(oldest.map(|oldest| PastRows { rows, oldest: UtcMillis(oldest.saturating_mul(unit_ms)) }))
}

/// Deletes at most `limit` rows of each kind past their retention; returns the number of deleted rows.
pub(crate) async fn forget(
    tx: &mut SqliteConnection,
    kept: KeptSince,
    limit: u32,
) -> Result<u64, StoreError> {
    let kinds = [
        (ENDED, kept.ended),
        (AUDIT, kept.audit),
        (EVENTS, kept.events),
        (REFUSALS, kept.refusals),
        (JOBS, kept.jobs),
        (BURIED, kept.stays),
        (FAREWELLS, kept.stays),
    ];
    let mut deleted = 0;
    for (kind, since) in kinds {
        let done = sqlx::query(AssertSqlSafe(kind.deletion()))
            .bind(since.0)
            .bind(limit)
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
        deleted += done.rows_affected();
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;
    use crate::{Limits, SqliteStore};

    /// The work of a count and of a deletion depends on the rows past their retention alone.
    #[tokio::test]
    async fn rows_past_their_retention_are_found_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.db");
        let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
        for (kind, index) in [
            (ENDED, "COVERING INDEX login_ended (ended_ms>? AND ended_ms<?)"),
            (AUDIT, "COVERING INDEX audit_at (at_ms<?)"),
            (EVENTS, "COVERING INDEX event_at (at_ms<?)"),
            (REFUSALS, "PRIMARY KEY (minute<?)"),
        ] {
            for sql in [kind.count(), kind.deletion()] {
                let explained = format!("EXPLAIN QUERY PLAN {sql}");
                let found = sqlx::query(AssertSqlSafe(explained)).bind(0).bind(1);
                let found = found.fetch_all(&store.readers).await.unwrap();
                let plan: Vec<String> = found.iter().map(|row| row.get("detail")).collect();
                let by_index = format!("SEARCH {} USING {index}", kind.table);
                let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
                assert!(plan.iter().any(|step| step.ends_with(&by_index)) && !sorts, "{plan:#?}");
            }
        }
    }
}
