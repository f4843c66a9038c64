//! What the console keeps: administrators and their sessions.

use async_trait::async_trait;
use engine::{Actor, UtcMillis, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use terms::Role;

use crate::{
    SqliteStore, error,
    notes::Notes,
    rows::{self, get},
};

mod sessions;

pub use sessions::{OpenSession, SessionRow};

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

    /// Keeps a new session.
    async fn create_session(&self, session: SessionRow) -> Result<(), StoreError>;

    /// Keeps what has changed in a session. False when it has ended meanwhile, and so it stays: a
    /// request that was on its way must not bring it back.
    async fn save_session(&self, session: SessionRow) -> Result<bool, StoreError>;

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
        // A role of a newer program may do the least.
        role: Role::from_name(&get::<String>(row, "role")?).unwrap_or(Role::Viewer),
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
    sessions::end_of(tx, &rows::key(&name), None).await?;
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
    sessions::end_of(tx, &rows::key(&name), None).await?;
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

    async fn create_session(&self, session: SessionRow) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::create(tx, session))).await
    }

    async fn save_session(&self, session: SessionRow) -> Result<bool, StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::save(tx, session))).await
    }

    async fn session(
        &self,
        id_hash: [u8; 32],
        now: UtcMillis,
    ) -> Result<Option<(String, UtcMillis)>, StoreError> {
        sessions::find(&self.readers, id_hash, now).await
    }

    async fn sessions_of(
        &self,
        name: &str,
        now: UtcMillis,
    ) -> Result<Vec<OpenSession>, StoreError> {
        sessions::open_of(&self.readers, &rows::key(name), now).await
    }

    async fn delete_session(&self, id_hash: [u8; 32]) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::end(tx, id_hash))).await
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
                    let ended = sessions::end_of(tx, &rows::key(&name), keep).await?;
                    let mut notes = Notes::default();
                    notes.audit(now, &actor, "sign_out_everywhere", name, ended.to_string());
                    notes.write(tx).await?;
                    Ok(ended)
                })
            })
            .await
    }

    async fn delete_expired_sessions(&self, now: UtcMillis, limit: u32) -> Result<u64, StoreError> {
        self.writer.run(move |tx| Box::pin(sessions::forget(tx, now, limit))).await
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
