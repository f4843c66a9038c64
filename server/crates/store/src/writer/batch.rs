//! Operations that share a transaction.
//! One statement reads the facts of all of them, and their writes are collected and written together.

use std::{collections::HashSet, sync::Arc};

use engine::{ports::StoreError, transaction::Operation};
use sqlx::SqliteConnection;

use super::{
    Answer, Cached,
    changes::Changes,
    facts::{self, Keys},
    steps::Steps,
};
use crate::in_force;

/// An operation that may share a transaction, since it concerns only the rows that it names.
pub(super) struct BatchedOperation {
    operation: Box<dyn Operation>,
    keys: Keys,
    answer: Answer<()>,
}

impl BatchedOperation {
    pub(super) fn new(operation: Box<dyn Operation>, answer: Answer<()>) -> Self {
        let keys = Keys::from(&operation.names());
        Self { operation, keys, answer }
    }

    /// Sends the result to the caller. If the caller is gone, the committed changes stay.
    pub(super) fn answer(self, done: Result<(), StoreError>) {
        let _ = self.answer.send(done);
    }
}

/// The result of each operation.
pub(super) type BatchResults = Vec<Result<(), StoreError>>;

/// Runs operations from the start of `waiting`; returns their results and the changes to write.
/// The run stops before an operation whose user or phone an earlier operation has changed, since the facts
/// have to be read again. With `begins`, the first read begins the transaction.
pub(super) async fn run(
    tx: &mut SqliteConnection,
    waiting: &mut [BatchedOperation],
    cached: &mut Cached,
    begins: bool,
) -> Result<(BatchResults, Changes), StoreError> {
    let keys = apart(waiting);
    let (version, rows) = facts::read(tx, &keys, begins).await?;
    let ruling = match cached {
        Some((cached, ruling)) if *cached == version => ruling.clone(),
        other => {
            let read = in_force::read(tx).await?;
            let ruling = (Arc::new(read.parameters), read.release);
            *other = Some((read.version, ruling.clone()));
            ruling
        }
    };
    let mut changes = Changes::default();
    let mut done = Vec::with_capacity(keys.len());
    for (one, row) in waiting.iter_mut().zip(rows) {
        if changes.touch(&one.keys) {
            break;
        }
        let mark = changes.mark();
        let facts = row.facts(version, ruling.clone());
        let ran = one.operation.run(&mut Steps::read_ahead(facts, &mut changes)).await;
        if ran.is_err() {
            changes.back_to(mark);
        }
        done.push(ran);
    }
    Ok((done, changes))
}

/// The keys of the operations at the start of `waiting` that have no user and no phone in common.
fn apart(waiting: &[BatchedOperation]) -> Vec<Keys> {
    let (mut users, mut phones) = (HashSet::new(), HashSet::new());
    let is_fresh = |keys: &&Keys| {
        keys.user.as_ref().is_none_or(|user| users.insert(user.clone()))
            & keys.phone.as_ref().is_none_or(|phone| phones.insert(phone.clone()))
    };
    waiting.iter().map(|one| &one.keys).take_while(is_fresh).cloned().collect()
}
