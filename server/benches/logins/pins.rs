//! Logins with a PIN at phones, beside the rate of the same number of threads that only hash; and their
//! effect on other requests.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use argon2::{Argon2, Block};
use engine::{Actor, ConfigurationChange, UserEntry, UtcMillis};
use server::cluster::Passwords;
use tokio::time::{MissedTickBehavior, interval};

use super::{
    Measured, http, setup,
    setup::Check,
    targets::{Bound, Target},
};

/// Log-ins with a PIN, the same number for each client; each is of another user at another phone.
const PINS: usize = 480;
/// Clients that send the log-ins.
const CLIENTS: usize = 16;
/// Hashes of the yardstick, half before and half after the log-ins, since a machine's speed drifts.
const HASHES: usize = 400;
/// Other requests that are measured alone.
const OTHERS: usize = 400;
/// The pause between other requests.
const PAUSE: Duration = Duration::from_millis(5);
/// The PIN of all users.
pub const PIN: &str = "12345";
/// The tick of a Linux kernel with 250 Hz, in milliseconds. A thread keeps its processor until the next
/// tick, whatever its priority (EEVDF, `RUN_TO_PARITY`), so a shorter delay says nothing about the
/// server.
const TICK_MS: f64 = 4.0;

/// The measurements of one round.
pub struct Round {
    /// The yardstick.
    hashes: Measured,
    pins: Measured,
    /// Other requests on an idle server.
    alone: Measured,
    /// Other requests while the same number of PINs is verified again.
    meanwhile: Measured,
}

pub async fn measure(folder: &Path) -> Round {
    let store = setup::store(folder, 2 * PINS, "1000", Check::Off).await;
    let pin_hash = Some(Passwords::new().hash(PIN.to_owned()).await.unwrap());
    let user = |index| UserEntry {
        id: setup::user(index),
        pin_hash: pin_hash.clone(),
        ..UserEntry::default()
    };
    let users = (0..2 * PINS).map(user).collect();
    let change = ConfigurationChange { users, ..ConfigurationChange::default() };
    engine::apply(&store, change, Actor::SYSTEM, &UtcMillis(0), &|_| {}).await.unwrap();
    store.close().await;
    let (mut server, address) = http::start(http::program(), folder, "DEBUG");
    let before = tokio::task::spawn_blocking(bare_hashes).await.unwrap();
    let pins = log_in(address, 0).await;
    let after = tokio::task::spawn_blocking(bare_hashes).await.unwrap();
    let hashes = before.and(after);
    let alone = others(address, |sent| sent < OTHERS).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let goes_on = Arc::clone(&is_over);
    let meanwhile = tokio::spawn(others(address, move |_| !goes_on.load(Ordering::Relaxed)));
    log_in(address, PINS).await;
    is_over.store(true, Ordering::Relaxed);
    let meanwhile = meanwhile.await.unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    Round { hashes, pins, alone, meanwhile }
}

/// All clients, at the same time.
async fn log_in(address: SocketAddr, first: usize) -> Measured {
    let begun = Instant::now();
    let client = |index| tokio::spawn(client(address, first + index));
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    let mut times = Vec::with_capacity(PINS);
    for client in clients {
        times.extend(client.await.unwrap());
    }
    Measured::new(begun.elapsed(), times)
}

/// One thread for each processor hashes, each with memory that it reuses.
fn bare_hashes() -> Measured {
    hashes(std::thread::available_parallelism().unwrap().get(), HASHES / 2)
}

/// Hashes of one thread alone.
pub fn one_after_the_other() -> Measured {
    hashes(1, HASHES / 8)
}

fn hashes(threads: usize, count: usize) -> Measured {
    let begun = Instant::now();
    let hash = || {
        let argon = Argon2::default();
        let mut memory = vec![Block::default(); argon.params().block_count()];
        let mut out = [0; 32];
        let one = |_| {
            let one = Instant::now();
            let (pin, salt) = (PIN.as_bytes(), b"a salt of sixteen");
            argon.hash_password_into_with_memory(pin, salt, &mut out, &mut memory).unwrap();
            one.elapsed()
        };
        (0..count / threads).map(one).collect::<Vec<_>>()
    };
    let times = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(hash)).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Measured::new(begun.elapsed(), times)
}

/// Logs users in with their PIN, one after the other, each at another phone.
async fn client(address: SocketAddr, first: usize) -> Vec<Duration> {
    let mut stream = http::connect(address).await;
    let mut times = Vec::new();
    for index in (first..).step_by(CLIENTS).take(PINS / CLIENTS) {
        let (phone, user) = (setup::phone(index), setup::user(index));
        let log_in = format!("device={phone}&userid={user}&seq={PIN}");
        let one = Instant::now();
        let answer = http::phone(&mut stream, &log_in).await;
        times.push(one.elapsed());
        assert!(answer.contains("Login successful"), "{answer}");
    }
    times
}

/// Sends requests of an application user whose password is cached, one after the other.
async fn others(address: SocketAddr, goes_on: impl Fn(usize) -> bool) -> Measured {
    let mut stream = http::connect(address).await;
    let phone = setup::phone(0);
    let xml = format!("<deviceUserQuery><deviceName>{phone}</deviceName></deviceUserQuery>");
    let request = http::request("query", ("emproxy", "emproxy"), &xml);
    // The application user's password is verified before the measurement.
    http::ask(&mut stream, &request).await;
    let mut pace = interval(PAUSE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (begun, mut times) = (Instant::now(), Vec::new());
    while goes_on(times.len()) {
        pace.tick().await;
        let one = Instant::now();
        let answer = http::ask(&mut stream, &request).await;
        times.push(one.elapsed());
        assert!(answer.contains("</response>") && !answer.contains("<failure"), "{answer}");
    }
    Measured::new(begun.elapsed(), times)
}

pub fn print(rounds: &[Round]) {
    super::print("bare hashes", rounds.iter().map(|round| &round.hashes));
    super::print("log-ins at phones with a PIN", rounds.iter().map(|round| &round.pins));
    super::print("other requests, alone", rounds.iter().map(|round| &round.alone));
    super::print("other requests meanwhile", rounds.iter().map(|round| &round.meanwhile));
}

pub fn targets(rounds: &[Round]) -> [Target; 2] {
    let mut rate = Target::new("rate with a PIN, over the bare hash rate", Bound::AtLeast(0.9));
    let mut others = Target::new(
        "other requests' p99 meanwhile, over their p99 alone or a tick",
        Bound::AtMost(2.0),
    );
    for Round { hashes, pins, alone, meanwhile } in rounds {
        rate.add(pins.rate() / hashes.rate());
        others.add(meanwhile.percentile(99) / alone.percentile(99).max(TICK_MS));
    }
    [rate, others]
}
