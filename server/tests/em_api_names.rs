//! Names in another spelling, over a socket: all spellings are one user, phone, profile or application
//! user.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::fmt::Write;

use support::{Server, apply, code, people, refusal, sql};

const PHONE: &str = "SEP001122334455";

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let output = apply(folder.path(), &people(&["john", "jane"], &[PHONE, "SEP2"]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let server = Server::start(folder.path());
    (folder, server)
}

/// The answer to a POST to the EM API, byte for byte.
fn posted(server: &Server, xml: &str) -> String {
    let mut body = "xml=".to_owned();
    for byte in xml.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => body.push(byte.into()),
            byte => write!(body, "%{byte:02X}").unwrap(),
        }
    }
    let request = format!(
        "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em:8080\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    server.client().exchange(request.as_bytes()).unwrap().body
}

fn asked(server: &Server, app: &str, root: &str, xml: &str) -> String {
    let info =
        format!("<appInfo><appID>{app}</appID><appCertificate>emproxy</appCertificate></appInfo>");
    posted(server, &format!("<{root}>{info}{xml}</{root}>"))
}

fn login(user: &str, phone: &str, profile: &str) -> String {
    let profile = match profile {
        "" => String::new(),
        name => format!("<deviceProfile>{name}</deviceProfile>"),
    };
    format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID>{profile}</login>")
}

fn is_done(answer: &str) -> bool {
    answer.contains("<success/>")
}

#[test]
fn a_phone_is_queried_in_any_spelling_and_answered_in_the_stored_one() {
    let (_folder, server) = server();
    for asked_as in ["sep001122334455", "SEP00:11:22:33:44:55", "ＳＥＰ0011.2233.4455"] {
        let query =
            format!("<deviceUserQuery><deviceName>{asked_as}</deviceName></deviceUserQuery>");
        let answer = asked(&server, "emproxy", "query", &query);
        assert!(answer.contains("<device name=\"SEP001122334455\">\n<none/>"), "{answer}");
    }
    let query = "<deviceUserQuery><deviceName>sepnone</deviceName></deviceUserQuery>";
    let answer = asked(&server, "emproxy", "query", query);
    assert!(answer.contains("<device name=\"sepnone\">\n<doesNotExist/>"), "{answer}");
}

#[test]
fn a_phone_takes_one_login_in_any_spelling() {
    let (folder, server) = server();
    let login_as =
        |user: &str, phone: &str| asked(&server, "emproxy", "request", &login(user, phone, ""));
    assert!(is_done(&login_as("john", "sep001122334455")));
    assert_eq!(code(&login_as("jane", "SEP00-11-22-33-44-55")), 18);
    assert_eq!(code(&login_as("JOHN", "sep2")), 25);
    let query = "<userDevicesQuery><userID>John</userID></userDevicesQuery>";
    let answer = asked(&server, "emproxy", "query", query);
    assert!(answer.contains("<user id=\"john\">"), "{answer}");
    assert!(answer.contains(PHONE), "{answer}");
    assert_eq!(sql(folder.path(), "SELECT phone FROM logins"), [PHONE]);
    let logout = "<logout><deviceName>Sep001122334455</deviceName></logout>";
    assert!(is_done(&asked(&server, "emproxy", "request", logout)));
    assert_eq!(sql(folder.path(), "SELECT last_user FROM phones ORDER BY name LIMIT 1"), ["john"]);
}

#[test]
fn a_device_profile_is_named_in_any_spelling() {
    let (folder, server) = server();
    for asked_as in ["DESK", "Desk", "ｄｅｓｋ"] {
        let xml = login("john", PHONE, asked_as);
        assert!(is_done(&asked(&server, "emproxy", "request", &xml)), "{asked_as}");
        let logout = format!("<logout><deviceName>{PHONE}</deviceName></logout>");
        assert!(is_done(&asked(&server, "emproxy", "request", &logout)));
    }
    let used = sql(folder.path(), "SELECT DISTINCT profile FROM logins");
    assert_eq!(used, ["desk"]);
}

#[test]
fn an_application_user_is_known_in_any_spelling() {
    let (folder, server) = server();
    for app in ["emproxy", "EMProxy", "ＥＭproxy", "emproxy"] {
        let query = "<checkUser><userID>john</userID></checkUser>";
        assert!(asked(&server, app, "query", query).contains("<user id=\"john\">"), "{app}");
    }
    assert!(is_done(&asked(&server, "EMPROXY", "request", &login("john", PHONE, ""))));
    assert_eq!(sql(folder.path(), "SELECT began_by FROM logins"), ["emproxy"]);
    // A withdrawn right clears the cache for all spellings.
    let change = "[[app_users]]\nid = 'EmProxy'\nproxy = false\n";
    assert!(apply(folder.path(), change).status.success());
    assert_eq!(code(&asked(&server, "emPROXY", "request", &login("jane", "SEP2", ""))), 10);
}

#[test]
fn two_spellings_in_one_file_are_one_error_with_both() {
    let folder = tempfile::tempdir().unwrap();
    for (toml, both) in [
        ("[[phones]]\nname = 'SEP1'\n[[phones]]\nname = 'sep1'\n", ["\"SEP1\"", "\"sep1\""]),
        (
            "[[phones]]\nname = 'SEP001122334455'\n[[phones]]\nname = 'SEP00:11:22:33:44:55'\n",
            ["\"SEP001122334455\"", "\"SEP00:11:22:33:44:55\""],
        ),
        ("[[users]]\nid = 'a'\npin = '1'\n[[users]]\nid = 'A'\npin = '1'\n", ["\"a\"", "\"A\""]),
        (
            "[[app_users]]\nid = 'a'\npassword = '1'\n[[app_users]]\nid = 'A'\npassword = '1'\n",
            ["\"a\"", "\"A\""],
        ),
        ("[[device_profiles]]\nname = 'p'\n[[device_profiles]]\nname = 'P'\n", ["\"p\"", "\"P\""]),
    ] {
        let text = refusal(&apply(folder.path(), toml));
        assert!(both.iter().all(|name| text.contains(name)), "{text}");
        assert!(text.contains("two spellings of one name"), "{text}");
    }
}

#[test]
fn another_spelling_in_a_file_adds_no_row() {
    let (folder, _server) = server();
    let output = apply(folder.path(), "[[phones]]\nname = 'sep2'\ndescription = 'Lobby'\n");
    assert!(output.status.success());
    let phones = sql(folder.path(), "SELECT name || description FROM phones ORDER BY name");
    assert_eq!(phones, [PHONE, "sep2Lobby"]);
}
