//! `kill -9` under load, again and again: no acknowledged login is lost, and no user is at two phones.

mod support;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use support::{Client, Server, apply, people};

const ROUNDS: u32 = 25;
const CLIENTS: usize = 8;

/// The user at a phone, if any.
type At = Option<String>;

/// A client's knowledge of its phone.
#[derive(Clone, Debug, Default)]
struct Known {
    /// The user at the phone after the last answer.
    user: At,
    /// The user at the phone if the request without an answer was carried out.
    asked: Vec<At>,
}

/// Logs in and out at one phone until the connection breaks.
fn load(
    address: SocketAddr,
    phone: &str,
    user: &str,
    acknowledged: &AtomicU32,
    mut known: Known,
) -> Known {
    let mut client = Client::connect(address);
    loop {
        let target = if known.user.is_none() { Some(user.to_owned()) } else { None };
        known.asked = vec![target.clone()];
        let answer = match &target {
            Some(user) => client.log_in(user, phone),
            None => client.log_out(phone),
        };
        let Some(answer) = answer else { return known };
        if answer.contains("<success/>") {
            known.user = target;
        } else {
            assert_eq!(support::code(&answer), 25, "{phone} {user}: {answer}");
        }
        known.asked.clear();
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn no_acknowledged_login_is_lost_and_the_promise_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let phones: Vec<String> = (0..CLIENTS).map(|index| format!("SEP{index}")).collect();
    let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
    // Two phones for each user, so that log-ins are refused under Not Allowed.
    let users: Vec<String> = (0..CLIENTS / 2).map(|index| format!("user{index}")).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    assert!(apply(folder.path(), &people(&users, &phones)).status.success());
    let mut known = vec![Known::default(); CLIENTS];
    let mut total = 0;
    for round in 0..ROUNDS {
        let server = Server::start(folder.path());
        check(&server, &phones, &mut known);
        let acknowledged = Arc::new(AtomicU32::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|index| {
                let (address, acknowledged) = (server.address, Arc::clone(&acknowledged));
                let (phone, user) = (phones[index].to_owned(), users[index / 2].to_owned());
                let known = known[index].clone();
                std::thread::spawn(move || load(address, &phone, &user, &acknowledged, known))
            })
            .collect();
        // The moment of the kill differs in each round and does not coincide with an answer: this many
        // answers, then at any time.
        let moment = 40 + round * 37 % 200;
        while acknowledged.load(Ordering::SeqCst) < moment {
            std::thread::yield_now();
        }
        server.kill();
        known = clients.into_iter().map(|client| client.join().unwrap()).collect();
        total += acknowledged.load(Ordering::SeqCst);
    }
    check(&Server::start(folder.path()), &phones, &mut known);
    assert!(total > ROUNDS * 40);
}

/// The user at each phone is the one of the client's last answer, or of its last request without an
/// answer; and no user is at two phones.
fn check(server: &Server, phones: &[&str], known: &mut [Known]) {
    let mut client = server.client();
    let mut at: BTreeMap<String, &str> = BTreeMap::new();
    for (phone, known) in phones.iter().zip(known) {
        let user = client.user_at(phone);
        let told = known.user == user;
        let asked = known.asked.contains(&user);
        assert!(told || asked, "{phone}: {user:?} is at the phone; the client knows {known:?}");
        *known = Known { user: user.clone(), asked: Vec::new() };
        if let Some(user) = user {
            let other = at.insert(user.clone(), phone);
            assert_eq!(other, None, "{user} is at two phones");
        }
    }
}
