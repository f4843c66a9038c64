//! The tables of a cluster: filled from its compact state, and read back.

use engine::{Actor, LimitSource, Login, PostedFarewell, UtcMillis, transaction};
use model::{Stored, Tables};
use terms::phone_key;

use super::{
    cluster::{Cluster, Farewell, Open},
    names::{Number, Phone, Side, Stay, User, login_id, number_of},
    rows::{
        LATER, NOW, farewell_row, home_configuration, intent, login_type, phone_id, profile,
        user_id,
    },
};

/// Fills the tables of a cluster; the logins and intents in `due` are past their end time.
pub fn fill(mut tables: Tables, side: Side, cluster: &Cluster, due: &[Number]) -> Tables {
    let is_due = |stay: Stay| due.contains(&stay.login);
    for open in cluster.open.iter().copied() {
        let until = if is_due(open.stay) { NOW } else { LATER };
        tables.logins.push(stored(open, side, until));
        if side == Side::Seoul {
            let Stay { login, user, .. } = open.stay;
            tables.visits.insert(login_id(login), home_configuration(user));
        }
    }
    for stay in &cluster.intents {
        let phone = phone_key(stay.phone.name());
        tables.intents.insert(phone, intent(*stay, is_due(*stay)));
    }
    for login in &cluster.buried {
        let visiting = Side::Seoul.name().to_owned();
        tables.buried.insert(transaction::Stay { visiting, login: login_id(*login) }, NOW);
    }
    for (number, farewell) in (1..).zip(&cluster.outbox) {
        let farewell = farewell_row(*farewell, side);
        tables.outbox.push(PostedFarewell { number, posted: NOW, farewell });
        tables.posted = number;
    }
    tables
}

fn stored(open: Open, side: Side, until: UtcMillis) -> Stored {
    let Stay { login, user, phone } = open.stay;
    let login = Login {
        id: login_id(login),
        user: user_id(user, side),
        phone: phone_id(phone, side),
        model: "8861".to_owned(),
        description: String::new(),
        profile: profile().name,
        login_type: login_type(side, phone),
        from: NOW,
        until: Some(until),
        by: Actor::SYSTEM,
    };
    Stored { login, limit_source: LimitSource::System, sole: open.sole, ended: None }
}

/// The compact state of a cluster's tables.
pub fn read(tables: &Tables, side: Side) -> Cluster {
    let open = tables.open().map(|stored| {
        let Login { id, user, phone, login_type: found, .. } = &stored.login;
        let phone_of = Phone::of(&phone.name);
        let stay = Stay { login: number_of(*id), user: User::of(&user.id), phone: phone_of };
        assert_eq!((user, phone), (&user_id(stay.user, side), &phone_id(phone_of, side)));
        assert_eq!(*found, login_type(side, phone_of));
        Open { stay, sole: stored.sole }
    });
    let intents = tables.intents.values().map(|intent| Stay {
        login: number_of(intent.id),
        user: User::of(&intent.user.id),
        phone: Phone::of(&intent.phone),
    });
    let outbox = tables.outbox.iter().map(|posted| {
        let engine::Farewell { login, phone, to_home, .. } = &posted.farewell;
        assert_eq!(*to_home, side == Side::Seoul);
        Farewell { login: number_of(*login), phone: Phone::of(phone) }
    });
    Cluster {
        open: open.collect(),
        intents: intents.collect(),
        buried: tables.buried.keys().map(|stay| number_of(stay.login)).collect(),
        outbox: outbox.collect(),
    }
    .sorted()
}
