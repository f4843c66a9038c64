//! Deleting rows that have been kept long enough.

use engine::{Upkeep, UtcMillis, ports::StoreError};
use sqlx::SqliteConnection;

use crate::error;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Forgets at most `limit` rows of each kind; says how many it forgot.
pub(crate) async fn forget(
    tx: &mut SqliteConnection,
    upkeep: Upkeep,
    now: UtcMillis,
    limit: u32,
) -> Result<u64, StoreError> {
    let statements = [
        (
            "DELETE FROM logins WHERE rowid IN (SELECT rowid FROM logins
              WHERE ended_ms IS NOT NULL AND ended_ms < ? LIMIT ?)",
            upkeep.history_days,
        ),
        (
            "DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at_ms < ? LIMIT ?)",
            upkeep.audit_days,
        ),
        (
            "DELETE FROM events WHERE number IN (SELECT number FROM events WHERE at_ms < ? LIMIT ?)",
            upkeep.event_days,
        ),
        (
            "DELETE FROM refusals WHERE (minute, code, user, phone, by_kind, by_name, by_address) IN
                (SELECT minute, code, user, phone, by_kind, by_name, by_address FROM refusals
                  WHERE minute < ? / 60000 LIMIT ?)",
            upkeep.refusal_days,
        ),
        (
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs
              WHERE made_ms < ? AND state <> 'running' LIMIT ?)",
            upkeep.audit_days,
        ),
    ];
    let mut forgotten = 0;
    for (sql, days) in statements {
        let deleted = sqlx::query(sql)
            .bind(now.0 - i64::from(days) * DAY_MS)
            .bind(limit)
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
        forgotten += deleted.rows_affected();
    }
    Ok(forgotten)
}
