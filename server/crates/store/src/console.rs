//! What the console keeps: administrators and their sessions.

use async_trait::async_trait;
use engine::{Actor, UtcMillis, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use terms::Role;

use crate::{
    SqliteStore, error,
    notes::Notes,
    rows::{self, get, named},
};

/// Somebody who may sign in to the console.
#[derive(Clone)]
pub struct Administrator {
    /// The name in its stored spelling; compared without case.
    pub name: String,
    /// The hash of the password (PHC string).
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub enabled: bool,
}

/// A change to an administrator; what is `None` stays.
#[derive(Clone, Default)]
pub struct AdministratorChange {
    /// A new hash of the password.
    pub password_hash: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// Whether they may sign in.
    pub enabled: Option<bool>,
}

/// An open session of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The hash of its id.
    pub id_hash: Vec<u8>,
    /// From where somebody signed in.
    pub address: String,
    /// When.
    pub signed_in: UtcMillis,
    /// When it ends unless it is used.
    pub expires: UtcMillis,
}

/// A session to keep.
#[derive(Clone)]
pub struct SessionRow {
    /// The hash of its id.
    pub id_hash: [u8; 32],
    /// Its data.
    pub body: String,
    /// When it ends.
    pub expires: UtcMillis,
    /// Whose it is; empty before somebody has signed in.
    pub administrator: String,
    /// From where somebody signed in.
    pub address: String,
    /// When.
    pub signed_in: UtcMillis,
}

/// The store's side of the console.
#[async_trait]
pub trait ConsoleStore: Send + Sync {
    /// Adds an administrator; with `first`, only while there is none.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when there is one of this name, or any with `first`.
    async fn add_administrator(
        &self,
        administrator: Administrator,
        first: bool,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError>;

    /// Changes an administrator, and ends their sessions: what is signed in has the old rights.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when there is none of this name, or nobody would be left who may do
    /// everything.
    async fn change_administrator(
        &self,
        name: String,
        change: AdministratorChange,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError>;

    /// Removes an administrator with all sessions.
    ///
    /// # Errors
    /// As [`ConsoleStore::change_administrator`].
    async fn remove_administrator(
        &self,
        name: String,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError>;

    /// An administrator by name, compared without case.
    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError>;

    /// All administrators by name.
    async fn administrators(&self) -> Result<Vec<Administrator>, StoreError>;

    /// Keeps a session.
    async fn save_session(&self, session: SessionRow) -> Result<(), StoreError>;

    /// The session under this hash with its expiry, unless it has expired at `now`.
    async fn session(
        &self,
        id_hash: [u8; 32],
        now: UtcMillis,
    ) -> Result<Option<(String, UtcMillis)>, StoreError>;

    /// The open sessions of an administrator, the latest first.
    async fn sessions_of(&self, name: &str, now: UtcMillis)
    -> Result<Vec<OpenSession>, StoreError>;

    /// Ends a session.
    async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError>;

    /// Ends all sessions of an administrator but `keep`; says how many.
    async fn delete_sessions_of(
        &self,
        name: String,
        keep: Option<[u8; 32]>,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<u64, StoreError>;

    /// Forgets at most `limit` sessions that have expired at `now`; says how many.
    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError>;

    /// Writes down what somebody did that changed no row.
    async fn note(
        &self,
        actor: Actor,
        action: &'static str,
        subject: String,
        detail: String,
        now: UtcMillis,
    ) -> Result<(), StoreError>;
}

const COLUMNS: &str = "name, password_hash, role, enabled";

fn administrator(row: &SqliteRow) -> Result<Administrator, StoreError> {
    Ok(Administrator {
        name: get(row, "name")?,
        password_hash: get(row, "password_hash")?,
        role: named!(Role, get(row, "role")?)?,
        enabled: get(row, "enabled")?,
    })
}

async fn find(tx: &mut SqliteConnection, key: &str) -> Result<Option<Administrator>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM administrators WHERE key = ?");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(key)
        .fetch_optional(tx)
        .await
        .map_err(error::store)?;
    row.as_ref().map(administrator).transpose()
}

async fn existing(tx: &mut SqliteConnection, name: &str) -> Result<Administrator, StoreError> {
    let text = || StoreError::Invalid(format!("there is no administrator {name:?}"));
    find(tx, &rows::key(name)).await?.ok_or_else(text)
}

/// Refuses when nobody is left who may do everything.
async fn somebody_is_left(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    let left: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM administrators WHERE enabled AND role = 'administrator'",
    )
    .fetch_one(tx)
    .await
    .map_err(error::store)?;
    if left == 0 {
        let text = "this is the last administrator: give somebody else the role first";
        return Err(StoreError::Invalid(text.to_owned()));
    }
    Ok(())
}

async fn end_sessions(
    tx: &mut SqliteConnection,
    key: &str,
    keep: Option<[u8; 32]>,
) -> Result<u64, StoreError> {
    let ended = sqlx::query("DELETE FROM sessions WHERE administrator = ? AND id_hash IS NOT ?")
        .bind(key)
        .bind(keep.map(|keep| keep.to_vec()))
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(ended.rows_affected())
}

async fn add(
    tx: &mut SqliteConnection,
    administrator: Administrator,
    first: bool,
    actor: Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Administrator { name, password_hash, role, enabled } = administrator;
    if first {
        let there: i64 = sqlx::query_scalar("SELECT count(*) FROM administrators")
            .fetch_one(&mut *tx)
            .await
            .map_err(error::store)?;
        if there > 0 {
            return Err(StoreError::Invalid("there is an administrator already".to_owned()));
        }
    }
    let added = sqlx::query(
        "INSERT INTO administrators (key, name, password_hash, created_ms, role, enabled)
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
    )
    .bind(rows::key(&name))
    .bind(&name)
    .bind(password_hash)
    .bind(now.0)
    .bind(role.name())
    .bind(enabled)
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    if added.rows_affected() == 0 {
        return Err(StoreError::Invalid(format!("there is an administrator {name:?} already")));
    }
    let mut notes = Notes::default();
    notes.audit(now, &actor, "add_administrator", name, role.name().to_owned());
    notes.write(tx).await
}

async fn change(
    tx: &mut SqliteConnection,
    name: String,
    change: AdministratorChange,
    actor: Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let old = existing(tx, &name).await?;
    let AdministratorChange { password_hash, role, enabled } = change;
    let mut details = Vec::new();
    if password_hash.is_some() {
        details.push("password changed".to_owned());
    }
    if let Some(role) = role.filter(|role| *role != old.role) {
        details.push(format!("role {} → {}", old.role.name(), role.name()));
    }
    if let Some(enabled) = enabled.filter(|enabled| *enabled != old.enabled) {
        details.push(if enabled { "enabled" } else { "disabled" }.to_owned());
    }
    if details.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE administrators SET password_hash = coalesce(?, password_hash), role = ?, enabled = ?
          WHERE key = ?",
    )
    .bind(password_hash)
    .bind(role.unwrap_or(old.role).name())
    .bind(enabled.unwrap_or(old.enabled))
    .bind(rows::key(&name))
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    somebody_is_left(tx).await?;
    end_sessions(tx, &rows::key(&name), None).await?;
    let mut notes = Notes::default();
    notes.audit(now, &actor, "change_administrator", old.name, details.join(", "));
    notes.write(tx).await
}

async fn remove(
    tx: &mut SqliteConnection,
    name: String,
    actor: Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let old = existing(tx, &name).await?;
    sqlx::query("DELETE FROM administrators WHERE key = ?")
        .bind(rows::key(&name))
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    somebody_is_left(tx).await?;
    end_sessions(tx, &rows::key(&name), None).await?;
    let mut notes = Notes::default();
    notes.audit(now, &actor, "remove_administrator", old.name, String::new());
    notes.write(tx).await
}

#[async_trait]
impl ConsoleStore for SqliteStore {
    async fn add_administrator(
        &self,
        administrator: Administrator,
        first: bool,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(add(tx, administrator, first, actor, now))).await
    }

