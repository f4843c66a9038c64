//! Another spelling of a name: what shows the old one shows the new one too.

use engine::ports::StoreError;
use sqlx::SqliteConnection;

use super::upsert::Cell;
use crate::error;

/// What follows, in SQL: `?1` is the new spelling, `?2` the old one, `?3` the key. Logins that have
/// ended keep the spelling they had.
pub(super) type Followers = &'static [&'static str];

pub(super) const OF_PHONE: Followers =
    &["UPDATE logins SET phone = ?1 WHERE ended_ms IS NULL AND phone_key = ?3"];

pub(super) const OF_USER: Followers = &[
    "UPDATE logins SET user = ?1 WHERE ended_ms IS NULL AND user_key = ?3",
    "UPDATE phones SET last_user = ?1 WHERE last_user = ?2",
];

pub(super) const OF_PROFILE: Followers = &[
    "UPDATE logins SET profile = ?1 WHERE ended_ms IS NULL AND profile = ?2",
    "UPDATE users SET profiles =
        (SELECT json_group_array(iif(value = ?2, ?1, value) ORDER BY key) FROM json_each(profiles))
      WHERE EXISTS (SELECT 1 FROM json_each(profiles) WHERE value = ?2)",
];

/// Lets everything follow that shows a name, if its spelling is among what changed.
pub(super) async fn respell(
    tx: &mut SqliteConnection,
    changed: Option<&[(&'static str, Cell)]>,
    new: &str,
    key: &str,
    followers: Followers,
) -> Result<(), StoreError> {
    let old = changed.unwrap_or_default().iter().find_map(|(column, old)| match old {
        Cell::Text(old) if ["id", "name"].contains(column) => Some(old),
        _ => None,
    });
    let Some(old) = old else { return Ok(()) };
    for sql in followers {
        sqlx::query(*sql)
            .bind(new)
            .bind(old)
            .bind(key)
            .execute(&mut *tx)
            .await
            .map_err(error::store)?;
    }
    Ok(())
}
