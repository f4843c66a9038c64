//! Logging out the user of a phone.

use async_trait::async_trait;

use super::{
    end::{Ending, end},
    work::Work,
};
use crate::{
    EndedLogin, PhoneId, decide,
    ports::{LogoutAttempt, Outcome, StoreError},
    transaction::{Names, Transaction},
};

pub(crate) struct LogOut(pub(crate) LogoutAttempt);

#[async_trait]
impl Work for LogOut {
    type Output = Outcome<EndedLogin>;

    fn names(&self) -> Names {
        Names { phone: Some(PhoneId::own(&self.0.request.phone)), ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let LogoutAttempt { now, request } = &self.0;
        let facts = tx.facts().await?;
        if request.authenticated_at.is_some_and(|version| version != facts.version) {
            return Ok(Outcome::ConfigurationMoved);
        }
        match decide::logout(&facts, request, *now) {
            Ok((open, cause)) => {
                let ending = Ending::of(cause, &request.actor);
                end(tx, open.clone(), ending, *now).await.map(Outcome::Done)
            }
            Err(code) => Ok(Outcome::Refused(code)),
        }
    }
}
