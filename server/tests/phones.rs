//! The built program's HTTP interfaces to phones: pushes, the authentication URL and configuration
//! files.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    cell::Cell,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
};

use support::{
    Server, apply, people,
    phone::{FakePhone, get, post},
    refusal, until,
};

const LOBBY: &str = "SEP001122334455";
const DESK: &str = "SEP001122334466";
const SITE: &str = "[site]\npush_user = 'phonepush'\npush_password = 'p:ush & <pull>'\n";

fn apply_well(folder: &tempfile::TempDir, toml: &str) {
    let output = apply(folder.path(), toml);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A server that pushes to `port`, with two phones on this machine.
fn server(port: u16, more: &str) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    apply_well(&folder, &people(&["john"], &[LOBBY, DESK, "SEPNOWHERE"]));
    let addresses = format!(
        "[[phones]]\nname = '{LOBBY}'\naddress = '127.0.0.10'\n\
         [[phones]]\nname = '{DESK}'\naddress = '127.0.0.0/27'\n{SITE}{more}"
    );
    apply_well(&folder, &addresses);
    let server = Server::start_with(folder.path(), &["--phone-push-port", &port.to_string()]);
    (folder, server)
}

#[test]
fn a_phone_gets_a_push_for_each_login_and_log_out() {
    let phone = FakePhone::listen("127.0.0.10");
    let (folder, server) = server(
        phone.port(),
        "[service_parameters]\n'Clear Call Logs on Intra-Cluster EM' = 'True'\n",
    );
    let mut client = server.client();
    client.log_in("john", LOBBY);
    let push = phone.push(&server);
    assert_eq!(push.user_and_password, "phonepush:p:ush & <pull>");
    assert_eq!(push.path, "/CGI/Execute");
    assert!(push.xml.starts_with("<CiscoIPPhoneExecute>"), "{}", push.xml);
    assert!(push.xml.contains("URL=\"Init:CallHistory\""), "{}", push.xml);
    client.log_out(LOBBY);
    assert!(phone.push(&server).xml.contains("URL=\"Init:CallHistory\""));
    // A log-in at the phone's own screen.
    client.screen(&format!("device={LOBBY}&userid=john&seq=12345"));
    assert!(phone.push(&server).xml.contains("Priority=\"1\" URL=\"Init:Services\""));
    // Only the user's own log-out clears the call logs (Clear Call Logs on Intra-Cluster EM); Auto
    // Logout does not.
    support::behavior(folder.path(), "Auto Logout");
    client.log_in("john", "SEPNOWHERE");
    let forced = phone.push(&server).xml;
    assert!(forced.contains("Priority=\"0\" URL=\"Init:Services\""), "{forced}");
    assert!(!forced.contains("CallHistory"), "{forced}");
}

#[test]
fn a_phone_in_a_network_gets_pushes_at_its_last_address() {
    let phone = FakePhone::listen("127.0.0.12");
    let (_folder, server) = server(phone.port(), "");
    // A request from outside the phone's configured network does not change the address of its pushes.
    server.client_from("127.0.0.40").screen(&format!("device={DESK}"));
    server.client_from("127.0.0.12").screen(&format!("device={DESK}"));
    server.client().log_in("john", DESK);
    assert!(phone.push(&server).xml.contains("Init:Services"));
}

