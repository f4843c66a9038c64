//! The steps about stays: users of one cluster at phones of another.

use async_trait::async_trait;

use crate::{Farewell, HomeConfiguration, Intent, Login, LoginId, StayRole, StoreError, UtcMillis};

/// A stay of a user of this cluster, as the home cluster identifies it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    /// The visiting cluster, which has chosen the identity.
    pub visiting: String,
    /// The identity of the stay.
    pub login: LoginId,
}

/// The steps about stays.
#[async_trait]
pub trait StaySteps: Send {
    /// Writes an intent, which holds its phone.
    async fn hold(&mut self, intent: &Intent) -> Result<(), StoreError>;

    /// Drops the intent of this id, if the intent exists.
    async fn drop_intent(&mut self, id: LoginId) -> Result<(), StoreError>;

    /// Reads at most `limit` intents that hold their phones no longer at `now`. An operation with names can't use
    /// this step.
    async fn due_intents(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Intent>, StoreError>;

    /// Writes a tombstone: the stay is over, or must not begin.
    async fn bury(&mut self, stay: &Stay, now: UtcMillis) -> Result<(), StoreError>;

    /// Writes the configuration that the phone of a visit gets.
    async fn keep_visit(
        &mut self,
        login: LoginId,
        configuration: &HomeConfiguration,
    ) -> Result<(), StoreError>;

    /// Deletes the configuration of a visit's phone.
    async fn forget_visit(&mut self, login: LoginId) -> Result<(), StoreError>;

    /// Extends the visits among `logins` that would end before `before`, to `until`; a visit that the home cluster
    /// limits ends at most `grace_ms` after that limit. An operation with names can't use this step.
    async fn prolong_visits(
        &mut self,
        logins: &[LoginId],
        before: UtcMillis,
        until: UtcMillis,
        grace_ms: i64,
    ) -> Result<(), StoreError>;

    /// Clears `sole` in the open stays of users of this cluster, so that the stays exclude no other login of these
    /// users. An operation with names can't use this step.
    async fn free_stays(&mut self) -> Result<(), StoreError>;

    /// Reads the open stays among `logins` with the cluster `peer`, in which this cluster has the role `role`. An
    /// operation with names can't use this step.
    async fn open_stays(
        &mut self,
        peer: &str,
        role: StayRole,
        logins: &[LoginId],
    ) -> Result<Vec<Login>, StoreError>;

    /// Reads which of `ids` are intents to ask the cluster `peer`. An operation with names can't use this step.
    async fn intents_of(&mut self, peer: &str, ids: &[LoginId])
    -> Result<Vec<LoginId>, StoreError>;

    /// Puts a farewell into the outbox, to be sent from `now` on.
    async fn post(&mut self, farewell: &Farewell, now: UtcMillis) -> Result<(), StoreError>;

    /// Deletes a farewell from the outbox. An operation with names can't use this step.
    async fn take_out(&mut self, number: u64) -> Result<(), StoreError>;
}
