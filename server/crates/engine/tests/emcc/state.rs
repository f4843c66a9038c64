//! The state of the two clusters and of the messages between them.

use std::sync::Arc;

use super::{
    cluster::Cluster,
    names::{Number, Phone, Side, Stay, User},
};

/// The whole state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    pub seoul: Arc<Cluster>,
    pub busan: Arc<Cluster>,
    /// The logins for which Seoul has asked Busan, in this order. A question may arrive at any time and
    /// any number of times; one that never arrives is lost.
    pub asked: Vec<Stay>,
    /// The members of `asked` whose answer Seoul waits for. A crash clears the list.
    pub waiting: Vec<Stay>,
    /// The answers in flight, sorted.
    pub answers: Vec<Answer>,
    /// The number of log-ins that have begun.
    pub begun: Number,
}

/// An answer in flight. An answer arrives once or never.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// Whether Busan admits a login.
    HomeLogin { login: Number, is_admitted: bool },
    /// The stays of this side that are over.
    Stays { side: Side, over: Vec<Number> },
}

impl State {
    pub fn of(&self, side: Side) -> &Arc<Cluster> {
        match side {
            Side::Seoul => &self.seoul,
            Side::Busan => &self.busan,
        }
    }

    pub fn of_mut(&mut self, side: Side) -> &mut Arc<Cluster> {
        match side {
            Side::Seoul => &mut self.seoul,
            Side::Busan => &mut self.busan,
        }
    }

    pub fn answer(&mut self, answer: Answer) {
        if let Err(at) = self.answers.binary_search(&answer) {
            self.answers.insert(at, answer);
        }
    }

    pub fn waits_for(&self, login: Number) -> Option<Stay> {
        self.waiting.iter().copied().find(|stay| stay.login == login)
    }

    /// Seoul stops waiting, and the answer in flight is discarded.
    pub fn waits_no_longer(&mut self, login: Number) {
        self.waiting.retain(|stay| stay.login != login);
        let is_its =
            |one: &Answer| matches!(one, Answer::HomeLogin { login: its, .. } if *its == login);
        self.answers.retain(|one| !is_its(one));
    }

    /// The logins and intents of a cluster that may refuse this user at this phone.
    pub fn in_the_way(&self, side: Side, user: User, phone: Phone) -> Vec<Number> {
        let cluster = self.of(side);
        let is_in_the_way =
            |stay: &Stay| stay.phone == phone || (side == Side::Busan && stay.user == user);
        let all = cluster.stays().chain(cluster.intents.iter().copied());
        all.filter(is_in_the_way).map(|stay| stay.login).collect()
    }

    /// Whether no answer is waited for and no farewell is owed. A message in flight may still be lost.
    pub fn is_at_rest(&self) -> bool {
        let Self { seoul, busan, waiting, .. } = self;
        waiting.is_empty()
            && seoul.intents.is_empty()
            && seoul.outbox.is_empty()
            && busan.outbox.is_empty()
    }
}
