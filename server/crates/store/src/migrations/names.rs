//! The step of migration 4: no two rows keep names with the same key, and each name gets its key.
//!
//! The step works on the tables as migrations 1 to 3 leave them, and all its SQL is here. So later
//! migrations can't break the step.

use std::collections::{BTreeMap, HashSet};

use engine::{Actor, EventKind, UtcMillis, ports::StoreError};
use serde_json::json;
use sqlx::{AssertSqlSafe, SqliteConnection};
use terms::{ActorKind, EndCause, Named, key, phone_key};

use super::kinds::{ALL, Kind};
use crate::{
    error,
    rows::{self, OpenRow},
};

/// SQL that puts an open login `l` into one JSON value for [`OpenRow`]; there is one cluster.
macro_rules! open_login_json {
    () => {
        "json_object('id', l.id, 'user', l.user, 'user_cluster', '', 'phone', l.phone,
                     'phone_cluster', '', 'model', l.model, 'description', l.description,
                     'profile', l.profile, 'type', l.type, 'from', l.from_ms, 'until', l.until_ms,
                     'by_kind', l.began_by_kind, 'by', l.began_by, 'by_address', l.began_by_address)"
    };
}

/// The number of names whose keys one statement writes.
const BATCH_NAMES: usize = 1000;
/// The most characters of a name in requests and in applied configurations.
const MAX_NAME_CHARS: usize = 256;

/// Prepares the tables for `0004_names.sql`.
pub(super) async fn prepare(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    let now: i64 = sqlx::query_scalar("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)")
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;
    let now = UtcMillis(now);
    for kind in &ALL {
        one_row_for_each_key(tx, kind, now).await?;
    }
    one_open_login_for_each_key(tx, now).await?;
    write_keys(tx).await?;
    refold_audit(tx).await
}

async fn one_row_for_each_key(
    tx: &mut SqliteConnection,
    kind: &Kind,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Kind { table, name, .. } = kind;
    let names: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT {name} FROM {table} ORDER BY {name}")))
            .fetch_all(&mut *tx)
            .await
            .map_err(error::store)?;
    let mut spellings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names {
        spellings.entry((kind.key)(&name)).or_default().push(name);
    }
    let mut taken: HashSet<String> = spellings.keys().cloned().collect();
    for mut names in spellings.into_values().filter(|names| names.len() > 1) {
        let mut used = Vec::with_capacity(names.len());
        for name in names.drain(..) {
            used.push((last_use(tx, kind, &name).await?, name));
        }
        // The last used row is first; of rows that were never used, the last written row, or else the first
        // by name.
        used.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.cmp(b)));
        let mut names = used.into_iter().map(|(_, name)| name);
        let Some(kept) = names.next() else { continue };
        let content = content(tx, kind, &kept).await?;
        for other in names {
            if self::content(tx, kind, &other).await? == content {
                merge(tx, kind, &kept, &other, now).await?;
            } else {
                let mut numbered = (2..).map(|number| numbered(&other, number));
                let new = numbered.find(|new| taken.insert((kind.key)(new)));
                set_aside(tx, kind, (&kept, &other, &new.unwrap_or_default()), now).await?;
            }
        }
    }
    Ok(())
}

/// A name with a number; the name is cut so that both have at most [`MAX_NAME_CHARS`] characters.
fn numbered(name: &str, number: u32) -> String {
    let number = format!("~{number}");
    let kept = MAX_NAME_CHARS.saturating_sub(number.len());
    name.chars().take(kept).chain(number.chars()).collect()
}

