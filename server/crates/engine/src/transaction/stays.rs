//! The steps about stays: users of one cluster at phones of another.

use async_trait::async_trait;

use crate::{Farewell, HomeConfiguration, Intent, LoginId, OpenLogin, Role, StoreError, UtcMillis};

/// A stay of a user of this cluster, as home knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    /// The visiting cluster, which has chosen the identity.
    pub visiting: String,
    /// Its identity.
    pub login: LoginId,
}

/// The steps about stays.
#[async_trait]
pub trait StaySteps: Send {
    /// Writes an intent, which holds its phone.
    async fn hold(&mut self, intent: &Intent) -> Result<(), StoreError>;

    /// Drops the intent of this id, if it is there.
    async fn drop_intent(&mut self, id: LoginId) -> Result<(), StoreError>;

    /// Reads intents that hold their phones no longer at `now`, at most `limit`. Not in an operation with
    /// names.
    async fn due_intents(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Intent>, StoreError>;

    /// Writes that a stay is over, or must not begin.
    async fn bury(&mut self, stay: &Stay, now: UtcMillis) -> Result<(), StoreError>;

    /// Writes what the phone of a visit becomes.
    async fn keep_visit(
        &mut self,
        login: LoginId,
        configuration: &HomeConfiguration,
    ) -> Result<(), StoreError>;

    /// Drops what the phone of a visit became.
    async fn forget_visit(&mut self, login: LoginId) -> Result<(), StoreError>;

    /// Lets those of these visits go on until then that would end before `before`; one that home limits at most
    /// until `grace_ms` behind its limit. Not in an operation with names.
    async fn prolong_visits(
        &mut self,
        logins: &[LoginId],
        before: UtcMillis,
        until: UtcMillis,
        grace_ms: i64,
    ) -> Result<(), StoreError>;

    /// Lets open stays of users of this cluster guard against no other login of them. Not in an operation with names.
    async fn free_stays(&mut self) -> Result<(), StoreError>;

    /// Reads those of these logins that are open stays with the cluster `peer`, of which this cluster is
    /// `role`. Not in an operation with names.
    async fn open_stays(
        &mut self,
        peer: &str,
        role: Role,
        logins: &[LoginId],
    ) -> Result<Vec<OpenLogin>, StoreError>;

    /// Reads those of these identities that are intents to ask the cluster `peer`. Not in an operation with
    /// names.
    async fn intents_of(&mut self, peer: &str, ids: &[LoginId])
    -> Result<Vec<LoginId>, StoreError>;

    /// Puts a farewell into the outbox, to be sent from `now` on.
    async fn post(&mut self, farewell: &Farewell, now: UtcMillis) -> Result<(), StoreError>;

    /// Takes a farewell out of the outbox. Not in an operation with names.
    async fn take_out(&mut self, number: u64) -> Result<(), StoreError>;
}
