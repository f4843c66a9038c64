//! Clients without credentials ("strangers") take connections of a server with few file descriptors;
//! log-ins of other clients still succeed. Strangers have other addresses of the loopback.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs::{self, File},
    io::Write,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use rlimit::Resource;
use support::{Client, Server, apply, connect_from, people, sojourn};

const STRANGER: &str = "127.0.0.2";

/// The source address of each connection of one stranger.
fn one_stranger(_: usize) -> String {
    STRANGER.to_owned()
}

/// The source addresses of two hundred strangers, in rotation.
fn many_strangers(connection: usize) -> String {
    format!("127.0.1.{}", connection % 200 + 1)
}

const HALF_A_HEAD: &[u8] = b"POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\n";
const HALF_A_BODY: &[u8] =
    b"POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: 60000\r\n\r\nxml=<";
/// The header of a TLS record of 16 KiB, with the first byte of the record.
const HALF_A_HANDSHAKE: &[u8] = b"\x16\x03\x01\x40\x00\x01";
/// Connections that strangers open at a time.
const CONNECTIONS: usize = 2_000;
/// A limit of descriptors low enough to exhaust, and a number of connections above it.
const FEW_DESCRIPTORS: u32 = 96;
const MANY_OF_FEW: usize = 60;
/// The longest time for others' log-ins and log-outs, which take less than a second on a machine without other work.
const LONGEST_WAIT: Duration = Duration::from_secs(40);

fn fill(folder: &Path) {
    let output = apply(folder, &people(&["john"], &["SEP1", "SEP2"]));
    assert!(output.status.success());
}

/// Opens connections that send `bytes` and no more. The server may refuse any of them.
fn hold(from: fn(usize) -> String, address: SocketAddr, bytes: &[u8]) -> Vec<TcpStream> {
    let mut held: Vec<_> = (0..CONNECTIONS).map(|n| connect_from(&from(n), address)).collect();
    for stream in &mut held {
        let _ = stream.write_all(bytes);
    }
    held
}

/// An application user and an end user with a PIN log in and out, at both listeners.
fn others_log_in(server: &Server) {
    let begun = Instant::now();
    for (client, phone) in
        [(&Server::client as &dyn Fn(&_) -> _, "SEP1"), (&Server::tls_client, "SEP2")]
    {
        let login = format!("<login><deviceName>{phone}</deviceName><userID>john</userID></login>");
        let logout = format!("<logout><deviceName>{phone}</deviceName></logout>");
        for (id, secret) in [("emproxy", "emproxy"), ("john", "12345")] {
            for xml in [&login, &logout] {
                let answer = client(server).ask_as(id, secret, "request", xml).unwrap();
                assert!(answer.contains("<success/>"), "{id}: {answer}");
            }
        }
    }
    assert!(begun.elapsed() < LONGEST_WAIT, "{:?}", begun.elapsed());
}

/// These tests run one at a time, since each takes the descriptors of this process.
static DESCRIPTORS: Mutex<()> = Mutex::new(());

/// Runs a server with this many descriptors; others log in while `hold`'s connections are open, and
/// after.
fn while_held<T>(descriptors: u32, hold: impl FnOnce(&Server) -> T) {
    let _descriptors = DESCRIPTORS.lock().unwrap_or_else(PoisonError::into_inner);
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let server = Server::start_with_descriptors(folder.path(), descriptors);
    let connections = hold(&server);
    others_log_in(&server);
    drop(connections);
    others_log_in(&server);
    server.stop();
}

fn connections_that_send(bytes: &[u8]) {
    connections_from_that_send(one_stranger, bytes);
}

fn connections_from_that_send(from: fn(usize) -> String, bytes: &[u8]) {
    while_held(256, |server| {
        let plain = hold(from, server.address, bytes);
        others_log_in(server);
        (plain, hold(from, server.https, bytes))
    });
}

#[test]
fn connections_without_a_byte_shut_out_no_other_client() {
    connections_that_send(b"");
}

#[test]
fn connections_with_half_a_head_shut_out_no_other_client() {
    connections_that_send(HALF_A_HEAD);
}

#[test]
fn connections_with_half_a_body_shut_out_no_other_client() {
    connections_that_send(HALF_A_BODY);
}

#[test]
fn connections_with_half_a_handshake_shut_out_no_other_client() {
    connections_that_send(HALF_A_HANDSHAKE);
}

/// Many strangers can take every permit of a listener; the server closes their connections for others.
#[test]
fn connections_of_many_strangers_give_way() {
    for bytes in [&b""[..], HALF_A_HEAD, HALF_A_BODY, HALF_A_HANDSHAKE] {
        connections_from_that_send(many_strangers, bytes);
    }
}

