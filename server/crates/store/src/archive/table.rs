//! Tables that are read from the latest row to the earliest.

use engine::{Cursor, UtcMillis, ports::StoreError};
use sqlx::{
    AssertSqlSafe, Sqlite, SqliteConnection,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use terms::SoughtText;

use crate::{
    error,
    rows::{self, get},
    words::with_texts,
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
    find: &'q [SoughtText],
    kind: Option<&'static str>,
    since: i64,
    before: i64,
    from: Option<Cursor>,
}

impl<'q> TableFilter<'q> {
    pub(super) fn new(
        find: &'q [SoughtText],
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

impl<'q> TableFilter<'q> {
    /// Binds the parameters: the bounds of the time, the kind, the cursor, the limit and the offset, then the words.
    fn bound(&self, asked: Asked<'q>, limit: u32, offset: u32) -> Asked<'q> {
        let asked = asked
            .bind(self.since)
            .bind(self.before)
            .bind(self.kind)
            .bind(self.from.map(|from| from.at.0))
            .bind(self.from.map(|from| from.number))
            .bind(limit)
            .bind(offset);
        self.find.iter().fold(asked, |asked, text| asked.bind(&text.text))
    }
}

/// The place of the first word among the parameters.
const FIRST_WORD: usize = 8;

type Asked<'q> = Query<'q, Sqlite, SqliteArguments>;

impl Table {
    fn condition(&self, wanted: &TableFilter<'_>) -> String {
        let Self { time, kind, .. } = self;
        // The first term lets SQLite use the index of ended logins.
        let mut terms = vec![format!("{time} IS NOT NULL AND {time} >= ?1 AND {time} < ?2")];
        if wanted.kind.is_some() {
            terms.push(format!("{kind} = ?3"));
        }
        if wanted.from.is_some() {
            terms.push(format!("({time} < ?4 OR rowid < ?5)"));
        }
        with_texts(terms, wanted.find, FIRST_WORD)
    }

    pub(super) async fn count(
        &self,
        connection: &mut SqliteConnection,
        wanted: &TableFilter<'_>,
    ) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT count(*) AS matching FROM {} WHERE {}",
            self.name,
            self.condition(wanted)
        );
        let counted = wanted
            .bound(sqlx::query(AssertSqlSafe(sql)), 0, 0)
            .fetch_one(connection)
            .await
            .map_err(error::store)?;
        rows::count(get(&counted, "matching")?)
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
                  ORDER BY {time} DESC, rowid DESC LIMIT ?6 OFFSET ?7)
              ORDER BY {time} DESC, rowid DESC"
        );
        wanted
            .bound(sqlx::query(AssertSqlSafe(sql)), limit, offset)
            .fetch_all(connection)
            .await
            .map_err(error::store)
    }

    pub(super) fn cursor(&self, row: &SqliteRow) -> Result<Cursor, StoreError> {
        Ok(Cursor { at: UtcMillis(get(row, self.time)?), number: get(row, "cursor")? })
    }
}
