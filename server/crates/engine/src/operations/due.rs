//! Ending logins whose time is up.

use async_trait::async_trait;
use terms::EndCause;

use super::{
    end::{Ending, end},
    work::Work,
};
use crate::{
    Actor, UtcMillis,
    ports::StoreError,
    transaction::{Names, Transaction},
};

/// Ends at most `limit` logins whose time is up at `now`, the most overdue first; returns how many.
pub(crate) struct EndDue {
    pub(crate) now: UtcMillis,
    pub(crate) limit: u32,
}

#[async_trait]
impl Work for EndDue {
    type Output = u32;

    fn names(&self) -> Names {
        Names::default()
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<u32, StoreError> {
        let mut count = 0;
        for open in tx.due(self.now, self.limit).await? {
            end(tx, open, Ending::of(EndCause::Expired, &Actor::SYSTEM), self.now).await?;
            count += 1;
        }
        Ok(count)
    }
}
