//! Reconciliation: each cluster periodically asks the other cluster which of its stays are over.
//!
//! The visiting cluster stores the identity of a stay before it sends the request to the home cluster, and the stay
//! is open at home before the visit begins. A cluster that does not know an identity has therefore ended the stay,
//! or has lost the stay.

use async_trait::async_trait;
use terms::EndCause;

use super::visiting::{GRACE_MS, safety_expiry};
use crate::{
    Actor, LoginId, StayRole, Stays, StoreError, UtcMillis,
    operations::{
        end::{Ending, end},
        work::Work,
    },
    transaction::{Names, Transaction},
};

/// The shortest extension of a visit that is written, in milliseconds: each confirmation extends the visit.
const WORTH_WRITING_MS: i64 = 60 * 60 * 1_000;

/// Returns which of the stays that `peer` asks about are not open in this cluster.
pub(crate) struct AnswerStays {
    pub(crate) peer: String,
    pub(crate) stays: Stays,
}

#[async_trait]
impl Work for AnswerStays {
    type Output = Vec<LoginId>;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let (asked, role) = (&self.stays.logins, self.stays.sender_is.other());
        let open = tx.open_stays(&self.peer, role, asked).await?;
        let intents = match role {
            StayRole::Visiting => tx.intents_of(&self.peer, asked).await?,
            StayRole::Home => Vec::new(),
        };
        let is_held = |id: &LoginId| open.iter().any(|open| open.id == *id) || intents.contains(id);
        Ok(asked.iter().filter(|id| !is_held(id)).copied().collect())
    }
}

/// Ends the stays that `peer` reports as over, and confirms the other stays in `asked`; returns how many
/// stays ended.
pub(crate) struct EndStays {
    pub(crate) peer: String,
    pub(crate) asked: Stays,
    pub(crate) over: Vec<LoginId>,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for EndStays {
    type Output = u32;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<u32, StoreError> {
        let Stays { sender_is: role, logins } = &mut self.asked;
        logins.sort_unstable();
        logins.dedup();
        let by = Actor::cluster(&self.peer);
        let (mut count, mut confirmed) = (0, Vec::new());
        for open in tx.open_stays(&self.peer, *role, logins).await? {
            if self.over.contains(&open.id) {
                end(tx, open, Ending::told(EndCause::Remote, &by), self.now).await?;
                count += 1;
            } else {
                confirmed.push(open.id);
            }
        }
        if *role == StayRole::Visiting && !confirmed.is_empty() {
            let until = safety_expiry(self.now, None);
            let before = UtcMillis(until.0 - WORTH_WRITING_MS);
            tx.prolong_visits(&confirmed, before, until, GRACE_MS).await?;
        }
        Ok(count)
    }
}
