//! SQLite under the contract: each node is a store of its own on one file, like the server and the
//! command line.

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
