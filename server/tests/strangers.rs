//! Strangers who take connections, with few descriptors: nobody else is kept out. Strangers come from
//! other addresses of the loopback.

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

/// Where each connection of one stranger comes from.
fn one_stranger(_: usize) -> String {
    STRANGER.to_owned()
}

/// Where the connections of two hundred strangers come from, in turn.
fn many_strangers(connection: usize) -> String {
    format!("127.0.1.{}", connection % 200 + 1)
}

const HALF_A_HEAD: &[u8] = b"POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\n";
const HALF_A_BODY: &[u8] =
    b"POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: 60000\r\n\r\nxml=<";
/// A record of 16 KiB, of which one byte comes.
const HALF_A_HANDSHAKE: &[u8] = b"\x16\x03\x01\x40\x00\x01";
/// Connections of strangers.
const CONNECTIONS: usize = 2_000;
/// Descriptors of which strangers take all without much work, and connections that are more.
const FEW_DESCRIPTORS: u32 = 96;
const MANY_OF_FEW: usize = 60;
/// Within this anybody else has logged in.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

fn office(folder: &Path) {
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

/// One such test at a time has the descriptors of this process.
static DESCRIPTORS: Mutex<()> = Mutex::new(());

/// An office of which strangers have the descriptors; others log in while `hold` holds them, and after.
fn while_held<T>(descriptors: u32, hold: impl FnOnce(&Server) -> T) {
    let _descriptors = DESCRIPTORS.lock().unwrap_or_else(PoisonError::into_inner);
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let folder = tempfile::tempdir().unwrap();
    office(folder.path());
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
fn connections_that_send_nothing_keep_nobody_out() {
    connections_that_send(b"");
}

#[test]
fn connections_that_send_half_a_head_keep_nobody_out() {
    connections_that_send(HALF_A_HEAD);
}

#[test]
fn connections_that_send_half_a_body_keep_nobody_out() {
    connections_that_send(HALF_A_BODY);
}

#[test]
fn connections_that_send_half_a_handshake_keep_nobody_out() {
    connections_that_send(HALF_A_HANDSHAKE);
}

/// Many strangers can take every permit of a listener; their connections give way.
#[test]
fn connections_of_many_strangers_give_way() {
    for bytes in [&b""[..], HALF_A_HEAD, HALF_A_BODY, HALF_A_HANDSHAKE] {
        connections_from_that_send(many_strangers, bytes);
    }
}

/// A request that shows a secret under an id.
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
fn connections_that_guess_an_application_password_keep_nobody_out() {
    connections_that_guess("emproxy");
}

#[test]
fn connections_that_guess_a_pin_keep_nobody_out() {
    connections_that_guess("john");
}

#[test]
fn connections_that_guess_at_a_name_that_nobody_has_keep_nobody_out() {
    connections_that_guess("nobody");
}

/// Many strangers guess, one guess after the other, each under a name of its own. Their guesses wait to
/// be looked at; most connections are there for others all the same.
#[test]
fn guesses_of_many_strangers_keep_nobody_out() {
    while_held(256, |server| {
        // John is known here.
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

/// Strangers who ask and ask, and read nothing of what is answered, until nothing more can be sent.
#[test]
fn connections_that_never_read_keep_nobody_out() {
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

/// Somebody who signs in over TLS, and does not finish.
#[test]
fn half_sign_ins_keep_nobody_out() {
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

/// With a soft limit alone that is low, as most systems set it, there are many permits.
#[test]
fn the_soft_limit_of_descriptors_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -S -n 64 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_sojourn")]);
    let server = Server::run(limited, folder.path(), &[]);
    // With 64 descriptors the listener would have eight permits.
    let mut clients: Vec<_> = (0..64).map(|n| server.client_from(&many_strangers(n))).collect();
    for _ in 0..2 {
        for client in &mut clients {
            assert_eq!(healthy(client), 200);
        }
    }
    server.stop();
}

/// Without a descriptor left nothing can be accepted; with one, those who wait are.
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
    support::until("it fails and says so", || failed() > 0);
    rlimit::prlimit(process, limit, Some((soft, hard)), None).unwrap();
    for client in &mut clients {
        assert_eq!(healthy(client), 200);
    }
    assert!(failed() <= 2, "one line for each listener stands for many");
    server.stop();
}
