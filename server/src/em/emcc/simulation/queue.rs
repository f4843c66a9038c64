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

/// A waiting message.
pub(super) struct SentMessage {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) xml: String,
    request: PeerRequest,
    answer: oneshot::Sender<Result<PeerAnswer, PeerError>>,
}

/// All waiting messages, in the order in which they were sent.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Vec<SentMessage>>,
    /// The number of tasks that neither have ended nor wait for an answer.
    running: AtomicUsize,
    changed: Notify,
}

impl Queue {
    /// Counts one more running task.
    pub(super) fn begin(&self) {
        self.running.fetch_add(1, Ordering::SeqCst);
    }

    /// Counts one running task less.
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

    /// The number of waiting messages.
    pub(super) fn len(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes a message out of the queue.
    pub(super) fn take(&self, index: usize) -> SentMessage {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(index)
    }

    /// Resumes the sender of a message with an answer, or with an error if the answer is lost.
    pub(super) fn answer(&self, waiting: SentMessage, xml: Option<&str>) {
        let answer = match xml {
            Some(xml) => {
                emcc::read_answer(&waiting.request, xml).map_err(|_| PeerError::NotUnderstood)
            }
            None => Err(PeerError::NoAnswer("lost".to_owned())),
        };
        self.begin();
        if waiting.answer.send(answer).is_err() {
            // The sender's task was aborted.
            self.end();
        }
    }
}

/// The messages that one cluster sends.
pub(super) struct Outgoing {
    pub(super) from: String,
    pub(super) queue: Arc<Queue>,
}

#[async_trait]
impl Peers for Outgoing {
    async fn ask(&self, cluster: &str, message: &PeerMessage) -> Result<PeerAnswer, PeerError> {
        let (answer, answered) = oneshot::channel();
        let waiting = SentMessage {
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
