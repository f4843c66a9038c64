//! Logging a user in at a phone.

use async_trait::async_trait;
use terms::LoginType;

use super::{
    end::{Ending, end, give_up},
    work::Work,
};
use crate::{
    Admitted, EventKind, Login, LoginRequest, PhoneId, UserId, decide,
    ports::{LoginAttempt, Outcome, StoreError},
    transaction::{Names, Transaction},
};

pub(crate) struct LogIn(pub(crate) LoginAttempt);

#[async_trait]
impl Work for LogIn {
    type Output = Outcome<Admitted>;

    fn names(&self) -> Names {
        let LoginRequest { user, phone, profile, .. } = &self.0.request;
        Names {
            user: Some(UserId::own(user)),
            phone: Some(PhoneId::own(phone)),
            profile: profile.clone(),
            ..Names::default()
        }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let LoginAttempt { id, now, request } = &self.0;
        let (now, by) = (*now, &request.actor);
        let facts = tx.facts().await?;
        if request.authenticated_at.is_some_and(|version| version != facts.version) {
            return Ok(Outcome::ConfigurationMoved);
        }
        let admission = match decide::login(&facts, request, now) {
            Ok(admission) => admission,
            Err(code) => return Ok(Outcome::Refused(code)),
        };
        if let Some(intent) = &admission.give_up_first {
            give_up(tx, intent, now).await?;
        }
        let mut ended = Vec::with_capacity(admission.end_first.len());
        for (open, cause) in admission.end_first {
            ended.push(end(tx, open, Ending::of(cause, by), now).await?);
        }
        let login = Login {
            id: *id,
            user: UserId::own(admission.user),
            phone: PhoneId::own(admission.phone),
            model: admission.model,
            description: admission.description,
            profile: admission.profile,
            login_type: LoginType::Em,
            from: now,
            until: admission.until,
            by: by.clone(),
        };
        let limit_source = admission.limit_source;
        tx.begin(&login, limit_source, admission.sole).await?;
        tx.event(now, EventKind::LoggedIn(login.clone())).await?;
        Ok(Outcome::Done(Admitted { login, limit_source, ended }))
    }
}
