//! Guesses at passwords and PINs, at the built program, from other loopback addresses.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    io::Write,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use support::{Client, Server, apply, code, people, phone::get, sojourn, sql, until};

const HERE: &str = "127.0.0.1";
const ELSEWHERE: &str = "127.0.0.2";
/// The longest time for an answer during a flood of guesses.
const ANSWER_SECONDS: u64 = 10;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let toml = people(&["john", "jane"], &["SEP1", "SEP2"]);
    assert!(apply(folder.path(), &toml).status.success());
    folder
}

fn add_administrator(data_dir: &Path, name: &str, password: &str) {
    let mut add = sojourn()
        .args(["admin", "add", name, "--data-dir"])
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
}

/// Signs in to the console; the answer, `null` for success.
fn sign_in(server: &Server, from: &str, name: &str, password: &str) -> String {
    let body = format!("name={name}&password={password}");
    let request = format!(
        "POST /call/sign-in HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    server.client_from(from).exchange(request.as_bytes()).unwrap().body
}

fn query(client: &mut Client, id: &str, secret: &str) -> String {
    let xml = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
    client.ask_as(id, secret, "query", xml).unwrap()
}

/// Whether the request was authenticated: the answer says that no user is at the phone.
fn is_answered(answer: &str) -> bool {
    answer.contains("<none/>")
}

fn is_locked(answer: &str) -> bool {
    answer.contains("\"Wait\":")
}

#[test]
fn guesses_from_elsewhere_do_not_lock_out_an_administrator_even_after_a_restart() {
    let folder = folder();
    add_administrator(folder.path(), "kim", "correct horse");
    let server = Server::start(folder.path());
    assert_eq!(sign_in(&server, HERE, "kim", "correct horse"), "null");
    // Three wrong passwords from one source cost no delay, and twenty in all lock the name for sources
    // that have not signed in.
    for guess in 0..21 {
        sign_in(&server, &format!("127.0.1.{}", guess / 3), "KIM", &format!("guess-{guess}"));
    }
    assert!(is_locked(&sign_in(&server, "127.0.2.1", "kim", "correct horse")));
    assert_eq!(sign_in(&server, HERE, "kim", "correct horse"), "null");
    server.stop();
    let server = Server::start(folder.path());
    let stranger = sign_in(&server, "127.0.2.1", "kim", "correct horse");
    let (_, seconds) = stranger.split_once("\"Wait\":").unwrap();
    let seconds: u32 = seconds.trim_end_matches('}').parse().unwrap();
    assert!(seconds <= 600, "a lock lasts ten minutes: {seconds}");
    assert_eq!(sign_in(&server, HERE, "kim", "correct horse"), "null");
    let audit = "SELECT actor || ' ' || detail FROM audit WHERE action = 'lock_password'";
    until("the lock is in the audit", || {
        let rows = sql(folder.path(), audit);
        rows.first().is_some_and(|row| row.starts_with("kim 20 wrong passwords, for 10 minutes"))
    });
}

#[test]
fn a_sign_in_with_ones_own_account_resets_no_other_accounts_guesses() {
    let folder = folder();
    add_administrator(folder.path(), "kim", "correct horse");
    add_administrator(folder.path(), "vera", "another horse");
    let server = Server::start(folder.path());
    let mut wrong = 0;
    for guess in 0..30 {
        let answer = sign_in(&server, HERE, "kim", &format!("guess-{guess}"));
        wrong += usize::from(answer.contains("Wrong"));
        if guess % 3 == 0 {
            assert_eq!(sign_in(&server, HERE, "vera", "another horse"), "null");
        }
    }
    assert!(wrong < 10, "{wrong} guesses were checked without a delay");
}

#[test]
fn wrong_pins_lock_the_user_for_their_source_even_after_a_restart() {
    let folder = folder();
    let server = Server::start(folder.path());
    assert!(is_answered(&query(&mut server.client(), "john", "12345")));
    let mut stranger = server.client_from(ELSEWHERE);
    for pin in ["1", "2", "3", "4", "5", "12345"] {
        assert_eq!(code(&query(&mut stranger, "john", pin)), 3);
    }
    assert!(is_answered(&query(&mut server.client(), "john", "12345")));
    server.stop();
    let server = Server::start(folder.path());
    assert_eq!(code(&query(&mut server.client_from(ELSEWHERE), "john", "12345")), 3);
    assert!(is_answered(&query(&mut server.client(), "john", "12345")));
    let audit = "SELECT actor || ' ' || address || ' ' || subject || ' ' || detail FROM audit
                  WHERE action = 'lock_pin'";
    let expected = "john 127.0.0.2 user john 5 wrong PINs, for 30 minutes, at 127.0.0.2";
    until("the lock is in the audit", || sql(folder.path(), audit) == [expected]);
}

#[test]
fn guesses_at_an_application_password_are_delayed() {
    let folder = folder();
    let server = Server::start(folder.path());
    let mut stranger = server.client_from(ELSEWHERE);
    let guesses = (0..200).map(|guess| query(&mut stranger, "emproxy", &format!("guess-{guess}")));
    let checked = guesses.filter(|answer| code(answer) == 3).count();
    assert!((10..=20).contains(&checked), "{checked} of 200 guesses were checked");
    assert!(is_answered(&query(&mut server.client(), "emproxy", "emproxy")));
}

/// 150 connections that send guesses, as `secret` gives them, until `is_over`.
fn flood<'a>(
    scope: &'a std::thread::Scope<'a, '_>,
    server: &'a Server,
    is_over: &'a AtomicBool,
    sent: &'a AtomicUsize,
    secret: fn(usize) -> (String, String),
) {
    for _ in 0..150 {
        scope.spawn(move || {
            let mut client = server.client_from(ELSEWHERE);
            while !is_over.load(Ordering::Relaxed) {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                let (id, secret) = secret(number);
                assert!(matches!(code(&query(&mut client, &id, &secret)), 3 | 26));
            }
        });
    }
}

