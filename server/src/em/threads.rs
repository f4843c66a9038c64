//! The numbers that stand in the trace's thread column.
//!
//! The original serves each request on a thread of a pool, and readers of its trace follow a request by
//! that thread. Here a request gets the lowest number that no other request has.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The numbers in use.
#[derive(Default)]
pub(super) struct Threads {
    taken: Mutex<Vec<bool>>,
}

/// A number in use, given back when dropped.
pub(super) struct Thread {
    threads: Arc<Threads>,
    index: usize,
}

impl Threads {
    /// Takes the lowest free number.
    pub(super) fn enter(self: &Arc<Self>) -> Thread {
        let mut taken = self.taken();
        let index = taken.iter().position(|taken| !taken).unwrap_or(taken.len());
        match taken.get_mut(index) {
            Some(free) => *free = true,
            None => taken.push(true),
        }
        drop(taken);
        Thread { threads: Arc::clone(self), index }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Thread {
    /// The number, from 1.
    pub(super) fn number(&self) -> usize {
        self.index + 1
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.threads.taken()[self.index] = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_have_one_number_and_a_free_one_is_used_again() {
        let threads = Arc::new(Threads::default());
        let first = threads.enter();
        let second = threads.enter();
        assert_eq!((first.number(), second.number()), (1, 2));
        drop(first);
        assert_eq!(threads.enter().number(), 1);
        assert_eq!(threads.enter().number(), 1);
    }
}
