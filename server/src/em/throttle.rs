//! *Maximum Concurrent Requests*: permits for log-ins and log-outs.
//!
//! A request without a permit waits for one, since most requests take milliseconds. The oldest waiting
//! request gets the next permit. The wait and the queue are bounded.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

/// The longest wait for a permit. The time-out of clients is longer.
const WAIT: Duration = Duration::from_secs(2);
/// The most requests that wait at a time; a further request is refused at once.
const WAITING: usize = 1_024;

/// The permits, shared by their holders.
#[derive(Clone, Default)]
pub(super) struct Throttle(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The number of permits, as of the last request.
    limit: usize,
    /// Permits in use.
    working: usize,
    /// Requests that wait, the oldest first.
    waiting: VecDeque<oneshot::Sender<Permit>>,
}

/// A permit, handed on when dropped.
pub(super) struct Permit(Throttle);

impl Throttle {
    /// Takes a permit, or waits for one; `None` when none of `limit` becomes free in time.
    pub(super) async fn enter(&self, limit: usize) -> Option<Permit> {
        self.enter_within(limit, WAIT).await
    }

    /// Like [`Self::enter`], within the time `wait`.
    pub(super) async fn enter_within(&self, limit: usize, wait: Duration) -> Option<Permit> {
        let permit = self.queue(limit)?;
        tokio::time::timeout(wait, permit).await.ok()?.ok()
    }

    /// Enters the queue for a permit; `None` when the queue is full.
    fn queue(&self, limit: usize) -> Option<oneshot::Receiver<Permit>> {
        let mut state = self.state();
        state.limit = limit;
        if state.waiting.len() >= WAITING {
            // Drop requests that were given up.
            state.waiting.retain(|waiting| !waiting.is_closed());
        }
        if state.waiting.len() >= WAITING {
            return None;
        }
        let (give, permit) = oneshot::channel();
        state.waiting.push_back(give);
        drop(state);
        self.hand_out();
        Some(permit)
    }

    /// Hands free permits to the requests that have waited longest.
    fn hand_out(&self) {
        while let Some(next) = self.next() {
            // A permit whose request was given up is returned when it is dropped.
            let _ = next.send(Permit(self.clone()));
        }
    }

    /// Takes the next waiting request, and counts a permit in use for it.
    fn next(&self) -> Option<oneshot::Sender<Permit>> {
        let mut state = self.state();
        while state.working < state.limit {
            let next = state.waiting.pop_front()?;
            if !next.is_closed() {
                state.working += 1;
                return Some(next);
            }
        }
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.state().working -= 1;
        self.0.hand_out();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn one_more_than_the_limit_waits_for_its_turn() {
        let throttle = Throttle::default();
        let first = throttle.enter(1).await.unwrap();
        let mut second = Box::pin(throttle.enter(1));
        let mut third = Box::pin(throttle.enter(1));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        drop(first);
        let second = second.now_or_never().unwrap().unwrap();
        assert!(third.as_mut().now_or_never().is_none());
        drop(second);
        assert!(third.now_or_never().unwrap().is_some());
        assert_eq!(throttle.state().working, 0);
    }

    #[tokio::test]
    async fn one_who_waits_too_long_or_goes_away_takes_no_place_along() {
        let throttle = Throttle::default();
        let first = throttle.enter(1).await.unwrap();
        assert!(throttle.enter_within(1, Duration::from_millis(1)).await.is_none());
        let mut gone = Box::pin(throttle.enter(1));
        assert!(gone.as_mut().now_or_never().is_none());
        let mut served = throttle.queue(1).unwrap();
        let mut left = throttle.queue(1).unwrap();
        drop((gone, first));
        assert_eq!(throttle.state().working, 1);
        // A permit that was sent but not awaited is returned too.
        drop(served.try_recv().unwrap());
        drop(left.try_recv().unwrap());
        drop((served, left));
        assert!(throttle.enter(1).now_or_never().unwrap().is_some());
        assert_eq!(throttle.state().working, 0);
    }

    #[tokio::test]
    async fn the_number_of_those_who_wait_is_bounded() {
        let throttle = Throttle::default();
        let _first = throttle.enter(1).await.unwrap();
        let mut waiting: Vec<_> = (0..WAITING).map(|_| throttle.queue(1).unwrap()).collect();
        assert!(throttle.enter(1).now_or_never().unwrap().is_none());
        waiting.pop();
        assert!(throttle.queue(1).is_some());
    }

    #[tokio::test]
    async fn a_limit_that_changes_holds_at_the_next_request() {
        let throttle = Throttle::default();
        let first = throttle.enter(1).await.unwrap();
        let mut second = Box::pin(throttle.enter(1));
        assert!(second.as_mut().now_or_never().is_none());
        // More permits: the waiting request goes first.
        let third = throttle.enter(3).now_or_never().unwrap().unwrap();
        let second = second.now_or_never().unwrap().unwrap();
        assert_eq!(throttle.state().working, 3);
        // Fewer permits: no request gets a permit until enough permits are returned.
        let mut fourth = Box::pin(throttle.enter(1));
        drop((first, second));
        assert!(fourth.as_mut().now_or_never().is_none());
        drop(third);
        assert!(fourth.now_or_never().unwrap().is_some());
    }
}
