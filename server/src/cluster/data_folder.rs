//! The folder in which a cluster keeps everything, and its lock: one server has it, or a command for
//! as long as it brings the database up to date.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// For how long a locked folder is tried again: most commands need the lock for a moment.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// The pause between two tries: a file's lock tells nobody when it is free, and a blocking wait could
/// not be ended.
const PAUSE: Duration = Duration::from_millis(50);

/// A data folder, and its lock for as long as this value lives once it is locked.
pub struct DataFolder {
    /// Where it is.
    pub path: PathBuf,
    lock: File,
    /// When it is not tried again.
    patience: Instant,
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
    /// Makes the folder if it is not there, for this user alone. It is not locked yet.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn at(path: &Path) -> Result<Self, FolderError> {
        let failed = |error| FolderError::Failed(path.to_owned(), error);
        create(path).map_err(failed)?;
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(path.join("lock"))
            .map_err(failed)?;
        Ok(Self { path: path.to_owned(), lock, patience: Instant::now() + LOCK_PATIENCE })
    }

    /// Makes the folder likewise, and locks it. Another process that has it may have done with it
    /// within five seconds.
    ///
    /// # Errors
    /// When another process has it for longer, or it can't be made.
    pub async fn locked(path: &Path) -> Result<Self, FolderError> {
        let folder = Self::at(path)?;
        loop {
            let locked = folder.try_lock();
            let is_in_use = matches!(locked, Err(FolderError::InUse(_)));
            if !is_in_use || !folder.next_try().await {
                return locked.map(|()| folder);
            }
        }
    }

    /// Locks the folder.
    ///
    /// # Errors
    /// When another process has it.
    pub fn try_lock(&self) -> Result<(), FolderError> {
        self.lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => FolderError::InUse(self.path.clone()),
            TryLockError::Error(error) => FolderError::Failed(self.path.clone(), error),
        })
    }

    /// Waits for the next try to lock the folder. There is none five seconds after [`Self::at`].
    pub async fn next_try(&self) -> bool {
        let is_left = Instant::now() < self.patience;
        if is_left {
            sleep(PAUSE).await;
        }
        is_left
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
