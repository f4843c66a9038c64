//! The database holds the id of its cluster from the first start on.

use async_trait::async_trait;

use super::work::Work;
use crate::{
    StoreError,
    transaction::{Names, Transaction},
};

/// Reads the cluster's id, or writes `id_if_new` when there is no id yet.
pub(crate) struct ClusterId {
    pub(crate) id_if_new: String,
}

#[async_trait]
impl Work for ClusterId {
    type Output = String;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<String, StoreError> {
        let stored = tx.cluster_id().await?;
        if !stored.is_empty() {
            return Ok(stored);
        }
        tx.set_cluster_id(&self.id_if_new).await?;
        Ok(self.id_if_new.clone())
    }
}
