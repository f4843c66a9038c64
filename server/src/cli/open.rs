//! The store of a data folder, opened by a command.

use std::path::Path;

use store::{Limits, OpenError, SqliteStore};

use super::CliError;
use crate::cluster::{self, DataFolder, FolderError};

/// Opens the store of a data folder, and makes it if it is not there.
///
/// A command migrates only while it holds the folder's lock: a server that is running may be of an
/// older program. The lock is held for the migration alone, so that a server may start beside a
/// command.
pub(super) async fn open(data_dir: &Path) -> Result<SqliteStore, CliError> {
    let file = cluster::database(data_dir);
    let older = match SqliteStore::open_as_it_is(&file, Limits::default()).await {
        Err(older @ OpenError::Older { .. }) => older,
        opened => return opened.map_err(|error| error.to_string()),
    };
    match DataFolder::lock(data_dir) {
        Ok(_held) => {
            SqliteStore::open(&file, Limits::default()).await.map_err(|error| error.to_string())
        }
        Err(FolderError::InUse(_)) => {
            Err(format!("{older}; restart the server that is running on it with this program"))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Opens the store of a data folder that is there: a mistyped one is not to become a cluster.
pub(super) async fn open_existing(data_dir: &Path) -> Result<SqliteStore, CliError> {
    must_exist(data_dir)?;
    open(data_dir).await
}

/// Opens the store of a data folder that is there, for a command that changes nothing.
pub(super) async fn open_unchanged(data_dir: &Path) -> Result<SqliteStore, CliError> {
    must_exist(data_dir)?;
    let file = cluster::database(data_dir);
    SqliteStore::open_as_it_is(&file, Limits::default()).await.map_err(|error| match error {
        older @ OpenError::Older { .. } => format!(
            "{older}, and --dry-run changes nothing: `sojourn serve`, or `sojourn apply` without \
             --dry-run while no server is running, brings it up to date"
        ),
        error => error.to_string(),
    })
}

fn must_exist(data_dir: &Path) -> Result<(), CliError> {
    if cluster::database(data_dir).is_file() {
        return Ok(());
    }
    Err(format!("{}: there is no cluster in this folder", data_dir.display()))
}
