//! Ended logins.

use engine::{Cursor, EndedLogin, HistoryPage, HistoryQuery, ports::StoreError};
use sqlx::{AssertSqlSafe, SqlitePool};
use terms::{EndCause, Named};

use super::table::{Table, TableFilter};
use crate::{
    error,
    rows::{self, ENDED_COLUMNS},
};

const ENDED: Table =
    Table { name: "logins", columns: ENDED_COLUMNS, time: "ended_ms", kind: "cause" };
fn wanted(query: &HistoryQuery, from: Option<Cursor>) -> TableFilter<'_> {
    let kind = query.cause.map(EndCause::name);
    TableFilter::new(&query.find, kind, query.since, query.before, from)
}

pub(crate) async fn history(
    pool: &SqlitePool,
    query: &HistoryQuery,
) -> Result<HistoryPage, StoreError> {
    let wanted = self::wanted(query, None);
    let mut tx = pool.begin().await.map_err(error::store)?;
    let matching = ENDED.count(&mut tx, &wanted).await?;
    if matching <= u64::from(query.offset) || query.limit == 0 {
        return Ok(HistoryPage { rows: Vec::new(), matching });
    }
    let found = ENDED.rows(&mut tx, &wanted, query.limit, query.offset).await?;
    Ok(HistoryPage { rows: found.iter().map(rows::ended).collect::<Result<_, _>>()?, matching })
}

pub(crate) async fn walk_history(
    pool: &SqlitePool,
    query: &HistoryQuery,
    from: Option<Cursor>,
) -> Result<Vec<(Cursor, EndedLogin)>, StoreError> {
    let mut connection = pool.acquire().await.map_err(error::store)?;
    let wanted = self::wanted(query, from);
    let found = ENDED.rows(&mut connection, &wanted, query.limit, 0).await?;
    found.iter().map(|row| Ok((ENDED.cursor(row)?, rows::ended(row)?))).collect()
}

pub(crate) async fn ended_on_phone(
    pool: &SqlitePool,
    phone: &str,
    limit: u32,
) -> Result<Vec<EndedLogin>, StoreError> {
    let sql = format!(
        "SELECT {ENDED_COLUMNS} FROM logins WHERE ended_ms IS NOT NULL AND phone_key = ?
                AND phone_cluster = ''
          ORDER BY ended_ms DESC, rowid DESC LIMIT ?"
    );
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(rows::phone_key(phone))
        .bind(limit)
        .fetch_all(pool)
        .await
        .map_err(error::store)?;
    found.iter().map(rows::ended).collect()
}
