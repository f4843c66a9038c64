//! Times of failed log-ins at phones: equal for all kinds, so that a guesser learns nothing from them.

use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use engine::{Actor, ConfigurationChange, UserEntry, UtcMillis};
use server::cluster::Passwords;

use super::{
    Measured, http, setup,
    setup::Check,
    targets::{Bound, Target},
};

/// Failures of each kind.
const FAILURES: u32 = 60;
/// Failures that lock a user for an address.
const UNTIL_LOCKED: usize = 5;
const PIN: &str = "12345";

/// The fault of a log-in.
#[derive(Clone, Copy)]
enum Kind {
    WrongPin,
    UnknownUser,
    UnknownPhone,
    Locked,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::WrongPin, "failed: wrong PIN"),
    (Kind::UnknownUser, "failed: unknown user"),
    (Kind::UnknownPhone, "failed: unknown phone, right PIN"),
    (Kind::Locked, "failed: locked, right PIN"),
];

/// The times of each kind.
pub type Round = [Measured; 4];

pub async fn measure(folder: &Path) -> Round {
    let count = FAILURES as usize;
    let store = setup::store(folder, count, "1000", Check::Off).await;
    let pin_hash = Some(Passwords::new().hash(PIN.to_owned()).await.unwrap());
    let user = |index| UserEntry {
        id: setup::user(index),
        pin_hash: pin_hash.clone(),
        ..UserEntry::default()
    };
    let users = (0..count).map(user).collect();
    let change = ConfigurationChange { users, ..ConfigurationChange::default() };
    engine::apply(&store, change, Actor::SYSTEM, &UtcMillis(0), &|_| {}).await.unwrap();
    store.close().await;
    let (mut server, address) = http::start(http::program(), folder, "DEBUG");
    let mut times: [Vec<Duration>; 4] = Default::default();
    for index in 0..FAILURES {
        for (number, (kind, _)) in (0..).zip(KINDS) {
            // Each failure has a client address of its own, so that no delay of an address applies.
            let from = index * 4 + number;
            times[number as usize].push(fail(address, kind, index as usize, from).await);
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    times.map(|times| Measured::new(times.iter().sum(), times))
}

/// The time of one failure, from an address without earlier requests.
async fn fail(address: SocketAddr, kind: Kind, index: usize, from: u32) -> Duration {
    let mut stream = http::connect_from(from, address).await;
    let (phone, user) = (setup::phone(index), setup::user(index));
    let (phone, user, pin) = match kind {
        Kind::WrongPin => (phone, user, "99999"),
        Kind::UnknownUser => (phone, format!("nobody{index}"), PIN),
        Kind::UnknownPhone => (format!("SEPFF{index:010}"), user, PIN),
        Kind::Locked => {
            let wrong = format!("device={phone}&userid={user}&seq=99999");
            for _ in 0..UNTIL_LOCKED {
                http::phone(&mut stream, &wrong).await;
            }
            (phone, user, PIN)
        }
    };
    let query = format!("device={phone}&userid={user}&seq={pin}");
    let begun = Instant::now();
    let answer = http::phone(&mut stream, &query).await;
    let took = begun.elapsed();
    assert!(answer.contains("(201)"), "{answer}");
    took
}

pub fn print(rounds: &[Round]) {
    for (index, (_, what)) in KINDS.iter().enumerate() {
        super::print(what, rounds.iter().map(|round| &round[index]));
    }
}

/// The longest median over the shortest, in each round.
pub fn target(rounds: &[Round]) -> Target {
    let mut target = Target::new(
        "failed log-ins at phones, the slowest kind over the fastest",
        Bound::AtMost(1.1),
    );
    for round in rounds {
        let medians = round.each_ref().map(|measured| measured.percentile(50));
        let (low, high) = medians
            .iter()
            .fold((f64::MAX, 0_f64), |(low, high), one| (low.min(*one), high.max(*one)));
        target.add(high / low);
    }
    target
}