/// When a row was last used, and then last written.
/// The start of an open login counts as later than every end. The number of the audit row says which of two
/// rows was written later.
async fn last_use(
    tx: &mut SqliteConnection,
    kind: &Kind,
    name: &str,
) -> Result<(Option<i64>, Option<i64>, Option<i64>), StoreError> {
    let sql = format!(
        "SELECT ({}), ({}),
                (SELECT max(number) FROM audit
                  WHERE action IN ('configure', 'add_administrator')
                    AND (subject IN (?1, ?2) OR substr(subject, 1, length(?2) + 1) = ?2 || ' '))",
        kind.open, kind.used
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(name)
        .bind(format!("{} {name}", kind.what))
        .fetch_one(tx)
        .await
        .map_err(error::store)
}

async fn content(tx: &mut SqliteConnection, kind: &Kind, name: &str) -> Result<String, StoreError> {
    let Kind { table, name: column, content, .. } = kind;
    let sql = format!("SELECT {content} FROM {table} WHERE {column} = ?");
    sqlx::query_scalar(AssertSqlSafe(sql)).bind(name).fetch_one(tx).await.map_err(error::store)
}

/// Merges two rows with the same content into the row `kept`.
async fn merge(
    tx: &mut SqliteConnection,
    kind: &Kind,
    kept: &str,
    other: &str,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Kind { table, name, what, follow, .. } = kind;
    if kind.one_login {
        end_logins(tx, kind, kept, other, now).await?;
    }
    for sql in *follow {
        execute(tx, sql, &[other, kept]).await?;
    }
    execute(tx, &format!("DELETE FROM {table} WHERE {name} = ?1"), &[other]).await?;
    let detail = format!("{other}, another spelling with the same content, is merged into it");
    audit(tx, "configure", &format!("{what} {kept}"), &detail, now).await
}

/// Keeps a row under a new name, disabled, and ends its logins.
async fn set_aside(
    tx: &mut SqliteConnection,
    kind: &Kind,
    (kept, other, new): (&str, &str, &str),
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Kind { table, name, what, follow, disable, .. } = kind;
    end_logins(tx, kind, kept, other, now).await?;
    for sql in disable.iter().chain(*follow) {
        execute(tx, sql, &[other, new]).await?;
    }
    execute(tx, &format!("UPDATE {table} SET {name} = ?2 WHERE {name} = ?1"), &[other, new])
        .await?;
    let disabled = if disable.is_empty() { "" } else { ", disabled," };
    let detail =
        format!("{other}, another spelling with other content, is kept{disabled} as {new}");
    audit(tx, "configure", &format!("{what} {kept}"), &detail, now).await
}

/// Ends the open logins that end with the row `other`.
async fn end_logins(
    tx: &mut SqliteConnection,
    kind: &Kind,
    kept: &str,
    other: &str,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Some((condition, cause)) = kind.logins else { return Ok(()) };
    let sql = format!(
        "SELECT {} FROM logins l WHERE l.ended_ms IS NULL AND {condition} ORDER BY l.from_ms",
        open_login_json!()
    );
    let open: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(other)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
    let reason = format!("{other} is another spelling of {} {kept}", kind.what);
    for row in open {
        end(tx, rows::json(&row)?, cause, &reason, now).await?;
    }
    Ok(())
}

/// Keeps the latest of open logins that conflict in the new unique indexes, and ends the others.
async fn one_open_login_for_each_key(
    tx: &mut SqliteConnection,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let open: Vec<(String, bool)> = sqlx::query_as(concat!(
        "SELECT ",
        open_login_json!(),
        ", l.sole_user IS NOT NULL FROM logins l WHERE l.ended_ms IS NULL
          ORDER BY l.from_ms DESC, l.id DESC"
    ))
    .fetch_all(&mut *tx)
    .await
    .map_err(error::store)?;
    let (mut phones, mut users) = (HashSet::new(), HashSet::new());
    for (row, sole) in open {
        let login: OpenRow = rows::json(&row)?;
        if !phones.insert(phone_key(&login.phone)) {
            let reason = "another spelling of its phone has a later login";
            end(tx, login, EndCause::PhoneRemoved, reason, now).await?;
        } else if sole && !users.insert(key(&login.user)) {
            let reason = "another spelling of its user has a later login";
            end(tx, login, EndCause::UserDisabled, reason, now).await?;
        }
    }
    Ok(())
}

async fn end(
    tx: &mut SqliteConnection,
    open: OpenRow,
    cause: EndCause,
    reason: &str,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let open: engine::Login = open.try_into()?;
    let now = now.max(open.from);
    sqlx::query(
        "UPDATE logins SET ended_ms = ?, cause = ?, ended_by_kind = ?, ended_by = '',
                ended_by_address = '', reason = ?
          WHERE id = ?",
    )
    .bind(now.0)
    .bind(cause.name())
    .bind(ActorKind::System.name())
    .bind(reason)
    .bind(open.id.0.to_string())
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    execute(
        tx,
        "UPDATE phones SET last_user = ?1 WHERE name = ?2",
        &[&open.user.id, &open.phone.name],
    )
    .await?;
    let detail = format!("{}, {}: {reason}", open.user, cause.name());
    audit(tx, "log_out", &open.phone.name, &detail, now).await?;
    let ended = open.ended(cause, Actor::SYSTEM, reason.to_owned(), now);
    let body = serde_json::to_string(&EventKind::LoggedOut(ended)).map_err(error::bad_row)?;
    sqlx::query("INSERT INTO events (at_ms, body) VALUES (?, ?)")
        .bind(now.0)
        .bind(body)
        .execute(tx)
        .await
        .map_err(error::store)?;
    Ok(())
}

async fn audit(
    tx: &mut SqliteConnection,
    action: &str,
    subject: &str,
    detail: &str,
    now: UtcMillis,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (at_ms, actor_kind, actor, action, subject, detail, search)
         VALUES (?, ?, '', ?, ?, ?, ?)",
    )
    .bind(now.0)
    .bind(ActorKind::System.name())
    .bind(action)
    .bind(subject)
    .bind(detail)
    .bind(key(&format!("\n\n{action}\n{subject}\n{detail}")))
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(())
}

