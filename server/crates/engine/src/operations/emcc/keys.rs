//! The keys by which other clusters know this cluster.
//!
//! The first start makes a key. A change of the key takes two steps, so that the other clusters know the new key
//! before this cluster uses the new key.

use async_trait::async_trait;

use crate::{
    Actor, EmccKey, EmccKeys, EventKind, StoreError, UtcMillis,
    operations::work::Work,
    transaction::{Act, Names, Transaction},
};

/// Reads the keys, or writes the first key.
pub(crate) struct OwnKeys {
    pub(crate) if_new: EmccKey,
}

#[async_trait]
impl Work for OwnKeys {
    type Output = EmccKeys;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<EmccKeys, StoreError> {
        if let Some(keys) = tx.emcc_keys().await? {
            return Ok(keys);
        }
        let keys = EmccKeys { current: self.if_new.clone(), next: None };
        tx.set_emcc_keys(&keys).await?;
        Ok(keys)
    }
}

/// A change of the keys.
#[derive(Clone)]
pub enum KeyChange {
    /// Announces this key, in the place of any key that was announced before.
    Announce(EmccKey),
    /// Uses the announced key from now on.
    Use,
}

/// Changes the keys; returns `None` when there is no announced key to use.
pub(crate) struct ChangeKeys {
    pub(crate) change: KeyChange,
    pub(crate) by: Actor,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for ChangeKeys {
    type Output = Option<EmccKeys>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let Some(keys) = tx.emcc_keys().await? else { return Ok(None) };
        let (keys, action) = match &self.change {
            KeyChange::Announce(next) => {
                (EmccKeys { next: Some(next.clone()), ..keys }, "announce_emcc_key")
            }
            KeyChange::Use => {
                let Some(current) = keys.next else { return Ok(None) };
                (EmccKeys { current, next: None }, "use_emcc_key")
            }
        };
        tx.set_emcc_keys(&keys).await?;
        let version = tx.move_on().await?;
        let act = Act { action, subject: "emcc".to_owned(), detail: String::new() };
        tx.audit(self.now, &self.by, act).await?;
        tx.event(self.now, EventKind::ConfigurationChanged { version }).await?;
        Ok(Some(keys))
    }
}
