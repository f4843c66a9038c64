//! The trace of the built program: every request in the original's form, without secrets.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod support;

use std::{fs, path::Path};

use support::{Server, apply, behavior, code, people, sojourn, sql, until};
use wire::trace::{Level, Shape, records};

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1", "SEP2"])).status.success());
    let own = "[[users]]\nid = 'john'\nmax_login_minutes = 600\n";
    assert!(apply(folder.path(), own).status.success());
    let server = Server::start(folder.path());
    (folder, server)
}

fn trace(folder: &Path) -> String {
    fs::read_to_string(folder.join("trace/emservice.log")).unwrap()
}

/// The shapes of the records of one request, in order.
fn shapes(text: &str, request: u64) -> Vec<Shape> {
    let number = request.to_string();
    let mut thread = None;
    let mut shapes = Vec::new();
    for record in records(text) {
        let meaning = record.meaning.unwrap_or_else(|| panic!("not understood: {}", record.text));
        let numbered = meaning.value("request");
        if numbered == Some(number.as_str()) {
            thread = Some(meaning.thread);
        } else if numbered.is_some() {
            thread = None;
        }
        if thread == Some(meaning.thread) {
            shapes.push(meaning.shape);
        }
    }
    shapes
}

#[test]
fn a_login_and_a_logout_are_traced_step_by_step() {
    let (folder, server) = server();
    let mut client = server.client();
    client.log_in("john", "SEP1").unwrap();
    client.log_out("SEP1").unwrap();
    server.stop();
    let text = trace(folder.path());
    assert_eq!(
        shapes(&text, 1),
        [
            Shape::RequestNumber,
            Shape::ViaHeader,
            Shape::OsHost,
            Shape::LoginLogout,
            Shape::Received,
            Shape::Parsing,
            Shape::Request,
            Shape::UserProfile,
            Shape::Parsed,
            Shape::RemoteAddress,
            Shape::CredentialCache,
            Shape::Authenticated,
            Shape::ExecutingLogin,
            Shape::GetDevice,
            Shape::DeviceReturned,
            Shape::LoginTime,
            Shape::NobodyLoggedIn,
            Shape::ComputeDuration,
            Shape::MaxLoginTime,
            Shape::EffectiveDuration,
            Shape::SendingLogin,
            Shape::DeviceLogin,
            Shape::DeviceLoginReturned,
            Shape::ScheduleLogout,
            Shape::SetLogout,
            Shape::LoginSuccessful,
            Shape::Answer,
        ]
    );
    let logout = shapes(&text, 2);
    assert!(logout.contains(&Shape::CredentialCached), "{logout:?}");
    assert!(logout.ends_with(&[
        Shape::ExecutingLogout,
        Shape::SendingLogout,
        Shape::RemoveLogout,
        Shape::DeviceLogoutReturned,
        Shape::LogoutSuccessful,
        Shape::Answer,
    ]));
    assert!(text.contains("Effective Login Duration :36000 seconds"));
    assert!(
        text.contains("1: LogoutScheduler.setLogout(): Dev: SEP1- Set logout for 36000 seconds")
    );
    assert!(text.contains("[http-bio-8080-exec-1"));
    assert!(text.contains("2: DBRequestor.logout: Dev: SEP1- deviceLogout returned"));
}

