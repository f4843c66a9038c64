//! A user chooses another PIN.

use async_trait::async_trait;

use super::work::Work;
use crate::{
    Actor, EventKind, StoreError, User, UtcMillis,
    transaction::{Act, Names, Rows, Transaction},
};

/// Replaces the PIN of a user, if the present one still has the hash `from`. Open logins go on.
/// Returns whether the PIN was replaced.
pub(crate) struct ChangePin {
    pub(crate) user: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for ChangePin {
    type Output = bool;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<bool, StoreError> {
        let found = Rows::<User>::read(tx, std::slice::from_ref(&self.user)).await?;
        let found = found.into_iter().flatten().next();
        let Some(mut user) = found.filter(|user| user.enabled && user.pin_hash == self.from) else {
            return Ok(false);
        };
        user.replace_pin(self.to.clone());
        user.pin_must_change = false;
        Rows::<User>::write(tx, std::slice::from_ref(&user)).await?;
        // Requests that were authenticated with the former PIN are authenticated again.
        let version = tx.move_on().await?;
        let (action, detail) = ("change_pin", String::new());
        tx.audit(self.now, &self.by, Act { action, subject: user.id, detail }).await?;
        tx.event(self.now, EventKind::ConfigurationChanged { version }).await?;
        Ok(true)
    }
}
