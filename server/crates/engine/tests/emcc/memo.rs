//! Memoized operations: an operation has the same result in the same state, so it runs once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use terms::MultipleLoginBehavior;

use super::{
    cluster::Cluster,
    names::{Number, Side},
    operation::{Operation, Reply},
    rows, tables,
};

/// An operation, the cluster that runs it, and that cluster's logins and intents that are past their
/// end time.
type Question = (Arc<Cluster>, Operation, Vec<Number>);

/// Runs the operations of one cluster, and keeps their results.
pub struct Memo {
    side: Side,
    behavior: MultipleLoginBehavior,
    known: RwLock<HashMap<Question, (Arc<Cluster>, Reply)>>,
}

impl Memo {
    pub fn new(side: Side, behavior: MultipleLoginBehavior) -> Self {
        Self { side, behavior, known: RwLock::default() }
    }

    /// The cluster's state after an operation, and the operation's reply.
    pub fn run(
        &self,
        cluster: &Arc<Cluster>,
        operation: Operation,
        due: Vec<Number>,
    ) -> (Arc<Cluster>, Reply) {
        let question = (Arc::clone(cluster), operation, due);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(&question) {
            return answer.clone();
        }
        drop(known);
        let (cluster, operation, due) = &question;
        let empty = rows::empty(self.side, self.behavior);
        let tables = tables::fill(empty, self.side, cluster, due);
        let (after, reply) = operation.run(tables, self.side);
        let answer = (Arc::new(after), reply);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(question, answer.clone());
        answer
    }
}
