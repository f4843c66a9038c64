//! States that differ only by names are one state.
//!
//! The users are interchangeable, and so are the phones of Seoul. The oldest login is therefore always
//! renamed to Rak's, and the oldest at Seoul to the first phone; in a path of actions, names may change
//! from one state to the next.

use std::sync::Arc;

use super::{
    cluster::Cluster,
    names::{Phone, Side, Stay, User},
    state::State,
};

/// The names to exchange.
#[derive(Clone, Copy)]
struct Renaming {
    users: bool,
    phones: bool,
}

impl State {
    /// The state that represents all states that differ from this one by names.
    pub fn renamed(mut self) -> Self {
        let Self { seoul, busan, asked, waiting, .. } = &mut self;
        // Each login known to Seoul is in `asked`.
        let stays = || asked.iter().copied().chain(busan.stays());
        let oldest = stays().min();
        let oldest_at_seoul = stays().filter(|stay| stay.phone.side() == Side::Seoul).min();
        let renaming = Renaming {
            users: oldest.is_some_and(|stay| stay.user != User::Rak),
            phones: oldest_at_seoul.is_some_and(|stay| stay.phone != Phone::First),
        };
        if renaming.users || renaming.phones {
            renaming.cluster(Arc::make_mut(seoul));
            renaming.cluster(Arc::make_mut(busan));
            asked.iter_mut().chain(waiting).for_each(|stay| renaming.stay(stay));
        }
        self
    }
}

impl Renaming {
    /// Lists stay sorted: their order is by number first, and numbers don't change.
    fn cluster(self, cluster: &mut Cluster) {
        cluster.open.iter_mut().for_each(|open| self.stay(&mut open.stay));
        cluster.intents.iter_mut().for_each(|stay| self.stay(stay));
        cluster.outbox.iter_mut().for_each(|farewell| self.phone(&mut farewell.phone));
    }

    fn stay(self, stay: &mut Stay) {
        self.phone(&mut stay.phone);
        stay.user = match stay.user {
            User::Rak if self.users => User::Ann,
            User::Ann if self.users => User::Rak,
            user => user,
        };
    }

    fn phone(self, phone: &mut Phone) {
        *phone = match *phone {
            Phone::First if self.phones => Phone::Second,
            Phone::Second if self.phones => Phone::First,
            phone => phone,
        };
    }
}
