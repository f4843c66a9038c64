//! Steps about stays, and the strategies that generate them.

use engine::{LoginId, StayRole, emcc::visiting::Outcome};
use proptest::{collection::vec, option, prelude::*, sample::select};
use terms::{EndCause, phone_key};
use uuid::Uuid;

use super::super::{
    people::{CLUSTERS, FAR_PHONES, FAR_PROFILES, PHONES, PROFILES, USERS},
    step::{Ago, ago},
};

/// The number of steps for which a phone of another cluster keeps one stay identity, so that requests repeat.
const SAME_STEPS: usize = 16;

/// A request about a stay.
/// The request concerns only the rows that it names, so it may be concurrent with other requests. Intents
/// are counted back from the last intent.
#[derive(Clone, Debug)]
pub enum StayRequest {
    Intend { user: &'static str, home: &'static str, phone: &'static str },
    Settle { intent: usize, outcome: Outcome, visit: Option<Visit> },
    HomeLogIn { stay: Far, user: &'static str, profile: Option<&'static str>, ago: Ago },
    HomeLogOut { stay: Far, is_named: bool, cause: Option<EndCause> },
    VisitingLogOut { intent: usize, home: &'static str, is_named: bool, cause: Option<EndCause> },
}

/// A stay at a phone of another cluster.
#[derive(Clone, Debug)]
pub struct Far {
    pub visiting: &'static str,
    pub phone: &'static str,
    /// The age of the stay's identity: 0 is the phone's current identity, 1 the identity before.
    pub age: usize,
}

/// The home cluster's configuration of a visit's phone.
#[derive(Clone, Debug)]
pub struct Visit {
    pub profile: &'static str,
    pub seconds_left: Option<u64>,
}

/// A step about stays that is not concurrent with others.
/// Stays are counted back from the last stay.
#[derive(Clone, Debug)]
pub enum StayStep {
    /// An intent, followed at once by its answer.
    Visit {
        user: &'static str,
        home: &'static str,
        phone: &'static str,
        visit: Visit,
    },
    /// Gives up the due intents, or all intents.
    GiveUp {
        all: bool,
        limit: u32,
    },
    Answer {
        peer: &'static str,
        sender_is: StayRole,
        stays: Vec<usize>,
    },
    /// For each of the last stays, the peer reports whether the stay is over.
    End {
        peer: &'static str,
        role: StayRole,
        over: Vec<bool>,
        /// The hours that the answer took: a later answer prolongs a visit further.
        hours: u32,
    },
    Acknowledge {
        farewell: usize,
    },
}

impl Far {
    /// The stay's identity at a step: greater than the identities before, and of no other phone.
    pub fn id(&self, step: usize) -> LoginId {
        let is_this = |phone: &str| phone_key(phone) == phone_key(self.phone);
        let cluster = CLUSTERS.iter().position(|id| *id == self.visiting).unwrap_or_default();
        let phone = FAR_PHONES.iter().position(|phone| is_this(phone)).unwrap_or_default();
        let number = (step / SAME_STEPS).saturating_sub(self.age) as u128;
        let place = (cluster * FAR_PHONES.len() + phone) as u128;
        // Logins of this cluster have other identities.
        LoginId(Uuid::from_u128(1 << 127 | number << 64 | 1 << 63 | place))
    }
}

/// Any request about a stay, by these users, at these phones of this cluster.
pub fn request(
    users: &'static [&'static str],
    phones: &'static [&'static str],
) -> impl Strategy<Value = StayRequest> {
    let intend = (select(users), cluster(), select(phones))
        .prop_map(|(user, home, phone)| StayRequest::Intend { user, home, phone });
    let profile = option::weighted(0.2, select(&PROFILES));
    // The first 6 names are of users who may log in.
    let some = &users[..users.len().min(6)];
    let user = prop_oneof![4 => select(some), 1 => select(users)];
    let home_log_in = (far(), user, profile, ago())
        .prop_map(|(stay, user, profile, ago)| StayRequest::HomeLogIn { stay, user, profile, ago });
    let home_log_out = (far(), any_bool(), cause())
        .prop_map(|(stay, is_named, cause)| StayRequest::HomeLogOut { stay, is_named, cause });
    let visiting_log_out =
        (0..3_usize, cluster(), any_bool(), cause()).prop_map(|(intent, home, is_named, cause)| {
            StayRequest::VisitingLogOut { intent, home, is_named, cause }
        });
    prop_oneof![
        4 => intend,
        5 => settle(),
        8 => home_log_in,
        2 => home_log_out,
        1 => visiting_log_out,
    ]
}

/// Any step about stays that is not concurrent with others.
pub fn step() -> impl Strategy<Value = StayStep> {
    let role = || select(vec![StayRole::Home, StayRole::Visiting]);
    let answer = (cluster(), role(), vec(0..8_usize, 0..6))
        .prop_map(|(peer, sender_is, stays)| StayStep::Answer { peer, sender_is, stays });
    let over = vec(proptest::bool::weighted(0.2), 1..6);
    let end = (cluster(), role(), over, 0..4_u32)
        .prop_map(|(peer, role, over, hours)| StayStep::End { peer, role, over, hours });
    let (user, phone) = (select(&USERS[..6]), select(&PHONES[..6]));
    let come = (user, cluster(), phone, visit())
        .prop_map(|(user, home, phone, visit)| StayStep::Visit { user, home, phone, visit });
    prop_oneof![
        5 => come,
        1 => (proptest::bool::weighted(0.2), 1..3_u32)
            .prop_map(|(all, limit)| StayStep::GiveUp { all, limit }),
        1 => answer,
        3 => end,
        1 => (0..4_usize).prop_map(|farewell| StayStep::Acknowledge { farewell }),
    ]
}

fn settle() -> impl Strategy<Value = StayRequest> {
    let outcome = prop_oneof![
        6 => Just(Outcome::Admitted),
        1 => Just(Outcome::Refused),
        1 => Just(Outcome::Lost),
    ];
    let intent = prop_oneof![4 => Just(0_usize), 1 => 1..4_usize];
    (intent, outcome, option::weighted(0.9, visit()))
        .prop_map(|(intent, outcome, visit)| StayRequest::Settle { intent, outcome, visit })
}

fn visit() -> impl Strategy<Value = Visit> {
    let seconds_left = option::weighted(0.4, 0..600_u64);
    (select(&FAR_PROFILES), seconds_left)
        .prop_map(|(profile, seconds_left)| Visit { profile, seconds_left })
}

fn far() -> impl Strategy<Value = Far> {
    let age = prop_oneof![3 => Just(0_usize), 1 => 1..3_usize];
    (cluster(), select(&FAR_PHONES), age).prop_map(|(visiting, phone, age)| Far {
        visiting,
        phone,
        age,
    })
}

fn cluster() -> impl Strategy<Value = &'static str> {
    select(&CLUSTERS)
}

fn cause() -> impl Strategy<Value = Option<EndCause>> {
    option::weighted(0.5, select(vec![EndCause::Logout, EndCause::AutoLogout, EndCause::Expired]))
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}
