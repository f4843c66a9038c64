//! Deleting rows past their retention.

use engine::{KeptSince, ports::StoreError};
use sqlx::SqliteConnection;

use crate::error;

/// Deletes at most `limit` rows of each kind past their retention; returns the number of deleted rows.
pub(crate) async fn forget(
    tx: &mut SqliteConnection,
    kept: KeptSince,
    limit: u32,
) -> Result<u64, StoreError> {
    let statements = [
        (
            "DELETE FROM logins WHERE rowid IN (SELECT rowid FROM logins
              WHERE ended_ms IS NOT NULL AND ended_ms < ? LIMIT ?)",
            kept.ended,
        ),
        (
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at_ms < ? LIMIT ?)",
            kept.audit,
        ),
        (
            // The last event stays: its number says how far a console tab has read.
            "DELETE FROM events WHERE number IN
                (SELECT number FROM events
                  WHERE at_ms < ? AND number < (SELECT max(number) FROM events) LIMIT ?)",
            kept.events,
        ),
        (
            "DELETE FROM refusals WHERE (minute, code, user, phone, by_kind, by_name, by_address) IN
                (SELECT minute, code, user, phone, by_kind, by_name, by_address FROM refusals
                  WHERE minute < ? / 60000 LIMIT ?)",
            kept.refusals,
        ),
        (
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs
              WHERE made_ms < ? AND state <> 'running' LIMIT ?)",
            kept.jobs,
        ),
        (
            "DELETE FROM buried_stays WHERE (visiting, login) IN
                (SELECT visiting, login FROM buried_stays WHERE at_ms < ? LIMIT ?)",
            kept.stays,
        ),
        (
            "DELETE FROM farewells WHERE number IN
                (SELECT number FROM farewells WHERE posted_ms < ? LIMIT ?)",
            kept.stays,
        ),
    ];
    let mut deleted = 0;
    for (sql, since) in statements {
        let done = sqlx::query(sql)
            .bind(since.0)
            .bind(limit)
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
        deleted += done.rows_affected();
    }
    Ok(deleted)
}
