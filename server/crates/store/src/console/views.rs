//! Saved views.

use engine::{Actor, SavedView, UtcMillis, ports::StoreError};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use crate::{
    error,
    notes::Notes,
    rows::{self, get},
};

/// The views of an administrator and the shared ones, by name.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    key: &str,
) -> Result<Vec<SavedView>, StoreError> {
    let found = sqlx::query(
        "SELECT number, owner, name, made_by, address FROM saved_views
          WHERE owner IN ('', ?) ORDER BY name, owner",
    )
    .bind(key)
    .fetch_all(connection)
    .await
    .map_err(error::store)?;
    found.iter().map(view).collect()
}

fn view(row: &SqliteRow) -> Result<SavedView, StoreError> {
    Ok(SavedView {
        number: rows::count(get(row, "number")?)?,
        is_shared: get::<String>(row, "owner")?.is_empty(),
        made_by: get(row, "made_by")?,
        name: get(row, "name")?,
        address: get(row, "address")?,
    })
}

/// Saves a view; a view of the same name and owner is replaced. Returns false when there are too many.
/// A shared view is an act for all, and is audited.
pub(super) async fn save(
    tx: &mut SqliteConnection,
    SavedView { is_shared, made_by, name, address, .. }: SavedView,
    actor: &Actor,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    let owner = if is_shared { "" } else { &made_by };
    let written = sqlx::query(
        "INSERT INTO saved_views (owner, name, made_by, address)
         SELECT ?1, ?2, ?3, ?4
          WHERE (SELECT count(*) FROM saved_views WHERE owner = ?1 AND name <> ?2) < ?5
         ON CONFLICT (owner, name) DO UPDATE SET made_by = excluded.made_by, address = excluded.address",
    )
    .bind(owner)
    .bind(&name)
    .bind(&made_by)
    .bind(&address)
    .bind(SavedView::MAX)
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    let is_saved = written.rows_affected() > 0;
    if is_saved && is_shared {
        audit(tx, actor, "save_view", name, address, now).await?;
    }
    Ok(is_saved)
}

/// Removes a view that the administrator of `key` saved, or with `any_shared` any shared one.
pub(super) async fn remove(
    tx: &mut SqliteConnection,
    number: u64,
    key: &str,
    any_shared: bool,
    actor: &Actor,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    let removed = sqlx::query(
        "DELETE FROM saved_views WHERE number = ? AND (made_by = ? OR (owner = '' AND ?))
         RETURNING number, owner, name, made_by, address",
    )
    .bind(i64::try_from(number).map_err(error::bad_row)?)
    .bind(key)
    .bind(any_shared)
    .fetch_optional(&mut *tx)
    .await
    .map_err(error::store)?;
    let Some(row) = removed else { return Ok(false) };
    let SavedView { is_shared, name, address, .. } = view(&row)?;
    if is_shared {
        audit(tx, actor, "remove_view", name, address, now).await?;
    }
    Ok(true)
}

/// Removes the views of an administrator who is removed; shared ones stay, and are nobody's.
pub(super) async fn leave(tx: &mut SqliteConnection, key: &str) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM saved_views WHERE owner = ?",
        "UPDATE saved_views SET made_by = '' WHERE made_by = ?",
    ] {
        sqlx::query(sql).bind(key).execute(&mut *tx).await.map_err(error::store)?;
    }
    Ok(())
}

async fn audit(
    tx: &mut SqliteConnection,
    actor: &Actor,
    action: &'static str,
    name: String,
    address: String,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let mut notes = Notes::default();
    notes.audit(now, actor, action, name, address);
    notes.write(tx).await
}
