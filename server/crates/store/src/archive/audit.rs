//! The audit.

use engine::{AuditPage, AuditQuery, AuditRow, Cursor, UtcMillis, ports::StoreError};
use sqlx::{SqlitePool, sqlite::SqliteRow};
use terms::{ActorKind, Named};

use super::table::{Table, TableFilter};
use crate::{
    error,
    rows::{self, get},
};

const AUDIT: Table = Table {
    name: "audit",
    columns: "at_ms, actor_kind, actor, address, action, subject, detail",
    time: "at_ms",
    kind: "actor_kind",
};

fn wanted(query: &AuditQuery, from: Option<Cursor>) -> TableFilter<'_> {
    let kind = query.by.map(ActorKind::name);
    TableFilter::new(&query.find, kind, query.since, query.before, from)
}

pub(crate) async fn audit(pool: &SqlitePool, query: &AuditQuery) -> Result<AuditPage, StoreError> {
    let wanted = self::wanted(query, None);
    let mut tx = pool.begin().await.map_err(error::store)?;
    let matching = AUDIT.count(&mut tx, &wanted).await?;
    if matching <= u64::from(query.offset) || query.limit == 0 {
        return Ok(AuditPage { rows: Vec::new(), matching });
    }
    let found = AUDIT.rows(&mut tx, &wanted, query.limit, query.offset).await?;
    Ok(AuditPage { rows: found.iter().map(audit_row).collect::<Result<_, _>>()?, matching })
}

pub(crate) async fn walk_audit(
    pool: &SqlitePool,
    query: &AuditQuery,
    from: Option<Cursor>,
) -> Result<Vec<(Cursor, AuditRow)>, StoreError> {
    let mut connection = pool.acquire().await.map_err(error::store)?;
    let wanted = self::wanted(query, from);
    let found = AUDIT.rows(&mut connection, &wanted, query.limit, 0).await?;
    found.iter().map(|row| Ok((AUDIT.cursor(row)?, audit_row(row)?))).collect()
}

fn audit_row(row: &SqliteRow) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        at: UtcMillis(get(row, "at_ms")?),
        by: rows::actor(row, "actor_kind", "actor", "address")?,
        action: get(row, "action")?,
        subject: get(row, "subject")?,
        detail: get(row, "detail")?,
    })
}
