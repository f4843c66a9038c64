//! One interleaving: requests in flight, and dice that say who goes on.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use engine::{
    Actor, Engine, JobId, LoginId, LoginRequest, LogoutRequest, ProfileRight, RequestedDuration,
    UtcMillis,
    ports::{Clock, Ids},
};
use futures::task::noop_waker;
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

use super::{
    memory::{Done, Memory, Stored},
    model::Model,
};

const STEPS: usize = 40;
const IN_FLIGHT: usize = 6;

/// How often what was met.
#[derive(Default)]
pub struct Seen {
    refused: BTreeMap<u16, u32>,
    ended: BTreeMap<&'static str, u32>,
    pub restarts: u32,
}

impl Seen {
    pub fn add(&mut self, other: &Self) {
        for (code, count) in &other.refused {
            *self.refused.entry(*code).or_default() += count;
        }
        for (cause, count) in &other.ended {
            *self.ended.entry(cause).or_default() += count;
        }
        self.restarts += other.restarts;
    }

    pub fn refused(&self, code: u16) -> u32 {
        self.refused.get(&code).copied().unwrap_or(0)
    }

    pub fn ended(&self, cause: &str) -> u32 {
        self.ended.get(cause).copied().unwrap_or(0)
    }
}

/// Lets others go on.
pub async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> UtcMillis {
        UtcMillis(self.0.load(Ordering::Relaxed))
    }
}

struct Counting(AtomicU64);

impl Ids for Counting {
    fn login_id(&self) -> LoginId {
        LoginId(uuid::Uuid::from_u128(self.0.fetch_add(1, Ordering::Relaxed).into()))
    }

    fn job_id(&self) -> JobId {
        JobId(self.login_id().0)
    }
}

type Request = Pin<Box<dyn Future<Output = ()>>>;

/// Drives one interleaving and holds the store against the model.
pub fn interleaving(dice: &mut StdRng) -> Result<Seen, String> {
    let store = Memory::default();
    let clock = Arc::new(TestClock(AtomicI64::new(0)));
    let ids = Arc::new(Counting(AtomicU64::new(0)));
    let start = || Engine::new(Arc::new(store.clone()), clock.clone(), ids.clone());
    let mut engine = start();
    let mut in_flight: Vec<Request> = Vec::new();
    let mut history: Vec<Stored> = Vec::new();
    let mut restarts = 0;
    for _ in 0..STEPS {
        match dice.random_range(0..100) {
            0..50 if in_flight.len() < IN_FLIGHT => in_flight.push(log_in(&engine, dice)),
            50..65 if in_flight.len() < IN_FLIGHT => in_flight.push(log_out(&engine, dice)),
            65..75 => {
                let minutes = dice.random_range(0..4);
                clock.0.fetch_add(minutes * 60_000, Ordering::Relaxed);
                let (engine, now) = (engine.clone(), clock.now());
                in_flight.push(Box::pin(async move {
                    engine.due(now).await.unwrap();
                }));
            }
            75..85 => change(&store, dice),
            85..88 => {
                // A crash: what was in flight is answered by nobody; what the store did stays.
                in_flight.clear();
                engine = start();
                restarts += 1;
                let (engine, now) = (engine.clone(), clock.now());
                in_flight.push(Box::pin(async move {
                    engine.due(now).await.unwrap();
                }));
            }
            _ => {}
        }
        go_on(&mut in_flight, dice);
        check(&store, &mut history)?;
    }
    while !in_flight.is_empty() {
        go_on(&mut in_flight, dice);
        check(&store, &mut history)?;
    }
    let mut model = Model::new();
    for done in &store.state().journal {
        model.replay(done)?;
    }
    let state = store.state();
    let mut open: Vec<_> = state
        .logins
        .iter()
        .filter(|stored| stored.ended.is_none())
        .map(|stored| (stored.login.phone.clone(), stored.login.user.clone()))
        .collect();
    open.sort();
    if open != model.open() {
        return Err(format!("open logins {open:?}: the model has {:?}", model.open()));
    }
    Ok(Seen { refused: model.refused, ended: model.ended, restarts })
}

