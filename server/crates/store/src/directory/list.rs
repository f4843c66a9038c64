//! A list of records: the rows of a page, and the number of all rows.

use engine::{DirectoryOrder, DirectoryQuery, ports::StoreError};
use sqlx::{AssertSqlSafe, SqliteConnection, sqlite::SqliteRow};

use crate::{
    error,
    rows::{self, get},
    words::{Value, bind_values, with_texts},
};

/// A table of records, whose rows have a name, a key and a searched text.
pub(super) struct List {
    pub(super) table: &'static str,
    /// The columns of a row, and queries in parentheses on `listed`, which is the row.
    pub(super) columns: &'static str,
    /// The key of a name.
    pub(super) key: fn(&str) -> String,
    /// Whether the rows have a model.
    pub(super) has_model: bool,
    /// Whether the rows have a description.
    pub(super) has_description: bool,
}

impl List {
    /// A page of the rows. `term` is the condition of a filter, and the value of its parameter, which has the given
    /// number.
    pub(super) async fn page<F: Clone>(
        &self,
        tx: &mut SqliteConnection,
        query: &DirectoryQuery<F>,
        term: impl Fn(F, usize) -> (String, Option<Value>),
    ) -> Result<(Vec<SqliteRow>, u64), StoreError> {
        let (mut terms, mut values) = (vec!["true".to_owned()], Vec::new());
        for filter in &query.filters {
            let (term, value) = term(filter.clone(), values.len() + 1);
            terms.push(term);
            values.extend(value);
        }
        if let Some(after) = &query.after {
            terms.push(format!("key > ?{}", values.len() + 1));
            values.push(Value::Text((self.key)(after)));
        }
        let condition = with_texts(terms, &query.find, values.len() + 1);
        values.extend(query.find.iter().map(|text| Value::Text(text.text.clone())));
        let Self { table, columns, .. } = self;
        let sql = format!("SELECT count(*) AS matching FROM {table} AS listed WHERE {condition}");
        let counted = bind_values!(sqlx::query(AssertSqlSafe(sql)), &values);
        let counted = counted.fetch_one(&mut *tx).await.map_err(error::store)?;
        let matching = rows::count(get(&counted, "matching")?)?;
        if matching <= u64::from(query.offset) || query.limit == 0 {
            return Ok((Vec::new(), matching));
        }
        let order = self.order(query.order, query.is_descending);
        let (limit, offset) = (values.len() + 1, values.len() + 2);
        // The inner query reads an index where it can; SQLite reads whole rows only for the page.
        let sql = format!(
            "SELECT {columns} FROM {table} AS listed WHERE key IN (
                 SELECT key FROM {table} AS listed WHERE {condition}
                  ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset})
              ORDER BY {order}"
        );
        values.extend([query.limit, query.offset].map(|number| Value::Number(number.into())));
        let asked = bind_values!(sqlx::query(AssertSqlSafe(sql)), &values);
        Ok((asked.fetch_all(tx).await.map_err(error::store)?, matching))
    }

    fn order(&self, order: DirectoryOrder, is_descending: bool) -> String {
        let direction = if is_descending { "DESC" } else { "ASC" };
        match order {
            DirectoryOrder::Model if self.has_model => {
                format!("model COLLATE NOCASE {direction}, key")
            }
            DirectoryOrder::Description if self.has_description => {
                format!("description COLLATE NOCASE {direction}, key")
            }
            _ => format!("key {direction}"),
        }
    }
}

/// A condition without a parameter.
pub(super) fn plain(condition: &str) -> (String, Option<Value>) {
    (condition.to_owned(), None)
}
