//! Whether the cluster is ready, as load balancers and administrators are told.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod support;

use support::{
    Client, Server, WriteLock, apply, code,
    console::{add_administrator, page, sign_in},
    people, sojourn, sql, until,
};

fn ready(server: &Server) -> u16 {
    let head = "GET /readyz HTTP/1.1\r\nHost: em\r\n\r\n";
    server.client().exchange(head.as_bytes()).unwrap().status()
}

/// Logs in and out until the database is full; returns the request for which it had no room.
fn fill(client: &mut Client) -> fn(&mut Client) -> String {
    let requests: [fn(&mut Client) -> String; 2] =
        [|client| client.log_in("john", "SEP1").unwrap(), |client| client.log_out("SEP1").unwrap()];
    for request in requests.into_iter().cycle().take(100_000) {
        let answer = request(client);
        if answer.contains("<error") {
            assert_eq!(code(&answer), 6);
            return request;
        }
    }
    panic!("the database does not fill");
}

#[test]
fn a_cluster_without_room_is_not_ready_says_so_and_is_ready_again_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    add_administrator(folder.path(), "kim", "administrator");
    let log = folder.path().join("log");
    let mut program = sojourn();
    program.stderr(std::fs::File::create(&log).unwrap());
    let server = Server::run(program, folder.path(), &["--max-database-mib", "1"]);
    let cookie = sign_in(&server, "kim");
    assert_eq!(ready(&server), 200);
    assert!(!page(&server, &cookie, "/").contains("id=\"writing\""));
    let request = fill(&mut server.client());
    assert_eq!(ready(&server), 503);
    for _ in 0..100 {
        assert_eq!(code(&request(&mut server.client())), 6);
    }
    let lines = std::fs::read_to_string(&log).unwrap();
    let lines = lines.lines().filter(|line| line.contains("an EM API request failed")).count();
    assert!((1..=10).contains(&lines), "{lines} lines, where one in ten seconds is logged");
    let full = page(&server, &cookie, "/");
    assert!(full.starts_with("HTTP/1.1 200"), "{full:.300}");
    assert!(full.contains("The database has no room"));
    sql(folder.path(), "DELETE FROM events");
    until("it is not ready again", || ready(&server) == 200);
    assert!(!page(&server, &cookie, "/").contains("id=\"writing\""));
}

/// `/readyz` is open to every client, so it is answered from memory.
#[test]
fn readiness_is_answered_from_memory() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    let lock = WriteLock::take(folder.path());
    for _ in 0..100 {
        assert_eq!(ready(&server), 200);
    }
    drop(lock);
}