#[test]
fn a_phone_without_an_answer_delays_no_login_and_is_tried_again() {
    let silent = TcpListener::bind("127.0.0.10:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let (_folder, server) = server(port, "");
    let mut client = server.client();
    let answer_with = |(mut stream, _): (TcpStream, SocketAddr), body: &str| {
        stream.set_nonblocking(false).unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let length = body.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(head.as_bytes()).unwrap();
    };
    // A login that waits for the phone returns after the last attempt has failed.
    client.log_in("john", LOBBY);
    assert_eq!(server.counter("phone_pushes_failed"), 0);
    // The phone's first answer is an error page, as while it starts; the second is a phone's XML.
    answer_with(silent.accept().unwrap(), "<html>starting</html>");
    answer_with(silent.accept().unwrap(), "<CiscoIPPhoneResponse/>");
    // CiscoIPPhoneError 4 (wrong credentials) counts as a failure without another attempt.
    client.log_out(LOBBY);
    silent.set_nonblocking(true).unwrap();
    let attempts = Cell::new(0);
    until("a push is refused", || {
        while let Ok(accepted) = silent.accept() {
            attempts.set(attempts.get() + 1);
            answer_with(accepted, "<CiscoIPPhoneError Number=\"4\" />");
        }
        server.counter("phone_pushes_failed") > 0
    });
    assert_eq!(attempts.get(), 1);
}

/// The body is exactly `AUTHORIZED` or `UN-AUTHORIZED`.
#[test]
fn the_authentication_url_checks_the_credentials_of_a_push() {
    let (folder, server) = server(1, "");
    let good = "UserID=PhonePush&Password=p%3Aush+%26+%3Cpull%3E&devicename=SEP1";
    let asked = |query: &str| get(&server, &format!("/authenticate?{query}"));
    assert_eq!((asked(good).status(), asked(good).body.as_str()), (200, "AUTHORIZED"));
    assert_eq!(post(&server, "/authenticate", good).body, "AUTHORIZED");
    for bad in
        ["", "UserID=phonepush", "UserID=phonepush&Password=x&devicename=SEP1", "UserID=&Password="]
    {
        assert_eq!(asked(bad).body, "UN-AUTHORIZED", "{bad}");
    }
    // The limit on guesses holds at the authentication URL as at every other endpoint.
    for guess in 0..20 {
        asked(&format!("UserID=phonepush&Password={guess}"));
    }
    assert_eq!(asked(good).body, "UN-AUTHORIZED");
    let elsewhere = |query: &str| {
        let head = format!("GET /authenticate?{query} HTTP/1.1\r\nHost: em\r\n\r\n");
        server.client_from("127.0.0.9").exchange(head.as_bytes()).unwrap().body
    };
    assert_eq!(elsewhere(good), "AUTHORIZED");
    apply_well(&folder, "[site]\npush_user = ''\n");
    until("the push's credentials are refused", || elsewhere(good) == "UN-AUTHORIZED");
}

#[test]
fn the_configuration_of_a_phone_changes_with_the_login() {
    let folder = tempfile::tempdir().unwrap();
    apply_well(&folder, &people(&["john"], &[LOBBY]));
    apply_well(
        &folder,
        &format!(
            "{SITE}call_server = '192.0.2.5:5070'\ntime_zone = 'Asia/Seoul'\n\
         [[phones]]\nname = '{LOBBY}'\naddress = '127.0.0.10'\n\
         lines = [{{ dn = '1001', label = 'Lobby & more', sip_user = 'lobby', sip_password = 'l0bby' }}]\n\
         [[device_profiles]]\nname = 'desk'\nmodel = '8861'\n\
         lines = [{{ dn = '2001', label = 'John', sip_password = 'j0hn' }}]\n\
         speed_dials = [{{ number = '2002', label = 'Jane' }}]\n"
        ),
    );
    let server = Server::start_with(folder.path(), &["--phone-config", "127.0.0.1:0"]);
    let path = format!("/{LOBBY}.cnf.xml");
    let file = |from: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: em.example:6970\r\n\r\n");
        server.client_from(from).exchange(head.as_bytes()).unwrap()
    };
    let own = file("127.0.0.10");
    assert_eq!(own.status(), 200);
    for part in [
        "1001",
        "Lobby &amp; more",
        "l0bby",
        "<processNodeName>192.0.2.5</processNodeName>",
        "5070",
        "/authenticate",
        "/emapp/EMAppServlet?device=#DEVICENAME#&amp;EMCC=#EMCC#",
    ] {
        assert!(own.body.contains(part), "{part}: {}", own.body);
    }
    // Only the phone's own address gets the SIP accounts of its lines.
    assert!(!file("127.0.0.11").body.contains("l0bby"));
    let stamp = |body: &str| {
        let (_, rest) = body.split_once("<versionStamp>").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    assert_eq!(stamp(&own.body), stamp(&file("127.0.0.10").body));
    server.client().log_in("john", LOBBY);
    let johns = file("127.0.0.10").body;
    assert!(johns.contains("2001") && johns.contains("j0hn") && johns.contains("2002"), "{johns}");
    // With its element around it: a port or a version stamp may hold the digits.
    assert!(own.body.contains(">1001<") && !johns.contains(">1001<"), "{johns}");
    assert!(!johns.contains("l0bby"));
    assert_ne!(stamp(&own.body), stamp(&johns));
    server.client().log_out(LOBBY);
    assert_eq!(file("127.0.0.10").body, own.body);

    // Other files that phones of the original request (signatures, trust lists) do not exist.
    for other in ["/SEPFFFFFFFFFFFF.cnf.xml", &format!("{path}.sgn"), "/CTLSEP001122334455.tlv"] {
        assert_eq!(get(&server, other).status(), 404, "{other}");
    }
    assert_eq!(post(&server, &path, "").status(), 405);
}

#[test]
fn configuration_files_have_a_listener_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    apply_well(&folder, &people(&["john"], &[LOBBY]));
    let (server, files) = Server::start_with_phone_config(folder.path());
    let ask = |path: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: em.example:6970\r\n\r\n");
        support::Client::connect(files).exchange(head.as_bytes()).unwrap()
    };
    let file = ask(&format!("/{LOBBY}.cnf.xml"));
    let http = server.address.port();
    assert!(
        file.body.contains(&format!("http://em.example:{http}/emapp/EMAppServlet?")),
        "{}",
        file.body
    );
    for other in ["/", "/emapp/EMAppServlet?device=SEP1", "/service-parameters", "/healthz"] {
        assert_eq!(ask(other).status(), 404, "{other}");
    }
}

