//! The store of a data folder, opened by a command.

use std::path::Path;

use store::{Limits, OpenError, SqliteStore};

use super::CliError;
use crate::cluster::{self, DataFolder, FolderError};

/// Opens the store of a data folder; makes the folder and the store if they don't exist.
pub(super) async fn open(data_dir: &Path) -> Result<SqliteStore, CliError> {
    let file = cluster::database(data_dir);
    match SqliteStore::open_as_it_is(&file, Limits::default()).await {
        Err(OpenError::Older { .. }) => bring_up_to_date(data_dir, &file).await,
        opened => opened.map_err(text),
    }
}

/// A command migrates only while it holds the folder's lock: a server that is running may be of an
/// older program. The lock is held for the migration alone, so that a server may start beside a
/// command. A server that is starting migrates by itself, and the command waits for the migration.
async fn bring_up_to_date(data_dir: &Path, file: &Path) -> Result<SqliteStore, CliError> {
    let folder = DataFolder::at(data_dir).map_err(text)?;
    loop {
        match folder.try_lock() {
            Ok(()) => return SqliteStore::open(file, Limits::default()).await.map_err(text),
            Err(FolderError::InUse(_)) => {}
            Err(error) => return Err(text(error)),
        }
        let is_tried_again = folder.next_try().await;
        match SqliteStore::open_as_it_is(file, Limits::default()).await {
            Err(OpenError::Older { .. }) if is_tried_again => {}
            Err(older @ OpenError::Older { .. }) => {
                return Err(format!(
                    "{older}; restart the server that is running on it with this program"
                ));
            }
            opened => return opened.map_err(text),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn text(error: impl ToString) -> CliError {
    error.to_string()
}

/// Opens the store of an existing data folder: a mistyped path does not make a cluster.
pub(super) async fn open_existing(data_dir: &Path) -> Result<SqliteStore, CliError> {
    must_exist(data_dir)?;
    open(data_dir).await
}

/// Opens the store of an existing data folder for a command that only reads. The command needs no room on
/// the disk and no right to write, unless the database has to be brought up to date first.
pub(super) async fn open_to_read(data_dir: &Path) -> Result<SqliteStore, CliError> {
    must_exist(data_dir)?;
    match SqliteStore::open_to_read(&cluster::database(data_dir)).await {
        Err(OpenError::Older { .. }) => open(data_dir).await,
        opened => opened.map_err(text),
    }
}

/// Opens the store of an existing data folder, for a dry run.
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
