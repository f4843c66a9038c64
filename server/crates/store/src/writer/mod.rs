//! The one writer: a task that owns the only connection that changes the database.
//!
//! Operations with names (log-ins and log-outs) that wait at the same time share a transaction, and so a
//! flush to disk. All other work has its own transaction. The writer answers no request before the commit.

mod batch;
mod changes;
mod configuring;
mod facts;
pub(crate) mod jobs;
mod stay_changes;
mod stays;
mod steps;
mod work;

use std::sync::Arc;

use engine::{
    Version,
    ports::StoreError,
    transaction::{Names, Operation},
};
use sqlx::SqliteConnection;
use terms::{Release, ServiceParameters};
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{error, written::LastWrite};
use batch::{BatchResults, BatchedOperation};
pub(crate) use steps::Steps;
use work::{BoxFuture, Single, WriterWork};

/// The most requests in the writer's queue; a request beyond them is answered as busy.
const QUEUE_REQUESTS: usize = 2048;
/// The most operations that share a transaction.
/// Beyond this number, the wait of the first operation outweighs the gain of the last.
const BATCH_OPERATIONS: usize = 256;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

enum WriterRequest {
    Operate(Box<dyn Operation>, Answer<()>),
    WriterWork(Box<dyn WriterWork>),
    Close(oneshot::Sender<SqliteConnection>),
}

/// A handle to the writer.
#[derive(Clone)]
pub(crate) struct Writer {
    requests: mpsc::Sender<WriterRequest>,
    /// The outcome of the last write.
    pub(crate) last_write: LastWrite,
}

impl Writer {
    /// Starts the writer on `connection`.
    /// The writer ends when the last handle is dropped or on [`Writer::close`].
    pub(crate) fn start(connection: SqliteConnection, committed: Arc<Notify>) -> Self {
        let (requests, waiting) = mpsc::channel(QUEUE_REQUESTS);
        let last_write = LastWrite::default();
        let task = Task {
            connection,
            committed,
            parameters: None,
            last_write: last_write.clone(),
            may_be_open: false,
        };
        tokio::spawn(task.run(waiting));
        Self { requests, last_write }
    }

    /// Runs an operation; an operation without names has its own transaction.
    pub(crate) async fn operate(&self, operation: Box<dyn Operation>) -> Result<(), StoreError> {
        if operation.names() == Names::default() {
            return self.run(|tx| Box::pin(steps::run_alone(tx, operation))).await;
        }
        self.ask(|answer| WriterRequest::Operate(operation, answer)).await
    }

    /// Runs `work` in its own transaction and commits the transaction.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>>
        + Send
        + 'static,
    ) -> Result<T, StoreError> {
        self.ask(|answer| WriterRequest::WriterWork(Box::new(Single::new(work, answer)))).await
    }

    /// Returns when the writer has ended, by [`Writer::close`] or by a fault of the program.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let requests = self.requests.clone();
        async move { requests.closed().await }
    }

    /// Waits until all requests queued so far are done, and ends the writer.
    /// Returns the writer's connection; `None` if the writer has ended before.
    pub(crate) async fn close(&self) -> Option<SqliteConnection> {
        let (done, closed) = oneshot::channel();
        self.requests.send(WriterRequest::Close(done)).await.ok()?;
        closed.await.ok()
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(Answer<T>) -> WriterRequest,
    ) -> Result<T, StoreError> {
        let (answer, result) = oneshot::channel();
        self.requests.try_send(request(answer)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => {
                StoreError::Failed("the store is closed".into())
            }
        })?;
        result.await.unwrap_or_else(|_| Err(StoreError::Failed("the writer has ended".into())))
    }
}

/// The parameters and the release of a configuration version, kept between transactions.
type Cached = Option<(Version, (Arc<ServiceParameters>, Release))>;

struct Task {
    connection: SqliteConnection,
    committed: Arc<Notify>,
    parameters: Cached,
    last_write: LastWrite,
    /// Whether a failed rollback may have left a transaction open.
    may_be_open: bool,
}

impl Task {
    async fn run(mut self, mut waiting: mpsc::Receiver<WriterRequest>) {
        let mut requests = Vec::with_capacity(BATCH_OPERATIONS);
        while waiting.recv_many(&mut requests, BATCH_OPERATIONS).await > 0 {
            let mut batch = Vec::with_capacity(requests.len());
            for request in requests.drain(..) {
                match request {
                    WriterRequest::Operate(operation, answer) => {
                        batch.push(BatchedOperation::new(operation, answer));
                    }
                    WriterRequest::WriterWork(work) => {
                        self.batch(std::mem::take(&mut batch)).await;
                        self.work(work).await;
                    }
                    WriterRequest::Close(done) => {
                        self.batch(std::mem::take(&mut batch)).await;
                        let _ = done.send(self.connection);
                        return;
                    }
                }
            }
            self.batch(batch).await;
        }
    }

