//! `logoutAll`: at its answer the job is durable and its first log-outs are done.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{Client, Server, apply, people, sql, until};

const PHONES: usize = 40;

fn filled(rate: u32) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..PHONES).map(|number| format!("SEP{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut toml = format!("[cluster]\nlog_outs_per_second = {rate}\n");
    toml.push_str("[service_parameters]\n'Multiple Login Behavior' = 'Multiple Logins Allowed'\n");
    toml.push_str(&people(&["john"], &names));
    assert!(apply(folder.path(), &toml).status.success());
    let server = Server::start(folder.path());
    let mut client = server.client();
    for name in names {
        assert!(client.log_in("john", name).unwrap().contains("<success/>"));
    }
    (folder, server)
}

fn log_out_all(client: &mut Client) -> String {
    client.ask_as("emproxy", "emproxy", "request", "<logoutAll/>").unwrap()
}

fn open(server: &Server) -> usize {
    let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
    let answer = server.client().ask_as("emproxy", "emproxy", "query", query).unwrap();
    answer.matches("<deviceName>").count()
}

#[test]
fn logout_all_ends_every_login_with_trace_and_history() {
    let (folder, server) = filled(1000);
    assert!(log_out_all(&mut server.client()).contains("<success/>"));
    assert_eq!(open(&server), 0);
    assert_eq!(server.counter("em_logouts_successful"), PHONES as u64);
    let ended = "SELECT CAST(count(*) AS TEXT) FROM logins WHERE cause = 'logout_all'";
    assert_eq!(sql(folder.path(), ended), [PHONES.to_string()]);
    let file = folder.path().join("trace/emservice.log");
    let answered = format!("{}:Request succeeded returning", PHONES + 1);
    until("the trace shows the answer", || {
        std::fs::read_to_string(&file).unwrap().contains(&answered)
    });
    assert!(std::fs::read_to_string(&file).unwrap().contains("<logoutAll/>"));
    // Without open logins the request succeeds at once.
    assert!(log_out_all(&mut server.client()).contains("<success/>"));
}

/// Repeated requests do not raise the rate of log-outs.
#[test]
fn all_requests_share_one_rate() {
    let (_folder, server) = filled(14);
    for _ in 0..3 {
        assert!(log_out_all(&mut server.client()).contains("<success/>"));
    }
    assert!(open(&server) > 0, "three requests have ended more than one second's log-outs");
    until("the rest is logged out", || open(&server) == 0);
}

#[test]
fn an_acknowledged_job_goes_on_after_a_crash() {
    let (folder, server) = filled(5);
    assert!(log_out_all(&mut server.client()).contains("<success/>"));
    let left = open(&server);
    assert!(
        left > 0 && left <= PHONES - 5,
        "{left} logins are open after the first second's log-outs"
    );
    server.kill();
    assert!(apply(folder.path(), "[cluster]\nlog_outs_per_second = 1000\n").status.success());
    let server = Server::start(folder.path());
    until("the rest is logged out", || open(&server) == 0);
}

/// A user who logs in after the request stays logged in.
#[test]
fn a_job_ends_no_login_that_is_newer_than_its_request() {
    let (_folder, server) = filled(5);
    let mut client = server.client();
    assert!(log_out_all(&mut client).contains("<success/>"));
    // The job ends the oldest login first, so SEP0 is free.
    assert!(client.log_in("john", "SEP0").unwrap().contains("<success/>"));
    until("the rest is logged out", || open(&server) == 1);
    // A new connection: the server may have closed the idle one.
    assert_eq!(server.client().user_at("SEP0").as_deref(), Some("john"));
}
