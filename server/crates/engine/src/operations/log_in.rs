//! Logging a user in at a phone.

use async_trait::async_trait;
use terms::{ErrorCode, LoginType};

use super::{
    end::{Ending, end},
    work::Work,
};
use crate::{
    Admitted, EventKind, Facts, Login, LoginRequest, decide,
    ports::{LoginAttempt, Outcome, StoreError},
    transaction::{Act, Names, Transaction},
};

pub(crate) struct LogIn(pub(crate) LoginAttempt);

#[async_trait]
impl Work for LogIn {
    type Output = Outcome<Admitted>;

    fn names(&self) -> Names {
        let LoginRequest { user, phone, profile, .. } = &self.0.request;
        Names { user: Some(user.clone()), phone: Some(phone.clone()), profile: profile.clone() }
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
            Err(code) => {
                // Of those from an untrusted address there may be as many as somebody can send: the
                // edge writes some of them down.
                if code != ErrorCode::UntrustedIp {
                    tx.event(now, refused(facts, request, code)).await?;
                }
                return Ok(Outcome::Refused(code));
            }
        };
        let mut ended = Vec::with_capacity(admission.end_first.len());
        for (open, cause) in admission.end_first {
            ended.push(end(tx, open, Ending::of(cause, by), now).await?);
        }
        let login = Login {
            id: *id,
            user: admission.user,
            phone: admission.phone,
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
        let (subject, detail) = (login.phone.clone(), login.user.clone());
        tx.audit(now, by, Act { action: "log_in", subject, detail }).await?;
        Ok(Outcome::Done(Admitted { login, limit_source, ended }))
    }
}

/// A refusal as an event. Names that are known stand there as they are stored.
fn refused(facts: Facts, request: &LoginRequest, code: ErrorCode) -> EventKind {
    EventKind::Refused {
        user: facts.user.map_or_else(|| request.user.clone(), |user| user.id),
        phone: facts.phone.map_or_else(|| request.phone.clone(), |phone| phone.name),
        code: code.number(),
        by: request.actor.clone(),
        times: 1,
        why: None,
    }
}
