//! Tables that are read from the latest row to the earliest.

use engine::{Cursor, UtcMillis, ports::StoreError};
use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};

use crate::{
    error,
    rows::{self, get},
};

/// A table that is read from its latest row to its earliest.
/// The index that serves the table covers the time, the kind and `search`.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static str,
    pub(super) time: &'static str,
    pub(super) kind: &'static str,
}

/// A selection of a table's rows.
pub(super) struct TableFilter<'q> {
    find: &'q str,
    kind: Option<&'static str>,
    since: i64,
    before: i64,
    from: Option<Cursor>,
}

impl<'q> TableFilter<'q> {
    pub(super) fn new(
        find: &'q str,
        kind: Option<&'static str>,
        since: Option<UtcMillis>,
        before: Option<UtcMillis>,
        from: Option<Cursor>,
    ) -> Self {
        let before = before.map_or(i64::MAX, |before| before.0);
        Self {
            find,
            kind,
            since: since.map_or(i64::MIN, |since| since.0),
            // The bound limits a walk to the part of the index that is left to read.
            before: from.map_or(before, |from| before.min(from.at.0.saturating_add(1))),
            from,
        }
    }
}

impl Table {
    fn condition(&self, wanted: &TableFilter<'_>) -> String {
        let Self { time, kind, .. } = self;
        // The first term lets SQLite use the index of ended logins.
        let mut terms = vec![format!("{time} IS NOT NULL AND {time} >= ?2 AND {time} < ?3")];
        if !wanted.find.is_empty() {
            terms.push("instr(search, ?1) > 0".to_owned());
        }
        if wanted.kind.is_some() {
            terms.push(format!("{kind} = ?4"));
        }
        if wanted.from.is_some() {
            terms.push(format!("({time} < ?5 OR rowid < ?6)"));
        }
        terms.join(" AND ")
    }

    pub(super) async fn count(
        &self,
        connection: &mut SqliteConnection,
        wanted: &TableFilter<'_>,
    ) -> Result<u64, StoreError> {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", self.name, self.condition(wanted));
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(wanted.find)
            .bind(wanted.since)
            .bind(wanted.before)
            .bind(wanted.kind)
            .fetch_one(connection)
            .await
            .map_err(error::store)?;
        rows::count(count)
    }

    pub(super) async fn rows(
        &self,
        connection: &mut SqliteConnection,
        wanted: &TableFilter<'_>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let Self { name, columns, time, .. } = self;
        let condition = self.condition(wanted);
        // The inner query uses the index alone; SQLite fetches only the rows of the page.
        let sql = format!(
            "SELECT rowid AS cursor, {columns} FROM {name} WHERE rowid IN (
                 SELECT rowid FROM {name} WHERE {condition}
                  ORDER BY {time} DESC, rowid DESC LIMIT ?7 OFFSET ?8)
              ORDER BY {time} DESC, rowid DESC"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(wanted.find)
            .bind(wanted.since)
            .bind(wanted.before)
            .bind(wanted.kind)
            .bind(wanted.from.map(|from| from.at.0))
            .bind(wanted.from.map(|from| from.number))
            .bind(limit)
            .bind(offset)
            .fetch_all(connection)
            .await
            .map_err(error::store)
    }

    pub(super) fn cursor(&self, row: &SqliteRow) -> Result<Cursor, StoreError> {
        Ok(Cursor { at: UtcMillis(get(row, self.time)?), number: get(row, "cursor")? })
    }
}
