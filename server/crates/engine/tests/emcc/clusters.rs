//! The system that is explored: two clusters that exchange messages.

use stateright::{Model, Property};
use terms::MultipleLoginBehavior;

use super::{
    action::Action,
    memo::Memo,
    names::Side,
    properties,
    run::{Missing, Run},
    state::State,
};

/// Two clusters without a login at the start.
pub struct Clusters {
    run: Run,
    seoul: Memo,
    busan: Memo,
}

impl Clusters {
    /// The clusters of a run. Seoul's Multiple Login Behavior differs from Busan's, since only the home
    /// cluster's counts.
    pub fn new(run: Run) -> Self {
        let elsewhere = match run.behavior {
            MultipleLoginBehavior::Allowed => MultipleLoginBehavior::NotAllowed,
            MultipleLoginBehavior::NotAllowed => MultipleLoginBehavior::AutoLogout,
            MultipleLoginBehavior::AutoLogout => MultipleLoginBehavior::Allowed,
        };
        let (seoul, busan) =
            (Memo::new(Side::Seoul, elsewhere), Memo::new(Side::Busan, run.behavior));
        Self { run, seoul, busan }
    }

    pub fn memo(&self, side: Side) -> &Memo {
        match side {
            Side::Seoul => &self.seoul,
            Side::Busan => &self.busan,
        }
    }

    pub fn lacks(&self, rule: Missing) -> bool {
        self.run.missing == Some(rule)
    }
}

impl Model for Clusters {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.begun < self.run.log_ins {
            state.log_ins(actions);
        }
        state.messages(actions);
        state.of_the_program(actions);
        state.ends(actions);
        if self.run.reconciles {
            actions.extend([Side::Seoul, Side::Busan].map(Action::Reconcile));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        self.after(last, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all(self.run.behavior)
    }
}
