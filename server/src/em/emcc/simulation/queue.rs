//! Messages between clusters, held until the simulation decides about them.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use engine::{
    PeerAnswer, PeerMessage, PeerRequest,
    ports::{PeerError, Peers},
};
use tokio::sync::{Notify, oneshot};
use wire::emcc;

/// A message that waits.
pub(super) struct Waiting {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) xml: String,
    request: PeerRequest,
    answer: oneshot::Sender<Result<PeerAnswer, PeerError>>,
}

/// All messages that wait, in the order in which they were sent.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    /// Tasks that neither have ended nor wait for an answer.
    running: AtomicUsize,
    changed: Notify,
}

impl Queue {
    /// One more task runs.
    pub(super) fn begin(&self) {
        self.running.fetch_add(1, Ordering::SeqCst);
    }

    /// One task runs no more.
    pub(super) fn end(&self) {
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.changed.notify_one();
    }

    /// Waits until no task runs.
    pub(super) async fn quiet(&self) {
        while self.running.load(Ordering::SeqCst) > 0 {
            self.changed.notified().await;
        }
    }

    /// How many messages wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes a message.
    pub(super) fn take(&self, index: usize) -> Waiting {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(index)
    }

    /// Lets the sender of a message go on with an answer, or without one.
    pub(super) fn answer(&self, waiting: Waiting, xml: Option<&str>) {
        let answer = match xml {
            Some(xml) => {
                emcc::read_answer(&waiting.request, xml).map_err(|_| PeerError::NotUnderstood)
            }
            None => Err(PeerError::NoAnswer("lost".to_owned())),
        };
        self.begin();
        if waiting.answer.send(answer).is_err() {
            // The sender has died.
            self.end();
        }
    }
}

/// The messages of one cluster.
pub(super) struct Outgoing {
    pub(super) from: String,
    pub(super) queue: Arc<Queue>,
}

#[async_trait]
impl Peers for Outgoing {
    async fn ask(&self, cluster: &str, message: &PeerMessage) -> Result<PeerAnswer, PeerError> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            from: self.from.clone(),
            to: cluster.to_owned(),
            xml: emcc::message(message),
            request: message.request.clone(),
            answer,
        };
        self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
        self.queue.end();
        answered.await.unwrap_or_else(|_| Err(PeerError::NoAnswer("gone".to_owned())))
    }
}
