//! Users, phones and the other records that administrators set up.
//! Each kind has its own table. One statement reads or writes many rows as JSON.

use engine::{AppUser, DeviceProfile, Phone, RemoteCluster, User, ports::StoreError};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::{
    error,
    rows::{self, LOGIN_COLUMNS},
};

/// A kind of record with its own table.
pub(crate) trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// SQL that reads one row as JSON; `keys.value` is the row's key.
    const READ: &'static str;
    /// SQL that adds rows or replaces them, from a JSON array of key, row and searched text of each.
    const WRITE: &'static str;
    /// SQL that removes rows; the parameter is a JSON array of keys.
    const REMOVE: &'static str;
    /// SQL that changes a spelling in all rows that show it.
    /// `?1` is the new spelling, `?2` the spelling before, `?3` the key.
    const RESPELL: &'static [&'static str] = &[];
    /// The condition on open logins whose search text changes with a spelling; `?` is the key. The search text has keys, except for the name of a phone, which may have separators.
    const FOUND: Option<&'static str> = None;

    /// The row's name.
    fn name(&self) -> &str;

    /// The key of a name.
    fn key(name: &str) -> String {
        rows::key(name)
    }

    /// The text in which a list looks for words; empty for kinds that have no such list.
    fn searched(&self) -> String {
        String::new()
    }
}

/// Reads the rows of `names`, in their order.
pub(crate) async fn read<T: Record>(
    tx: &mut SqliteConnection,
    names: &[String],
) -> Result<Vec<Option<T>>, StoreError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = names.iter().map(|name| T::key(name)).collect();
    let keys = serde_json::to_string(&keys).map_err(error::bad_row)?;
    let found: Vec<Option<String>> =
        sqlx::query_scalar(T::READ).bind(keys).fetch_all(tx).await.map_err(error::store)?;
    found.iter().map(|row| row.as_deref().map(rows::json).transpose()).collect()
}

/// Reads all remote clusters, by id.
pub(crate) async fn all(tx: &mut SqliteConnection) -> Result<Vec<RemoteCluster>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM remote_clusters ORDER BY id")
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    Ok(read(tx, &ids).await?.into_iter().flatten().collect())
}

/// Adds rows, or replaces the rows with the same keys.
pub(crate) async fn write<T: Record>(
    tx: &mut SqliteConnection,
    rows: &[T],
) -> Result<(), StoreError> {
    let rows: Vec<_> = rows.iter().map(|row| (T::key(row.name()), row, row.searched())).collect();
    let rows = serde_json::to_string(&rows).map_err(error::bad_row)?;
    sqlx::query(T::WRITE).bind(rows).execute(tx).await.map(drop).map_err(error::store)
}

/// Removes the rows of `names`.
pub(crate) async fn remove<T: Record>(
    tx: &mut SqliteConnection,
    names: &[String],
) -> Result<(), StoreError> {
    let keys: Vec<_> = names.iter().map(|name| T::key(name)).collect();
    let keys = serde_json::to_string(&keys).map_err(error::bad_row)?;
    sqlx::query(T::REMOVE).bind(keys).execute(tx).await.map(drop).map_err(error::store)
}

/// Changes the spelling of a name in all rows that show the name.
pub(crate) async fn respell<T: Record>(
    tx: &mut SqliteConnection,
    before: &str,
    row: &T,
) -> Result<(), StoreError> {
    let (name, key) = (row.name(), T::key(row.name()));
    for sql in T::RESPELL {
        let query = sqlx::query(*sql).bind(name).bind(before).bind(&key);
        query.execute(&mut *tx).await.map_err(error::store)?;
    }
    match T::FOUND {
        Some(condition) => find_by_new_names(tx, condition, &key).await,
        None => Ok(()),
    }
}

/// Writes the search text of open logins again.
async fn find_by_new_names(
    tx: &mut SqliteConnection,
    condition: &'static str,
    key: &str,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {LOGIN_COLUMNS} FROM logins WHERE ended_ms IS NULL AND {condition}");
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(key)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    for row in &found {
        let login = rows::login(row)?;
        sqlx::query("UPDATE logins SET search = ? WHERE id = ?")
            .bind(login.searched())
            .bind(login.id.0.to_string())
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
    }
    Ok(())
}

