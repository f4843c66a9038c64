//! The idle URL in the configuration files of phones, and what happens when a phone asks for it.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{
    Answer, Server, apply,
    clusters::{self, Clusters},
    people,
    phone::get,
    sql, until,
};

const LOBBY: &str = "SEP001122334455";
const DESK: &str = "SEP001122334466";

/// A server with a phone on this machine whose users are logged out after half an hour without use, and a phone
/// whose users never are.
fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let idle = format!(
        "[cluster]\nidle_minutes = 30\n[[phones]]\nname = '{LOBBY}'\naddress = '127.0.0.10'\n\
         [[phones]]\nname = '{DESK}'\naddress = '127.0.0.10'\nidle_minutes = 0\n"
    );
    for toml in [people(&["john"], &[LOBBY, DESK]), idle] {
        let output = apply(folder.path(), &toml);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let server = Server::start(folder.path());
    (folder, server)
}

fn file(server: &Server, from: &str, phone: &str) -> String {
    let head = format!("GET /{phone}.cnf.xml HTTP/1.1\r\nHost: em\r\n\r\n");
    let answer: Answer = server.client_from(from).exchange(head.as_bytes()).unwrap();
    answer.body
}

/// The path of the idle URL in a phone's file.
fn idle_path(file: &str) -> String {
    let url = file.split("<idleURL>").nth(1).unwrap().split("</idleURL>").next().unwrap();
    let after = url.strip_prefix("http://em:").unwrap();
    after[after.find('/').unwrap()..].replace("&amp;", "&")
}

#[test]
fn only_the_phone_itself_gets_its_idle_url() {
    let (folder, server) = server();
    let own = file(&server, "127.0.0.10", LOBBY);
    assert!(own.contains("<idleTimeout>1800</idleTimeout>"), "{own}");
    let start = format!("/idle?device={LOBBY}&minutes=30&secret=");
    assert!(idle_path(&own).starts_with(&start), "{own}");
    for (from, phone) in [("127.0.0.11", LOBBY), ("127.0.0.10", DESK)] {
        let other = file(&server, from, phone);
        assert!(other.contains("<idleTimeout>0</idleTimeout>"), "{from} {phone}: {other}");
        assert!(other.contains("<idleURL></idleURL>"), "{from} {phone}: {other}");
    }
    // The address stays the same over a restart: phones read their files rarely.
    server.stop();
    let server = Server::start(folder.path());
    assert_eq!(idle_path(&file(&server, "127.0.0.10", LOBBY)), idle_path(&own));
}

#[test]
fn a_phone_that_shows_its_secret_logs_its_user_out() {
    let (folder, server) = server();
    server.client().log_in("john", LOBBY).unwrap();
    let path = idle_path(&file(&server, "127.0.0.10", LOBBY));
    let wrong = format!("/idle?device={LOBBY}&minutes=30&secret=0");
    let other = path.replace(LOBBY, DESK);
    let sooner = path.replace("minutes=30", "minutes=29");
    for refused in [&wrong, &other, &sooner, "/idle", "/idle?device="] {
        assert_eq!(get(&server, refused).status(), 403, "{refused}");
    }
    // The login is younger than the time without use.
    assert_eq!(get(&server, &path).status(), 200);
    assert_eq!(server.client().user_at(LOBBY).as_deref(), Some("john"));
    sql(folder.path(), "UPDATE logins SET from_ms = from_ms - 1800001");
    let answer = get(&server, &path);
    assert!(answer.body.contains("URL=\"Init:Services\""), "{}", answer.body);
    until("the user is logged out", || server.client().user_at(LOBBY).is_none());
    assert_eq!(sql(folder.path(), "SELECT cause || ended_by_kind FROM logins"), ["idlesystem"]);
}

/// The visiting cluster's setting counts: the phone is its own. Both clusters end the stay.
#[test]
fn a_visitor_is_logged_out_of_an_idle_phone() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    let phone = clusters::LOBBY;
    seoul.apply(&format!(
        "[cluster]\nidle_minutes = 30\n[[phones]]\nname = '{phone}'\naddress = '127.0.0.10'\n"
    ));
    assert_eq!(seoul.log_in("rak", "12345", phone), "Login successful: rak");
    clusters.agree(&[phone]);
    let path = || idle_path(&file(seoul.server(), "127.0.0.10", phone));
    sql(seoul.folder.path(), "UPDATE logins SET from_ms = from_ms - 1800001");
    assert_eq!(get(seoul.server(), &path()).status(), 200);
    clusters.agree(&[]);
    let causes = |node: &clusters::Node| sql(node.folder.path(), "SELECT cause FROM logins");
    assert_eq!(causes(seoul), ["idle"]);
    assert_eq!(causes(busan), ["idle"]);
}
