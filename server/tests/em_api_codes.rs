//! Every error code that can occur, over the wire.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{collections::BTreeSet, fmt::Write, time::Instant};

use support::{Client, Server, WriteLock, apply, code, log_outs, people, sql};
use terms::{ErrorCode, Occurs};

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let mut toml = people(&["john", "jane"], &["SEP1", "SEP2"]);
    toml.push_str("[[phones]]\nname = 'SEPOFF'\nextension_mobility = false\n");
    toml.push_str("[[users]]\nid = 'bare'\npin = '1'\n");
    toml.push_str("[[users]]\nid = 'off'\npin = '1'\nprofiles = ['desk']\nenabled = false\n");
    toml.push_str("[[app_users]]\nid = 'noproxy'\npassword = 'noproxy'\nproxy = false\n");
    assert!(apply(folder.path(), &toml).status.success());
    let server = Server::start(folder.path());
    (folder, server)
}

fn set(folder: &tempfile::TempDir, parameters: &[(&str, &str)]) {
    let mut toml = "[service_parameters]\n".to_owned();
    for (name, value) in parameters {
        writeln!(toml, "'{name}' = '{value}'").unwrap();
    }
    assert!(apply(folder.path(), &toml).status.success());
}

fn login(user: &str, phone: &str) -> String {
    format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID></login>")
}

fn ask(client: &mut Client, xml: &str) -> u16 {
    let root = if xml.contains("Query") || xml.contains("checkUser") { "query" } else { "request" };
    code(&client.ask_as("emproxy", "emproxy", root, xml).unwrap())
}

/// Every code that the table marks as occurring occurs here, except the internal error (0), which has a
/// unit test in the service.
#[test]
fn each_code_of_the_table_occurs() {
    let (folder, server) = server();
    let mut client = server.client();
    let mut seen = BTreeSet::from([0]);
    let mut expect = |number: u16, got: u16| {
        assert_eq!(got, number);
        seen.insert(number);
    };

    expect(1, code(&client.post("xml=<request>").unwrap().body));
    let john = login("john", "SEP1");
    expect(2, code(&client.ask_as("", "emproxy", "request", &john).unwrap()));
    expect(2, code(&client.ask_as("emproxy", "", "request", &john).unwrap()));
    expect(3, code(&client.ask_as("emproxy", "wrong", "request", &john).unwrap()));
    expect(3, code(&client.ask_as("nobody", "emproxy", "request", &john).unwrap()));
    expect(5, code(&client.log_out("SEPOFF").unwrap()));
    expect(8, ask(&mut client, "<dance/>"));
    expect(8, ask(&mut client, "<danceQuery/>"));
    expect(10, code(&client.ask_as("noproxy", "noproxy", "request", &john).unwrap()));
    expect(11, ask(&mut client, &login("john", "SEPNONE")));
    expect(11, code(&client.log_out("SEPNONE").unwrap()));
    let none = "<login><deviceName>SEP1</deviceName><userID>john</userID>\
                <deviceProfile>none</deviceProfile></login>";
    expect(12, ask(&mut client, none));
    expect(12, ask(&mut client, &login("bare", "SEP1")));
    expect(19, code(&client.log_out("SEP1").unwrap()));
    expect(22, ask(&mut client, &login("john", "SEPOFF")));
    expect(23, ask(&mut client, &login("nobody", "SEP1")));
    expect(23, ask(&mut client, &login("off", "SEP1")));
    assert!(client.log_in("john", "SEP1").unwrap().contains("<success/>"));
    expect(18, ask(&mut client, &login("jane", "SEP1")));
    expect(25, ask(&mut client, &login("john", "SEP2")));

    set(&folder, &[("Validate IP Address", "True")]);
    expect(28, code(&client.log_out("SEP1").unwrap()));
    let via = "<logout><deviceName>SEP1</deviceName><isViaHeaderSet>true</isViaHeaderSet></logout>";
    expect(30, ask(&mut client, via));
    set(&folder, &[("Validate IP Address", "False"), ("Maximum Concurrent Requests", "1")]);
    expect(26, busy(&folder, &server));

    // Unreadable rows: an application user's password hash (9), and a user's profiles (4).
    sql(folder.path(), "UPDATE app_users SET password_hash = 'x' WHERE id = 'noproxy'");
    expect(9, code(&client.ask_as("noproxy", "noproxy", "request", &john).unwrap()));
    sql(folder.path(), "UPDATE users SET profiles = '[1]' WHERE id = 'jane'");
    expect(4, ask(&mut client, &login("jane", "SEP2")));
    expect(6, full(&folder, server));

    let here = |code: &&ErrorCode| code.occurs() == Occurs::Here;
    let table: BTreeSet<u16> =
        ErrorCode::ALL.iter().filter(here).map(|code| code.number()).collect();
    assert_eq!(seen, table);
}

/// Two requests at a limit of one, while the database's write lock is held: one waits in vain.
fn busy(folder: &tempfile::TempDir, server: &Server) -> u16 {
    // The server reads the new limit with this request.
    assert_eq!(code(&server.client().log_out("SEP2").unwrap()), 19);
    let lock = WriteLock::take(folder.path());
    let codes = log_outs(server, "SEP2", 2);
    let busy = codes.recv().unwrap();
    drop(lock);
    assert_eq!(codes.recv(), Ok(19));
    assert_eq!(server.counter("em_requests_throttled"), 1);
    assert_eq!(server.counter("em_logins_successful"), 1);
    busy
}

