//! Refused requests: one row for equal refusals of a minute.

use engine::{Refusal, UtcMillis, ports::StoreError};
use serde::Serialize;
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use terms::{LoginTexts, Named, key, phone_key};

use crate::{
    error,
    rows::{self, get},
};

/// A row, by the names of its columns.
#[derive(Serialize)]
struct Stored<'a> {
    minute: i64,
    code: u16,
    user: &'a str,
    phone: &'a str,
    by_kind: &'static str,
    by_name: &'a str,
    by_address: &'a str,
    first_ms: i64,
    last_ms: i64,
    times: u64,
    why: Option<String>,
    search: String,
    user_key: String,
    phone_key: String,
}

/// Adds refusals to their rows.
pub(crate) async fn add(tx: &mut SqliteConnection, refusals: &[Refusal]) -> Result<(), StoreError> {
    let stored = refusals.iter().map(|refusal| {
        let why = refusal.why.as_ref().map(serde_json::to_string);
        Ok(Stored {
            minute: refusal.minute(),
            code: refusal.code,
            user: &refusal.user,
            phone: &refusal.phone,
            by_kind: refusal.by.kind.name(),
            by_name: &refusal.by.name,
            by_address: &refusal.by.address,
            first_ms: refusal.first.0,
            last_ms: refusal.last.0,
            times: refusal.times,
            why: why.transpose().map_err(error::bad_row)?,
            search: searched(refusal),
            user_key: key(&refusal.user),
            phone_key: phone_key(&refusal.phone),
        })
    });
    let stored = stored.collect::<Result<Vec<_>, StoreError>>()?;
    sqlx::query(
        "INSERT INTO refusals (minute, code, user, phone, by_kind, by_name, by_address, first_ms,
                               last_ms, times, why, search, user_key, phone_key)
         SELECT value ->> 'minute', value ->> 'code', value ->> 'user', value ->> 'phone',
                value ->> 'by_kind', value ->> 'by_name', value ->> 'by_address',
                value ->> 'first_ms', value ->> 'last_ms', value ->> 'times', value ->> 'why',
                value ->> 'search', value ->> 'user_key', value ->> 'phone_key'
           FROM json_each(?) WHERE true
         ON CONFLICT (minute, code, user, phone, by_kind, by_name, by_address) DO UPDATE SET
            first_ms = min(first_ms, excluded.first_ms),
            last_ms = max(last_ms, excluded.last_ms),
            times = times + excluded.times,
            why = coalesce(excluded.why, why)",
    )
    .bind(serde_json::to_string(&stored).map_err(error::bad_row)?)
    .execute(tx)
    .await
    .map(drop)
    .map_err(error::store)
}

/// The text in which a list looks for words.
fn searched(refusal: &Refusal) -> String {
    let Refusal { user, phone, by, .. } = refusal;
    let texts = LoginTexts {
        user,
        phone,
        profile: "",
        model: "",
        description: "",
        source: &by.name,
        address: &by.address,
    };
    texts.searched()
}

/// Reads a row with the columns of a refusal.
pub(crate) fn read(row: &SqliteRow) -> Result<Refusal, StoreError> {
    // A reason that only a newer program knows counts as no reason.
    let why = get::<Option<String>>(row, "why")?.and_then(|why| serde_json::from_str(&why).ok());
    Ok(Refusal {
        code: get(row, "code")?,
        user: get(row, "user")?,
        phone: get(row, "phone")?,
        by: rows::actor(row, "by_kind", "by_name", "by_address")?,
        why,
        first: UtcMillis(get(row, "first_ms")?),
        last: UtcMillis(get(row, "last_ms")?),
        times: rows::count(get(row, "times")?)?,
    })
}
