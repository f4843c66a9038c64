//! The operations of the home cluster.

use async_trait::async_trait;
use terms::LoginType;

use crate::{
    Actor, Admitted, EndedLogin, EventKind, HomeLogin, LimitSource, Login, PhoneId, StayEnd,
    StoreError, UserId, UtcMillis, Version,
    emcc::home::{Closing, Decision, log_in, log_out},
    operations::{
        end::{Ending, end},
        work::Work,
    },
    ports::Outcome,
    transaction::{Names, Stay, Transaction},
};

/// Logs in a user, whose PIN was right, at a phone of another cluster.
pub(crate) struct HomeLogIn {
    /// The visiting cluster, which sends the request.
    pub(crate) visiting: String,
    pub(crate) request: HomeLogin,
    /// The version of the configuration under which the PIN was right.
    pub(crate) authenticated_at: Version,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for HomeLogIn {
    /// The login that this request, or an earlier request with the same identity, began.
    type Output = Outcome<Admitted>;

    fn names(&self) -> Names {
        let phone = PhoneId { cluster: self.visiting.clone(), name: self.request.phone.clone() };
        Names {
            user: Some(UserId::own(&self.request.user)),
            phone: Some(phone),
            profile: None,
            stay: Some(self.request.login),
        }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let facts = tx.facts().await?;
        if facts.version != self.authenticated_at {
            return Ok(Outcome::ConfigurationMoved);
        }
        let admission = match log_in(&facts, &self.request, self.now) {
            Ok(Decision::Begin(admission)) => admission,
            Ok(Decision::Again(open)) => {
                let admitted = Admitted {
                    login: self.login(open.user.id.clone(), open.profile.clone(), open.until),
                    limit_source: LimitSource::Inter,
                    ended: Vec::new(),
                };
                return Ok(Outcome::Done(admitted));
            }
            Err(code) => {
                // The tombstone makes the refusal final: a repeated request must not begin a stay that the visiting
                // cluster has dropped.
                if facts.open_on_phone.is_none_or(|open| open.id != self.request.login) {
                    let (visiting, login) = (self.visiting.clone(), self.request.login);
                    tx.bury(&Stay { visiting, login }, self.now).await?;
                }
                return Ok(Outcome::Refused(code));
            }
        };
        let by = self.by();
        let mut ended = Vec::with_capacity(admission.end_first.len());
        for (open, cause) in admission.end_first {
            // The visiting cluster gets a farewell even for a stay at its own phone: the clock of that cluster may
            // have been set back, and the request be older than the stay.
            ended.push(end(tx, open, Ending::of(cause, &by), self.now).await?);
        }
        let login = self.login(admission.user, admission.profile, admission.until);
        let limit_source = admission.limit_source;
        tx.begin(&login, limit_source, admission.sole).await?;
        tx.event(self.now, EventKind::LoggedIn(login.clone())).await?;
        Ok(Outcome::Done(Admitted { login, limit_source, ended }))
    }
}

impl HomeLogIn {
    /// The user, who has shown the PIN at a phone of the visiting cluster.
    fn by(&self) -> Actor {
        Actor::user(&self.request.user, &self.request.phone_address)
    }

    fn login(&self, user: String, profile: String, until: Option<UtcMillis>) -> Login {
        let HomeLogin { login, phone, model, description, .. } = &self.request;
        Login {
            id: *login,
            user: UserId::own(user),
            phone: PhoneId { cluster: self.visiting.clone(), name: phone.clone() },
            model: model.clone(),
            description: description.clone(),
            profile,
            login_type: LoginType::Elsewhere,
            from: self.now,
            until,
            by: self.by(),
        }
    }
}

/// Ends a stay because the visiting cluster reports its end.
pub(crate) struct HomeLogOut {
    /// The visiting cluster, which sends the report.
    pub(crate) visiting: String,
    pub(crate) end: StayEnd,
    pub(crate) now: UtcMillis,
}

#[async_trait]
impl Work for HomeLogOut {
    type Output = Option<EndedLogin>;

    fn names(&self) -> Names {
        let (cluster, name) = (self.visiting.clone(), self.end.phone.clone());
        Names { phone: Some(PhoneId { cluster, name }), ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<Self::Output, StoreError> {
        let facts = tx.facts().await?;
        match log_out(&facts, &self.end) {
            Closing::End(open, cause) => {
                let by = Actor::cluster(&self.visiting);
                let ending = Ending::told(cause, &by);
                end(tx, Login::clone(open), ending, self.now).await.map(Some)
            }
            Closing::Bury => {
                let stay = |login| Stay { visiting: self.visiting.clone(), login };
                if let Some(login) = self.end.login {
                    tx.bury(&stay(login), self.now).await?;
                }
                Ok(None)
            }
            Closing::Nothing => Ok(None),
        }
    }
}
