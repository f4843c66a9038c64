//! Adding a row, or changing of a row what is named.

use engine::ports::StoreError;
use sqlx::{AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteRow};

use super::Differences;
use crate::error;

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    /// A text, or none.
    Maybe(Option<String>),
    Flag(bool),
    /// A number, or none.
    Number(Option<u32>),
}

impl Cell {
    fn read(&self, row: &SqliteRow, index: usize) -> Result<Self, sqlx::Error> {
        Ok(match self {
            Self::Text(_) => Self::Text(row.try_get(index)?),
            Self::Maybe(_) => Self::Maybe(row.try_get(index)?),
            Self::Flag(_) => Self::Flag(row.try_get(index)?),
            Self::Number(_) => Self::Number(row.try_get(index)?),
        })
    }

    fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Maybe(text) => text.clone().unwrap_or_default(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.map_or_else(String::new, |number| number.to_string()),
        }
    }
}

/// A column of a row to add or change.
pub(super) struct Column {
    name: &'static str,
    /// The new value; `None` keeps the old one.
    new: Option<Cell>,
    /// What a new row has where nothing is named; `None` where something must be.
    default: Option<Cell>,
    /// What the value is called in the difference, when it must not stand there itself.
    secret: Option<&'static str>,
}

impl Column {
    pub(super) fn text(name: &'static str, new: Option<String>) -> Self {
        let default = Some(Cell::Text(String::new()));
        Self { name, new: new.map(Cell::Text), default, secret: None }
    }

    /// A text that there need not be: naming an empty one takes it away.
    pub(super) fn maybe(name: &'static str, new: Option<String>) -> Self {
        let new = new.map(|text| Cell::Maybe(Some(text).filter(|text| !text.is_empty())));
        Self { name, new, default: Some(Cell::Maybe(None)), secret: None }
    }

    pub(super) fn flag(name: &'static str, new: Option<bool>, default: bool) -> Self {
        Self { name, new: new.map(Cell::Flag), default: Some(Cell::Flag(default)), secret: None }
    }

    /// A number that there need not be.
    #[expect(clippy::option_option, reason = "named as none is not the same as not named")]
    pub(super) fn number(name: &'static str, new: Option<Option<u32>>) -> Self {
        let default = Some(Cell::Number(None));
        Self { name, new: new.map(Cell::Number), default, secret: None }
    }

    /// A list, kept as JSON.
    pub(super) fn list<T: serde::Serialize>(
        name: &'static str,
        new: Option<&[T]>,
    ) -> Result<Self, StoreError> {
        let new = new.map(serde_json::to_string).transpose().map_err(error::bad_row)?;
        let default = Some(Cell::Text("[]".to_owned()));
        Ok(Self { name, new: new.map(Cell::Text), default, secret: None })
    }

    /// A value that a new row must have, and that no difference shows.
    pub(super) fn secret(name: &'static str, called: &'static str, new: Option<String>) -> Self {
        Self { name, new: new.map(Cell::Text), default: None, secret: Some(called) }
    }
}

/// Adds the row with this key to a table, or changes what is named of it; notes the difference
/// under `what`. Says which columns changed, by name with their old value; `None` for a new row.
pub(super) async fn upsert(
    tx: &mut SqliteConnection,
    differences: &mut Differences,
    what: &str,
    (table, key_column, key): (&'static str, &'static str, &str),
    columns: Vec<Column>,
) -> Result<Option<Vec<(&'static str, Cell)>>, StoreError> {
    let names = columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT {names} FROM {table} WHERE {key_column} = ?");
    let old = sqlx::query(AssertSqlSafe(sql))
        .bind(key)
        .fetch_optional(&mut *tx)
        .await
        .map_err(error::store)?;
    let Some(old) = old else {
        differences.added(what);
        let places = "?, ".repeat(columns.len());
        let sql = format!("INSERT INTO {table} ({names}, {key_column}) VALUES ({places}?)");
        let mut cells = Vec::with_capacity(columns.len());
        for Column { new, default, secret, .. } in columns {
            cells.push(new.or(default).ok_or_else(|| {
                StoreError::Invalid(format!("{what}: a new one needs a {}", secret.unwrap_or("")))
            })?);
        }
        execute(tx, sql, cells, key).await?;
        return Ok(None);
    };
    let mut changed = Vec::new();
    let (mut names, mut cells) = (Vec::new(), Vec::new());
    for (index, Column { name, new, secret, .. }) in columns.into_iter().enumerate() {
        let Some(new) = new else { continue };
        let before = new.read(&old, index).map_err(error::store)?;
        if before == new {
            continue;
        }
        match secret {
            Some(called) => differences.secret(what, called),
            None => differences.compare(what, &[(name, before.shown(), new.shown())]),
        }
        changed.push((name, before));
        names.push(format!("{name} = ?"));
        cells.push(new);
    }
    if !cells.is_empty() {
        let sql = format!("UPDATE {table} SET {} WHERE {key_column} = ?", names.join(", "));
        execute(tx, sql, cells, key).await?;
    }
    Ok(Some(changed))
}

async fn execute(
    tx: &mut SqliteConnection,
    sql: String,
    cells: Vec<Cell>,
    key: &str,
) -> Result<(), StoreError> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for cell in cells {
        query = match cell {
            Cell::Text(text) => query.bind(text),
            Cell::Maybe(text) => query.bind(text),
            Cell::Flag(flag) => query.bind(flag),
            Cell::Number(number) => query.bind(number),
        };
    }
    query.bind(key).execute(tx).await.map_err(error::store)?;
    Ok(())
}
