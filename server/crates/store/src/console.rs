//! What the console keeps: administrators and their sessions.

use async_trait::async_trait;
use engine::{Actor, UtcMillis, ports::StoreError};
use sqlx::Row;

use crate::{SqliteStore, error, notes::Notes, rows};

/// Somebody who may sign in to the console.
#[derive(Clone)]
pub struct Administrator {
    /// The name in its stored spelling; compared without case.
    pub name: String,
    /// The hash of the password (PHC string).
    pub password_hash: String,
}

/// The store's side of the console.
#[async_trait]
pub trait ConsoleStore: Send + Sync {
    /// Adds an administrator.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when there is one of this name.
    async fn add_administrator(
        &self,
        administrator: Administrator,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError>;

    /// An administrator by name, compared without case.
    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError>;

    /// Keeps a session under the hash of its id until `expires`.
    async fn save_session(
        &self,
        id_hash: [u8; 32],
        body: String,
        expires: UtcMillis,
    ) -> Result<(), StoreError>;

    /// The session under this hash with its expiry, unless it has expired at `now`.
    async fn session(
        &self,
        id_hash: [u8; 32],
        now: UtcMillis,
    ) -> Result<Option<(String, UtcMillis)>, StoreError>;

    /// Ends a session.
    async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError>;

    /// Forgets at most `limit` sessions that have expired at `now`; says how many.
    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError>;
}

#[async_trait]
impl ConsoleStore for SqliteStore {
    async fn add_administrator(
        &self,
        administrator: Administrator,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    let Administrator { name, password_hash } = administrator;
                    let added = sqlx::query(
                        "INSERT INTO administrators (key, name, password_hash, created_ms)
                         VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                    )
                    .bind(rows::key(&name))
                    .bind(&name)
                    .bind(password_hash)
                    .bind(now.0)
                    .execute(&mut *tx)
                    .await
                    .map_err(error::store)?;
                    if added.rows_affected() == 0 {
                        let text = format!("there is an administrator {name:?} already");
                        return Err(StoreError::Invalid(text));
                    }
                    let mut notes = Notes::default();
                    notes.audit(now, &actor, "add_administrator", name, String::new());
                    notes.write(tx).await
                })
            })
            .await
    }

    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError> {
        let row = sqlx::query("SELECT name, password_hash FROM administrators WHERE key = ?")
            .bind(rows::key(name))
            .fetch_optional(&self.readers)
            .await
            .map_err(error::store)?;
        row.map(|row| {
            Ok(Administrator {
                name: row.try_get(0).map_err(error::store)?,
                password_hash: row.try_get(1).map_err(error::store)?,
            })
        })
        .transpose()
    }

    async fn save_session(
        &self,
        id_hash: [u8; 32],
        body: String,
        expires: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO sessions (id_hash, body, expires_ms) VALUES (?, ?, ?)
                         ON CONFLICT (id_hash) DO UPDATE
                            SET body = excluded.body, expires_ms = excluded.expires_ms",
                    )
                    .bind(id_hash.to_vec())
                    .bind(body)
                    .bind(expires.0)
                    .execute(tx)
                    .await
                    .map_err(error::store)?;
                    Ok(())
                })
            })
            .await
    }

    async fn session(
        &self,
        id_hash: [u8; 32],
        now: UtcMillis,
    ) -> Result<Option<(String, UtcMillis)>, StoreError> {
        let sql = "SELECT body, expires_ms FROM sessions WHERE id_hash = ? AND expires_ms > ?";
        let row: Option<(String, i64)> = sqlx::query_as(sql)
            .bind(id_hash.to_vec())
            .bind(now.0)
            .fetch_optional(&self.readers)
            .await
            .map_err(error::store)?;
        Ok(row.map(|(body, expires)| (body, UtcMillis(expires))))
    }

    async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM sessions WHERE id_hash = ?")
                        .bind(id_hash.to_vec())
                        .execute(tx)
                        .await
                        .map_err(error::store)?;
                    Ok(())
                })
            })
            .await
    }

    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
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
                })
            })
            .await
    }
}