impl Record for AppUser {
    const REMOVE: &'static str =
        "DELETE FROM app_users WHERE key IN (SELECT value FROM json_each(?))";
    const READ: &'static str = "SELECT (
            SELECT json_object('id', id, 'password_hash', password_hash,
                               'proxy', json(iif(proxy, 'true', 'false')))
              FROM app_users WHERE key = keys.value)
          FROM json_each(?) keys ORDER BY keys.key";
    const WRITE: &'static str = "INSERT INTO app_users (key, id, password_hash, proxy, search)
         SELECT value ->> 0, value ->> '$[1].id', value ->> '$[1].password_hash',
                value ->> '$[1].proxy', value ->> 2
           FROM json_each(?) WHERE true
         ON CONFLICT (key) DO UPDATE SET id = excluded.id,
            password_hash = excluded.password_hash, proxy = excluded.proxy, search = excluded.search";

    fn name(&self) -> &str {
        &self.id
    }

    fn searched(&self) -> String {
        Self::searched(self)
    }
}

impl Record for DeviceProfile {
    const REMOVE: &'static str =
        "DELETE FROM device_profiles WHERE key IN (SELECT value FROM json_each(?))";
    const READ: &'static str = "SELECT (
            SELECT json_object('name', name, 'model', model, 'lines', json(lines),
                               'speed_dials', json(speed_dials), 'sip', json(sip))
              FROM device_profiles WHERE key = keys.value)
          FROM json_each(?) keys ORDER BY keys.key";
    const WRITE: &'static str = "INSERT INTO device_profiles
            (key, name, model, lines, speed_dials, sip, search)
         SELECT value ->> 0, value ->> '$[1].name', value ->> '$[1].model',
                value -> '$[1].lines', value -> '$[1].speed_dials', value -> '$[1].sip',
                value ->> 2
           FROM json_each(?) WHERE true
         ON CONFLICT (key) DO UPDATE SET name = excluded.name, model = excluded.model,
            lines = excluded.lines, speed_dials = excluded.speed_dials, sip = excluded.sip,
            search = excluded.search";
    const RESPELL: &'static [&'static str] = &[
        "UPDATE logins SET profile = ?1
          WHERE ended_ms IS NULL AND profile = ?2 AND user_cluster = ''",
        "UPDATE users SET profiles =
            (SELECT json_group_array(iif(value = ?2, ?1, value) ORDER BY key)
               FROM json_each(profiles))
          WHERE EXISTS (SELECT 1 FROM json_each(profiles) WHERE value = ?2)",
    ];

    fn name(&self) -> &str {
        &self.name
    }

    fn searched(&self) -> String {
        Self::searched(self)
    }
}

impl Record for User {
    const REMOVE: &'static str = "DELETE FROM users WHERE key IN (SELECT value FROM json_each(?))";
    const READ: &'static str = "SELECT (
            SELECT json_object('id', id, 'pin_hash', pin_hash,
                               'enabled', json(iif(enabled, 'true', 'false')),
                               'emcc', json(iif(emcc, 'true', 'false')),
                               'max_login_minutes', max_login_minutes,
                               'profiles', json(profiles),
                               'primary_extension', primary_extension,
                               'self_service_id', self_service_id,
                               'pin_must_change', json(iif(pin_must_change, 'true', 'false')),
                               'pin_history', json(pin_history))
              FROM users WHERE key = keys.value)
          FROM json_each(?) keys ORDER BY keys.key";
    const WRITE: &'static str = "INSERT INTO users
            (key, id, pin_hash, enabled, emcc, max_login_minutes, profiles, primary_extension,
             self_service_id, pin_must_change, pin_history, search)
         SELECT value ->> 0, value ->> '$[1].id', value ->> '$[1].pin_hash',
                value ->> '$[1].enabled', value ->> '$[1].emcc',
                value ->> '$[1].max_login_minutes', value -> '$[1].profiles',
                value ->> '$[1].primary_extension', value ->> '$[1].self_service_id',
                value ->> '$[1].pin_must_change', value -> '$[1].pin_history', value ->> 2
           FROM json_each(?) WHERE true
         ON CONFLICT (key) DO UPDATE SET id = excluded.id, pin_hash = excluded.pin_hash,
            enabled = excluded.enabled, emcc = excluded.emcc,
            max_login_minutes = excluded.max_login_minutes, profiles = excluded.profiles,
            primary_extension = excluded.primary_extension,
            self_service_id = excluded.self_service_id,
            pin_must_change = excluded.pin_must_change, pin_history = excluded.pin_history,
            search = excluded.search";
    const RESPELL: &'static [&'static str] = &[
        "UPDATE logins SET user = ?1 WHERE ended_ms IS NULL AND user_key = ?3 AND user_cluster = ''",
        "UPDATE phones SET last_user = ?1 WHERE last_user = ?2 AND last_user_cluster = ''",
    ];

    fn name(&self) -> &str {
        &self.id
    }

    fn searched(&self) -> String {
        Self::searched(self)
    }
}