fn others_are_answered(secret: fn(usize) -> (String, String)) {
    let folder = folder();
    let server = Server::start(folder.path());
    let (server, is_over, sent) = (&server, &AtomicBool::new(false), &AtomicUsize::new(0));
    assert!(is_answered(&query(&mut server.client_from("127.0.0.3"), "emproxy", "emproxy")));
    std::thread::scope(|scope| {
        flood(scope, server, is_over, sent, secret);
        until("the flood has begun", || sent.load(Ordering::Relaxed) > 300);
        let asked = |from: &str, id: &str, secret: &str| {
            let begun = Instant::now();
            let answer = query(&mut server.client_from(from), id, secret);
            (answer, begun.elapsed())
        };
        let answers = [
            asked(HERE, "emproxy", "emproxy"),
            asked("127.0.0.3", "emproxy", "emproxy"),
            asked(HERE, "john", "12345"),
            asked("127.0.0.4", "john", "12345"),
        ];
        is_over.store(true, Ordering::Relaxed);
        for (answer, took) in answers {
            assert!(is_answered(&answer), "{answer}");
            assert!(took < Duration::from_secs(ANSWER_SECONDS), "{took:?}");
        }
    });
}

#[test]
fn one_client_with_a_wrong_password_locks_out_no_other_client() {
    others_are_answered(|_| ("emproxy".to_owned(), "wrong".to_owned()));
}

#[test]
fn one_client_with_many_names_locks_out_no_other_client() {
    others_are_answered(|number| (format!("nobody{number}"), "wrong".to_owned()));
}

#[test]
fn a_flood_at_the_em_api_does_not_delay_a_console_sign_in() {
    let folder = folder();
    add_administrator(folder.path(), "kim", "correct horse");
    let server = Server::start(folder.path());
    let (server, is_over, sent) = (&server, &AtomicBool::new(false), &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        flood(scope, server, is_over, sent, |number| (format!("{number}"), "x".to_owned()));
        until("the flood has begun", || sent.load(Ordering::Relaxed) > 300);
        let begun = Instant::now();
        let answer = sign_in(server, HERE, "kim", "correct horse");
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(answer, "null");
        assert!(begun.elapsed() < Duration::from_secs(ANSWER_SECONDS));
    });
}

/// Wrong log-ins by unknown number and requests of a push user do not reset the counts of a user or
/// application user of the same name.
#[test]
fn a_lock_holds_beside_other_requests_of_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let site = "[site]\npush_user = 'phonepush'\npush_password = 'push'\n";
    assert!(apply(folder.path(), site).status.success());
    let server = Server::start(folder.path());
    let log_in = |kind: &str, pin: &str| {
        let query = format!("device=SEP1&userid=john&seq={pin}&loginType={kind}");
        server.client().phone(&query).body.contains("(201)")
    };
    for kind in ["UID", "DN", "UID", "SP", "UID", "UID", "DN", "UID"] {
        assert!(log_in(kind, "99999"), "{kind}");
    }
    // Five wrong PINs of the user id lock it, however many log-ins by number are in between.
    assert!(log_in("UID", "12345"));
    assert!(log_in("DN", "12345"));
    assert!(log_in("UID", "12345"));

    let guess = |id: &str, password: &str| {
        let xml = "<deviceUserQuery><deviceName>SEP1</deviceName></deviceUserQuery>";
        server.client().ask_as(id, password, "query", xml).unwrap()
    };
    let authenticate =
        |user: &str| get(&server, &format!("/authenticate?UserID={user}&Password=x&devicename=S"));
    // Ten wrong passwords cost no delay; the delay of later ones survives requests at another endpoint.
    for _ in 0..11 {
        guess("emproxy", "wrong");
        assert_eq!(authenticate("emproxy").body, "UN-AUTHORIZED");
    }
    assert_eq!(code(&guess("emproxy", "emproxy")), 26);
}
