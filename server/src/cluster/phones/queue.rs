//! A queue of messages to phones: bounded, and one message to a phone at a time.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use terms::phone_key;
use tokio::{
    sync::{Notify, Semaphore, watch},
    task::JoinSet,
};

/// The most waiting messages. Past that, phones are not notified, and show an old state until their
/// next request.
const MOST_WAITING: usize = 4_096;

/// A message to a phone.
pub(super) trait Message {
    /// The phone's name.
    fn phone(&self) -> &str;
    /// Merges a later message to the same phone into this message.
    fn merge(&mut self, later: Self);
}

/// The waiting messages, the oldest first.
pub(super) struct Queue<M> {
    state: Mutex<State<M>>,
    changed: Notify,
    ended: watch::Sender<()>,
}

struct State<M> {
    waiting: VecDeque<M>,
    /// The keys of phones with a message in flight.
    on_the_way: HashSet<String>,
}

impl<M> Default for Queue<M> {
    fn default() -> Self {
        let state = State { waiting: VecDeque::new(), on_the_way: HashSet::new() };
        Self { state: Mutex::new(state), changed: Notify::new(), ended: watch::Sender::new(()) }
    }
}

impl<M: Message> Queue<M> {
    /// Adds a message, or merges it into a waiting message to the same phone. False when the queue
    /// is full.
    pub(super) fn add(&self, message: M) -> bool {
        let mut state = self.state();
        let key = phone_key(message.phone());
        let is_full = state.waiting.len() >= MOST_WAITING;
        match state.waiting.iter_mut().find(|waiting| phone_key(waiting.phone()) == key) {
            Some(waiting) => waiting.merge(message),
            None if is_full => return false,
            None => state.waiting.push_back(message),
        }
        drop(state);
        self.changed.notify_one();
        true
    }

    /// Waits for the oldest message whose phone has no message in flight. The phone gets no other
    /// message until [`Queue::done`].
    async fn next(&self) -> M {
        loop {
            if let Some(message) = self.take() {
                return message;
            }
            self.changed.notified().await;
        }
    }

    fn take(&self) -> Option<M> {
        let mut state = self.state();
        let State { waiting, on_the_way } = &mut *state;
        let is_free = |message: &M| !on_the_way.contains(&phone_key(message.phone()));
        let first = waiting.iter().position(is_free)?;
        let message = waiting.remove(first)?;
        on_the_way.insert(phone_key(message.phone()));
        Some(message)
    }

    /// Ends the message in flight to a phone.
    fn done(&self, phone: &str) {
        self.state().on_the_way.remove(&phone_key(phone));
        self.changed.notify_one();
        self.ended.send_replace(());
    }

    /// Waits until no message to a phone waits or is in flight, for at most `patience`.
    pub(super) async fn settled(&self, phone: &str, patience: Duration) {
        let (key, mut ended) = (phone_key(phone), self.ended.subscribe());
        let is_busy = || {
            let state = self.state();
            let is_its = |message: &M| phone_key(message.phone()) == key;
            state.on_the_way.contains(&key) || state.waiting.iter().any(is_its)
        };
        let settled = async { while is_busy() && ended.changed().await.is_ok() {} };
        // The caller continues in both cases.
        let _ = tokio::time::timeout(patience, settled).await;
    }

    fn state(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M: Message + Send + Sync + 'static> Queue<M> {
    /// Sends the waiting messages for as long as the cluster runs, at most `at_a_time` at once.
    pub(super) async fn send_all<F: Future<Output = ()> + Send + 'static>(
        self: &Arc<Self>,
        at_a_time: usize,
        send: impl Fn(OnItsWay<M>) -> F,
    ) {
        let (permits, mut sending) = (Arc::new(Semaphore::new(at_a_time)), JoinSet::new());
        while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
            let message = self.next().await;
            let done = send(OnItsWay { queue: Arc::clone(self), message });
            sending.spawn(async move {
                let _permit = permit;
                done.await;
            });
            while let Some(sent) = sending.try_join_next() {
                if let Err(error) = sent {
                    tracing::error!(%error, "a message to a phone met a fault of the program");
                }
            }
        }
    }
}

/// A message in flight. However sending ends, the drop of this value frees the phone for the next
/// message.
pub(super) struct OnItsWay<M: Message> {
    queue: Arc<Queue<M>>,
    pub(super) message: M,
}

impl<M: Message> Drop for OnItsWay<M> {
    fn drop(&mut self) {
        self.queue.done(self.message.phone());
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use wire::phone::Priority;

    use super::{super::deliver::Push, *};

    fn push(phone: &str, command: &'static str) -> Push {
        Push { phone: phone.to_owned(), commands: vec![(command, Priority::Now)] }
    }

    #[tokio::test]
    async fn a_phone_takes_one_push_at_a_time_and_what_waits_is_one() {
        let queue = Queue::<Push>::default();
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
        let queue = Queue::<Push>::default();
        for phone in 0..MOST_WAITING {
            assert!(queue.add(push(&format!("SEP{phone}"), "one")));
        }
        assert!(!queue.add(push("SEPMORE", "one")));
        assert!(queue.add(push("SEP7", "two")), "its push waits already");
    }
}
