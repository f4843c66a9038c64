//! A server that is down when the clock reaches the time at which all users are logged out.

mod support;

use support::{Server, apply, clusters::set_clock, people, sojourn, sql, until};

const LOBBY: &str = "SEP001122334455";
const DESK: &str = "SEP001122334466";

/// 22:00 in Seoul is 13:00 UTC.
const RULES: &str = "[site]\ntime_zone = 'Asia/Seoul'\n[cluster]\nlog_out_at = '22:00'\n";

fn server_at(folder: &tempfile::TempDir, clock: &str) -> Server {
    let mut program = sojourn();
    program.env("TZ", "UTC");
    set_clock(&mut program, clock);
    Server::run(program, folder.path(), &[])
}

#[test]
fn a_time_that_passes_between_two_starts_logs_out_once() {
    let folder = tempfile::tempdir().unwrap();
    for toml in [&people(&["john", "jane"], &[LOBBY, DESK]), RULES] {
        assert!(apply(folder.path(), toml).status.success());
    }
    let before = server_at(&folder, "@2040-05-01 12:00:00");
    before.client().log_in("john", LOBBY).unwrap();
    before.stop();
    let after = server_at(&folder, "@2040-05-01 13:10:00");
    until("john is logged out", || after.client().user_at(LOBBY).is_none());
    after.client().log_in("jane", DESK).unwrap();
    after.stop();
    let causes = "SELECT user || ' ' || ifnull(cause, 'open') FROM logins ORDER BY from_ms";
    assert_eq!(sql(folder.path(), causes), ["john clock_time", "jane open"]);
    // A third start on the same day logs nobody out; the next day does.
    let later = server_at(&folder, "@2040-05-01 15:00:00");
    later.client().log_in("john", LOBBY).unwrap();
    later.stop();
    assert_eq!(sql(folder.path(), causes), ["john clock_time", "jane open", "john open"]);
    let next = server_at(&folder, "@2040-05-02 13:00:30");
    until("all are logged out", || {
        [LOBBY, DESK].iter().all(|phone| next.client().user_at(phone).is_none())
    });
    let ended = ["john clock_time", "jane clock_time", "john clock_time"];
    assert_eq!(sql(folder.path(), causes), ended);
}