/// A full database: the write fails with code 6, reads go on, and writes recover without a restart.
fn full(folder: &tempfile::TempDir, server: Server) -> u16 {
    server.stop();
    sql(folder.path(), "UPDATE users SET profiles = '[\"desk\"]' WHERE id = 'jane'");
    set(folder, &[("Maximum Concurrent Requests", "15")]);
    let server = Server::start_with(folder.path(), &["--max-database-mib", "1"]);
    let mut client = server.client();
    let mut number = 0;
    let refused = loop {
        number += 1;
        assert!(number < 100_000, "the database does not fill");
        let answer = if number % 2 == 1 {
            client.log_in("jane", "SEP2").unwrap()
        } else {
            client.log_out("SEP2").unwrap()
        };
        if answer.contains("<error") {
            break code(&answer);
        }
    };
    let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
    let read = client.ask_as("emproxy", "emproxy", "query", query).unwrap();
    assert!(read.contains("<deviceName>SEP1</deviceName>"), "{read}");
    // Deleted rows free pages, and the next write succeeds.
    sql(folder.path(), "DELETE FROM events");
    let back = if number % 2 == 1 {
        client.log_in("jane", "SEP2").unwrap()
    } else {
        client.log_out("SEP2").unwrap()
    };
    assert!(back.contains("<success/>"), "{back}");
    refused
}

/// A request with two faults gets the code that comes first in this order:
/// 1 · 3, 10 · 28, 30 · 26 · 11 · 22 · 23 · 12 · 18 · 25.
#[test]
fn the_first_refusal_of_the_order_is_answered() {
    let (folder, server) = server();
    let mut client = server.client();
    let mut as_user = |id: &str, password: &str, xml: &str| {
        code(&client.ask_as(id, password, "request", xml).unwrap())
    };
    set(&folder, &[("Validate IP Address", "True")]);
    // Wrong password with an unknown operation; no proxy right with an untrusted address.
    assert_eq!(as_user("emproxy", "wrong", "<dance/>"), 3);
    assert_eq!(as_user("noproxy", "noproxy", &login("john", "SEPNONE")), 10);
    // Untrusted address with an unknown phone, user or profile.
    assert_eq!(as_user("emproxy", "emproxy", &login("nobody", "SEPNONE")), 28);
    assert_eq!(as_user("emproxy", "emproxy", "<logoutAll/>"), 28);
    let via = "<login><deviceName>SEPNONE</deviceName><userID>nobody</userID>\
               <isViaHeaderSet>true</isViaHeaderSet></login>";
    assert_eq!(as_user("emproxy", "emproxy", via), 30);
    set(&folder, &[("Validate IP Address", "False")]);
    assert_eq!(as_user("emproxy", "emproxy", &login("nobody", "SEPNONE")), 11);
    assert_eq!(as_user("emproxy", "emproxy", &login("nobody", "SEPOFF")), 22);
    assert_eq!(as_user("emproxy", "emproxy", &login("nobody", "SEP1")), 23);
    let mut client = server.client();
    client.log_in("john", "SEP1").unwrap();
    let other = "<login><deviceName>SEP1</deviceName><userID>john</userID>\
                 <deviceProfile>none</deviceProfile></login>";
    assert_eq!(ask(&mut client, other), 12);
    assert_eq!(ask(&mut client, &login("john", "SEP1")), 18);
}

/// The first of many refusals is an event at once; the others follow when no more come, or at the stop.
#[test]
fn refusals_become_events_soon_and_at_the_stop() {
    const TIMES: &str = "SELECT CAST(coalesce(sum(body ->> 'times'), 0) AS TEXT) FROM events
                          WHERE body ->> 'event' = 'refused'";
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    let log_out = |times: usize| {
        assert!(
            support::log_outs(&server, "SEP1", times).iter().take(times).all(|code| code == 19)
        );
    };
    log_out(60);
    support::until("all are written down", || sql(folder.path(), TIMES) == ["60"]);
    log_out(20);
    server.stop();
    assert_eq!(sql(folder.path(), TIMES), ["80"]);
}

/// Repeated log-ins at an unknown phone: each request is counted, in few rows and few events.
#[test]
fn a_client_in_a_loop_makes_one_row_a_minute_and_few_events() {
    const REQUESTS: usize = 2_000;
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    let begun = Instant::now();
    let mut client = server.client();
    for number in 0..REQUESTS {
        let phone = if number % 2 == 0 { "SEP404" } else { "sep404" };
        assert_eq!(code(&client.log_in("JOHN", phone).unwrap()), 11);
    }
    let minutes = begun.elapsed().as_secs() / 60 + 2;
    server.stop();
    let of = |select: &'static str| sql(folder.path(), select)[0].parse::<u64>().unwrap();
    let times = "SELECT CAST(sum(times) AS TEXT) FROM refusals
                  WHERE code = 11 AND user = 'john' AND by_name = 'emproxy'";
    assert_eq!(of(times), REQUESTS as u64);
    assert!(of("SELECT CAST(count(*) AS TEXT) FROM refusals") <= minutes);
    let events = "SELECT CAST(count(*) AS TEXT) FROM events WHERE body ->> 'event' = 'refused'";
    assert!(
        of(events) <= 10 * minutes,
        "at most ten events a minute: three at once, then one each ten seconds"
    );
    assert_eq!(of("SELECT CAST(count(*) AS TEXT) FROM audit WHERE action LIKE 'log_%'"), 0);
}
