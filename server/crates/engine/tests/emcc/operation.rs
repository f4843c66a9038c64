//! The operations of the engine, each with its names in one byte.

use engine::{
    Actor, JobId, StoreError, Version,
    emcc::visiting,
    ports::{LoginAttempt, LogoutAttempt, Outcome},
};
use model::{Memory, Tables};
use uuid::Uuid;

use super::{
    cluster::{Cluster, Farewell},
    names::{Number, Phone, Side, Stay, User, login_id, number_of},
    requests,
    rows::{self, NOW},
    tables,
};

/// The most logins that one transaction ends: more than exist.
const ALL: u32 = 100;

/// An operation in one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Holds a phone for a stay.
    Intend(Stay),
    /// Settles an intent.
    Settle(Stay, visiting::Outcome),
    /// Gives up the intent that is due.
    GiveUp,
    /// Logs a user in at a phone of the other cluster.
    HomeLogIn(Stay),
    /// Receives a farewell, of this login or, without a number, of the stay at the phone.
    Hear(Option<Number>, Phone),
    /// Takes a farewell out of the outbox.
    TakeOut(Farewell),
    /// Logs a user in at a phone of this cluster.
    LogIn(Stay),
    /// Logs out the user at a phone.
    LogOut(Phone),
    /// Ends the login that is due.
    EndDue,
    /// Ends a login by a job.
    Force(Number),
    /// Gives a user another PIN.
    ResetPin(User),
    /// Answers which stays of the other cluster are over.
    AnswerStays(Vec<Number>),
    /// Ends the stays that the other cluster reports as over.
    EndStays { asked: Vec<Number>, over: Vec<Number> },
}

/// The reply of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Done,
    Refused,
    Over(Vec<Number>),
}

impl<T> From<Outcome<T>> for Reply {
    fn from(outcome: Outcome<T>) -> Self {
        match outcome {
            Outcome::Done(_) => Self::Done,
            Outcome::Refused(_) => Self::Refused,
            Outcome::ConfigurationMoved => panic!("the request has the stored version"),
        }
    }
}

impl Operation {
    /// Runs the operation on these tables.
    pub fn run(&self, tables: Tables, side: Side) -> (Cluster, Reply) {
        let store = Memory::new(tables);
        let reply = futures::executor::block_on(self.ask(&store, side)).unwrap();
        let state = store.state();
        assert_eq!((state.violated, state.ended_twice), (0, 0), "{self:?}");
        (tables::read(&state.tables, side), reply)
    }

    async fn ask(&self, store: &Memory, side: Side) -> Result<Reply, StoreError> {
        let peer = side.other().name().to_owned();
        Ok(match self {
            Self::Intend(Stay { login, user, phone }) => {
                let (user, phone) = (rows::user_id(*user, side), phone.name().to_owned());
                engine::intend(store, login_id(*login), phone, user, NOW).await?.into()
            }
            Self::Settle(stay, outcome) => {
                let is_admitted = *outcome == visiting::Outcome::Admitted;
                let configuration = is_admitted.then(|| rows::home_configuration(stay.user));
                let intent = rows::intent(*stay, false);
                let by = Actor::SYSTEM;
                engine::settle(store, intent, *outcome, configuration, by, NOW).await?;
                Reply::Done
            }
            Self::GiveUp => {
                assert_eq!(engine::give_up_intents(store, NOW, NOW, ALL).await?, 1);
                Reply::Done
            }
            Self::HomeLogIn(stay) => {
                let (request, version) = (requests::home_login(*stay), version(store));
                engine::home_log_in(store, peer, request, version, NOW).await?.into()
            }
            Self::Hear(login, phone) => {
                let end = requests::stay_end(*login, *phone);
                match side {
                    Side::Seoul => engine::visiting_log_out(store, peer, end, NOW).await?,
                    Side::Busan => engine::home_log_out(store, peer, end, NOW).await?,
                };
                Reply::Done
            }
            Self::TakeOut(farewell) => {
                if let Some(number) = number_in_outbox(store, *farewell) {
                    engine::acknowledged(store, number).await?;
                }
                Reply::Done
            }
            Self::LogIn(stay) => {
                let (id, request) = (login_id(stay.login), requests::log_in(*stay));
                engine::log_in(store, LoginAttempt { id, now: NOW, request }).await?.into()
            }
            Self::LogOut(phone) => {
                let request = requests::log_out(*phone);
                engine::log_out(store, LogoutAttempt { now: NOW, request }).await?.into()
            }
            Self::EndDue => {
                assert_eq!(engine::end_due(store, NOW, ALL).await?, 1);
                Reply::Done
            }
            Self::Force(login) => {
                let id = JobId(Uuid::from_u128(1));
                engine::make_job(store, requests::forced(id, *login), NOW).await?;
                let step = engine::step_job(store, id, NOW, ALL).await?;
                assert_eq!(step.map(|(_, ended)| ended), Some(1));
                Reply::Done
            }
            Self::ResetPin(user) => {
                let change = requests::pin_reset(*user);
                engine::apply(store, change, Actor::SYSTEM, &NOW, &|_| ()).await.unwrap();
                Reply::Done
            }
            Self::AnswerStays(asked) => {
                let asked = requests::stays(side.other(), asked);
                let over = engine::answer_stays(store, peer, asked).await?;
                Reply::Over(over.into_iter().map(number_of).collect())
            }
            Self::EndStays { asked, over } => {
                let asked = requests::stays(side, asked);
                let over = over.iter().map(|number| login_id(*number)).collect();
                engine::end_stays(store, peer, asked, over, NOW).await?;
                Reply::Done
            }
        })
    }
}

/// The version of the configuration under which a request is authenticated.
fn version(store: &Memory) -> Version {
    store.state().tables.configuration.version
}

fn number_in_outbox(store: &Memory, farewell: Farewell) -> Option<u64> {
    let state = store.state();
    let is_it = |one: &engine::Farewell| {
        one.login == login_id(farewell.login) && one.phone == farewell.phone.name()
    };
    let found = state.tables.outbox.iter().find(|posted| is_it(&posted.farewell));
    found.map(|posted| posted.number)
}
