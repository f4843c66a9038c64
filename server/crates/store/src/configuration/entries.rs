//! Adding and changing users, phones and what else an administrator names.

use engine::{
    Actor, AppUserEntry, PhoneEntry, ProfileEntry, RemoteClusterEntry, UserEntry, UtcMillis,
    ports::StoreError,
};
use sqlx::SqliteConnection;
use terms::EndCause;

use super::{
    Differences,
    spelling::{OF_PHONE, OF_PROFILE, OF_USER, respell},
    upsert::{Cell, Column, upsert},
};
use crate::{error, rows, writer};

pub(super) async fn app_users(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: Vec<AppUserEntry>,
) -> Result<(), StoreError> {
    for AppUserEntry { id, password_hash, proxy } in entries {
        let columns = vec![
            Column::text("id", Some(id.clone())),
            Column::secret("password_hash", "password", password_hash),
            Column::flag("proxy", proxy, true),
        ];
        let what = format!("application user {id}");
        upsert(tx, differences, &what, ("app_users", "key", &rows::key(&id)), columns).await?;
    }
    Ok(())
}

pub(super) async fn profiles(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: Vec<ProfileEntry>,
) -> Result<(), StoreError> {
    for ProfileEntry { name, model, lines, speed_dials } in entries {
        let columns = vec![
            Column::text("name", Some(name.clone())),
            Column::text("model", model),
            Column::list("lines", lines.as_deref())?,
            Column::list("speed_dials", speed_dials.as_deref())?,
        ];
        let what = format!("device profile {name}");
        let key = rows::key(&name);
        let changed =
            upsert(tx, differences, &what, ("device_profiles", "key", &key), columns).await?;
        respell(tx, changed.as_deref(), &name, &key, OF_PROFILE).await?;
    }
    Ok(())
}

pub(super) async fn users(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: Vec<UserEntry>,
    actor: &Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    for entry in entries {
        let UserEntry { id, pin_hash, enabled, emcc, max_login_minutes, profiles } = entry;
        let what = format!("user {id}");
        let profiles = match profiles {
            Some(named) => Some(stored_profiles(tx, &what, &named).await?),
            None => None,
        };
        let key = rows::key(&id);
        let columns = vec![
            Column::text("id", Some(id.clone())),
            Column::secret("pin_hash", "pin", pin_hash),
            Column::flag("enabled", enabled, true),
            Column::flag("emcc", emcc, false),
            Column::number("max_login_minutes", max_login_minutes),
            Column::list("profiles", profiles.as_deref())?,
        ];
        let changed = upsert(tx, differences, &what, ("users", "key", &key), columns).await?;
        respell(tx, changed.as_deref(), &id, &key, OF_USER).await?;
        for (column, old) in changed.unwrap_or_default() {
            let cause = match (column, old) {
                ("pin_hash", _) => EndCause::PinReset,
                ("enabled", Cell::Flag(true)) => EndCause::UserDisabled,
                _ => continue,
            };
            writer::end_open_of(tx, &key, cause, actor, now).await?;
        }
    }
    Ok(())
}

/// The profiles of a user, in their stored spelling.
async fn stored_profiles(
    tx: &mut SqliteConnection,
    what: &str,
    named: &[String],
) -> Result<Vec<String>, StoreError> {
    let mut profiles = Vec::with_capacity(named.len());
    for profile in named {
        let stored: Option<String> =
            sqlx::query_scalar("SELECT name FROM device_profiles WHERE key = ?")
                .bind(rows::key(profile))
                .fetch_optional(&mut *tx)
                .await
                .map_err(error::store)?;
        let text = || format!("{what}: there is no device profile {profile:?}");
        profiles.push(stored.ok_or_else(|| StoreError::Invalid(text()))?);
    }
    Ok(profiles)
}

pub(super) async fn phones(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: Vec<PhoneEntry>,
) -> Result<(), StoreError> {
    for entry in entries {
        let key = rows::phone_key(&entry.name);
        let columns = vec![
            Column::text("name", Some(entry.name.clone())),
            Column::text("model", entry.model),
            Column::flag("extension_mobility", entry.extension_mobility, true),
            Column::maybe("address", entry.address),
            Column::list("lines", entry.lines.as_deref())?,
            Column::list("speed_dials", entry.speed_dials.as_deref())?,
            Column::text("description", entry.description),
        ];
        let what = format!("phone {}", entry.name);
        let changed = upsert(tx, differences, &what, ("phones", "key", &key), columns).await?;
        respell(tx, changed.as_deref(), &entry.name, &key, OF_PHONE).await?;
    }
    Ok(())
}

pub(super) async fn remote_clusters(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    entries: Vec<RemoteClusterEntry>,
) -> Result<(), StoreError> {
    for RemoteClusterEntry { id, url, certificate } in entries {
        let columns = vec![
            Column::text("url", Some(url)),
            Column::secret("certificate", "certificate", Some(certificate)),
        ];
        let what = format!("remote cluster {id}");
        upsert(tx, differences, &what, ("remote_clusters", "id", &id), columns).await?;
    }
    Ok(())
}
