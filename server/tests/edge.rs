//! The listeners: bytes, paths, signals, and messages to a supervisor.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixDatagram,
    path::Path,
    time::{Duration, Instant},
};

use support::{Client, Server, apply, people, sojourn};

/// The address of a client without credentials, not the server's own.
const STRANGER: &str = "127.0.0.2";

fn fill(folder: &Path) {
    let output = apply(folder, &people(&["john"], &["SEP1", "SEP2"]));
    assert!(output.status.success());
}

/// A connection without bytes is closed, before the first request and after it.
#[test]
fn a_silent_connection_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let server = Server::start(folder.path());
    let mut silent = TcpStream::connect(server.address).unwrap();
    let mut silent_tls = TcpStream::connect(server.https).unwrap();
    let mut idle = TcpStream::connect(server.address).unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: em\r\n\r\n").unwrap();
    for stream in [&mut silent, &mut silent_tls, &mut idle] {
        stream.set_read_timeout(Some(support::PATIENCE)).unwrap();
        let mut all = Vec::new();
        // Either the end of the connection or a reset.
        match stream.read_to_end(&mut all) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
    server.stop();
}

#[test]
fn listeners_speak_http_1_1_and_refuse_http_2() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(support::PATIENCE)).unwrap();
    // The HTTP/2 preface with an empty SETTINGS frame.
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "), "{answer:?}");
    assert_eq!(support::tls::protocol(server.https, &[b"h2"]), None);
    let both = support::tls::protocol(server.https, &[b"h2", b"http/1.1"]);
    assert_eq!(both.as_deref(), Some(&b"http/1.1"[..]));
    server.stop();
}

fn status(client: &mut Client, method: &str, path: &str, headers: &str) -> support::Answer {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: em.example\r\n{headers}\r\n");
    client.exchange(head.as_bytes()).unwrap()
}

#[test]
fn a_path_with_dot_segments_reaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    for path in [
        "/emservice/%2e%2e/audit",
        "/emservice/../audit",
        "/emservice/..;x/audit",
        "/emservice/%2E./audit",
        "/healthz/%2e%2e/audit",
        "/emservice%2f..%2faudit",
        "/emservice/%5c../audit",
    ] {
        let accept = "Accept: text/html\r\n";
        assert_eq!(status(&mut server.client_from(STRANGER), "GET", path, accept).status(), 400);
        assert_eq!(status(&mut server.tls_client(), "GET", path, accept).status(), 400);
    }
    // Plain HTTP redirects a path that it does not serve to HTTPS, in its normalized form.
    let sent = status(&mut server.client_from(STRANGER), "GET", "//login-history;a=b", "");
    assert_eq!(sent.status(), 307);
    assert!(sent.header("location").unwrap().ends_with("/login-history"));
    server.stop();
}

