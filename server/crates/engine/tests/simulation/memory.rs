//! A store in memory, with a journal of what it did.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use engine::{
    Actor, Admitted, EndedLogin, Login, ProfileRight, UtcMillis,
    decide::{self, LoginFacts, OpenLogin, PhoneFacts, UserFacts},
    ports::{LoginAttempt, LoginStore, LogoutAttempt, Outcome, StoreError},
};
use terms::{EndCause, ErrorCode, LoginType, ServiceParameters};

/// What the store did, in order.
#[derive(Clone, Debug)]
pub enum Done {
    Parameter(String, String),
    LogIn {
        now: UtcMillis,
        user: String,
        phone: String,
        profile: Option<String>,
        profile_right: ProfileRight,
        minutes: Option<u32>,
        /// What ended for it, as phone and cause.
        outcome: Result<Vec<(String, EndCause)>, ErrorCode>,
    },
    LogOut {
        now: UtcMillis,
        phone: String,
        outcome: Result<EndCause, ErrorCode>,
    },
    EndDue {
        now: UtcMillis,
        ended: u32,
    },
}

/// A login with its end.
#[derive(Clone, Debug)]
pub struct Stored {
    pub login: Login,
    pub sole: bool,
    pub ended: Option<(UtcMillis, EndCause)>,
}

#[derive(Default)]
pub struct State {
    pub parameters: ServiceParameters,
    pub logins: Vec<Stored>,
    pub journal: Vec<Done>,
    /// How often a login that had ended was to be ended again.
    pub ended_twice: u32,
}

#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<State>>);

pub const USERS: [(&str, bool, Option<u32>, &[&str]); 4] = [
    ("ann", true, None, &["ann-1", "ann-2"]),
    ("Bob", true, Some(3), &["bob-1"]),
    ("cleo", true, Some(0), &[]),
    ("dan", false, None, &["dan-1"]),
];
/// All device profiles; one is nobody's.
pub const PROFILES: [&str; 5] = ["ann-1", "ann-2", "bob-1", "dan-1", "spare"];
pub const PHONES: [(&str, bool); 5] =
    [("SEP1", true), ("SEP2", true), ("SEP3", true), ("SEP4", true), ("SEP5", false)];

impl Memory {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn open(&self, is: impl Fn(&Login) -> bool) -> Vec<OpenLogin> {
        let open = self.logins.iter().filter(|stored| stored.ended.is_none() && is(&stored.login));
        open.map(|Stored { login, .. }| OpenLogin {
            id: login.id,
            user: login.user.clone(),
            phone: login.phone.clone(),
            profile: login.profile.clone(),
            login_type: login.login_type,
            from: login.from,
            until: login.until,
        })
        .collect()
    }

    fn end(&mut self, id: engine::LoginId, now: UtcMillis, cause: EndCause) {
        for stored in self.logins.iter_mut().filter(|stored| stored.login.id == id) {
            if stored.ended.is_some() {
                self.ended_twice += 1;
            }
            stored.ended = Some((now, cause));
        }
    }
}

fn phone_facts(name: &str) -> Option<PhoneFacts> {
    let (name, extension_mobility) = *PHONES.iter().find(|(phone, _)| *phone == name)?;
    let (name, model, description) = (name.to_owned(), "8861".to_owned(), String::new());
    Some(PhoneFacts { name, model, description, extension_mobility, address: None })
}

fn user_facts(id: &str) -> Option<UserFacts> {
    let (id, enabled, max_login_minutes, profiles) =
        *USERS.iter().find(|(user, ..)| user.eq_ignore_ascii_case(id))?;
    let profiles = profiles.iter().map(ToString::to_string).collect();
    Some(UserFacts { id: id.to_owned(), enabled, max_login_minutes, profiles })
}

