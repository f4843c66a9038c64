//! The actions that can happen in a state.

use super::{
    cluster::Farewell,
    names::{Number, Phone, Side, Stay, User},
    state::{Answer, State},
};

/// An action. `late` marks one that runs after the end times of all logins and intents that conflict
/// with it, and before the timer has ended them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A user logs in at a phone. For a phone of Seoul, Busan is asked.
    LogIn { user: User, phone: Phone, late: bool },
    /// A question for a login arrives at Busan, for the first time or again.
    Ask { stay: Stay, late: bool },
    /// An answer arrives.
    Answer(Answer),
    /// A farewell in this side's outbox arrives. Without `is_acknowledged` the acknowledgement is lost.
    /// A farewell that arrives later has the same effect, since only its sender's outbox depends on the
    /// arrival; so one moment suffices.
    Tell { side: Side, farewell: Farewell, is_acknowledged: bool },
    /// A farewell of this side arrives again after its acknowledgement.
    TellAgain { side: Side, farewell: Farewell },
    /// Seoul stops waiting for an answer.
    TimeOut(Number),
    /// The end time of an intent comes.
    GiveUp(Number),
    /// Seoul crashes. Busan waits for no answer, so its crash would only lose messages.
    Crash,
    /// The user at a phone logs out.
    LogOut(Phone),
    /// An administrator ends a login, in one of the clusters.
    Force(Side, Number),
    /// The end time of a login comes, in one of the clusters.
    Expire(Side, Number),
    /// An administrator of Busan resets a PIN.
    ResetPin(User),
    /// This side asks the other which of its stays are over.
    Reconcile(Side),
}

impl State {
    /// The log-ins that can begin.
    pub fn log_ins(&self, actions: &mut Vec<Action>) {
        for user in User::ALL {
            for phone in Phone::ALL {
                let is_in_the_way = !self.in_the_way(phone.side(), user, phone).is_empty();
                let log_in = |late: &bool| Action::LogIn { user, phone, late: *late };
                actions.extend(moments(is_in_the_way).iter().map(log_in));
            }
        }
    }

    /// The messages that can arrive.
    pub fn messages(&self, actions: &mut Vec<Action>) {
        for stay in self.asked.iter().copied() {
            let is_in_the_way = !self.in_the_way(Side::Busan, stay.user, stay.phone).is_empty();
            let ask = |late: &bool| Action::Ask { stay, late: *late };
            actions.extend(moments(is_in_the_way).iter().map(ask));
        }
        actions.extend(self.answers.iter().cloned().map(Action::Answer));
        for side in Side::ALL {
            for farewell in self.of(side).outbox.iter().copied() {
                let tell = |is_acknowledged| Action::Tell { side, farewell, is_acknowledged };
                actions.extend([false, true].map(tell));
            }
            let told = self.asked.iter().filter(|stay| self.may_have_told(side, stay.login));
            actions.extend(told.map(|stay| {
                let farewell = Farewell { login: stay.login, phone: stay.phone };
                Action::TellAgain { side, farewell }
            }));
        }
    }

    /// Whether this side holds a login no longer, and may have sent the farewell.
    fn may_have_told(&self, side: Side, login: Number) -> bool {
        let cluster = self.of(side);
        let has_known = side == Side::Seoul || cluster.buried.contains(&login);
        let is_going_on = cluster.has_open(login)
            || cluster.has_intent(login)
            || (side == Side::Seoul && self.waits_for(login).is_some());
        has_known && !is_going_on && !cluster.will_tell(login)
    }

    /// The steps that the program takes by itself, and its crash.
    pub fn of_the_program(&self, actions: &mut Vec<Action>) {
        actions.extend(self.waiting.iter().map(|stay| Action::TimeOut(stay.login)));
        actions.extend(self.seoul.intents.iter().map(|stay| Action::GiveUp(stay.login)));
        if !self.waiting.is_empty() {
            actions.push(Action::Crash);
        }
    }

    /// The ends that logins can come to.
    pub fn ends(&self, actions: &mut Vec<Action>) {
        for side in Side::ALL {
            for stay in self.of(side).stays() {
                if stay.phone.side() == side {
                    actions.push(Action::LogOut(stay.phone));
                }
                actions.push(Action::Force(side, stay.login));
                actions.push(Action::Expire(side, stay.login));
            }
        }
        let is_logged_in = |user: &User| self.busan.stays().any(|stay| stay.user == *user);
        actions.extend(User::ALL.into_iter().filter(is_logged_in).map(Action::ResetPin));
    }
}

/// On time, and late if a login or intent conflicts.
const fn moments(is_in_the_way: bool) -> &'static [bool] {
    if is_in_the_way { &[false, true] } else { &[false] }
}
