//! The path to rest: only owed messages arrive, and no new log-in begins.

use super::{action::Action, names::Side, state::State};

impl State {
    /// The next step; `None` at rest.
    pub fn towards_rest(&self) -> Option<Action> {
        let time_out = || self.waiting.first().map(|stay| Action::TimeOut(stay.login));
        let give_up = || self.seoul.intents.first().map(|stay| Action::GiveUp(stay.login));
        let tell = |side: Side| {
            let farewell = *self.of(side).outbox.first()?;
            Some(Action::Tell { side, farewell, is_acknowledged: true })
        };
        time_out().or_else(give_up).or_else(|| Side::ALL.into_iter().find_map(tell))
    }

    /// The distance from rest, in lexicographic order; it can't decrease without end.
    pub fn distance_from_rest(&self) -> [usize; 3] {
        let Self { seoul, busan, waiting, .. } = self;
        [waiting.len(), seoul.intents.len(), seoul.outbox.len() + busan.outbox.len()]
    }
}
