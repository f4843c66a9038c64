//! Logging out the user of a phone that nobody uses.

use async_trait::async_trait;
use terms::EndCause;

use super::{
    end::{Ending, end},
    work::Work,
};
use crate::{
    Actor, EndedLogin, PhoneId, StoreError, UtcMillis,
    transaction::{Names, Transaction},
};

/// Ends the login at a phone of this cluster, unless the login began after `since`; returns the ended login.
pub(crate) struct LogOutIdle {
    pub(crate) phone: String,
    pub(crate) since: UtcMillis,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for LogOutIdle {
    type Output = Option<EndedLogin>;

    fn names(&self) -> Names {
        Names { phone: Some(PhoneId::own(&self.phone)), ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let open = tx.facts().await?.open_on_phone.filter(|open| open.from <= self.since);
        let Some(open) = open else { return Ok(None) };
        let cause = if open.is_due(self.now) { EndCause::Expired } else { EndCause::Idle };
        end(tx, open, Ending::of(cause, &Actor::SYSTEM), self.now).await.map(Some)
    }
}
