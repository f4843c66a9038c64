//! Yielding to other tasks.

use std::task::Poll;

/// Yields to other tasks: the first poll is pending and asks for the next poll.
pub async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