/// A script that follows redirects must not take the sign-in page for an answer.
#[test]
fn unknown_paths_are_404_and_wrong_methods_are_405() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let mut client = server.tls_client();
    for path in
        ["/emapp/EMAppServletOther", "/realtimeservice/services/RisPort", "/nothing", "/a/b/c"]
    {
        for (method, accept) in
            [("GET", "*/*"), ("GET", "text/html"), ("POST", "text/html"), ("DELETE", "*/*")]
        {
            let headers = format!("Accept: {accept}\r\nContent-Length: 0\r\n");
            let answer = status(&mut client, method, path, &headers);
            assert_eq!(answer.status(), 404, "{method} {path} {accept}");
            assert_eq!(answer.header("location"), None);
        }
    }
    for (method, path) in [
        ("POST", "/"),
        ("PUT", "/audit"),
        ("DELETE", "/sign-in"),
        ("POST", "/healthz"),
        ("DELETE", "/emservice/EMServiceServlet"),
        ("DELETE", "/emapp/EMAppServlet"),
    ] {
        let answer = status(&mut client, method, path, "Content-Length: 0\r\n");
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert!(answer.header("allow").unwrap().contains("GET"), "{method} {path}");
    }
    for (method, path, code) in [
        ("POST", "/call/nonsense", 404),
        ("GET", "/call/sign-in", 405),
        ("DELETE", "/live", 405),
        ("HEAD", "/emservice/EMServiceServlet", 405),
        ("PUT", "/emservice/EMServiceServlet", 405),
        ("HEAD", "/emapp/EMAppServlet", 405),
    ] {
        let mut client = server.tls_client();
        client.send(
            format!("{method} {path} HTTP/1.1\r\nHost: em\r\nContent-Length: 0\r\n\r\n").as_bytes(),
        );
        let answer = client.receive_head().unwrap();
        assert_eq!(answer.status(), code, "{method} {path}");
        assert_eq!(answer.header("allow").is_some(), code == 405, "{method} {path}");
        if path == "/emservice/EMServiceServlet" && code == 405 {
            assert_eq!(answer.header("allow"), Some("GET, POST"), "{method}");
        }
    }
    // From another address, plain HTTP answers an unknown path with 404, without a redirect to HTTPS.
    for path in ["/emapp/Other?device=SEP1", "/nothing"] {
        for method in ["GET", "POST"] {
            let mut stranger = server.client_from("127.0.0.2");
            let answer = status(&mut stranger, method, path, "Content-Length: 0\r\n");
            assert_eq!(answer.status(), 404, "{method} {path}");
        }
    }
    let sent_on = status(&mut server.client_from("127.0.0.2"), "GET", "/audit", "");
    assert_eq!(sent_on.status(), 307);
    // Without a session only a request that accepts HTML is redirected to the sign-in page; others get
    // 401.
    let browser = status(&mut client, "GET", "/audit", "Accept: text/html\r\n");
    assert_eq!(browser.status(), 303);
    assert_eq!(status(&mut client, "GET", "/audit", "Accept: */*\r\n").status(), 401);
    server.stop();
}

#[test]
fn a_too_large_call_is_413_and_a_malformed_one_400() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let call = |length: usize, body: &str| {
        let head = format!(
            "POST /call/sign-in HTTP/1.1\r\nHost: em\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        );
        server.tls_client().exchange(head.as_bytes()).unwrap().status()
    };
    let large = "x".repeat(65 * 1024);
    assert_eq!(call(large.len(), &large), 413);
    assert_eq!(call(5, "a=b&c"), 400);
    server.stop();
}

/// INT, TERM, QUIT and HUP (the terminal closes) each stop the program in an orderly way.
#[test]
fn every_terminating_signal_is_an_orderly_stop() {
    for signal in ["INT", "TERM", "QUIT", "HUP"] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        server.signal(signal);
        server.stopped();
    }
}

/// After the first signal the server lets requests finish for a bounded time; a second one stops it at
/// once.
#[test]
fn a_stop_is_bounded_and_a_second_signal_is_immediate() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let server = Server::start(folder.path());
    let half =
        b"POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: 9\r\n\r\nxml";
    let held: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(half).unwrap();
            stream
        })
        .collect();
    let answer = server.client().log_in("john", "SEP1").unwrap();
    assert!(answer.contains("<success/>"), "{answer}");
    let address = server.address;
    let begun = Instant::now();
    server.tell_to_stop();
    support::until("the listener takes no more connections", || {
        TcpStream::connect(address).is_err()
    });
    server.tell_to_stop();
    server.stopped();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    drop(held);
}

#[test]
fn a_supervisor_gets_ready_watchdog_and_stopping_messages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let supervisor = UnixDatagram::bind(&path).unwrap();
    supervisor.set_read_timeout(Some(support::PATIENCE)).unwrap();
    let next = || {
        let mut message = [0; 256];
        let length = supervisor.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).trim_end().to_owned()
    };
    let mut supervised = sojourn();
    supervised.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "50000");
    let server = Server::run(supervised, &folder.path().join("data"), &[]);
    assert_eq!(next(), "READY=1");
    assert_eq!(next(), "WATCHDOG=1");
    assert_eq!(next(), "WATCHDOG=1");
    server.tell_to_stop();
    support::until("the server sends STOPPING=1", || next() == "STOPPING=1");
    server.stopped();
}
