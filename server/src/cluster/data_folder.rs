//! The folder in which a cluster keeps everything, and its lock. One server holds the lock, or a
//! command while that command brings the database up to date.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// How long lock attempts continue: most commands hold the lock for a moment.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// The pause between two attempts: a file lock sends no notification when it becomes free, and a
/// blocking wait could not be cancelled.
const PAUSE: Duration = Duration::from_millis(50);

/// A data folder; once locked, the lock is held as long as this value lives.
pub struct DataFolder {
    /// The folder's path.
    pub path: PathBuf,
    lock: File,
    /// The deadline for lock attempts.
    patience: Instant,
}

/// Why a data folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process holds the lock.
    #[error("{0} is in use by another sojourn")]
    InUse(PathBuf),
    /// The folder can't be made or locked.
    #[error("{0}: {1}")]
    Failed(PathBuf, io::Error),
}

impl DataFolder {
    /// Makes the folder, for this user alone, if the folder is missing. The folder is not locked yet.
    ///
    /// # Errors
    /// When the folder can't be made.
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

    /// Makes the folder like [`Self::at`], and locks it. Waits up to five seconds for another process
    /// to release the lock.
    ///
    /// # Errors
    /// When another process holds the lock for longer, or the folder can't be made.
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
    /// When another process holds the lock.
    pub fn try_lock(&self) -> Result<(), FolderError> {
        self.lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => FolderError::InUse(self.path.clone()),
            TryLockError::Error(error) => FolderError::Failed(self.path.clone(), error),
        })
    }

    /// Waits for the next lock attempt; false, without a wait, from five seconds after [`Self::at`]
    /// on.
    pub async fn next_try(&self) -> bool {
        let is_left = Instant::now() < self.patience;
        if is_left {
            // A lock of another process sends no notification.
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
