//! The yardstick: the cost of one commit on this disk.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::Measured;

/// One row in each transaction, one transaction after the other.
pub async fn single_commits(file: &Path, commits: usize) -> Measured {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    sqlx::query("CREATE TABLE rows (a TEXT)").execute(&mut connection).await.unwrap();
    let mut times: Vec<Duration> = Vec::with_capacity(commits);
    let begun = Instant::now();
    for _ in 0..commits {
        let one = Instant::now();
        sqlx::query("INSERT INTO rows VALUES ('one row')").execute(&mut connection).await.unwrap();
        times.push(one.elapsed());
    }
    Measured::new(begun.elapsed(), times)
}
