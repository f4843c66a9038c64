//! The outbox of farewells.

use async_trait::async_trait;

use crate::{
    StoreError,
    operations::work::Work,
    transaction::{Names, Transaction},
};

/// Deletes a farewell from the outbox: the other cluster has acknowledged the farewell.
pub(crate) struct Acknowledged {
    pub(crate) number: u64,
}

#[async_trait]
impl Work for Acknowledged {
    type Output = ();

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        tx.take_out(self.number).await
    }
}
