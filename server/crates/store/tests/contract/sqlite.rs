//! SQLite under the contract: nodes are connections to one file, as the server and the command
//! line have.

use std::sync::Arc;

use store::{Limits, SqliteStore};
use tempfile::TempDir;

use super::{Node, database::Database};

pub struct Sqlite(TempDir);

impl Sqlite {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Database for Sqlite {
    async fn node(&self) -> Node {
        let file = self.0.path().join("sojourn.db");
        Arc::new(SqliteStore::open(&file, Limits::default()).await.unwrap())
    }
}
