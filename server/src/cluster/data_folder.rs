//! The folder in which a cluster keeps everything, and its lock: one server has it, or a command for
//! as long as it brings the database up to date.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// A data folder that this process has locked.
pub struct DataFolder {
    /// Where it is.
    pub path: PathBuf,
    _lock: File,
}

/// Why a data folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process has it.
    #[error("{0} is in use by another sojourn")]
    InUse(PathBuf),
    /// It can't be made or locked.
    #[error("{0}: {1}")]
    Failed(PathBuf, io::Error),
}

impl DataFolder {
    /// Makes the folder if it is not there, for this user alone, and locks it.
    ///
    /// # Errors
    /// When another process has it, or it can't be made.
    pub fn lock(path: &Path) -> Result<Self, FolderError> {
        let failed = |error| FolderError::Failed(path.to_owned(), error);
        create(path).map_err(failed)?;
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(path.join("lock"))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// The database of a data folder.
#[must_use]
pub fn database(folder: &Path) -> PathBuf {
    folder.join("sojourn.db")
}

/// Makes a folder that only this user can enter.
///
/// # Errors
/// When the system refuses.
pub fn create(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