#[test]
fn settings_that_phones_cannot_use_are_refused_with_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (toml, problem) in [
        ("[site]\nservice_url = 'ftp://x'\n", "service_url must be an http or https address"),
        ("[site]\ncall_server = 'sip:192.0.2.5/x'\n", "call_server must be HOST or HOST:PORT"),
        ("[site]\npush_user = 'a:b'\n", "push_user has no colon"),
        ("[site]\npush_password = 12345\n", "in quotation marks"),
        ("[site]\ncolour = 'red'\n", "colour"),
        ("[[phones]]\nname = 'SEP1'\naddress = '192.0.2.0/99'\n", "IP address or a network"),
        ("[[users]]\nid = 'x'\npin = '1'\nprimary_extension = '20 01'\n", "no blanks"),
        (
            "[[phones]]\nname = 'SEP1'\nlines = [{ dn = '1', sip_password = 7 }]\n",
            "in quotation marks",
        ),
    ] {
        let said = refusal(&apply(folder.path(), toml));
        assert!(said.contains(problem), "{said}");
    }
}

/// A request that came through a proxy, named or not, does not have the phone's own address.
#[test]
fn a_request_through_a_proxy_gets_no_sip_accounts() {
    let folder = tempfile::tempdir().unwrap();
    apply_well(&folder, &people(&[], &[LOBBY]));
    apply_well(
        &folder,
        &format!(
            "[[phones]]\nname = '{LOBBY}'\naddress = '127.0.0.0/8'\n\
             lines = [{{ dn = '1001', sip_password = 'l0bby' }}]\n"
        ),
    );
    let trusted = ["--trusted-proxies", "127.0.0.1"];
    let server = Server::start_with(folder.path(), &trusted);
    let file = |from: &str, header: &str| {
        let head = format!("GET /{LOBBY}.cnf.xml HTTP/1.1\r\nHost: em\r\n{header}\r\n");
        let answer = server.client_from(from).exchange(head.as_bytes()).unwrap();
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        answer.body
    };
    assert!(file("127.0.0.9", "").contains("l0bby"));
    for (from, header) in [
        ("127.0.0.9", "X-Forwarded-For: 192.0.2.1\r\n"),
        ("127.0.0.9", "Via: 1.1 proxy\r\n"),
        ("127.0.0.1", "X-Forwarded-For: 127.0.0.9\r\n"),
        ("127.0.0.1", "X-Forwarded-For: unknown\r\n"),
    ] {
        assert!(!file(from, header).contains("l0bby"), "{from} {header}");
    }
}