/// The trace gives the names of elements, never their content.
#[test]
fn error_1_has_its_reason_in_the_trace_and_in_the_refusal() {
    let (folder, server) = server();
    let mut client = server.client();
    let info = "<appInfo><appID>emproxy</appID><appCertificate>s3cret</appCertificate></appInfo>";
    let login = |rest: &str| {
        let login = format!("<deviceName>SEP1</deviceName><userID>john</userID>{rest}");
        format!("<request>{info}<login>{login}</login></request>")
    };
    let time =
        |time: &str| login(&format!("<exclusiveDuration><time>{time}</time></exclusiveDuration>"));
    let asked = [
        (time("10081"), "time is more than 10080 minutes"),
        (time("soon"), "time is not a whole number of minutes"),
        (login("").replace("userID", "userId"), "login has no userID"),
        (login("").replace("SEP1", "SEP&#9;1"), "deviceName has a control character"),
        (
            login("").replace("s3cret", "s3cret<s3cret"),
            "not well-formed, a name has a character that names do not have",
        ),
        (login("<a b/>"), "not well-formed, an attribute has no value"),
        (format!("<!DOCTYPE a []>{}", login("")), "the document type has an internal subset"),
    ];
    for (xml, _) in &asked {
        let answer = client.post(&format!("xml={xml}")).unwrap().body;
        assert!(answer.contains("<error code=\"1\">Error on Parsing</error>"), "{answer}");
    }
    server.stop();
    let text = trace(folder.path());
    for (number, (_, why)) in asked.iter().enumerate() {
        let request = number + 1;
        let record = format!(
            "{request}: LoginService: Dev: - Error# 1-com.cisco.emservice.MyException: \
             Error on Parsing: {why}\n"
        );
        assert!(text.contains(&record), "{record}{text}");
        assert!(shapes(&text, request as u64).ends_with(&[Shape::LoginError, Shape::Answer]));
    }
    assert!(!text.contains("s3cret"));
    // A refusal's row of a minute holds the reason of its last request.
    let whys = sql(folder.path(), "SELECT why FROM refusals WHERE code = 1 ORDER BY minute");
    let last = r#"{"why":"internal_subset"}"#;
    assert_eq!(whys.last().map(String::as_str), Some(last), "{whys:?}");
}

#[test]
fn queries_are_traced_with_answer_and_time() {
    let (folder, server) = server();
    let mut client = server.tls_client();
    client.user_at("SEP1");
    let query = "<checkUser><userID>john</userID></checkUser>";
    client.ask_as("emproxy", "emproxy", "query", query).unwrap();
    client.ask_as("emproxy", "wrong", "query", query).unwrap();
    server.stop();
    let text = trace(folder.path());
    let device = shapes(&text, 1);
    assert!(device.ends_with(&[
        Shape::QueryingUser,
        Shape::DeviceObject,
        Shape::GettingDevice,
        Shape::GotDevice,
        Shape::DeviceLoggedOut,
        Shape::InfoUser,
        Shape::InfoLastUser,
        Shape::QueryComplete,
        Shape::QueryAnswer,
        Shape::QueryTime,
    ]));
    let user = [Shape::CheckUser, Shape::IsLocalUser, Shape::IsLocalUserReturned];
    assert!(shapes(&text, 2).windows(3).any(|window| window == user));
    assert!(shapes(&text, 3).contains(&Shape::QueryFailed));
    assert!(text.contains("[http-bio-8443-exec-1"));
}

/// A log-in or query repeated because the configuration's version has changed is traced once.
#[test]
fn a_repeated_request_is_traced_once() {
    let (folder, server) = server();
    let mut client = server.client();
    client.log_in("john", "SEP1").unwrap();
    behavior(folder.path(), "Auto Logout");
    client.log_in("john", "SEP2").unwrap();
    behavior(folder.path(), "Multiple Logins Allowed");
    client.user_at("SEP2");
    server.stop();
    let text = trace(folder.path());
    let (login, query) = (shapes(&text, 2), shapes(&text, 3));
    for once in [Shape::CredentialCache, Shape::Authenticated, Shape::ExecutingLogin] {
        assert_eq!(login.iter().filter(|shape| **shape == once).count(), 1, "{login:?}");
    }
    assert_eq!(
        query.iter().filter(|shape| **shape == Shape::GettingDevice).count(),
        1,
        "{query:?}"
    );
}

