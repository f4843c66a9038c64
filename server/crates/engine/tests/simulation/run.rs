//! One interleaving: concurrent requests, and random numbers that choose the next one to run.

mod requests;

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use engine::{ProfileRight, UtcMillis, ports::Outcome};
use futures::task::noop_waker;
use model::{Committed, Memory, Part, Stored};
use rand::{RngExt, rngs::StdRng};
use terms::Parameter;

use super::{check::holds, people, rules::Model};

const STEPS: usize = 60;
const IN_FLIGHT: usize = 6;

/// How often each outcome occurred.
#[derive(Default)]
pub struct Seen {
    refused: BTreeMap<u16, u32>,
    ended: BTreeMap<&'static str, u32>,
    pub restarts: u32,
    /// How often an operation ran again.
    pub again: u32,
    /// How often the configuration had a newer version.
    pub moved: u32,
    /// How often another change of the same parameter came first.
    pub conflicts: u32,
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
        self.again += other.again;
        self.moved += other.moved;
        self.conflicts += other.conflicts;
    }

    pub fn refused(&self, code: u16) -> u32 {
        self.refused.get(&code).copied().unwrap_or(0)
    }

    pub fn ended(&self, cause: &str) -> u32 {
        self.ended.get(cause).copied().unwrap_or(0)
    }
}

/// A request to the engine.
pub struct Asked {
    pub now: UtcMillis,
    /// The version under which the request was authenticated.
    pub version: Option<u64>,
    pub what: What,
}

/// The kinds of requests.
pub enum What {
    LogIn {
        user: String,
        phone: String,
        profile: Option<String>,
        profile_right: ProfileRight,
        minutes: Option<u32>,
    },
    LogOut {
        phone: String,
    },
    EndDue,
    MakeJob,
    StepJob,
    CancelJob,
    /// Sets a parameter; `seen` is the value that the administrator saw.
    Save {
        parameter: Parameter,
        seen: String,
        value: String,
    },
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Done,
    Refused(u16),
    Moved,
    Conflict,
}

impl Answered {
    fn of<T>(outcome: &Outcome<T>) -> Self {
        match outcome {
            Outcome::Done(_) => Self::Done,
            Outcome::Refused(code) => Self::Refused(code.number()),
            Outcome::ConfigurationMoved => Self::Moved,
        }
    }
}

/// A request in flight: its number and its future.
type Request = (usize, Pin<Box<dyn Future<Output = Answered>>>);

/// One interleaving.
struct Run<'d> {
    store: Memory,
    dice: &'d mut StdRng,
    now: UtcMillis,
    /// Each request, with its answer if there is one. A crash leaves requests without an answer.
    asked: Vec<(Asked, Option<Answered>)>,
    in_flight: Vec<Request>,
    history: Vec<Stored>,
    restarts: u32,
}

/// Runs one interleaving on a store without these parts; an error says how it breaks the promise.
pub fn promise(dice: &mut StdRng, missing: &'static [Part]) -> Result<(), String> {
    Run::new(dice, missing).drive()
}

/// Runs one interleaving on a store without these parts, and compares the commits with the model.
pub fn interleaving(dice: &mut StdRng, missing: &'static [Part]) -> Result<Seen, String> {
    let mut run = Run::new(dice, missing);
    run.drive()?;
    run.compare()
}

impl<'d> Run<'d> {
    fn new(dice: &'d mut StdRng, missing: &'static [Part]) -> Self {
        Self {
            store: Memory::without(missing, people::tables()),
            dice,
            now: UtcMillis(0),
            asked: Vec::new(),
            in_flight: Vec::new(),
            history: Vec::new(),
            restarts: 0,
        }
    }

