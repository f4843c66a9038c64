//! Logging in and out inside a transaction: the facts are read, the engine decides.

use std::collections::HashSet;

use engine::{
    Admitted, EndedLogin, EventKind, Login, LoginRequest, Version,
    decide::{self, LoginFacts, PhoneFacts, UserFacts},
    ports::{LoginAttempt, LogoutAttempt, Outcome, StoreError},
};
use sqlx::SqliteConnection;
use terms::{ErrorCode, LoginType, ServiceParameters};

use super::{
    Answer, Cached,
    changes::{Changes, Ending},
    facts::{self, Facts, Keys},
};
use crate::{configuration, rows};

/// A request that may share a transaction with others.
pub(super) enum Request {
    LogIn(LoginAttempt, Answer<Outcome<Admitted>>),
    LogOut(LogoutAttempt, Answer<Outcome<EndedLogin>>),
}

/// What became of it.
pub(super) enum Done {
    LogIn(Outcome<Admitted>),
    LogOut(Outcome<EndedLogin>),
}

impl Request {
    fn keys(&self) -> Keys {
        match self {
            Self::LogIn(LoginAttempt { request, .. }, _) => Keys {
                user: Some(rows::key(&request.user)),
                phone: rows::phone_key(&request.phone),
                profile: request.profile.as_deref().map(rows::key),
            },
            Self::LogOut(LogoutAttempt { request, .. }, _) => {
                Keys { user: None, phone: rows::phone_key(&request.phone), profile: None }
            }
        }
    }

    /// When the one who asks was authenticated.
    const fn authenticated_at(&self) -> Option<Version> {
        match self {
            Self::LogIn(attempt, _) => attempt.request.authenticated_at,
            Self::LogOut(attempt, _) => attempt.request.authenticated_at,
        }
    }

    fn decide(
        &self,
        facts: Facts,
        version: Version,
        parameters: &ServiceParameters,
        changes: &mut Changes,
    ) -> Result<Done, StoreError> {
        let moved = self.authenticated_at().is_some_and(|authenticated| authenticated != version);
        match self {
            Self::LogIn(..) if moved => Ok(Done::LogIn(Outcome::ConfigurationMoved)),
            Self::LogOut(..) if moved => Ok(Done::LogOut(Outcome::ConfigurationMoved)),
            Self::LogIn(attempt, _) => log_in(attempt, facts, parameters, changes).map(Done::LogIn),
            Self::LogOut(attempt, _) => log_out(attempt, &facts, changes).map(Done::LogOut),
        }
    }

    /// Tells whoever asked, who may have gone away; what is committed stays.
    pub(super) fn answer(self, done: Done) {
        match (self, done) {
            (Self::LogIn(_, answer), Done::LogIn(outcome)) => {
                let _ = answer.send(Ok(outcome));
            }
            (Self::LogOut(_, answer), Done::LogOut(outcome)) => {
                let _ = answer.send(Ok(outcome));
            }
            (request, _) => request.fail(StoreError::Failed("the answer is another's".into())),
        }
    }

    pub(super) fn fail(self, error: StoreError) {
        match self {
            Self::LogIn(_, answer) => {
                let _ = answer.send(Err(error));
            }
            Self::LogOut(_, answer) => {
                let _ = answer.send(Err(error));
            }
        }
    }
}

/// Does the first of `requests`, up to one whose user or phone a request before it has changed: its
/// facts have to be read anew. Says what became of each that it did, and what there is to write. The
/// first time it `begins` the transaction.
pub(super) async fn execute(
    tx: &mut SqliteConnection,
    requests: &[Request],
    cached: &mut Cached,
    begins: bool,
) -> Result<(Vec<Done>, Changes), StoreError> {
    let keys = apart(requests);
    let (version, facts) = facts::read(tx, &keys, begins).await?;
    let parameters = match cached {
        Some((cached, parameters)) if *cached == version => parameters,
        other => {
            let configuration = configuration::read(tx).await?;
            &other.insert((configuration.version, configuration.parameters)).1
        }
    };
    let mut changes = Changes::default();
    let mut done = Vec::with_capacity(keys.len());
    for ((request, keys), facts) in requests.iter().zip(&keys).zip(facts) {
        if changes.touch(keys.user.as_deref(), &keys.phone) {
            break;
        }
        done.push(request.decide(facts, version, parameters, &mut changes)?);
    }
    Ok((done, changes))
}

/// The keys of the first requests, no two of which have a user or a phone in common.
fn apart(requests: &[Request]) -> Vec<Keys> {
    let (mut users, mut phones) = (HashSet::new(), HashSet::new());
    let fresh = |keys: &Keys| {
        keys.user.as_ref().is_none_or(|user| users.insert(user.clone()))
            & phones.insert(keys.phone.clone())
    };
    requests.iter().map(Request::keys).take_while(fresh).collect()
}

fn log_in(
    attempt: &LoginAttempt,
    facts: Facts,
    parameters: &ServiceParameters,
    changes: &mut Changes,
) -> Result<Outcome<Admitted>, StoreError> {
    let LoginAttempt { id, now, request } = attempt;
    let Facts { user, phone, profile, open_of_user, open_on_phone } = facts;
    let facts = LoginFacts { parameters, phone, user, profile, open_of_user, open_on_phone };
    match decide::login(&facts, request, *now) {
        Ok(admission) => {
            let ended = admission
                .end_first
                .iter()
                .map(|(open, cause)| changes.end(open, &Ending::of(*cause, &request.actor), *now));
            let ended = ended.collect::<Result<_, _>>()?;
            let login = Login {
                id: *id,
                user: admission.user.clone(),
                phone: admission.phone.clone(),
                model: admission.model.clone(),
                description: admission.description.clone(),
                profile: admission.profile.clone(),
                login_type: LoginType::Em,
                from: *now,
                until: admission.until,
                by: request.actor.clone(),
            };
            changes.begin(&login, &admission)?;
            let limit_source = admission.limit_source;
            Ok(Outcome::Done(Admitted { login, limit_source, ended }))
        }
        // Those come as fast as somebody can send them: the edge writes some of them down.
        Err(code @ ErrorCode::UntrustedIp) => Ok(Outcome::Refused(code)),
        Err(code) => {
            let refused = refused(facts.user, facts.phone, request, code);
            changes.notes.event(*now, &refused)?;
            Ok(Outcome::Refused(code))
        }
    }
}

/// A refusal as an event. Names that are known stand there as they are stored.
fn refused(
    user: Option<UserFacts>,
    phone: Option<PhoneFacts>,
    request: &LoginRequest,
    code: ErrorCode,
) -> EventKind {
    EventKind::Refused {
        user: user.map_or_else(|| request.user.clone(), |user| user.id),
        phone: phone.map_or_else(|| request.phone.clone(), |phone| phone.name),
        code: code.number(),
        by: request.actor.clone(),
        times: 1,
        why: None,
    }
}

fn log_out(
    attempt: &LogoutAttempt,
    facts: &Facts,
    changes: &mut Changes,
) -> Result<Outcome<EndedLogin>, StoreError> {
    let LogoutAttempt { now, request } = attempt;
    let open = facts.open_on_phone.as_ref();
    match (decide::logout(facts.phone.as_ref(), open, request, *now), open) {
        (Ok(cause), Some(open)) => {
            changes.end(open, &Ending::of(cause, &request.actor), *now).map(Outcome::Done)
        }
        (Ok(_), None) => Ok(Outcome::Refused(ErrorCode::NobodyLoggedIn)),
        (Err(code), _) => Ok(Outcome::Refused(code)),
    }
}