    async fn work(&mut self, mut work: Box<dyn WriterWork>) {
        let committed = self.commit(work.as_mut()).await;
        self.last_write.note(committed.as_ref().copied());
        if committed.is_ok() {
            self.committed.notify_one();
        }
        work.finish(committed);
    }

    async fn commit(&mut self, work: &mut dyn WriterWork) -> Result<(), StoreError> {
        self.begin().await?;
        let ended = match work.run(&mut self.connection).await {
            Ok(()) => self.execute("COMMIT").await,
            Err(error) => Err(error),
        };
        self.rolled_back_unless(ended).await
    }

    /// Rolls back after an error.
    /// SQLite ends some transactions by itself (a full disk is one reason) and others not. sqlx's own
    /// transactions count their depth and lose count then, so the writer sends BEGIN, COMMIT and ROLLBACK
    /// itself. A ROLLBACK without an open transaction does no harm.
    async fn rolled_back_unless<T>(
        &mut self,
        ended: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if ended.is_err() {
            let _ = self.roll_back().await;
        }
        ended
    }

    async fn roll_back(&mut self) -> Result<(), StoreError> {
        let rolled_back = self.execute("ROLLBACK").await;
        self.may_be_open = rolled_back.is_err();
        rolled_back
    }

    /// Begins a transaction.
    /// A transaction that a failure left open is rolled back first, since BEGIN would always fail within it.
    async fn begin(&mut self) -> Result<(), StoreError> {
        let begun = self.execute("BEGIN IMMEDIATE").await;
        if begun.is_ok() || self.execute("ROLLBACK").await.is_err() {
            return begun;
        }
        self.execute("BEGIN IMMEDIATE").await
    }

    async fn execute(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::query(sql).execute(&mut self.connection).await.map_err(error::store)?;
        Ok(())
    }

    /// Runs a batch in one transaction.
    /// If the transaction fails, each operation gets its own transaction, so that an operation that can't
    /// be written does not fail the others.
    async fn batch(&mut self, mut batch: Vec<BatchedOperation>) {
        if batch.is_empty() {
            return;
        }
        let done = self.transaction(&mut batch).await;
        self.last_write.note(done.as_ref().map(drop));
        match done {
            Ok(done) => {
                self.committed.notify_one();
                for (one, done) in batch.into_iter().zip(done) {
                    one.answer(done);
                }
            }
            Err(error)
                if batch.len() == 1 || matches!(error, StoreError::Full | StoreError::Busy) =>
            {
                for one in batch {
                    one.answer(Err(error.clone()));
                }
            }
            Err(_) => {
                for one in batch {
                    Box::pin(self.batch(vec![one])).await;
                }
            }
        }
    }

    async fn transaction(
        &mut self,
        batch: &mut [BatchedOperation],
    ) -> Result<BatchResults, StoreError> {
        let done = self.statements(batch).await;
        self.rolled_back_unless(done).await
    }

    async fn statements(
        &mut self,
        batch: &mut [BatchedOperation],
    ) -> Result<BatchResults, StoreError> {
        let mut done = Vec::with_capacity(batch.len());
        // The first read begins the transaction, if no transaction can be open.
        let mut begins = !self.may_be_open;
        if self.may_be_open {
            self.begin().await?;
            self.may_be_open = false;
        }
        loop {
            let (tx, rest) = (&mut self.connection, &mut batch[done.len()..]);
            let (more, changes) = batch::run(tx, rest, &mut self.parameters, begins).await?;
            done.extend(more);
            if done.len() == batch.len() {
                changes.commit(tx).await?;
                return Ok(done);
            }
            changes.write(tx).await?;
            begins = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::*;

    #[tokio::test]
    async fn a_transaction_that_was_left_open_does_not_end_all_writing() {
        let connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let (committed, last_write) = (Arc::default(), LastWrite::default());
        let mut task =
            Task { connection, committed, parameters: None, last_write, may_be_open: false };
        task.begin().await.unwrap();
        task.begin().await.unwrap();
        task.execute("COMMIT").await.unwrap();
    }
}
