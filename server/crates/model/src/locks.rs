//! Locks on rows and on the configuration.

use super::{Memory, Part, pause};

/// The locks of a transaction, given back when it ends, also by a crash.
pub(crate) struct Locks {
    store: Memory,
    keys: Vec<String>,
    /// Whether nobody may change the configuration meanwhile.
    reads: bool,
    /// Whether nobody else may read the configuration meanwhile.
    changes: bool,
}

impl Locks {
    /// Waits for rows and for reading the configuration, and takes them all.
    pub(crate) async fn take(store: &Memory, keys: Vec<String>) -> Self {
        while !try_begin(store, &keys) {
            pause().await;
        }
        Self { store: store.clone(), keys, reads: true, changes: false }
    }

    /// Waits for one more row, and takes it.
    pub(crate) async fn add(&mut self, key: String) {
        while !self.store.state().locked.insert(key.clone()) {
            pause().await;
        }
        self.keys.push(key);
    }

    /// Waits until nobody else has read the configuration, and keeps others from it.
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
