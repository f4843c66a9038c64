//! Sessions as rows.

use engine::{
    UtcMillis,
    ports::{OpenSession, SessionRow, StoreError},
};
use sqlx::{SqliteConnection, SqlitePool};

use crate::{
    error,
    rows::{self, get},
};

pub(super) async fn create(
    tx: &mut SqliteConnection,
    session: SessionRow,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO sessions (body, expires_ms, administrator, address, signed_in_ms, id_hash)
               VALUES (?, ?, ?, ?, ?, ?)";
    write(tx, sql, session).await?;
    Ok(())
}

pub(super) async fn save(
    tx: &mut SqliteConnection,
    session: SessionRow,
) -> Result<bool, StoreError> {
    let sql = "UPDATE sessions
                  SET body = ?, expires_ms = ?, administrator = ?, address = ?, signed_in_ms = ?
                WHERE id_hash = ?";
    Ok(write(tx, sql, session).await? > 0)
}

/// Runs `sql` with the columns of a session, and returns the number of written rows.
/// The parameters of `sql` have the order of the binds here, the key last.
async fn write(
    tx: &mut SqliteConnection,
    sql: &'static str,
    session: SessionRow,
) -> Result<u64, StoreError> {
    let written = sqlx::query(sql)
        .bind(session.body)
        .bind(session.expires.0)
        .bind(rows::key(&session.administrator))
        .bind(session.address)
        .bind(session.signed_in.0)
        .bind(session.id_hash.to_vec())
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(written.rows_affected())
}

pub(super) async fn find(
    pool: &SqlitePool,
    id_hash: [u8; 32],
    now: UtcMillis,
) -> Result<Option<(String, UtcMillis)>, StoreError> {
    let sql = "SELECT body, expires_ms FROM sessions WHERE id_hash = ? AND expires_ms > ?";
    let row: Option<(String, i64)> = sqlx::query_as(sql)
        .bind(id_hash.to_vec())
        .bind(now.0)
        .fetch_optional(pool)
        .await
        .map_err(error::store)?;
    Ok(row.map(|(body, expires)| (body, UtcMillis(expires))))
}

pub(super) async fn open_of(
    pool: &SqlitePool,
    administrator: &str,
    now: UtcMillis,
) -> Result<Vec<OpenSession>, StoreError> {
    let found = sqlx::query(
        "SELECT id_hash, address, signed_in_ms, expires_ms FROM sessions
          WHERE administrator = ? AND expires_ms > ? ORDER BY signed_in_ms DESC",
    )
    .bind(administrator)
    .bind(now.0)
    .fetch_all(pool)
    .await
    .map_err(error::store)?;
    found
        .iter()
        .map(|row| {
            Ok(OpenSession {
                id_hash: get(row, "id_hash")?,
                address: get(row, "address")?,
                signed_in: UtcMillis(get(row, "signed_in_ms")?),
                expires: UtcMillis(get(row, "expires_ms")?),
            })
        })
        .collect()
}

pub(super) async fn end(tx: &mut SqliteConnection, id_hash: [u8; 32]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE id_hash = ?")
        .bind(id_hash.to_vec())
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(())
}

/// Ends all sessions of an administrator but `keep`, and returns their number.
pub(super) async fn end_of(
    tx: &mut SqliteConnection,
    administrator: &str,
    keep: Option<[u8; 32]>,
) -> Result<u64, StoreError> {
    let ended = sqlx::query("DELETE FROM sessions WHERE administrator = ? AND id_hash IS NOT ?")
        .bind(administrator)
        .bind(keep.map(|keep| keep.to_vec()))
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(ended.rows_affected())
}

/// Deletes at most `limit` sessions that have expired at `now`, and returns their number.
pub(super) async fn forget(
    tx: &mut SqliteConnection,
    now: UtcMillis,
    limit: u32,
) -> Result<u64, StoreError> {
    let deleted = sqlx::query(
        "DELETE FROM sessions WHERE id_hash IN
            (SELECT id_hash FROM sessions WHERE expires_ms <= ? LIMIT ?)",
    )
    .bind(now.0)
    .bind(limit)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(deleted.rows_affected())
}
