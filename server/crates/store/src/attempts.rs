//! Failed attempts to present a secret, and the source addresses from which names presented the right secret.

use async_trait::async_trait;
use engine::{
    UtcMillis,
    ports::{AttemptChanges, AttemptStore, KnownSource, StoreError, TallyKey, TallyRow},
};
use serde::Serialize;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use crate::{
    SqliteStore, error,
    notes::Notes,
    rows::{count, get},
};

/// The most source addresses kept for a name; beyond this number the least recently used ones are deleted.
const MOST_SOURCES_OF_A_NAME: u32 = 32;
/// The most source addresses kept in all.
const MOST_SOURCES: u32 = 200_000;

#[async_trait]
impl AttemptStore for SqliteStore {
    async fn attempt_tallies(&self) -> Result<Vec<(TallyRow, UtcMillis)>, StoreError> {
        let sql =
            "SELECT scope, kind, name, source, failures, secret, wait_ms, forget_ms, stored_ms
                     FROM attempt_tallies";
        let found = sqlx::query(sql).fetch_all(&self.readers).await.map_err(error::store)?;
        found.iter().map(tally).collect()
    }

    async fn save_attempts(
        &self,
        changes: AttemptChanges,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(save(tx, changes, now))).await
    }

    async fn known_source(&self, source: &KnownSource) -> Result<Option<UtcMillis>, StoreError> {
        let KnownSource { kind, name, source } = source;
        let sql = "SELECT used_ms FROM known_sources WHERE kind = ? AND name = ? AND source = ?";
        let used: Option<i64> = sqlx::query_scalar(sql)
            .bind(kind)
            .bind(name)
            .bind(source)
            .fetch_optional(&self.readers)
            .await
            .map_err(error::store)?;
        Ok(used.map(UtcMillis))
    }

    async fn forget_sources(&self, before: UtcMillis, limit: u32) -> Result<u64, StoreError> {
        self.writer.run(move |tx| Box::pin(forget(tx, before, limit))).await
    }
}

fn tally(row: &SqliteRow) -> Result<(TallyRow, UtcMillis), StoreError> {
    let key = TallyKey {
        scope: get(row, "scope")?,
        kind: get(row, "kind")?,
        name: get(row, "name")?,
        source: get(row, "source")?,
    };
    let row_of = TallyRow {
        key,
        failures: get(row, "failures")?,
        secret: get(row, "secret")?,
        wait_ms: count(get(row, "wait_ms")?)?,
        forget_ms: count(get(row, "forget_ms")?)?,
    };
    Ok((row_of, UtcMillis(get(row, "stored_ms")?)))
}

async fn save(
    tx: &mut SqliteConnection,
    changes: AttemptChanges,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let AttemptChanges { tallies, forgotten, sources, audit } = changes;
    let upsert = "INSERT INTO attempt_tallies
            (scope, kind, name, source, failures, secret, wait_ms, forget_ms, stored_ms)
         SELECT value ->> 'scope', value ->> 'kind', value ->> 'name', value ->> 'source',
                value ->> 'failures', value ->> 'secret', value ->> 'wait_ms',
                value ->> 'forget_ms', value ->> 'at'
           FROM json_each(?1) WHERE true
         ON CONFLICT (scope, kind, name, source) DO UPDATE SET failures = excluded.failures,
            secret = excluded.secret, wait_ms = excluded.wait_ms,
            forget_ms = excluded.forget_ms, stored_ms = excluded.stored_ms";
    let stored = tallies.iter().map(|tally| Stored { row: tally, at: now.0 });
    each(tx, upsert, &stored.collect::<Vec<_>>()).await?;
    let delete = "DELETE FROM attempt_tallies WHERE (scope, kind, name, source) IN (
            SELECT value ->> 'scope', value ->> 'kind', value ->> 'name', value ->> 'source'
              FROM json_each(?1))";
    each(tx, delete, &forgotten).await?;
    let used = "INSERT INTO known_sources (kind, name, source, used_ms)
         SELECT value ->> 'kind', value ->> 'name', value ->> 'source', value ->> 'at'
           FROM json_each(?1) WHERE true
         ON CONFLICT (kind, name, source) DO UPDATE SET used_ms = excluded.used_ms";
    let stored = sources.iter().map(|source| Stored { row: source, at: now.0 });
    each(tx, used, &stored.collect::<Vec<_>>()).await?;
    trim(tx, &sources).await?;
    let mut notes = Notes::default();
    for (actor, action, subject, detail) in audit {
        notes.audit(now, &actor, action, subject, detail);
    }
    notes.write(tx).await
}

/// A row with the time at which it is stored.
#[derive(Serialize)]
struct Stored<'a, T> {
    #[serde(flatten)]
    row: &'a T,
    at: i64,
}

/// Runs a statement with the JSON array of `values` as its parameter.
async fn each<T: Serialize>(
    tx: &mut SqliteConnection,
    sql: &'static str,
    values: &[T],
) -> Result<(), StoreError> {
    if values.is_empty() {
        return Ok(());
    }
    let values = serde_json::to_string(values).map_err(error::bad_row)?;
    sqlx::query(sql).bind(values).execute(tx).await.map_err(error::store)?;
    Ok(())
}

/// Deletes the source addresses of these names past [`MOST_SOURCES_OF_A_NAME`].
async fn trim(tx: &mut SqliteConnection, sources: &[KnownSource]) -> Result<(), StoreError> {
    if sources.is_empty() {
        return Ok(());
    }
    let sources = serde_json::to_string(sources).map_err(error::bad_row)?;
    sqlx::query(
        "DELETE FROM known_sources WHERE (kind, name, source) IN (
             SELECT kind, name, source FROM (
                 SELECT kind, name, source, row_number() OVER (
                            PARTITION BY kind, name ORDER BY used_ms DESC, source) AS place
                   FROM known_sources
                  WHERE (kind, name) IN (
                        SELECT value ->> 'kind', value ->> 'name' FROM json_each(?)))
              WHERE place > ?)",
    )
    .bind(sources)
    .bind(MOST_SOURCES_OF_A_NAME)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(())
}

async fn forget(
    tx: &mut SqliteConnection,
    before: UtcMillis,
    limit: u32,
) -> Result<u64, StoreError> {
    let deleted = sqlx::query(
        "DELETE FROM known_sources WHERE (kind, name, source) IN (
             SELECT kind, name, source FROM known_sources WHERE used_ms < ?1
              ORDER BY used_ms LIMIT ?2)
            OR (kind, name, source) IN (
             SELECT kind, name, source FROM known_sources ORDER BY used_ms
              LIMIT min(?2, max(0, (SELECT count(*) FROM known_sources) - ?3)))",
    )
    .bind(before.0)
    .bind(limit)
    .bind(MOST_SOURCES)
    .execute(tx)
    .await
    .map_err(error::store)?;
    Ok(deleted.rows_affected())
}
