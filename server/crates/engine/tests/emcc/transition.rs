//! The effect of an action: operations of the engine run, and messages are sent.

use std::sync::Arc;

use engine::emcc::visiting::Outcome;

use super::{
    action::Action,
    cluster::Farewell,
    clusters::Clusters,
    names::{Number, Side, Stay},
    operation::{Operation, Reply},
    run::Missing,
    state::{Answer, State},
};

impl Clusters {
    /// The state after an action; `None` if the action changes nothing.
    pub fn after(&self, before: &State, action: Action) -> Option<State> {
        let mut after = before.clone();
        self.act(&mut after, action);
        if self.lacks(Missing::Tombstones) {
            Arc::make_mut(&mut after.busan).buried.clear();
        }
        (after != *before).then(|| after.renamed())
    }

    fn act(&self, state: &mut State, action: Action) {
        match action {
            Action::LogIn { user, phone, late } => {
                let stay = Stay { login: state.begun + 1, user, phone };
                self.log_in(state, stay, late);
            }
            Action::Ask { stay, late } => self.ask(state, stay, late),
            Action::Answer(answer) => self.answer(state, answer),
            Action::Tell { side, farewell, is_acknowledged } => {
                self.tell(state, side, farewell);
                if is_acknowledged {
                    self.run(state, side, Operation::TakeOut(farewell));
                }
            }
            Action::TellAgain { side, farewell } => self.tell(state, side, farewell),
            Action::TimeOut(login) => self.time_out(state, login),
            Action::GiveUp(login) => {
                self.run_at(state, Side::Seoul, Operation::GiveUp, vec![login]);
            }
            Action::Crash => {
                for stay in std::mem::take(&mut state.waiting) {
                    state.waits_no_longer(stay.login);
                }
            }
            Action::LogOut(phone) => {
                self.run(state, phone.side(), Operation::LogOut(phone));
            }
            Action::Force(side, login) => {
                self.run(state, side, Operation::Force(login));
            }
            Action::Expire(side, login) => {
                self.run_at(state, side, Operation::EndDue, vec![login]);
            }
            Action::ResetPin(user) => {
                self.run(state, Side::Busan, Operation::ResetPin(user));
            }
            Action::Reconcile(side) => self.reconcile(state, side),
        }
    }

    /// Runs an operation in one of the clusters.
    fn run(&self, state: &mut State, side: Side, operation: Operation) -> Reply {
        self.run_at(state, side, operation, vec![])
    }

    /// Runs an operation when these logins and intents are past their end time.
    fn run_at(
        &self,
        state: &mut State,
        side: Side,
        operation: Operation,
        due: Vec<Number>,
    ) -> Reply {
        let (after, reply) = self.memo(side).run(state.of(side), operation, due);
        *state.of_mut(side) = after;
        reply
    }

    fn log_in(&self, state: &mut State, stay: Stay, late: bool) {
        let Stay { user, phone, .. } = stay;
        let side = phone.side();
        let due = if late { state.in_the_way(side, user, phone) } else { vec![] };
        let operation = match side {
            Side::Seoul => Operation::Intend(stay),
            Side::Busan => Operation::LogIn(stay),
        };
        if self.run_at(state, side, operation, due) == Reply::Refused {
            return;
        }
        state.begun += 1;
        if side == Side::Seoul {
            state.asked.push(stay);
            state.waiting.push(stay);
        }
        if self.lacks(Missing::Intents) {
            Arc::make_mut(&mut state.seoul).intents.clear();
        }
    }

    fn ask(&self, state: &mut State, stay: Stay, late: bool) {
        let Stay { login, user, phone } = stay;
        let due = if late { state.in_the_way(Side::Busan, user, phone) } else { vec![] };
        let reply = self.run_at(state, Side::Busan, Operation::HomeLogIn(stay), due);
        if state.waits_for(login).is_some() {
            state.answer(Answer::HomeLogin { login, is_admitted: reply == Reply::Done });
        }
    }

    fn answer(&self, state: &mut State, answer: Answer) {
        state.answers.retain(|one| *one != answer);
        match answer {
            Answer::HomeLogin { login, is_admitted } => {
                let Some(stay) = state.waits_for(login) else { return };
                state.waits_no_longer(login);
                self.imagine_intent(state, stay);
                let outcome = if is_admitted { Outcome::Admitted } else { Outcome::Refused };
                self.run(state, Side::Seoul, Operation::Settle(stay, outcome));
            }
            Answer::Stays { side, over } => {
                self.run(state, side, Operation::EndStays { asked: over.clone(), over });
            }
        }
    }

    /// Without intents, a login begins if the phone is free.
    fn imagine_intent(&self, state: &mut State, stay: Stay) {
        let is_free = state.in_the_way(Side::Seoul, stay.user, stay.phone).is_empty();
        if self.lacks(Missing::Intents) && is_free {
            Arc::make_mut(&mut state.seoul).intents.push(stay);
        }
    }

    fn time_out(&self, state: &mut State, login: Number) {
        let Some(stay) = state.waits_for(login) else { return };
        state.waits_no_longer(login);
        if !self.lacks(Missing::Intents) {
            self.run(state, Side::Seoul, Operation::Settle(stay, Outcome::Lost));
        }
    }

    fn tell(&self, state: &mut State, side: Side, farewell: Farewell) {
        let login = (!self.lacks(Missing::Identities)).then_some(farewell.login);
        self.run(state, side.other(), Operation::Hear(login, farewell.phone));
    }

    /// Asks about the stays of this side. The reply about stays that are not over is applied at once,
    /// the one about stays that are over arrives later. A question that arrives later would have the
    /// same effect: a stay that is over stays over, and ending an ended stay changes nothing.
    fn reconcile(&self, state: &mut State, side: Side) {
        let is_stay = |stay: &Stay| stay.phone.side() == Side::Seoul;
        let asked: Vec<_> = state.of(side).stays().filter(is_stay).map(|stay| stay.login).collect();
        let answer = Operation::AnswerStays(asked.clone());
        let Reply::Over(over) = self.run(state, side.other(), answer) else { return };
        let asked = asked.into_iter().filter(|login| !over.contains(login)).collect();
        self.run(state, side, Operation::EndStays { asked, over: vec![] });
        if !over.is_empty() {
            state.answer(Answer::Stays { side, over });
        }
    }
}