impl Record for Phone {
    const REMOVE: &'static str = "DELETE FROM phones WHERE key IN (SELECT value FROM json_each(?))";
    const READ: &'static str = "SELECT (
            SELECT json_object('name', name, 'model', model, 'description', description,
                               'extension_mobility',
                               json(iif(extension_mobility, 'true', 'false')),
                               'address', address, 'lines', json(lines),
                               'speed_dials', json(speed_dials), 'sip', json(sip),
                               'log_out_at', log_out_at, 'log_out_since', log_out_since_ms,
                               'idle_minutes', idle_minutes, 'last_user',
                               iif(last_user IS NULL, NULL, json_object(
                                   'cluster', last_user_cluster, 'name', last_user)))
              FROM phones WHERE key = keys.value)
          FROM json_each(?) keys ORDER BY keys.key";
    const WRITE: &'static str = "INSERT INTO phones
            (key, name, model, description, extension_mobility, address, lines, speed_dials, sip,
             log_out_at, log_out_since_ms, idle_minutes, search)
         SELECT value ->> 0, value ->> '$[1].name', value ->> '$[1].model',
                value ->> '$[1].description', value ->> '$[1].extension_mobility',
                value ->> '$[1].address', value -> '$[1].lines', value -> '$[1].speed_dials',
                value -> '$[1].sip', value ->> '$[1].log_out_at', value ->> '$[1].log_out_since',
                value ->> '$[1].idle_minutes', value ->> 2
           FROM json_each(?) WHERE true
         ON CONFLICT (key) DO UPDATE SET name = excluded.name, model = excluded.model,
            description = excluded.description,
            extension_mobility = excluded.extension_mobility, address = excluded.address,
            lines = excluded.lines, speed_dials = excluded.speed_dials, sip = excluded.sip,
            log_out_at = excluded.log_out_at,
            log_out_since_ms = excluded.log_out_since_ms, idle_minutes = excluded.idle_minutes,
            search = excluded.search";
    const RESPELL: &'static [&'static str] = &["UPDATE logins SET phone = ?1
          WHERE ended_ms IS NULL AND phone_key = ?3 AND phone_cluster = ''"];
    const FOUND: Option<&'static str> = Some("phone_key = ? AND phone_cluster = ''");

    fn name(&self) -> &str {
        &self.name
    }

    fn searched(&self) -> String {
        Self::searched(self)
    }

    fn key(name: &str) -> String {
        rows::phone_key(name)
    }
}

impl Record for RemoteCluster {
    const REMOVE: &'static str =
        "DELETE FROM remote_clusters WHERE id IN (SELECT value FROM json_each(?))";
    const READ: &'static str = "SELECT (
            SELECT json_object('id', id, 'url', url, 'certificate', certificate,
                               'description', description,
                               'enabled', json(iif(enabled, 'true', 'false')),
                               'next_certificate', next_certificate)
              FROM remote_clusters WHERE id = keys.value)
          FROM json_each(?) keys ORDER BY keys.key";
    const WRITE: &'static str = "INSERT INTO remote_clusters
            (id, url, certificate, description, enabled, next_certificate)
         SELECT value ->> 0, value ->> '$[1].url', value ->> '$[1].certificate',
                value ->> '$[1].description', value ->> '$[1].enabled',
                value ->> '$[1].next_certificate'
           FROM json_each(?) WHERE true
         ON CONFLICT (id) DO UPDATE SET url = excluded.url, certificate = excluded.certificate,
            description = excluded.description, enabled = excluded.enabled,
            next_certificate = excluded.next_certificate";

    fn name(&self) -> &str {
        &self.id
    }

    /// A cluster's id has one spelling, so the id is its own key.
    fn key(name: &str) -> String {
        name.to_owned()
    }
}
