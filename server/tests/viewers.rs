//! Bounds on the resources of one viewer of the console, at the built program.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::fmt::Write as _;

use support::{
    Client, Server, apply,
    console::{add_administrator, call, sign_in},
    people,
};

/// Opens a websocket: the status, and the connection that holds the socket open.
fn open_socket(server: &Server, cookie: &str) -> (u16, Client) {
    let mut client = server.client();
    client.send(
        format!(
            "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: {cookie}\r\n\r\n"
        )
        .as_bytes(),
    );
    (client.receive_head().unwrap().status(), client)
}

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    add_administrator(folder.path(), "vera", "viewer");
    add_administrator(folder.path(), "otto", "viewer");
    let server = Server::start(folder.path());
    (folder, server)
}

#[test]
fn one_session_opens_at_most_32_sockets_and_leaves_the_others() {
    let (_folder, server) = server();
    let cookie = sign_in(&server, "vera");
    let sockets: Vec<_> = (0..40).map(|_| open_socket(&server, &cookie)).collect();
    let open = sockets.iter().filter(|(status, _)| *status == 101).count();
    assert_eq!(open, 32);
    assert!(sockets.iter().all(|(status, _)| matches!(status, 101 | 503)));
    assert_eq!(open_socket(&server, &sign_in(&server, "otto")).0, 101);
    drop(sockets);
    support::until("closed sockets return their permits", || {
        open_socket(&server, &cookie).0 == 101
    });
}

#[test]
fn sockets_without_a_session_take_no_permits_of_sessions() {
    let (_folder, server) = server();
    let cookie = sign_in(&server, "vera");
    let strangers: Vec<_> = (0..80).map(|_| open_socket(&server, "")).collect();
    assert!(strangers.iter().all(|(status, _)| matches!(status, 101 | 503)));
    assert_eq!(open_socket(&server, &cookie).0, 101);
}

/// The trace is searched in pieces; memory does not grow with the file.
#[test]
#[cfg(target_os = "linux")]
fn many_searches_of_a_long_trace_take_little_memory() {
    const QUERY: &str =
        r#"{"query":{"log":"emservice","request":null,"find":"john","level":null}}"#;
    const LINES: usize = 170_000;
    const SEARCHES: usize = 4;
    const MOST_KB: u64 = 16_000;
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    add_administrator(folder.path(), "vera", "viewer");
    add_administrator(folder.path(), "otto", "viewer");
    // A rotated trace file of about 17 MB; every line matches the search.
    let mut trace = String::new();
    for number in 0..LINES {
        writeln!(
            trace,
            "2019-01-26 10:54:45,661 INFO [t] EMServiceServlet - {}:Executing Logout for device=john",
            number / 8
        )
        .unwrap();
    }
    std::fs::create_dir_all(folder.path().join("trace")).unwrap();
    std::fs::write(folder.path().join("trace/emservice.log.1"), trace).unwrap();
    let server = &Server::start(folder.path());
    let cookies = ["vera", "otto"].map(|name| sign_in(server, name));
    let before = server.memory_kb("VmHWM");
    std::thread::scope(|scope| {
        let search = |cookie| call(&mut server.client(), "trace", cookie, QUERY);
        let cookies = cookies.iter().cycle().take(SEARCHES);
        let all: Vec<_> = cookies.map(|cookie| scope.spawn(move || search(cookie))).collect();
        let answers: Vec<_> = all.into_iter().map(|one| one.join().unwrap()).collect();
        // An administrator has one search at a time; a search that waits for too long gets 503.
        assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 503)));
        let found = |(_, text): &&(u16, String)| text.contains("device=john");
        assert!(answers.iter().filter(found).count() >= 2);
    });
    let more = server.memory_kb("VmHWM") - before;
    assert!(more <= MOST_KB, "{more} KiB for {SEARCHES} searches");
}

#[test]
fn many_requests_of_one_viewer_one_after_the_other_and_at_once_are_answered() {
    const QUERY: &str =
        r#"{"query":{"log":"emservice","request":null,"find":"john","level":null}}"#;
    let (_folder, server) = server();
    let cookie = sign_in(&server, "vera");
    let mut client = server.client();
    for _ in 0..60 {
        assert_eq!(call(&mut client, "trace", &cookie, QUERY).0, 200);
        let page = format!(
            "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookie}\r\n\
             Connection: close\r\n\r\n"
        );
        let mut browser = server.client();
        browser.send(page.as_bytes());
        assert_eq!(browser.receive_head().unwrap().status(), 200);
    }
    let (server, cookie) = (&server, cookie.as_str());
    let statuses = std::thread::scope(|scope| {
        let ask = || call(&mut server.client(), "trace", cookie, QUERY).0;
        let all: Vec<_> = (0..30).map(|_| scope.spawn(ask)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(statuses, [200; 30]);
}

/// A frame whose header announces more than the largest message is refused before its payload is read.
#[test]
fn a_socket_that_announces_a_large_frame_is_ended() {
    const BYTES: usize = 15 * 1024 * 1024;
    let (_folder, server) = server();
    let (status, mut client) = open_socket(&server, &sign_in(&server, "vera"));
    assert_eq!(status, 101);
    // A complete, masked binary message with its length in eight bytes.
    let mut frame = vec![0x82, 0xff];
    frame.extend_from_slice(&(BYTES as u64).to_be_bytes());
    frame.extend_from_slice(&[0; 4]);
    frame.resize(frame.len() + BYTES, 0);
    assert!(!client.try_send(&frame), "the server read the whole frame");
    server.stop();
}

/// A long download takes minutes; signing out ends it.
#[test]
fn a_download_ends_with_its_session() {
    const ROWS: &str =
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 300000)
        INSERT INTO audit (at_ms, actor_kind, actor, action, subject, detail, search)
        SELECT n, 'command_line', 'apply', 'configure', 'user no' || n, 'a row among many', 'row'
          FROM n";
    let (folder, server) = server();
    support::sql(folder.path(), ROWS);
    std::fs::write(folder.path().join("trace/emservice.log.1"), "a line\n".repeat(8_000_000))
        .unwrap();
    for path in ["/audit.csv", "/trace/emservice.log"] {
        let cookie = sign_in(&server, "vera");
        let mut download = server.client();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
        download.send(request.as_bytes());
        assert_eq!(download.receive_head().unwrap().status(), 200);
        assert_eq!(call(&mut server.client(), "sign-out", &cookie, "{}").0, 200);
        let rest = download.rest();
        assert!(
            !rest.ends_with("0\r\n\r\n"),
            "{path}: a download that breaks off has no final chunk"
        );
        assert!(rest.len() < 40_000_000, "{path}: {} bytes", rest.len());
    }
}
