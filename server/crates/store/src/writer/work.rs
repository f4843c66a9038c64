//! Work with its own transaction.

use std::{future::Future, pin::Pin};

use engine::ports::StoreError;
use sqlx::SqliteConnection;

use super::Answer;

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Work for the writer, with a result of any type.
pub(super) trait WriterWork: Send {
    /// Does the work, before the commit.
    fn run<'c>(
        &'c mut self,
        connection: &'c mut SqliteConnection,
    ) -> BoxFuture<'c, Result<(), StoreError>>;

    /// Sends the result to the caller, after the transaction has ended.
    fn finish(self: Box<Self>, ended: Result<(), StoreError>);
}

/// Work with a result of type `T`.
pub(super) struct Single<T, F> {
    work: Option<F>,
    result: Option<T>,
    answer: Answer<T>,
}

impl<T, F> Single<T, F> {
    pub(super) fn new(work: F, answer: Answer<T>) -> Self {
        Self { work: Some(work), result: None, answer }
    }
}

impl<T, F> WriterWork for Single<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>>
        + Send
        + 'static,
{
    fn run<'c>(
        &'c mut self,
        connection: &'c mut SqliteConnection,
    ) -> BoxFuture<'c, Result<(), StoreError>> {
        let work = self.work.take();
        Box::pin(async move {
            let Some(work) = work else {
                return Err(StoreError::Failed("work can be done once".into()));
            };
            self.result = Some(work(connection).await?);
            Ok(())
        })
    }

    fn finish(self: Box<Self>, ended: Result<(), StoreError>) {
        let Self { result, answer, .. } = *self;
        let nothing = || StoreError::Failed("the work has no result".into());
        // If the caller is gone, the committed changes stay.
        let _ = answer.send(ended.and_then(|()| result.ok_or_else(nothing)));
    }
}
