//! Random requests.

use engine::{
    Actor, JobId, LogOutJobs, LoginId, LoginRequest, LogoutRequest, NewJob, ParameterSave,
    ParametersSaved, ProfileRight, RequestedDuration, Scope, Version,
    ports::{LoginAttempt, LogoutAttempt},
};
use rand::{RngExt, seq::IndexedRandom};
use terms::{EndCause, LoginFilter, Note, Parameter};

use super::{Answered, Asked, Run, What};

impl Run<'_> {
    /// The version under which the request is authenticated; none in half of the requests.
    fn version(&mut self) -> Option<u64> {
        let version = self.store.state().tables.configuration.version.0;
        self.dice.random_bool(0.5).then_some(version)
    }

    pub(super) fn log_in(&mut self) {
        let users = ["ann", "ANN", "Bob", "bob", "cleo", "dan", "nobody", "ann", "bob"];
        let phones = ["SEP1", "SEP2", "SEP3", "SEP4", "SEP1", "SEP2", "SEP5", "SEP9"];
        let profile = [None, None, None, Some("ann-2"), Some("spare"), Some("none")];
        let rights = [ProfileRight::Own, ProfileRight::Any];
        let durations = [
            RequestedDuration::Unset,
            RequestedDuration::Unset,
            RequestedDuration::Indefinite,
            RequestedDuration::Minutes(2),
        ];
        let version = self.version();
        let request = LoginRequest {
            user: (*users.choose(self.dice).unwrap()).to_owned(),
            phone: (*phones.choose(self.dice).unwrap()).to_owned(),
            profile: profile.choose(self.dice).copied().flatten().map(str::to_owned),
            profile_right: *rights.choose(self.dice).unwrap(),
            duration: *durations.choose(self.dice).unwrap(),
            actor: Actor::SYSTEM,
            phone_address: None,
            authenticated_at: version.map(Version),
        };
        let what = What::LogIn {
            user: request.user.clone(),
            phone: request.phone.clone(),
            profile: request.profile.clone(),
            profile_right: request.profile_right,
            minutes: match request.duration {
                RequestedDuration::Unset => None,
                RequestedDuration::Indefinite => Some(0),
                RequestedDuration::Minutes(minutes) => Some(minutes),
            },
        };
        let id = LoginId(uuid::Uuid::from_u128(self.asked.len() as u128));
        let (store, now) = (self.store.clone(), self.now);
        self.ask(Asked { now, version, what }, async move {
            let attempt = LoginAttempt { id, now, request };
            Answered::of(&engine::log_in(&store, attempt).await.unwrap())
        });
    }

    pub(super) fn log_out(&mut self) {
        let phones = ["SEP1", "SEP2", "SEP3", "SEP4", "SEP5", "SEP9"];
        let phone = (*phones.choose(self.dice).unwrap()).to_owned();
        let version = self.version();
        let request = LogoutRequest {
            phone: phone.clone(),
            only: None,
            actor: Actor::SYSTEM,
            phone_address: None,
            authenticated_at: version.map(Version),
        };
        let (store, now) = (self.store.clone(), self.now);
        self.ask(Asked { now, version, what: What::LogOut { phone } }, async move {
            let attempt = LogoutAttempt { now, request };
            Answered::of(&engine::log_out(&store, attempt).await.unwrap())
        });
    }

    pub(super) fn end_due(&mut self) {
        let (store, now) = (self.store.clone(), self.now);
        self.ask(Asked { now, version: None, what: What::EndDue }, async move {
            engine::end_due(&store, now, 100).await.unwrap();
            Answered::Done
        });
    }

    /// Makes a job, runs one of its steps, or stops one.
    pub(super) fn job(&mut self) {
        let (store, now) = (self.store.clone(), self.now);
        let number = |number: usize| JobId(uuid::Uuid::from_u128(number as u128));
        let jobs = self.store.state().tables.jobs.len();
        let id = number(self.dice.random_range(0..jobs.max(1)));
        match self.dice.random_range(0..6) {
            0 => {
                // A crash may leave a job's number unused; the number is then taken again.
                let job = NewJob {
                    id: number(jobs),
                    scope: Scope::Matching { filter: LoginFilter::default() },
                    cause: EndCause::Forced,
                    reason: format!("job {jobs}"),
                    by: Actor::SYSTEM,
                };
                if self.in_flight.iter().all(|(number, _)| !self.makes_a_job(*number)) {
                    self.ask(Asked { now, version: None, what: What::MakeJob }, async move {
                        engine::make_job(&store, job, now).await.unwrap();
                        Answered::Done
                    });
                }
            }
            1 => self.ask(Asked { now, version: None, what: What::CancelJob }, async move {
                engine::cancel_job(&store, id, Actor::SYSTEM, now).await.unwrap();
                Answered::Done
            }),
            limit => self.ask(Asked { now, version: None, what: What::StepJob }, async move {
                engine::step_job(&store, id, now, limit - 1).await.unwrap();
                Answered::Done
            }),
        }
    }

    fn makes_a_job(&self, number: usize) -> bool {
        matches!(self.asked[number].0.what, What::MakeJob)
    }

    /// Saves a parameter; the seen value may be an older one.
    pub(super) fn save(&mut self) {
        let changes = [
            (Parameter::MultipleLoginBehavior, "Multiple Logins Allowed"),
            (Parameter::MultipleLoginBehavior, "Multiple Logins Not Allowed"),
            (Parameter::MultipleLoginBehavior, "Auto Logout"),
            (Parameter::MultipleLoginBehavior, "Auto Logout"),
            (Parameter::EnforceIntraMaximum, "True"),
            (Parameter::EnforceIntraMaximum, "False"),
            (Parameter::IntraMaximum, "0:05"),
        ];
        let (parameter, value) = *changes.choose(self.dice).unwrap();
        let (store, now) = (self.store.clone(), self.now);
        let seen = self.store.state().tables.configuration.parameters.value(parameter).to_owned();
        let value = value.to_owned();
        let change = ParameterSave { parameter, seen: seen.clone(), value: value.clone() };
        let what = What::Save { parameter, seen, value };
        self.ask(Asked { now, version: None, what }, async move {
            let (end, by) = (LogOutJobs::default(), Actor::SYSTEM);
            match engine::save_parameters(&store, vec![change], Note::default(), end, by, now).await
            {
                Ok(ParametersSaved::Conflict(_)) => Answered::Conflict,
                saved => saved.map(|_| Answered::Done).unwrap(),
            }
        });
    }
}