/// A request with an id and a secret.
fn guess(id: &str, secret: &str) -> Vec<u8> {
    let body = format!(
        "xml=<query><appInfo><appID>{id}</appID><appCertificate>{secret}</appCertificate></appInfo>\
         <userDevicesQuery><userID>john</userID></userDevicesQuery></query>"
    );
    let length = body.len();
    let head = "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Type: \
                application/x-www-form-urlencoded\r\nContent-Length: ";
    format!("{head}{length}\r\n\r\n{body}").into_bytes()
}

fn connections_that_guess(id: &str) {
    connections_that_send(&guess(id, "wrong"));
}

#[test]
fn guesses_at_an_application_password_shut_out_no_other_client() {
    connections_that_guess("emproxy");
}

#[test]
fn guesses_at_a_pin_shut_out_no_other_client() {
    connections_that_guess("john");
}

#[test]
fn guesses_at_an_unknown_name_shut_out_no_other_client() {
    connections_that_guess("nobody");
}

/// Two hundred strangers guess, each under a name of its own. Their guesses wait for a check, and the
/// listener keeps permits for others.
#[test]
fn guesses_of_many_strangers_shut_out_no_other_client() {
    while_held(256, |server| {
        // A log-in from this address makes it a known source of john.
        others_log_in(server);
        let hold = |number| {
            let guesses =
                (0..20).flat_map(|guess_of| guess(&format!("no{number}-{guess_of}"), "x"));
            let mut stream = connect_from(&many_strangers(number), server.address);
            let _ = stream.write_all(&guesses.collect::<Vec<_>>());
            stream
        };
        (0..400).map(hold).collect::<Vec<_>>()
    });
}

/// Strangers send requests and read no answer, until their send buffers are full.
#[test]
fn connections_that_never_read_shut_out_no_other_client() {
    let requests = b"GET /healthz HTTP/1.1\r\nHost: em\r\n\r\n".repeat(1_000);
    while_held(FEW_DESCRIPTORS, |server| {
        let hold = |number| {
            let mut stream = connect_from(&many_strangers(number), server.address);
            stream.set_nonblocking(true).unwrap();
            while stream.write(&requests).is_ok_and(|bytes| bytes > 0) {}
            stream
        };
        (0..MANY_OF_FEW).map(hold).collect::<Vec<_>>()
    });
}

/// Sign-ins over TLS with an incomplete body.
#[test]
fn half_sign_ins_shut_out_no_other_client() {
    let half = b"POST /call/sign-in HTTP/1.1\r\nHost: em\r\nContent-Length: 60\r\n\r\nname=";
    while_held(256, |server| {
        let hold = |number| {
            let mut client = Client::tls_from(&many_strangers(number), server.https);
            client.send(half);
            client
        };
        (0..MANY_OF_FEW * 4).map(hold).collect::<Vec<_>>()
    });
}

fn healthy(client: &mut Client) -> u16 {
    client.exchange(b"GET /healthz HTTP/1.1\r\nHost: em\r\n\r\n").unwrap().status()
}

/// With a low soft limit and a high hard limit, as most systems have, the listener has many permits.
#[test]
fn the_soft_limit_of_descriptors_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -S -n 64 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_sojourn")]);
    let server = Server::run(limited, folder.path(), &[]);
    // 64 descriptors would give the listener eight permits.
    let mut clients: Vec<_> = (0..64).map(|n| server.client_from(&many_strangers(n))).collect();
    for _ in 0..2 {
        for client in &mut clients {
            assert_eq!(healthy(client), 200);
        }
    }
    server.stop();
}

/// Without a free descriptor accepting fails; with one, waiting connections are accepted.
#[test]
fn accepting_goes_on_when_descriptors_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut program = sojourn();
    program.stderr(File::create(&log).unwrap());
    let server = Server::run(program, folder.path(), &[]);
    let process = i32::try_from(server.id()).unwrap();
    let (mut soft, mut hard) = (0, 0);
    let limit = Resource::NOFILE;
    rlimit::prlimit(process, limit, None, Some((&mut soft, &mut hard))).unwrap();
    rlimit::prlimit(process, limit, Some((3, hard)), None).unwrap();
    let mut clients = [server.client(), server.tls_client()];
    let failed = || {
        let text = fs::read_to_string(&log).unwrap();
        text.matches("connections can't be accepted").count()
    };
    support::until("a failed accept is logged", || failed() > 0);
    rlimit::prlimit(process, limit, Some((soft, hard)), None).unwrap();
    for client in &mut clients {
        assert_eq!(healthy(client), 200);
    }
    assert!(failed() <= 2, "the log has at most one line for each listener");
    server.stop();
}
