//! Permits for work of one kind, bounded in all and per name.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{Stream, StreamExt};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a request waits for a permit.
const LONGEST_WAIT_SECONDS: u64 = 10;

/// The permits for work of one kind.
pub struct Shares {
    all: Arc<Semaphore>,
    own: Mutex<HashMap<String, Arc<Own>>>,
    places_each: usize,
    waiting_each: usize,
}

/// The permits of one name.
struct Own {
    places: Arc<Semaphore>,
    /// The queue: one entry for each request that has a permit or waits for one.
    line: Arc<Semaphore>,
}

/// A permit, returned when dropped.
#[derive(Debug)]
pub struct Place {
    _permits: [OwnedSemaphorePermit; 3],
}

impl Shares {
    /// The limits: permits in all, permits per name, and waiting requests per name.
    #[must_use]
    pub fn new(places: usize, places_each: usize, waiting_each: usize) -> Self {
        let (all, own) = (Arc::new(Semaphore::new(places)), Mutex::default());
        Self { all, own, places_each, waiting_each }
    }

    /// Takes a permit for this name, if one is free.
    #[must_use]
    pub fn take(&self, name: &str) -> Option<Place> {
        let own = self.own(name);
        let line = Arc::clone(&own.line).try_acquire_owned().ok()?;
        let place = Arc::clone(&own.places).try_acquire_owned().ok()?;
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some(Place { _permits: [line, place, one] })
    }

    /// Waits for a permit for this name; `None` when too many requests of the name wait already, or the
    /// wait takes too long.
    pub async fn wait(&self, name: &str) -> Option<Place> {
        let own = self.own(name);
        let line = Arc::clone(&own.line).try_acquire_owned().ok()?;
        let places = async {
            // The name's own permit first: a request that waits for it holds no permit of the others.
            let place = Arc::clone(&own.places).acquire_owned().await.ok()?;
            let one = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Place { _permits: [line, place, one] })
        };
        timeout(Duration::from_secs(LONGEST_WAIT_SECONDS), places).await.ok().flatten()
    }

    fn own(&self, name: &str) -> Arc<Own> {
        let mut all = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        // Drop the entries of clients that hold no permit.
        let line = self.places_each + self.waiting_each;
        all.retain(|_, own| Arc::strong_count(own) > 1 || own.line.available_permits() < line);
        let own = all.entry(name.to_owned()).or_insert_with(|| {
            let places = Arc::new(Semaphore::new(self.places_each));
            Arc::new(Own { places, line: Arc::new(Semaphore::new(line)) })
        });
        Arc::clone(own)
    }
}

impl Place {
    /// Holds the permit until the stream is dropped.
    pub fn held_by<S: Stream>(self, stream: S) -> impl Stream<Item = S::Item> {
        stream.map(move |item| {
            let _place = &self;
            item
        })
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn one_viewer_leaves_places_for_the_others_and_gives_its_own_back() {
        let shares = Shares::new(3, 2, 0);
        let first = shares.take("kim").unwrap();
        let second = shares.take("kim").unwrap();
        assert!(shares.take("kim").is_none());
        let _other = shares.take("vera").unwrap();
        assert!(shares.take("otto").is_none(), "all are taken");
        drop(first);
        assert!(shares.take("kim").is_some());
        drop(second);
        let _otto = shares.take("otto");
        assert_eq!(shares.own.lock().unwrap().len(), 2, "kim holds nothing");
    }

    #[tokio::test]
    async fn who_waits_gets_a_place_in_turn_and_no_more_wait_than_may() {
        let shares = Shares::new(2, 1, 1);
        let first = shares.wait("kim").await.unwrap();
        let mut next = Box::pin(shares.wait("kim"));
        assert!(next.as_mut().now_or_never().is_none());
        assert!(shares.wait("kim").now_or_never().unwrap().is_none(), "one waits already");
        assert!(shares.wait("vera").now_or_never().unwrap().is_some());
        drop(first);
        assert!(next.await.is_some());
    }

    #[tokio::test]
    async fn a_place_is_held_until_all_is_sent() {
        let shares = Shares::new(1, 1, 0);
        let stream = shares.take("kim").unwrap().held_by(futures::stream::iter([1, 2]));
        assert!(shares.take("kim").is_none());
        assert_eq!(stream.collect::<Vec<_>>().await, [1, 2]);
        assert!(shares.take("kim").is_some());
    }
}
