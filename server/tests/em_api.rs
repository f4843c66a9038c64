//! The EM API of the built program, byte for byte, over raw sockets.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{fmt::Write, fs, path::Path, time::Instant};

use support::{Client, PATIENCE, Server, WriteLock, apply, behavior, code, log_outs, people, sql};

fn golden(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/wire/golden/");
    fs::read_to_string(format!("{folder}{name}")).unwrap()
}

/// A server with the users and phones of the golden answers.
fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let users = ["em@example.com", "one", "john"];
    let phones = ["SEP402CF4915265", "SEP402CF4915266", "SEP3", "SEP4"];
    let mut toml = people(&users, &phones);
    toml.push_str("[[phones]]\nname = 'SEPOFF'\nextension_mobility = false\n");
    toml.push_str("[[app_users]]\nid = 'noproxy'\npassword = 'noproxy'\nproxy = false\n");
    assert!(apply(folder.path(), &toml).status.success());
    let server = Server::start(folder.path());
    (folder, server)
}

#[test]
fn answers_are_the_originals_byte_for_byte() {
    for connect in [Server::client, Server::tls_client] {
        let (folder, server) = server();
        let profiles = "[[device_profiles]]\nname = 'one-desk'\n[[device_profiles]]\nname = 'one-lab'\n\
                        [[users]]\nid = 'one'\nprofiles = ['one-desk', 'one-lab']\n";
        assert!(apply(folder.path(), profiles).status.success());
        answers_are_golden(folder.path(), &mut connect(&server));
    }
}

fn answers_are_golden(folder: &Path, client: &mut Client) {
    let query = |client: &mut Client, name: &str, element: &str, values: &[&str]| {
        let asked = values.iter().map(|value| format!("<{element}>{value}</{element}>"));
        let xml = format!("<{name}>{}</{name}>", asked.collect::<String>());
        let info =
            "<appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo>";
        let answer = client.post(&format!("xml=<query>{info}{xml}</query>")).unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.header("content-type").unwrap().starts_with("text/xml"));
        answer.body
    };
    let device =
        |client: &mut Client, name: &str| query(client, "deviceUserQuery", "deviceName", &[name]);
    let (first, second, em) = ("SEP402CF4915265", "SEP402CF4915266", "em%40example.com");
    assert_eq!(device(client, first), golden("device-user-never-used.xml"));
    assert_eq!(device(client, "SEPFFFFFFFFFFFF"), golden("device-user-unknown-phone.xml"));
    assert_eq!(client.log_in(em, first).unwrap(), golden("login-success.xml"));
    assert_eq!(client.log_out(first).unwrap(), golden("login-success.xml"));
    client.log_in("EM@EXAMPLE.com", first).unwrap();
    assert_eq!(client.log_in(em, second).unwrap(), golden("failure-25.xml"));
    assert_eq!(device(client, first), golden("device-user-logged-in.xml"));
    behavior(folder, "Multiple Logins Allowed");
    client.log_in(em, second).unwrap();
    let users = query(client, "userDevicesQuery", "userID", &[em, "one", "nobody"]);
    assert_eq!(users, golden("user-devices.xml"));
    let exist = query(client, "checkUser", "userID", &["one", "nobody"]);
    assert_eq!(exist, golden("check-user.xml"));
    for name in ["deviceProfileQuery", "userDeviceProfileQuery"] {
        let profiles = query(client, name, "userID", &["one", "nobody"]);
        assert_eq!(profiles, golden("device-profiles.xml"));
    }
    // Several phones: answers in the order of the question.
    let several = query(client, "deviceUserQuery", "deviceName", &["SEP3", second, "SEP9"]);
    let children: Vec<_> = several.lines().filter(|line| !line.contains("device")).collect();
    let in_order = [
        "<response>",
        "<none/>",
        "<none/>",
        "<emccDevice>no</emccDevice>",
        "<userID>em%40example.com</userID>",
        "<none/>",
        "<emccDevice>no</emccDevice>",
    ];
    assert!(children.starts_with(&in_order), "{several}");
}

