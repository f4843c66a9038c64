//! What a change of service parameters would mean for the open logins.

use engine::{Impact, Scope, UtcMillis, ports::StoreError};
use sqlx::{Row, SqlitePool};

use crate::{
    error,
    rows::{self, get},
    writer::jobs,
};

/// Counts and names the logins that a change would concern.
pub(crate) async fn read(
    pool: &SqlitePool,
    limit_minutes: u32,
    now: UtcMillis,
) -> Result<Impact, StoreError> {
    let mut tx = pool.begin().await.map_err(error::store)?;
    let several = sqlx::query(
        "SELECT min(user) AS user, count(*) AS logins FROM logins WHERE ended_ms IS NULL
          GROUP BY user_key HAVING count(*) > 1 ORDER BY 2 DESC, 1",
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(error::store)?;
    let several = several
        .iter()
        .map(|row| Ok((get(row, "user")?, rows::count(row.try_get(1).map_err(error::store)?)?)))
        .collect::<Result<Vec<(String, u64)>, StoreError>>()?;
    let mut impact = Impact {
        several_users: several.len() as u64,
        extra_logins: several.iter().map(|(_, logins)| logins - 1).sum(),
        several: several.into_iter().take(Impact::NAMED as usize).collect(),
        ..Impact::default()
    };
    if limit_minutes > 0 {
        let scope = Scope::PastLimit { minutes: limit_minutes };
        impact.past_logins = jobs::open_in(&mut tx, &scope, now).await?;
        let past: Vec<(String, String)> = sqlx::query_as(
            "SELECT user, phone FROM logins WHERE ended_ms IS NULL AND limit_source = 'system'
                AND from_ms <= ? - ? * 60000 ORDER BY from_ms LIMIT ?",
        )
        .bind(now.0)
        .bind(limit_minutes)
        .bind(Impact::NAMED)
        .fetch_all(&mut *tx)
        .await
        .map_err(error::store)?;
        impact.past = past;
    }
    Ok(impact)
}
