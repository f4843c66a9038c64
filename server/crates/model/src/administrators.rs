//! The steps that change administrators.

use async_trait::async_trait;
use engine::{Administrator, StoreError, UtcMillis, transaction::AdministratorSteps};
use terms::key;

use super::{pause, steps::Steps, writes::Write};

#[async_trait]
impl AdministratorSteps for Steps<'_> {
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError> {
        pause().await;
        self.locks.add("administrators".to_owned()).await;
        Ok(self.view(|tables| tables.administrators.values().cloned().collect()))
    }

    async fn put_administrator(
        &mut self,
        administrator: &Administrator,
        _: UtcMillis,
    ) -> Result<(), StoreError> {
        let (key, row) = (key(&administrator.name), administrator.clone());
        let put = Write::Other(Box::new(move |tables| {
            tables.administrators.insert(key.clone(), row.clone());
        }));
        self.write(put).await
    }

    async fn delete_administrator(&mut self, name: &str) -> Result<(), StoreError> {
        let key = key(name);
        let delete = Write::Other(Box::new(move |tables| {
            tables.administrators.remove(&key);
        }));
        self.write(delete).await
    }

    /// The model keeps no sessions.
    async fn end_sessions(&mut self, _: &str, _: Option<[u8; 32]>) -> Result<u64, StoreError> {
        pause().await;
        Ok(0)
    }
}