#[test]
fn application_users_authenticate_at_every_request() {
    let (folder, server) = server();
    let mut client = server.client();
    let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
    let login = "<login><deviceName>SEP3</deviceName><userID>john</userID></login>";
    let wrong = client.ask_as("emproxy", "wrong", "request", login).unwrap();
    assert_eq!(wrong, golden("failure-application-user.xml"));
    assert_eq!(code(&client.ask_as("nobody", "emproxy", "query", query).unwrap()), 3);
    assert_eq!(code(&client.ask_as("noproxy", "noproxy", "request", login).unwrap()), 10);
    assert_eq!(client.user_at("SEP3"), None);
    // A verified password is cached, and is refused at the first request after a change.
    for (password, old) in [("second", "emproxy"), ("third", "second")] {
        let toml = format!("[[app_users]]\nid = 'emproxy'\npassword = '{password}'\n");
        assert!(client.ask_as("emproxy", old, "query", query).unwrap().contains("<none/>"));
        assert!(apply(folder.path(), &toml).status.success());
        for (root, xml) in [("request", login), ("query", query)] {
            assert_eq!(code(&client.ask_as("emproxy", old, root, xml).unwrap()), 3);
        }
        assert!(client.ask_as("emproxy", password, "query", query).unwrap().contains("<none/>"));
    }
    // A withdrawn proxy right holds at the next request as well.
    let toml = "[[app_users]]\nid = 'emproxy'\npassword = 'third'\nproxy = false\n";
    assert!(apply(folder.path(), toml).status.success());
    assert_eq!(code(&client.ask_as("emproxy", "third", "request", login).unwrap()), 10);
}

#[test]
fn refusals_have_their_codes() {
    let (_folder, server) = server();
    let mut client = server.client();
    assert_eq!(code(&client.log_in("john", "SEPNONE").unwrap()), 11);
    assert_eq!(code(&client.log_in("john", "SEPOFF").unwrap()), 22);
    assert_eq!(code(&client.log_out("SEPOFF").unwrap()), 5);
    assert_eq!(code(&client.log_in("nobody", "SEP3").unwrap()), 23);
    assert_eq!(code(&client.log_out("SEP3").unwrap()), 19);
    let mut login = |rest: &str| {
        let xml =
            format!("<login><deviceName>SEP3</deviceName><userID>john</userID>{rest}</login>");
        client.ask_as("emproxy", "emproxy", "request", &xml).unwrap()
    };
    assert_eq!(code(&login("<deviceProfile>none</deviceProfile>")), 12);
    let time = |time: &str| format!("<exclusiveDuration><time>{time}</time></exclusiveDuration>");
    assert_eq!(code(&login(&time("soon"))), 1);
    assert_eq!(login(&time("60")), golden("login-success.xml"));
    assert_eq!(code(&login("")), 18);
    let dance = client.ask_as("emproxy", "emproxy", "request", "<dance/>").unwrap();
    assert_eq!(code(&dance), 8);
}

#[test]
fn the_duration_of_a_request_overrides_the_limits() {
    let (folder, server) = server();
    let limits = "[service_parameters]\n'Enforce Intra-cluster Maximum Login Time' = 'True'\n\
                  'Intra-cluster Maximum Login Time' = '2:00'\n\
                  [[users]]\nid = 'one'\nmax_login_minutes = 30\n";
    assert!(apply(folder.path(), limits).status.success());
    let mut client = server.client();
    let mut log_in = |user: &str, duration: &str| {
        let login = format!(
            "<login><deviceName>SEP3</deviceName><userID>{user}</userID>{duration}</login>"
        );
        let answer = client.ask_as("emproxy", "emproxy", "request", &login).unwrap();
        assert_eq!(answer, golden("login-success.xml"));
        let lasts = "SELECT coalesce(CAST((until_ms - from_ms) / 60000 AS TEXT), 'unlimited') \
                     FROM logins WHERE ended_ms IS NULL";
        let lasts = sql(folder.path(), lasts);
        client.log_out("SEP3").unwrap();
        lasts
    };
    let asks = |duration: &str| format!("<exclusiveDuration>{duration}</exclusiveDuration>");
    assert_eq!(log_in("john", ""), ["120"]);
    assert_eq!(log_in("one", ""), ["30"]);
    for user in ["john", "one"] {
        assert_eq!(log_in(user, &asks("<time>60</time>")), ["60"]);
        assert_eq!(log_in(user, &asks("<time>600</time>")), ["600"]);
        assert_eq!(log_in(user, &asks("<indefinite/>")), ["unlimited"]);
        assert_eq!(log_in(user, &asks("<indefinite></indefinite>")), ["unlimited"]);
    }
}

#[test]
fn bad_bodies_get_code_1_and_leave_the_connection_usable() {
    let (_folder, server) = server();
    let mut client = server.client();
    let good = "<request><appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo><logout><deviceName>SEP3</deviceName></logout></request>";
    let bad = [
        String::new(),
        "hello".to_owned(),
        "xml=".to_owned(),
        "xml=<request>".to_owned(),
        format!("xml=<!DOCTYPE a [<!ENTITY b 'c'>]>{good}"),
        format!("xml={}{}", "<a>".repeat(17), "</a>".repeat(17)),
        format!("xml={}", "<a>".repeat(20_000)),
        format!("xml={good}{}", " ".repeat(64 * 1024)),
        format!("xml={}", "a".repeat(512 * 1024)),
    ];
    for body in bad {
        let answer = client.post(&body).unwrap();
        assert_eq!((answer.status(), code(&answer.body)), (200, 1), "{body:.80}");
        // The connection stays usable.
        assert_eq!(code(&client.post(&format!("xml={good}")).unwrap().body), 19);
    }
}

