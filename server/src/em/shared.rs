//! Concurrent callers that ask for the same work share one run and its result.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::OnceCell;

type Running<K, T> = Mutex<HashMap<K, Arc<OnceCell<T>>>>;

/// The work in progress.
pub(super) struct Shared<K, T> {
    running: Running<K, T>,
}

impl<K, T> Default for Shared<K, T> {
    fn default() -> Self {
        Self { running: Mutex::default() }
    }
}

impl<K: Clone + Eq + Hash, T: Clone> Shared<K, T> {
    /// Does this work, or waits for the same work in progress.
    /// If the caller that does the work is dropped, the next waiting caller does the work.
    pub(super) async fn get(&self, key: K, work: impl Future<Output = T>) -> T {
        let cell = Arc::clone(self.running().entry(key.clone()).or_default());
        let asked = Waiting { shared: self, key, cell };
        let done = asked.cell.get_or_init(async || {
            let done = work.await;
            // Later callers get no result that may be old.
            asked.forget();
            done
        });
        done.await.clone()
    }

    fn running(&self) -> MutexGuard<'_, HashMap<K, Arc<OnceCell<T>>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that waits for work.
struct Waiting<'a, K: Clone + Eq + Hash, T: Clone> {
    shared: &'a Shared<K, T>,
    key: K,
    cell: Arc<OnceCell<T>>,
}

impl<K: Clone + Eq + Hash, T: Clone> Waiting<'_, K, T> {
    fn forget(&self) {
        let mut running = self.shared.running();
        if running.get(&self.key).is_some_and(|cell| Arc::ptr_eq(cell, &self.cell)) {
            running.remove(&self.key);
        }
    }
}

impl<K: Clone + Eq + Hash, T: Clone> Drop for Waiting<'_, K, T> {
    fn drop(&mut self) {
        // Two references, this caller's and the map's: no other caller waits.
        if Arc::strong_count(&self.cell) <= 2 {
            self.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::FutureExt;
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn what_many_ask_for_at_once_is_done_once_and_anew_for_who_comes_later() {
        let (shared, done, go_on) = (Shared::default(), AtomicUsize::new(0), Semaphore::new(0));
        let work = async || {
            go_on.acquire().await.unwrap().forget();
            done.fetch_add(1, Ordering::SeqCst)
        };
        let mut many = futures::future::join_all((0..50).map(|_| shared.get("one", work())));
        assert!((&mut many).now_or_never().is_none());
        assert!(shared.get("another", work()).now_or_never().is_none());
        go_on.add_permits(1);
        assert_eq!(many.await, [0; 50]);
        go_on.add_permits(1);
        assert_eq!(shared.get("one", work()).await, 1);
        assert!(shared.running().is_empty());
    }

    #[tokio::test]
    async fn when_its_asker_has_gone_the_next_one_does_it() {
        let shared = Shared::default();
        let mut gone = Box::pin(shared.get((), futures::future::pending::<u32>()));
        assert!(gone.as_mut().now_or_never().is_none());
        let mut next = Box::pin(shared.get((), async { 7 }));
        assert!(next.as_mut().now_or_never().is_none());
        drop(gone);
        assert_eq!(next.await, 7);
        assert!(shared.running().is_empty());
    }
}
