//! Recording refused requests.

use std::collections::HashMap;

use async_trait::async_trait;
use terms::{key, phone_key};

use super::work::Work;
use crate::{
    DueRefusal, Phone, StoreError, User,
    transaction::{Names, Rows, Transaction},
};

/// Adds refusals to their rows, and writes the due events about them.
pub(crate) struct RecordRefusals(pub(crate) Vec<DueRefusal>);

#[async_trait]
impl Work for RecordRefusals {
    type Output = ();

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        self.spell(tx).await?;
        let rows: Vec<_> = self.0.iter().map(|due| due.refusal.clone()).collect();
        tx.add_refusals(&rows).await?;
        for DueRefusal { refusal, told } in self.0.iter().filter(|due| due.told > 0) {
            tx.event(refusal.last, refusal.event(*told)).await?;
        }
        Ok(())
    }
}

impl RecordRefusals {
    /// Replaces the names of stored users and phones with their stored spelling.
    async fn spell(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        let users: Vec<_> = self.0.iter().map(|due| due.refusal.user.clone()).collect();
        let phones: Vec<_> = self.0.iter().map(|due| due.refusal.phone.clone()).collect();
        let users = Rows::<User>::read(tx, &users).await?.into_iter().flatten();
        let phones = Rows::<Phone>::read(tx, &phones).await?.into_iter().flatten();
        let users: HashMap<_, _> = users.map(|user| (key(&user.id), user.id)).collect();
        let phones: HashMap<_, _> =
            phones.map(|phone| (phone_key(&phone.name), phone.name)).collect();
        for DueRefusal { refusal, .. } in &mut self.0 {
            if let Some(id) = users.get(&key(&refusal.user)) {
                refusal.user.clone_from(id);
            }
            if let Some(name) = phones.get(&phone_key(&refusal.phone)) {
                refusal.phone.clone_from(name);
            }
        }
        Ok(())
    }
}
