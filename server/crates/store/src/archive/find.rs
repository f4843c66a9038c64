//! Users and phones by a part of a name, for somebody who types.

use engine::{FoundNames, FoundPhone, ports::StoreError};
use sqlx::{
    AssertSqlSafe, Sqlite, SqliteConnection, SqlitePool,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use terms::{LoginFilter, SoughtText};

use crate::{
    error,
    rows::{self, get},
};

/// The most rows of a table in which parts of words are looked for.
const MOST_SEARCHED: u32 = 200_000;
/// The greatest character: a text that begins with a key is not greater than the key and this character.
const LAST: char = char::MAX;

/// A condition on the keys that begin with a text: the index of the keys serves it. `?1` is the text, `?2` its end.
const BEGINS: &str = "key >= ?1 AND key < ?2";

pub(crate) async fn find_names(
    pool: &SqlitePool,
    find: &str,
    limit: u32,
) -> Result<FoundNames, StoreError> {
    let filter = LoginFilter::new(find, None);
    let words = LoginFilter::words(find);
    if words.is_empty() {
        return Ok(FoundNames::default());
    }
    let mut tx = pool.begin().await.map_err(error::store)?;
    let users = users(&mut tx, &rows::key(&filter.find), &words, limit).await?;
    let phones = phones(&mut tx, &rows::phone_key(&filter.find), &words, limit).await?;
    Ok(FoundNames { users, phones })
}

/// The ids of users: first those that begin with the text, then those that have all words.
async fn users(
    tx: &mut SqliteConnection,
    begin: &str,
    words: &[SoughtText],
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    let sql = format!("SELECT id FROM users WHERE {BEGINS} ORDER BY key LIMIT ?3");
    let asked = sqlx::query_scalar(AssertSqlSafe(sql)).bind(begin).bind(end_of(begin)).bind(limit);
    let mut found: Vec<String> = asked.fetch_all(&mut *tx).await.map_err(error::store)?;
    let more = missing(limit, found.len());
    if more > 0 {
        let sql = format!(
            "SELECT id FROM (SELECT key, id FROM users ORDER BY key LIMIT ?4)
              WHERE NOT ({BEGINS}) AND {} ORDER BY key LIMIT ?3",
            has_words("key", words.len(), 5)
        );
        let asked = sqlx::query_scalar(AssertSqlSafe(sql)).bind(begin).bind(end_of(begin));
        let asked = asked.bind(more).bind(MOST_SEARCHED);
        let asked = words.iter().fold(asked, |asked, word| asked.bind(&word.text));
        found.extend(asked.fetch_all(tx).await.map_err(error::store)?);
    }
    Ok(found)
}

/// Phones: first those whose name begins with the text, then those whose name, model and description have all words.
async fn phones(
    tx: &mut SqliteConnection,
    begin: &str,
    words: &[SoughtText],
    limit: u32,
) -> Result<Vec<FoundPhone>, StoreError> {
    const COLUMNS: &str = "name, model, description";
    let sql = format!("SELECT {COLUMNS} FROM phones WHERE {BEGINS} ORDER BY key LIMIT ?3");
    let asked = sqlx::query(AssertSqlSafe(sql)).bind(begin).bind(end_of(begin)).bind(limit);
    let mut found = asked.fetch_all(&mut *tx).await.map_err(error::store)?;
    let more = missing(limit, found.len());
    if more > 0 {
        let searched = "(key || ' ' || lower(name || ' ' || model || ' ' || description))";
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT key, {COLUMNS} FROM phones ORDER BY key LIMIT ?4)
              WHERE NOT ({BEGINS}) AND {} ORDER BY key LIMIT ?3",
            has_words(searched, words.len(), 5)
        );
        let asked: Query<'_, Sqlite, SqliteArguments> = sqlx::query(AssertSqlSafe(sql));
        let asked = asked.bind(begin).bind(end_of(begin)).bind(more).bind(MOST_SEARCHED);
        let asked = words.iter().fold(asked, |asked, word| asked.bind(&word.text));
        found.extend(asked.fetch_all(tx).await.map_err(error::store)?);
    }
    let phone = |row: &SqliteRow| {
        Ok(FoundPhone {
            name: get(row, "name")?,
            model: get(row, "model")?,
            description: get(row, "description")?,
        })
    };
    found.iter().map(phone).collect()
}

/// The end of the keys that begin with a text.
fn end_of(begin: &str) -> String {
    format!("{begin}{LAST}")
}

/// The number of rows that are missing up to the limit.
fn missing(limit: u32, found: usize) -> u32 {
    limit.saturating_sub(u32::try_from(found).unwrap_or(u32::MAX))
}

/// A condition that a text has each word; `first` is the number of the first word's parameter.
fn has_words(text: &str, words: usize, first: usize) -> String {
    let terms = (first..first + words).map(|number| format!("instr({text}, ?{number}) > 0"));
    terms.collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;
    use crate::{Limits, SqliteStore};

    /// With a hundred thousand users, what is typed first is found by the index of the keys.
    #[tokio::test]
    async fn the_beginning_of_a_name_is_found_by_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let store = SqliteStore::open(&file, Limits::default()).await.unwrap();
        for table in ["users", "phones"] {
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT key FROM {table} WHERE {BEGINS} ORDER BY key LIMIT 8"
            );
            let asked = sqlx::query(AssertSqlSafe(sql)).bind("jo").bind(end_of("jo"));
            let plan = asked.fetch_all(&store.readers).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
            let expected = format!("SEARCH {table} USING PRIMARY KEY (key>? AND key<?)");
            assert_eq!(plan, [expected]);
        }
    }
}