/// Writes the keys of all names to the temporary table that the migration's SQL reads.
async fn write_keys(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    let create = "CREATE TEMP TABLE name_keys
                      (name TEXT PRIMARY KEY, key TEXT NOT NULL, phone_key TEXT NOT NULL)
                  STRICT, WITHOUT ROWID";
    execute(tx, create, &[]).await?;
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM app_users UNION SELECT id FROM users UNION SELECT name FROM phones
         UNION SELECT name FROM device_profiles UNION SELECT name FROM administrators
         UNION SELECT user FROM logins UNION SELECT phone FROM logins
         UNION SELECT profile FROM logins",
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(error::store)?;
    for names in names.chunks(BATCH_NAMES) {
        let keys: Vec<_> =
            names.iter().map(|name| json!([name, key(name), phone_key(name)])).collect();
        let keys = serde_json::to_string(&keys).map_err(error::bad_row)?;
        let sql = "INSERT INTO temp.name_keys
                   SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1)";
        execute(tx, sql, &[&keys]).await?;
    }
    Ok(())
}

/// Folds the search text of audit rows again, if the text has letters outside ASCII.
/// ASCII letters are folded as before.
async fn refold_audit(tx: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut after = 0_i64;
    loop {
        let found: Vec<(i64, String)> = sqlx::query_as(
            "SELECT number, search FROM audit
              WHERE number > ? AND search GLOB '*[^' || char(1) || '-' || char(127) || ']*'
              ORDER BY number LIMIT ?",
        )
        .bind(after)
        .bind(i64::try_from(BATCH_NAMES).map_err(error::bad_row)?)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
        let Some((last, _)) = found.last() else { return Ok(()) };
        after = *last;
        let folded: Vec<_> =
            found.iter().map(|(number, search)| json!([number, key(search)])).collect();
        let folded = serde_json::to_string(&folded).map_err(error::bad_row)?;
        let sql = "UPDATE audit SET search = f.value ->> 1 FROM json_each(?1) f
                    WHERE audit.number = f.value ->> 0";
        execute(tx, sql, &[&folded]).await?;
    }
}

async fn execute(tx: &mut SqliteConnection, sql: &str, values: &[&str]) -> Result<(), StoreError> {
    let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
    for value in values {
        query = query.bind((*value).to_owned());
    }
    query.execute(tx).await.map_err(error::store)?;
    Ok(())
}