    async fn change_administrator(
        &self,
        name: String,
        changed: AdministratorChange,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(change(tx, name, changed, actor, now))).await
    }

    async fn remove_administrator(
        &self,
        name: String,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(remove(tx, name, actor, now))).await
    }

    async fn administrator(&self, name: &str) -> Result<Option<Administrator>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(error::store)?;
        find(&mut connection, &rows::key(name)).await
    }

    async fn administrators(&self) -> Result<Vec<Administrator>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM administrators ORDER BY key");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.readers)
            .await
            .map_err(error::store)?;
        found.iter().map(administrator).collect()
    }

    async fn save_session(&self, session: SessionRow) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO sessions
                            (id_hash, body, expires_ms, administrator, address, signed_in_ms)
                         VALUES (?, ?, ?, ?, ?, ?)
                         ON CONFLICT (id_hash) DO UPDATE
                            SET body = excluded.body, expires_ms = excluded.expires_ms,
                                administrator = excluded.administrator,
                                address = excluded.address, signed_in_ms = excluded.signed_in_ms",
                    )
                    .bind(session.id_hash.to_vec())
                    .bind(session.body)
                    .bind(session.expires.0)
                    .bind(rows::key(&session.administrator))
                    .bind(session.address)
                    .bind(session.signed_in.0)
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

    async fn sessions_of(
        &self,
        name: &str,
        now: UtcMillis,
    ) -> Result<Vec<OpenSession>, StoreError> {
        let found = sqlx::query(
            "SELECT id_hash, address, signed_in_ms, expires_ms FROM sessions
              WHERE administrator = ? AND expires_ms > ? ORDER BY signed_in_ms DESC",
        )
        .bind(rows::key(name))
        .bind(now.0)
        .fetch_all(&self.readers)
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

    async fn delete_sessions_of(
        &self,
        name: String,
        keep: Option<[u8; 32]>,
        actor: Actor,
        now: UtcMillis,
    ) -> Result<u64, StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    let ended = end_sessions(tx, &rows::key(&name), keep).await?;
                    let mut notes = Notes::default();
                    notes.audit(now, &actor, "sign_out_everywhere", name, ended.to_string());
                    notes.write(tx).await?;
                    Ok(ended)
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

    async fn note(
        &self,
        actor: Actor,
        action: &'static str,
        subject: String,
        detail: String,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    let mut notes = Notes::default();
                    notes.audit(now, &actor, action, subject, detail);
                    notes.write(tx).await
                })
            })
            .await
    }
}
