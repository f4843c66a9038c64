//! Ending many logins, and leases.

use engine::{Actor, Ending, OpenLogin, UtcMillis, ports::StoreError};
use sqlx::SqliteConnection;
use terms::EndCause;

use super::{changes::Changes, steps::Steps};
use crate::{
    error,
    rows::{self, OpenRow, open_login_json},
};

/// Ends every open login of a user, by key; says how many.
pub(crate) async fn end_open_of(
    tx: &mut SqliteConnection,
    user_key: &str,
    cause: EndCause,
    actor: &Actor,
    now: UtcMillis,
) -> Result<u32, StoreError> {
    let open: Vec<String> = sqlx::query_scalar(concat!(
        "SELECT ",
        open_login_json!(),
        " FROM logins l
          WHERE l.ended_ms IS NULL AND l.user_key = ?"
    ))
    .bind(user_key)
    .fetch_all(&mut *tx)
    .await
    .map_err(error::store)?;
    end_all(tx, &open, Ending::of(cause, actor), now).await
}

async fn end_all(
    tx: &mut SqliteConnection,
    open: &[String],
    ending: Ending<'_>,
    now: UtcMillis,
) -> Result<u32, StoreError> {
    let mut changes = Changes::default();
    for row in open {
        let open: OpenLogin = rows::json::<OpenRow>(row)?.try_into()?;
        engine::end(&mut Steps::within(tx, &mut changes), open, ending, now).await?;
    }
    changes.write(tx).await?;
    u32::try_from(open.len()).map_err(error::bad_row)
}

/// Takes or keeps a lease; false when another holder has it.
pub(crate) async fn take_lease(
    tx: &mut SqliteConnection,
    name: String,
    holder: String,
    now: UtcMillis,
    ttl_ms: u32,
) -> Result<bool, StoreError> {
    let taken = sqlx::query(
        "INSERT INTO leases (name, holder, until_ms) VALUES (?1, ?2, ?3 + ?4)
         ON CONFLICT (name) DO UPDATE SET holder = ?2, until_ms = ?3 + ?4
          WHERE holder = ?2 OR until_ms <= ?3",
    )
    .bind(name)
    .bind(holder)
    .bind(now.0)
    .bind(ttl_ms)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(taken.rows_affected() == 1)
}