    fn drive(&mut self) -> Result<(), String> {
        for _ in 0..STEPS {
            let has_room = self.in_flight.len() < IN_FLIGHT;
            match self.dice.random_range(0..100) {
                0..40 if has_room => self.log_in(),
                40..52 if has_room => self.log_out(),
                52..58 => {
                    self.now = self.now.plus_minutes(self.dice.random_range(0..4));
                    self.end_due();
                }
                58..66 if has_room => self.save(),
                68..76 if has_room => self.job(),
                66..68 => {
                    // A crash: requests in flight get no answer, and committed changes stay.
                    self.in_flight.clear();
                    self.restarts += 1;
                    self.end_due();
                }
                _ => {}
            }
            self.go_on();
            holds(&self.store, &mut self.history)?;
        }
        while !self.in_flight.is_empty() {
            self.go_on();
            holds(&self.store, &mut self.history)?;
        }
        Ok(())
    }

    /// Polls one of the requests in flight a few times.
    fn go_on(&mut self) {
        if self.in_flight.is_empty() {
            return;
        }
        let chosen = self.dice.random_range(0..self.in_flight.len());
        for _ in 0..self.dice.random_range(1..6) {
            let (number, work) = &mut self.in_flight[chosen];
            self.store.state().current = *number;
            let polled = work.as_mut().poll(&mut Context::from_waker(&noop_waker()));
            if let Poll::Ready(answered) = polled {
                self.asked[*number].1 = Some(answered);
                drop(self.in_flight.swap_remove(chosen));
                return;
            }
        }
    }

    fn ask(&mut self, asked: Asked, work: impl Future<Output = Answered> + 'static) {
        self.in_flight.push((self.asked.len(), Box::pin(work)));
        self.asked.push((asked, None));
    }

    /// Replays the commits on the model, in their order.
    fn compare(self) -> Result<Seen, String> {
        let mut model = Model::new();
        let state = self.store.state();
        if state.violated > 0 {
            return Err(format!("a unique index was violated {} times", state.violated));
        }
        // An operation without writes takes its position at its read: such a log-out locks no user.
        let mut read = state.read.clone();
        read.sort_by_key(|(at, _)| *at);
        let mut read = read.into_iter().peekable();
        let mut in_order = Vec::new();
        for (at, committed) in state.journal.iter().enumerate() {
            while let Some((_, done)) = read.next_if(|(read_at, _)| *read_at <= at) {
                in_order.push(done);
            }
            in_order.push(committed.clone());
        }
        in_order.extend(read.map(|(_, done)| done));
        for committed in &in_order {
            let Committed { request, ended, begun } = committed;
            let (asked, answered) = &self.asked[*request];
            let expected = model.ask(asked, ended);
            let (expected_answer, expected_ended) = match expected {
                Ok(ended) => (Answered::Done, ended),
                Err(answered) => (answered, Vec::new()),
            };
            let begins = match &asked.what {
                What::LogIn { phone, .. } if expected_answer == Answered::Done => Some(phone),
                _ => None,
            };
            let is_answered = answered.is_none_or(|answered| answered == expected_answer);
            if !is_answered || *ended != expected_ended || begun.as_ref() != begins {
                return Err(format!(
                    "{committed:?}, {answered:?}: the model says {expected_answer:?}, \
                     {expected_ended:?}"
                ));
            }
        }
        let mut open: Vec<_> = state
            .tables
            .open()
            .map(|stored| (stored.login.phone.name.clone(), stored.login.user.id.clone()))
            .collect();
        open.sort();
        if open != model.open() {
            return Err(format!("open logins {open:?}: the model has {:?}", model.open()));
        }
        let count = |wanted: Answered| {
            let answers = self.asked.iter().filter(|(_, answer)| *answer == Some(wanted));
            u32::try_from(answers.count()).unwrap()
        };
        let (moved, conflicts) = (count(Answered::Moved), count(Answered::Conflict));
        let (restarts, again) = (self.restarts, state.again);
        Ok(Seen { refused: model.refused, ended: model.ended, restarts, again, moved, conflicts })
    }
}
