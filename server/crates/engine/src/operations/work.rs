//! Operations with a result.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::{
    ports::StoreError,
    transaction::{Names, Operation, Transaction, Transactions},
};

/// An operation with a result.
#[async_trait]
pub(crate) trait Work: Send + 'static {
    type Output: Send + 'static;

    /// As [`Operation::names`].
    fn names(&self) -> Names;

    /// As [`Operation::run`].
    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError>;
}

/// Runs an operation, and returns the result of its last run.
pub(crate) async fn run<W: Work>(
    store: &dyn Transactions,
    work: W,
) -> Result<W::Output, StoreError> {
    let output = Arc::new(Mutex::new(None));
    let operation = Erased { work, output: Arc::clone(&output) };
    store.run(Box::new(operation)).await?;
    let output = output.lock().unwrap_or_else(PoisonError::into_inner).take();
    output.ok_or_else(|| StoreError::Failed("the operation has no result".to_owned()))
}

/// An operation that stores its result for the caller of [`run`].
struct Erased<W: Work> {
    work: W,
    output: Arc<Mutex<Option<W::Output>>>,
}

#[async_trait]
impl<W: Work> Operation for Erased<W> {
    fn names(&self) -> Names {
        self.work.names()
    }

    async fn run(&mut self, transaction: &mut dyn Transaction) -> Result<(), StoreError> {
        let output = self.work.run(transaction).await?;
        *self.output.lock().unwrap_or_else(PoisonError::into_inner) = Some(output);
        Ok(())
    }
}
