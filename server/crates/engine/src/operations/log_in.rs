//! Logging a user in at a phone.

use async_trait::async_trait;
use terms::LoginType;

use super::{
    end::{Ending, end, give_up},
    work::Work,
};
use crate::{
    Admitted, EventKind, Login, LoginId, LoginRequest, PhoneId, UserId,
    decide::{self, NotAdmitted},
    ports::{LoginAttempt, Outcome, StoreError},
    transaction::{Act, Names, Transaction},
};

pub(crate) struct LogIn(pub(crate) LoginAttempt);

/// Logs a user in for an administrator, who has named logins that end for the new one.
pub(crate) struct ForceLogIn {
    pub(crate) attempt: LoginAttempt,
    pub(crate) named: Vec<LoginId>,
}

#[async_trait]
impl Work for LogIn {
    type Output = Outcome<Admitted>;

    fn names(&self) -> Names {
        names(&self.0.request)
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        Ok(match log_in(tx, &self.0, &[]).await? {
            Outcome::Done(Ok(admitted)) => Outcome::Done(admitted),
            Outcome::Done(Err(NotAdmitted { code, .. })) | Outcome::Refused(code) => {
                Outcome::Refused(code)
            }
            Outcome::ConfigurationMoved => Outcome::ConfigurationMoved,
        })
    }
}

#[async_trait]
impl Work for ForceLogIn {
    type Output = Outcome<Result<Admitted, NotAdmitted>>;

    fn names(&self) -> Names {
        names(&self.attempt.request)
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let done = log_in(tx, &self.attempt, &self.named).await?;
        if let Outcome::Done(Ok(Admitted { login, ended, .. })) = &done {
            let ended = ended.iter().map(|one| format!("; {} at {}", one.user, one.phone));
            let detail = format!("{}{}", login.user, ended.collect::<String>());
            let (action, subject) = ("log_in", login.phone.to_string());
            tx.audit(self.attempt.now, &login.by, Act { action, subject, detail }).await?;
        }
        Ok(done)
    }
}

fn names(request: &LoginRequest) -> Names {
    let LoginRequest { user, phone, profile, .. } = request;
    Names {
        user: Some(UserId::own(user)),
        phone: Some(PhoneId::own(phone)),
        profile: profile.clone(),
        ..Names::default()
    }
}

/// Logs a user in, or says why not. The logins of `named` end if they are in the way.
async fn log_in(
    tx: &mut dyn Transaction,
    attempt: &LoginAttempt,
    named: &[LoginId],
) -> Result<Outcome<Result<Admitted, NotAdmitted>>, StoreError> {
    let LoginAttempt { id, now, request } = attempt;
    let (now, by) = (*now, &request.actor);
    let facts = tx.facts().await?;
    if request.authenticated_at.is_some_and(|version| version != facts.version) {
        return Ok(Outcome::ConfigurationMoved);
    }
    let admission = match decide::login(&facts, request, named, now) {
        Ok(admission) => admission,
        Err(not_admitted) => return Ok(Outcome::Done(Err(not_admitted))),
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
    Ok(Outcome::Done(Ok(Admitted { login, limit_source, ended })))
}
