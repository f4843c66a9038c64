//! Requests that run to completion even if the client disconnects.

use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// Runs work to completion, even if its caller is dropped, and before the store is closed; `None` after
/// a fault of the program (a panic).
pub(crate) async fn to_its_end<T: Send + 'static>(
    tasks: &TaskTracker,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let done = tasks.spawn(work.in_current_span()).await;
    done.inspect_err(|error| tracing::error!(%error, "a request met a fault of the program")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fault_of_the_program_is_told() {
        let done = to_its_end(&TaskTracker::new(), async { panic!("on purpose") }).await;
        assert_eq!(done, None::<()>);
    }

    #[tokio::test]
    async fn what_has_begun_goes_on_when_nobody_waits_for_it() {
        let (go_on, goes_on) = tokio::sync::oneshot::channel::<()>();
        let (done, is_done) = tokio::sync::oneshot::channel();
        let tasks = TaskTracker::new();
        let mut work = Box::pin(to_its_end(&tasks, async move {
            let _ = goes_on.await;
            let _ = done.send(());
        }));
        assert!(futures::FutureExt::now_or_never(work.as_mut()).is_none());
        drop(work);
        go_on.send(()).unwrap();
        assert_eq!(is_done.await, Ok(()));
    }
}
