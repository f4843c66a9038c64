//! Leases: which of several nodes does a task.

use engine::{UtcMillis, ports::StoreError};
use sqlx::SqliteConnection;

use crate::error;

/// Takes or renews a lease; returns `false` if another holder has the lease.
pub(crate) async fn take(
    tx: &mut SqliteConnection,
    name: String,
    holder: String,
    now: UtcMillis,
    ttl_ms: u32,
) -> Result<bool, StoreError> {
    let taken = sqlx::query(
        "INSERT INTO leases (name, holder, until_ms) VALUES (?1, ?2, ?3 + ?4)
         ON CONFLICT (name) DO UPDATE SET holder = ?2, until_ms = ?3 + ?4
          WHERE holder = ?2 OR until_ms <= ?3",
    )
    .bind(name)
    .bind(holder)
    .bind(now.0)
    .bind(ttl_ms)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(taken.rows_affected() == 1)
}
