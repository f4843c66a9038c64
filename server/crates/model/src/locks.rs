//! Locks on rows and on the configuration.

use super::{Memory, Part, pause};

/// The locks of a transaction.
/// Dropping the value releases the locks, also when the transaction crashes.
pub(crate) struct Locks {
    store: Memory,
    keys: Vec<String>,
    /// Whether the transaction holds the configuration's read lock, which keeps out changes.
    reads: bool,
    /// Whether the transaction holds the configuration's write lock, which keeps out all other transactions.
    changes: bool,
}

impl Locks {
    /// Waits until the row locks and the configuration's read lock are free, and takes all of them at once.
    pub(crate) async fn take(store: &Memory, keys: Vec<String>) -> Self {
        while !try_begin(store, &keys) {
            pause().await;
        }
        Self { store: store.clone(), keys, reads: true, changes: false }
    }

    /// Waits for the lock of one more row, and takes the lock.
    pub(crate) async fn add(&mut self, key: String) {
        while !self.store.state().locked.insert(key.clone()) {
            pause().await;
        }
        self.keys.push(key);
    }

    /// Exchanges the configuration's read lock for the write lock, once no other transaction holds a read lock.
    pub(crate) async fn change_configuration(&mut self) {
        if self.changes || !self.store.has(Part::ConfigurationLock) {
            return;
        }
        self.store.state().readers -= 1;
        self.reads = false;
        while !try_change(&self.store) {
            pause().await;
        }
        self.changes = true;
    }
}

fn try_begin(store: &Memory, keys: &[String]) -> bool {
    let mut state = store.state();
    let is_free = !state.is_changing && !keys.iter().any(|key| state.locked.contains(key));
    if is_free {
        state.locked.extend(keys.iter().cloned());
        state.readers += 1;
    }
    is_free
}

fn try_change(store: &Memory) -> bool {
    let mut state = store.state();
    let is_free = state.readers == 0 && !state.is_changing;
    state.is_changing |= is_free;
    is_free
}

impl Drop for Locks {
    fn drop(&mut self) {
        let mut state = self.store.state();
        state.locked.retain(|key| !self.keys.contains(key));
        state.readers -= u32::from(self.reads);
        state.is_changing &= !self.changes;
    }
}
