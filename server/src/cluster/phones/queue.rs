//! The queue of pushes: bounded, one push of a phone at a time.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use terms::phone_key;
use tokio::sync::Notify;

use super::commands::{Commands, merged};

/// Pushes that wait at most. Past them phones are not told: what they show is old until they ask.
const MOST_WAITING: usize = 4_096;

/// A push that waits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Push {
    /// The phone's name.
    pub(super) phone: String,
    /// Its commands.
    pub(super) commands: Commands,
}

/// The pushes that wait, the oldest first.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Push>,
    /// The keys of phones to which a push is on its way.
    on_the_way: HashSet<String>,
}

impl Queue {
    /// Adds a push; one of the same phone that waits takes its commands. False when it is full.
    pub(super) fn add(&self, push: Push) -> bool {
        let mut state = self.state();
        let key = phone_key(&push.phone);
        let is_full = state.waiting.len() >= MOST_WAITING;
        match state.waiting.iter_mut().find(|waiting| phone_key(&waiting.phone) == key) {
            Some(waiting) => merged(&mut waiting.commands, &push.commands),
            None if is_full => return false,
            None => state.waiting.push_back(push),
        }
        drop(state);
        self.changed.notify_one();
        true
    }

    /// Waits for the oldest push whose phone takes no other one. The phone takes none until
    /// [`Queue::done`].
    pub(super) async fn next(&self) -> Push {
        loop {
            if let Some(push) = self.take() {
                return push;
            }
            self.changed.notified().await;
        }
    }

    fn take(&self) -> Option<Push> {
        let mut state = self.state();
        let State { waiting, on_the_way } = &mut *state;
        let is_free = |push: &Push| !on_the_way.contains(&phone_key(&push.phone));
        let first = waiting.iter().position(is_free)?;
        let push = waiting.remove(first)?;
        on_the_way.insert(phone_key(&push.phone));
        Some(push)
    }

    /// A push that is on its way, until this is dropped.
    pub(super) fn on_its_way(self: Arc<Self>, push: Push) -> OnItsWay {
        OnItsWay { queue: self, push }
    }

    /// The push to a phone has come to its end.
    fn done(&self, phone: &str) {
        self.state().on_the_way.remove(&phone_key(phone));
        self.changed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A push that is on its way. However that ends, its phone takes the next one.
pub(super) struct OnItsWay {
    queue: Arc<Queue>,
    push: Push,
}

impl OnItsWay {
    /// The push.
    pub(super) const fn push(&self) -> &Push {
        &self.push
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.queue.done(&self.push.phone);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use wire::phone::Priority;

    use super::*;

    fn push(phone: &str, command: &'static str) -> Push {
        Push { phone: phone.to_owned(), commands: vec![(command, Priority::Now)] }
    }

    #[tokio::test]
    async fn a_phone_takes_one_push_at_a_time_and_what_waits_is_one() {
        let queue = Queue::default();
        queue.add(push("SEP1", "one"));
        assert_eq!(queue.next().await, push("SEP1", "one"));
        queue.add(push("sep1", "two"));
        queue.add(push("SEP1", "three"));
        queue.add(push("SEP1", "two"));
        queue.add(push("SEP2", "four"));
        assert_eq!(queue.next().await, push("SEP2", "four"), "the other phone waits for nobody");
        assert!(queue.next().now_or_never().is_none());
        queue.done("SEP1");
        let next = queue.next().await;
        let commands: Vec<_> = next.commands.iter().map(|(command, _)| *command).collect();
        assert_eq!((next.phone.as_str(), commands), ("sep1", vec!["three", "two"]));
    }

    #[test]
    fn pushes_that_wait_are_bounded() {
        let queue = Queue::default();
        for phone in 0..MOST_WAITING {
            assert!(queue.add(push(&format!("SEP{phone}"), "one")));
        }
        assert!(!queue.add(push("SEPMORE", "one")));
        assert!(queue.add(push("SEP7", "two")), "its push waits already");
    }
}