fn log_in(engine: &Engine, dice: &mut StdRng) -> Request {
    let users = ["ann", "ANN", "Bob", "bob", "cleo", "dan", "nobody", "ann", "bob"];
    let phones = ["SEP1", "SEP2", "SEP3", "SEP4", "SEP1", "SEP2", "SEP5", "SEP9"];
    let profile = [None, None, None, Some("ann-2"), Some("spare"), Some("none")];
    let profile = profile.choose(dice).copied().flatten();
    let request = LoginRequest {
        user: (*users.choose(dice).unwrap()).to_owned(),
        phone: (*phones.choose(dice).unwrap()).to_owned(),
        profile: profile.map(str::to_owned),
        profile_right: *[ProfileRight::Own, ProfileRight::Any].choose(dice).unwrap(),
        duration: *[
            RequestedDuration::Unset,
            RequestedDuration::Unset,
            RequestedDuration::Indefinite,
            RequestedDuration::Minutes(2),
        ]
        .choose(dice)
        .unwrap(),
        actor: Actor::SYSTEM,
        phone_address: None,
        authenticated_at: None,
    };
    let engine = engine.clone();
    Box::pin(async move {
        engine.log_in(request).await.unwrap();
    })
}

fn log_out(engine: &Engine, dice: &mut StdRng) -> Request {
    let phones = ["SEP1", "SEP2", "SEP3", "SEP4", "SEP5", "SEP9"];
    let phone = (*phones.choose(dice).unwrap()).to_owned();
    let request = LogoutRequest {
        phone,
        only: None,
        actor: Actor::SYSTEM,
        phone_address: None,
        authenticated_at: None,
    };
    let engine = engine.clone();
    Box::pin(async move {
        engine.log_out(request).await.unwrap();
    })
}

fn change(store: &Memory, dice: &mut StdRng) {
    let changes = [
        ("Multiple Login Behavior", "Multiple Logins Allowed"),
        ("Multiple Login Behavior", "Multiple Logins Not Allowed"),
        ("Multiple Login Behavior", "Auto Logout"),
        ("Enforce Intra-cluster Maximum Login Time", "True"),
        ("Enforce Intra-cluster Maximum Login Time", "False"),
        ("Intra-cluster Maximum Login Time", "0:05"),
    ];
    let (name, value) = *changes.choose(dice).unwrap();
    let mut state = store.state();
    state.parameters.set(name, value).unwrap();
    state.journal.push(Done::Parameter(name.to_owned(), value.to_owned()));
}

/// Polls one of the requests in flight.
fn go_on(in_flight: &mut Vec<Request>, dice: &mut StdRng) {
    if in_flight.is_empty() {
        return;
    }
    let chosen = dice.random_range(0..in_flight.len());
    let waker = noop_waker();
    if in_flight[chosen].as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
        drop(in_flight.swap_remove(chosen));
    }
}

/// What must hold after every step.
fn check(store: &Memory, history: &mut Vec<Stored>) -> Result<(), String> {
    let state = store.state();
    if state.ended_twice > 0 {
        return Err("a login ended twice".to_owned());
    }
    // The promise, as the database's last guard has it: one login on a phone, and among those not
    // admitted under Allowed one of a user.
    let open: Vec<_> = state.logins.iter().filter(|stored| stored.ended.is_none()).collect();
    for (index, one) in open.iter().enumerate() {
        for other in &open[index + 1..] {
            if one.login.phone == other.login.phone {
                return Err(format!("two logins on {}", one.login.phone));
            }
            if one.sole && other.sole && one.login.user == other.login.user {
                return Err(format!("two logins of {}", one.login.user));
            }
        }
    }
    // History only grows, and what has ended stays as it ended.
    for (before, after) in history.iter().zip(&state.logins) {
        if before.login != after.login || (before.ended.is_some() && before.ended != after.ended) {
            return Err(format!("history changed: {before:?} became {after:?}"));
        }
    }
    if state.logins.len() < history.len() {
        return Err("history shrank".to_owned());
    }
    history.clone_from(&state.logins);
    Ok(())
}
