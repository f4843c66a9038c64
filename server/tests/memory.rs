//! What strangers type takes a bounded amount of memory, and gives it back.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{Server, apply, code, people, until};

/// What the program takes at rest, as released.
const AT_REST_KB: u64 = 25_000;
/// For each hash thread.
const HASH_THREAD_KB: u64 = 20_000;
/// For each connection.
const CONNECTION_KB: u64 = 32;
/// Strangers, each at an address of its own.
const STRANGERS: u64 = 24;
/// Names that each of them tries: as many as are looked at without a wait.
const NAMES: u64 = 10;
/// So much more than before may stay for a while after it was used.
const SLACK_KB: u64 = 8_000;

/// A value of the status of a process, in KiB.
fn status(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn wrong_passwords_take_a_memory_for_each_hash_thread_and_give_it_back() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    let process = server.id();
    let threads = std::thread::available_parallelism().unwrap().get() as u64;
    let before = status(process, "VmHWM");
    std::thread::scope(|scope| {
        for stranger in 0..STRANGERS {
            let server = &server;
            scope.spawn(move || {
                let mut client = server.client_from(&format!("127.0.1.{stranger}"));
                for name in 0..NAMES {
                    let id = format!("nobody{stranger}-{name}");
                    let answer = client.ask_as(&id, "wrong", "request", "<logoutAll/>").unwrap();
                    assert_eq!(code(&answer), 3, "it was looked at");
                }
            });
        }
    });
    // Code that was not optimized takes more than it does as released.
    let rest = if cfg!(debug_assertions) { before + SLACK_KB } else { AT_REST_KB };
    let most = rest + HASH_THREAD_KB * threads + CONNECTION_KB * STRANGERS;
    let peak = status(process, "VmHWM");
    eprintln!(
        "at rest {before} kB, at most {peak} kB; {most} kB may be: {rest} at rest, {HASH_THREAD_KB} \
         for each of {threads} hash threads, {CONNECTION_KB} for each of {STRANGERS} connections"
    );
    assert!(peak <= most, "{peak} kB: more than {most} kB");
    until("the memory is given back", || status(process, "VmRSS") <= before + SLACK_KB);
}
