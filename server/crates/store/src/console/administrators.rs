//! Rows of administrators, and the steps that change them.

use async_trait::async_trait;
use engine::{Administrator, UtcMillis, ports::StoreError, transaction::AdministratorSteps};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use terms::{Named, Role};

use super::{sessions, views};
use crate::{
    error,
    rows::{self, get},
    writer::Steps,
};

const COLUMNS: &str = "name, password_hash, role, enabled";

fn administrator(row: &SqliteRow) -> Result<Administrator, StoreError> {
    Ok(Administrator {
        name: get(row, "name")?,
        password_hash: get(row, "password_hash")?,
        // A role that only a newer program knows counts as the role with the fewest rights.
        role: Role::from_name(&get::<String>(row, "role")?).unwrap_or(Role::Viewer),
        enabled: get(row, "enabled")?,
    })
}

/// The administrator of a key.
pub(super) async fn find(
    tx: &mut SqliteConnection,
    key: &str,
) -> Result<Option<Administrator>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM administrators WHERE key = ?");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(key)
        .fetch_optional(tx)
        .await
        .map_err(error::store)?;
    row.as_ref().map(administrator).transpose()
}

/// All administrators, by name.
pub(super) async fn all(
    connection: &mut SqliteConnection,
) -> Result<Vec<Administrator>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM administrators ORDER BY key");
    let found =
        sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await.map_err(error::store)?;
    found.iter().map(administrator).collect()
}

#[async_trait]
impl AdministratorSteps for Steps<'_> {
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError> {
        all(self.alone().await?).await
    }

    async fn put_administrator(
        &mut self,
        administrator: &Administrator,
        at: UtcMillis,
    ) -> Result<(), StoreError> {
        let Administrator { name, password_hash, role, enabled } = administrator;
        sqlx::query(
            "INSERT INTO administrators (key, name, password_hash, created_ms, role, enabled)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (key) DO UPDATE SET password_hash = excluded.password_hash,
                role = excluded.role, enabled = excluded.enabled",
        )
        .bind(rows::key(name))
        .bind(name)
        .bind(password_hash)
        .bind(at.0)
        .bind(role.name())
        .bind(enabled)
        .execute(self.alone().await?)
        .await
        .map(drop)
        .map_err(error::store)
    }

    async fn delete_administrator(&mut self, name: &str) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM administrators WHERE key = ?").bind(rows::key(name));
        query.execute(self.alone().await?).await.map_err(error::store)?;
        // Another administrator of this name has no right to the views.
        views::leave(self.alone().await?, &rows::key(name)).await
    }

    async fn end_sessions(
        &mut self,
        name: &str,
        keep: Option<[u8; 32]>,
    ) -> Result<u64, StoreError> {
        sessions::end_of(self.alone().await?, &rows::key(name), keep).await
    }
}