#[async_trait]
impl LoginStore for Memory {
    async fn log_in(&self, attempt: LoginAttempt) -> Result<Outcome<Admitted>, StoreError> {
        super::run::pause().await;
        let outcome = {
            let mut state = self.state();
            let LoginAttempt { id, now, request } = attempt;
            let facts = LoginFacts {
                parameters: &state.parameters,
                phone: phone_facts(&request.phone),
                user: user_facts(&request.user),
                profile: request.profile.clone().filter(|name| PROFILES.contains(&name.as_str())),
                open_of_user: state.open(|login| login.user.eq_ignore_ascii_case(&request.user)),
                open_on_phone: state.open(|login| login.phone == request.phone).pop(),
            };
            let decision = decide::login(&facts, &request, now);
            let outcome = match decision {
                Ok(admission) => {
                    let mut ended = Vec::new();
                    for (open, cause) in &admission.end_first {
                        state.end(open.id, now, *cause);
                        let by = request.actor.clone();
                        ended.push(open.clone().ended(*cause, by, String::new(), now));
                    }
                    let login = Login {
                        id,
                        user: admission.user,
                        phone: admission.phone,
                        model: admission.model,
                        description: admission.description,
                        profile: admission.profile,
                        login_type: LoginType::Em,
                        from: now,
                        until: admission.until,
                        by: request.actor.clone(),
                    };
                    let sole = admission.sole;
                    state.logins.push(Stored { login: login.clone(), sole, ended: None });
                    let limit_source = admission.limit_source;
                    Outcome::Done(Admitted { login, limit_source, ended })
                }
                Err(code) => Outcome::Refused(code),
            };
            assert_eq!(request.actor, Actor::SYSTEM);
            let minutes = match request.duration {
                engine::RequestedDuration::Unset => None,
                engine::RequestedDuration::Indefinite => Some(0),
                engine::RequestedDuration::Minutes(minutes) => Some(minutes),
            };
            state.journal.push(Done::LogIn {
                now,
                user: request.user,
                phone: request.phone,
                profile: request.profile,
                profile_right: request.profile_right,
                minutes,
                outcome: match &outcome {
                    Outcome::Done(admitted) => Ok(admitted
                        .ended
                        .iter()
                        .map(|ended| (ended.phone.clone(), ended.cause))
                        .collect()),
                    Outcome::Refused(code) => Err(*code),
                    Outcome::ConfigurationMoved => unreachable!("nobody is authenticated here"),
                },
            });
            outcome
        };
        super::run::pause().await;
        Ok(outcome)
    }

    async fn log_out(&self, attempt: LogoutAttempt) -> Result<Outcome<EndedLogin>, StoreError> {
        super::run::pause().await;
        let outcome = {
            let mut state = self.state();
            let LogoutAttempt { now, request } = attempt;
            let open = state.open(|login| login.phone == request.phone).pop();
            let decision =
                decide::logout(phone_facts(&request.phone).as_ref(), open.as_ref(), &request, now);
            if let (Ok(cause), Some(open)) = (decision, &open) {
                state.end(open.id, now, cause);
            }
            state.journal.push(Done::LogOut { now, phone: request.phone, outcome: decision });
            match (decision, open) {
                (Ok(cause), Some(open)) => {
                    Outcome::Done(open.ended(cause, request.actor, String::new(), now))
                }
                (Err(code), _) => Outcome::Refused(code),
                (Ok(_), None) => unreachable!("the engine ends only what is open"),
            }
        };
        super::run::pause().await;
        Ok(outcome)
    }

    async fn end_due(&self, now: UtcMillis, limit: u32) -> Result<u32, StoreError> {
        super::run::pause().await;
        let mut state = self.state();
        let due = state.open(|login| login.until.is_some_and(|until| until <= now));
        let mut ended = 0;
        for open in due.into_iter().take(limit as usize) {
            state.end(open.id, now, EndCause::Expired);
            ended += 1;
        }
        state.journal.push(Done::EndDue { now, ended });
        Ok(ended)
    }

    async fn next_due(&self) -> Result<Option<UtcMillis>, StoreError> {
        let state = self.state();
        let open = state.logins.iter().filter(|stored| stored.ended.is_none());
        Ok(open.filter_map(|stored| stored.login.until).min())
    }
}