#[test]
fn auto_logout_traces_the_ended_logins() {
    let (folder, server) = server();
    behavior(folder.path(), "Auto Logout");
    let mut client = server.client();
    client.log_in("john", "SEP1").unwrap();
    client.log_in("john", "SEP2").unwrap();
    server.stop();
    let text = trace(folder.path());
    assert!(text.contains("2: LogoutScheduler.removeLogout(): Dev: SEP1- removed logout"));
    assert!(text.contains("2: DBRequestor.logoutDevName: Dev: SEP1- deviceLogout returned"));
}

#[test]
fn no_secret_and_no_forged_line_reaches_the_trace() {
    let (folder, server) = server();
    let mut client = server.client();
    let forged = "SEP1\n2019-01-26 10:54:45,661 ERROR [x] EMServiceServlet - 1: forged";
    let login = format!(
        "<login><deviceName>{forged}</deviceName><userID>john</userID><pin>s3cret</pin></login>"
    );
    client.ask_as("emproxy", "s3cret", "request", &login).unwrap();
    client.ask_as("emproxy", "emproxy", "request", &login).unwrap();
    client.ask_as("john", "12345", "request", &login).unwrap();
    client
        .ask_as("x\n2019-01-26 10:54:45,661 INFO [x] y - z", "s3cret", "request", &login)
        .unwrap();
    client.post("xml=<request><appCertificate>s3cret").unwrap();
    let query = "<deviceUserQuery><deviceName>a&#10;2019-01-26 10:54:45,661 ERROR [x] EMServiceServlet - \
                 1: forged</deviceName></deviceUserQuery>";
    client.ask_as("emproxy", "emproxy", "query", query).unwrap();
    server.stop();
    let text = trace(folder.path());
    for secret in ["s3cret", "12345", ">emproxy</appCertificate>"] {
        assert!(!text.contains(secret), "{secret}");
    }
    for record in records(&text) {
        let meaning = record.meaning.unwrap_or_else(|| panic!("not understood: {}", record.text));
        assert_ne!(meaning.thread, "x", "{}", record.text);
    }
}

#[test]
fn the_trace_level_leaves_out_lower_levels_and_off_writes_nothing() {
    let (folder, server) = server();
    server.stop();
    fs::remove_file(folder.path().join("trace/emservice.log")).unwrap();
    let server = Server::start_with(folder.path(), &["--trace-level", "info"]);
    server.client().log_in("john", "SEP1").unwrap();
    server.stop();
    let text = trace(folder.path());
    let levels = records(&text).map(|record| record.meaning.unwrap().level);
    assert!(levels.min() == Some(Level::Info));
    fs::remove_file(folder.path().join("trace/emservice.log")).unwrap();
    let server = Server::start_with(folder.path(), &["--trace-level", "OFF"]);
    assert_eq!(code(&server.client().log_in("john", "SEP1").unwrap()), 18);
    server.stop();
    assert_eq!(trace(folder.path()), "");
}

#[test]
fn the_checker_understands_the_founding_documents_traces_and_ours() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/wire/golden/traces");
    let mut files: Vec<_> =
        fs::read_dir(golden).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let check = |files: &[std::path::PathBuf], code| {
        let output = sojourn().args(["trace", "check"]).args(files).output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(check(&files, 0).ends_with("165 of 165 records understood\n"));

    let (folder, server) = server();
    server.client().log_in("john", "SEP1").unwrap();
    until("the trace is not written", || trace(folder.path()).contains("Login Successful"));
    server.stop();
    let file = folder.path().join("trace/emservice.log");
    let said = check(std::slice::from_ref(&file), 0);
    let count = records(&trace(folder.path())).count();
    assert!(said.contains(&format!("{count} of {count} records understood")), "{said}");

    fs::write(&file, "2019-01-26 10:54:45,661 INFO [t] Nobody - says this\n").unwrap();
    let said = check(&[file], 1);
    assert!(said.contains("0 of 1 records understood\n  line 1: 2019-01-26"), "{said}");
    let missing = sojourn().args(["trace", "check", "/no/such/file"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
}
