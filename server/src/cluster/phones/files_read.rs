//! The configuration files that phones have read.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;
use terms::phone_key;
use tokio::sync::watch;

/// Phones whose file is remembered: the most phones that a cluster has.
const MOST_PHONES: usize = 65_536;

/// The file that a phone read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileRead {
    /// The number of the last event that the file reflects.
    pub(super) as_of: u64,
    /// The number under which the file lets the phone register: that of the first line.
    pub(super) number: Option<String>,
    /// When the phone read the file.
    at: Instant,
}

impl FileRead {
    /// Whether the phone read the file less than `age` ago.
    pub(super) fn is_newer_than(&self, age: Duration) -> bool {
        self.at.elapsed() < age
    }
}

/// The files that phones have read, in memory only.
pub struct FilesRead {
    files: Mutex<LruCache<String, FileRead>>,
    changes: watch::Sender<()>,
}

impl Default for FilesRead {
    fn default() -> Self {
        let most = NonZeroUsize::new(MOST_PHONES).unwrap_or(NonZeroUsize::MIN);
        Self { files: Mutex::new(LruCache::new(most)), changes: watch::Sender::new(()) }
    }
}

impl FilesRead {
    /// Notes that a phone reads a file that reflects events up to `as_of`, and whose first line is `number`.
    pub fn note(&self, phone: &str, as_of: u64, number: Option<String>) {
        let read = FileRead { as_of, number, at: Instant::now() };
        self.files.lock().unwrap_or_else(PoisonError::into_inner).put(phone_key(phone), read);
        self.changes.send_replace(());
    }

    /// The file that a phone read last, if this process served the file.
    pub(super) fn of(&self, phone: &str) -> Option<FileRead> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.peek(&phone_key(phone)).cloned()
    }

    /// Waits until a phone has read a file other than `read`, for at most `patience`.
    pub(super) async fn changed(&self, phone: &str, read: Option<&FileRead>, patience: Duration) {
        let mut changes = self.changes.subscribe();
        let another =
            async { while self.of(phone).as_ref() == read && changes.changed().await.is_ok() {} };
        // The caller checks again in both cases.
        let _ = tokio::time::timeout(patience, another).await;
    }
}
