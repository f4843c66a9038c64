//! Alarms.

use async_trait::async_trait;

use super::work::Work;
use crate::{
    EventKind, StoreError, UtcMillis,
    transaction::{Names, Transaction},
};

/// Writes an event that belongs to no other operation.
pub(crate) struct Note {
    pub(crate) event: EventKind,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for Note {
    type Output = ();

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        tx.event(self.now, self.event.clone()).await
    }
}