#[test]
fn published_forms_of_requests_are_understood() {
    let (_folder, server) = server();
    let mut client = server.client();
    let encoded = "xml=%3Cquery%3E%3CappInfo%3E%3CappID%3Eemproxy%3C%2FappID%3E%3CappCertificate%3Eemproxy%3C%2FappCertificate%3E%3C%2FappInfo%3E%0A%3CuserDevicesQuery%3E+%3CuserID%3Ejohn%3C%2FuserID%3E%20%3C%2FuserDevicesQuery%3E%3C%2Fquery%3E\n";
    assert!(client.post(encoded).unwrap().body.contains("<none/>"));
    // A chunked body without Content-Length, on the path with two slashes.
    let mut chunks = String::new();
    for chunk in encoded.as_bytes().chunks(50) {
        write!(chunks, "{:x}\r\n{}\r\n", chunk.len(), str::from_utf8(chunk).unwrap()).unwrap();
    }
    let request = format!(
        "POST //emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nTransfer-Encoding: chunked\r\n\
         Authorization: Basic bm86bm8=\r\nAccept: application/json\r\n\r\n{chunks}0\r\n\r\n"
    );
    assert!(client.exchange(request.as_bytes()).unwrap().body.contains("<none/>"));
}

#[test]
fn requests_beyond_maximum_concurrent_requests_wait() {
    let (folder, server) = server();
    let toml = "[service_parameters]\n'Maximum Concurrent Requests' = '1'\n";
    assert!(apply(folder.path(), toml).status.success());
    let codes: Vec<u16> = log_outs(&server, "SEP3", 60).iter().collect();
    assert_eq!(codes, [19; 60]);
}

#[test]
fn a_request_that_waits_too_long_for_a_permit_gets_code_26() {
    let (folder, server) = server();
    let toml = "[service_parameters]\n'Maximum Concurrent Requests' = '1'\n";
    assert!(apply(folder.path(), toml).status.success());
    assert_eq!(code(&server.client().log_out("SEP3").unwrap()), 19);
    let lock = WriteLock::take(folder.path());
    let codes = log_outs(&server, "SEP3", 3);
    assert_eq!((codes.recv(), codes.recv()), (Ok(26), Ok(26)));
    // The third request had the permit.
    drop(lock);
    assert_eq!(codes.recv(), Ok(19));
    assert_eq!(server.counter("em_requests_throttled"), 2);
}

#[test]
fn the_trace_has_the_parameters_at_start_and_on_change_and_error_25() {
    let (folder, server) = server();
    let mut client = server.client();
    client.log_in("john", "SEP3").unwrap();
    assert_eq!(code(&client.log_in("john", "SEP4").unwrap()), 25);
    behavior(folder.path(), "Auto Logout");
    // The next log-in obeys the new behavior.
    let done = client.log_in("john", "SEP4").unwrap();
    assert_eq!(done, golden("login-success.xml"));
    // The running server writes the changed parameters to the trace without a request.
    let file = folder.path().join("trace/emservice.log");
    let begun = Instant::now();
    let changed = "----- End Service Parameters -----\n";
    let has_both = |trace: &str| {
        trace.contains("Multi Login Policy = autoLogout") && trace.matches(changed).count() == 2
    };
    while !fs::read_to_string(&file).is_ok_and(|trace| has_both(&trace)) {
        assert!(begun.elapsed() < PATIENCE, "the trace does not show the change");
        std::thread::yield_now();
    }
    server.stop();
    let trace = fs::read_to_string(&file).unwrap();
    let policies: Vec<&str> = trace
        .lines()
        .filter_map(|line| line.split_once("Multi Login Policy = "))
        .map(|(_, policy)| policy)
        .collect();
    assert_eq!(policies, ["noLogin", "autoLogout"]);
    let violation = "EMServiceServlet          - 2: LoginService: Dev: SEP4- Error# 25-com.cisco.emservice.MyException: Policy Violation: com.cisco.emservice.PolicyValidatorException: Not allowed to log into multiple devices.";
    assert!(trace.contains(violation), "{trace}");
    let answer = format!("2:Request succeeded returning{}", golden("failure-25.xml"));
    assert!(trace.contains(&answer), "{trace}");
    assert!(!trace.contains(">emproxy</appCertificate>"), "the trace has a credential");
}
