//! The way to rest: no message arrives but those that are owed, and nobody does anything new.

use super::{action::Action, names::Side, state::State};

impl State {
    /// The next step; `None` where there is none.
    pub fn towards_rest(&self) -> Option<Action> {
        let time_out = || self.waiting.first().map(|stay| Action::TimeOut(stay.login));
        let give_up = || self.seoul.intents.first().map(|stay| Action::GiveUp(stay.login));
        let tell = |side: Side| {
            let farewell = *self.of(side).outbox.first()?;
            Some(Action::Tell { side, farewell, is_acknowledged: true })
        };
        time_out().or_else(give_up).or_else(|| Side::ALL.into_iter().find_map(tell))
    }

    /// How far it is; nearer ones are smaller. None can become smaller for ever.
    pub fn distance_from_rest(&self) -> [usize; 3] {
        let Self { seoul, busan, waiting, .. } = self;
        [waiting.len(), seoul.intents.len(), seoul.outbox.len() + busan.outbox.len()]
    }
}
