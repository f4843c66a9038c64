//! Requests of clients without credentials take a bounded amount of memory, and the server releases it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{Client, Server, apply, code, people, until};

/// The idle server's resident memory, release build.
const AT_REST_KB: u64 = 25_000;
/// The memory of each hash thread.
const HASH_THREAD_KB: u64 = 20_000;
/// The memory of each connection.
const CONNECTION_KB: u64 = 32;
/// The memory of each connection with a chunked body: its size is not known ahead.
const CHUNKED_KB: u64 = 40;
/// The memory of each TLS connection: a record of 16 KiB is held both encrypted and decrypted.
const TLS_RECORD_KB: u64 = 72;
/// Clients without credentials, each at an address of its own.
const STRANGERS: u64 = 24;
/// Names tried by each client: the number of checks without a delay.
const NAMES: u64 = 10;
/// The memory that the allocator may keep for a while.
const SLACK_KB: u64 = 8_000;

#[test]
fn wrong_passwords_take_memory_per_hash_thread_and_release_it() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    let threads = std::thread::available_parallelism().unwrap().get() as u64;
    let before = server.memory_kb("VmHWM");
    std::thread::scope(|scope| {
        for stranger in 0..STRANGERS {
            let server = &server;
            scope.spawn(move || {
                let mut client = server.client_from(&format!("127.0.1.{stranger}"));
                for name in 0..NAMES {
                    let id = format!("nobody{stranger}-{name}");
                    let answer = client.ask_as(&id, "wrong", "request", "<logoutAll/>").unwrap();
                    assert_eq!(code(&answer), 3, "the password was checked");
                }
            });
        }
    });
    // A debug build takes more memory than AT_REST_KB.
    let rest = if cfg!(debug_assertions) { before + SLACK_KB } else { AT_REST_KB };
    let most = rest + HASH_THREAD_KB * threads + CONNECTION_KB * STRANGERS;
    let peak = server.memory_kb("VmHWM");
    eprintln!(
        "at rest {before} kB, at most {peak} kB; {most} kB may be: {rest} at rest, {HASH_THREAD_KB} \
         for each of {threads} hash threads, {CONNECTION_KB} for each of {STRANGERS} connections"
    );
    assert!(peak <= most, "{peak} kB is more than {most} kB");
    until("the memory is given back", || server.memory_kb("VmRSS") <= before + SLACK_KB);
}

/// Connections of each kind that are open at a time.
const CONNECTIONS: u64 = 800;

/// Open connections that have sent these bytes take at most `most` KiB each. The peak is read after the
/// server has closed all of them.
fn connections_take_at_most(most: u64, bytes: &[u8], is_tls: bool) {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    // The first connections load code and data that later ones share.
    assert!(server.client().log_in("john", "SEP1").is_some());
    assert!(server.tls_client().log_in("john", "SEP1").is_some());
    let before = server.memory_kb("VmHWM");
    let mut held: Vec<_> = (0..CONNECTIONS)
        .map(|number| {
            let ip = format!("127.0.4.{}", number % 250 + 1);
            let mut client =
                if is_tls { Client::tls_from(&ip, server.https) } else { server.client_from(&ip) };
            client.send(bytes);
            client
        })
        .collect();
    for client in &mut held {
        client.end();
    }
    let each = (server.memory_kb("VmHWM") - before) / CONNECTIONS;
    assert!(each <= most, "{each} KiB for each connection, of {most}");
}

#[test]
fn silent_connections_take_little() {
    connections_take_at_most(CONNECTION_KB, b"", false);
}

#[test]
fn silent_connections_over_tls_take_little() {
    connections_take_at_most(CONNECTION_KB, b"", true);
}

#[test]
fn half_heads_take_little() {
    let head = format!("GET / HTTP/1.1\r\nHost: em\r\nX-Long: {}", "a".repeat(7_900));
    connections_take_at_most(CONNECTION_KB, head.as_bytes(), false);
}

/// A request whose body, of the longest permitted size, is incomplete.
fn half_body(framing: &str) -> Vec<u8> {
    let head = "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Type: \
                application/x-www-form-urlencoded\r\n";
    format!("{head}{framing}\r\n\r\n{}", "a".repeat(60_000)).into_bytes()
}

#[test]
fn half_bodies_take_little() {
    connections_take_at_most(CONNECTION_KB, &half_body("Content-Length: 65000"), false);
}

#[test]
fn half_bodies_in_chunks_take_little() {
    connections_take_at_most(
        CHUNKED_KB,
        &half_body("Transfer-Encoding: chunked\r\n\r\nf000"),
        false,
    );
}

#[test]
fn half_bodies_over_tls_take_little() {
    connections_take_at_most(TLS_RECORD_KB, &half_body("Content-Length: 65000"), true);
}
