//! Adding and changing users, phones and what else an administrator names.

use engine::{
    Actor, AppUserEntry, PhoneEntry, ProfileEntry, RemoteClusterEntry, UserEntry, UtcMillis,
    ports::StoreError,
};
use serde::Serialize;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use terms::EndCause;

use super::Differences;
use crate::{error, rows, writer};

pub(super) async fn app_users(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: &[AppUserEntry],
) -> Result<(), StoreError> {
    for entry in entries {
        let what = format!("application user {}", entry.id);
        let old = row(tx, "SELECT proxy FROM app_users WHERE id = ?", &entry.id).await?;
        match &old {
            Some(row) => {
                let proxy: bool = get(row, 0)?;
                differences.compare(&what, &[("proxy", text(proxy), text(entry.proxy))]);
                if entry.password_hash.is_some() {
                    differences.secret(&what, "password");
                }
            }
            None if entry.password_hash.is_none() => {
                return Err(StoreError::Invalid(format!("{what}: a new one needs a password")));
            }
            None => differences.added(&what),
        }
        sqlx::query(
            "INSERT INTO app_users (id, password_hash, proxy) VALUES (?1, coalesce(?2, ''), ?3)
             ON CONFLICT (id) DO UPDATE
                SET password_hash = coalesce(?2, password_hash), proxy = ?3",
        )
        .bind(&entry.id)
        .bind(&entry.password_hash)
        .bind(entry.proxy)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}

pub(super) async fn profiles(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: &[ProfileEntry],
) -> Result<(), StoreError> {
    for entry in entries {
        let what = format!("device profile {}", entry.name);
        let (lines, dials) = (json(&entry.lines)?, json(&entry.speed_dials)?);
        let sql = "SELECT model, lines, speed_dials FROM device_profiles WHERE name = ?";
        match row(tx, sql, &entry.name).await? {
            Some(row) => differences.compare(
                &what,
                &[
                    ("model", get(&row, 0)?, entry.model.clone()),
                    ("lines", get(&row, 1)?, lines.clone()),
                    ("speed_dials", get(&row, 2)?, dials.clone()),
                ],
            ),
            None => differences.added(&what),
        }
        sqlx::query(
            "INSERT INTO device_profiles (name, model, lines, speed_dials) VALUES (?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET model = excluded.model, lines = excluded.lines,
                speed_dials = excluded.speed_dials",
        )
        .bind(&entry.name)
        .bind(&entry.model)
        .bind(lines)
        .bind(dials)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}

pub(super) async fn users(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: &[UserEntry],
    actor: &Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    for entry in entries {
        let what = format!("user {}", entry.id);
        let key = rows::key(&entry.id);
        for profile in &entry.profiles {
            let sql = "SELECT 1 FROM device_profiles WHERE name = ?";
            if row(tx, sql, profile).await?.is_none() {
                let text = format!("{what}: there is no device profile {profile:?}");
                return Err(StoreError::Invalid(text));
            }
        }
        let profiles = json(&entry.profiles)?;
        let minutes = entry.max_login_minutes.map_or_else(String::new, text);
        let sql = "SELECT enabled, emcc, max_login_minutes, profiles, id FROM users WHERE key = ?";
        match row(tx, sql, &key).await? {
            Some(row) => {
                let enabled: bool = get(&row, 0)?;
                let old_minutes: Option<u32> = get(&row, 2)?;
                differences.compare(
                    &what,
                    &[
                        ("id", get(&row, 4)?, entry.id.clone()),
                        ("enabled", text(enabled), text(entry.enabled)),
                        ("emcc", text(get::<bool>(&row, 1)?), text(entry.emcc)),
                        ("max_login_minutes", old_minutes.map_or_else(String::new, text), minutes),
                        ("profiles", get(&row, 3)?, profiles.clone()),
                    ],
                );
                if entry.pin_hash.is_some() {
                    differences.secret(&what, "pin");
                    writer::end_open_of(tx, &key, EndCause::PinReset, actor, now).await?;
                }
                if enabled && !entry.enabled {
                    writer::end_open_of(tx, &key, EndCause::UserDisabled, actor, now).await?;
                }
            }
            None if entry.pin_hash.is_none() => {
                return Err(StoreError::Invalid(format!("{what}: a new one needs a pin")));
            }
            None => differences.added(&what),
        }
        sqlx::query(
            "INSERT INTO users (key, id, pin_hash, enabled, emcc, max_login_minutes, profiles)
             VALUES (?1, ?2, coalesce(?3, ''), ?4, ?5, ?6, ?7)
             ON CONFLICT (key) DO UPDATE SET id = ?2, pin_hash = coalesce(?3, pin_hash),
                enabled = ?4, emcc = ?5, max_login_minutes = ?6, profiles = ?7",
        )
        .bind(key)
        .bind(&entry.id)
        .bind(&entry.pin_hash)
        .bind(entry.enabled)
        .bind(entry.emcc)
        .bind(entry.max_login_minutes)
        .bind(profiles)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}

pub(super) async fn phones(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: &[PhoneEntry],
) -> Result<(), StoreError> {
    for entry in entries {
        let what = format!("phone {}", entry.name);
        let (lines, dials) = (json(&entry.lines)?, json(&entry.speed_dials)?);
        let address = entry.address.clone().unwrap_or_default();
        let sql = "SELECT model, extension_mobility, coalesce(address, ''), lines, speed_dials,
                          description FROM phones WHERE name = ?";
        match row(tx, sql, &entry.name).await? {
            Some(row) => differences.compare(
                &what,
                &[
                    ("model", get(&row, 0)?, entry.model.clone()),
                    (
                        "extension_mobility",
                        text(get::<bool>(&row, 1)?),
                        text(entry.extension_mobility),
                    ),
                    ("address", get(&row, 2)?, address),
                    ("lines", get(&row, 3)?, lines.clone()),
                    ("speed_dials", get(&row, 4)?, dials.clone()),
                    ("description", get(&row, 5)?, entry.description.clone()),
                ],
            ),
            None => differences.added(&what),
        }
        sqlx::query(
            "INSERT INTO phones (name, model, description, extension_mobility, address, lines,
                                 speed_dials)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET model = excluded.model,
                description = excluded.description,
                extension_mobility = excluded.extension_mobility, address = excluded.address,
                lines = excluded.lines, speed_dials = excluded.speed_dials",
        )
        .bind(&entry.name)
        .bind(&entry.model)
        .bind(&entry.description)
        .bind(entry.extension_mobility)
        .bind(&entry.address)
        .bind(lines)
        .bind(dials)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}

pub(super) async fn remote_clusters(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: &[RemoteClusterEntry],
) -> Result<(), StoreError> {
    for entry in entries {
        let what = format!("remote cluster {}", entry.id);
        let sql = "SELECT url, certificate FROM remote_clusters WHERE id = ?";
        match row(tx, sql, &entry.id).await? {
            Some(row) => {
                differences.compare(&what, &[("url", get(&row, 0)?, entry.url.clone())]);
                if get::<String>(&row, 1)? != entry.certificate {
                    differences.secret(&what, "certificate");
                }
            }
            None => differences.added(&what),
        }
        sqlx::query(
            "INSERT INTO remote_clusters (id, url, certificate) VALUES (?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET url = excluded.url, certificate = excluded.certificate",
        )
        .bind(&entry.id)
        .bind(&entry.url)
        .bind(&entry.certificate)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    }
    Ok(())
}

async fn row(
    tx: &mut SqliteConnection,
    sql: &'static str,
    key: &str,
) -> Result<Option<SqliteRow>, StoreError> {
    sqlx::query(sql).bind(key).fetch_optional(tx).await.map_err(error::store)
}

fn get<'r, T>(row: &'r SqliteRow, index: usize) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    row.try_get(index).map_err(error::store)
}

#[expect(clippy::needless_pass_by_value, reason = "called with values made on the spot")]
fn text(value: impl ToString) -> String {
    value.to_string()
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(error::bad_row)
}
