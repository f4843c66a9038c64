//! The access rules of the EM API: applications, users and addresses.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{Client, Server, WriteLock, apply, code, people, sql, until};

fn server(more: &str) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let toml = people(&["john", "jane"], &["SEP1", "SEP2"]);
    for toml in [toml.as_str(), more] {
        assert!(apply(folder.path(), toml).status.success());
    }
    let server = Server::start(folder.path());
    (folder, server)
}

fn changed(folder: &tempfile::TempDir, toml: &str) {
    let output = apply(folder.path(), toml);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn login(user: &str, phone: &str) -> String {
    format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID></login>")
}

fn is_done(answer: &str) -> bool {
    answer.contains("<success/>")
}

#[test]
fn a_right_that_is_granted_or_taken_rules_the_next_request() {
    let (folder, server) = server("");
    let mut client = server.client();
    let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
    for proxy in [false, true, false, true] {
        changed(&folder, &format!("[[app_users]]\nid = 'emproxy'\nproxy = {proxy}\n"));
        let answer = client.ask_as("emproxy", "emproxy", "query", query).unwrap();
        assert_eq!(answer.contains("<none/>"), proxy, "{answer}");
        let answer = client.ask_as("emproxy", "emproxy", "request", &login("x", "SEP1")).unwrap();
        assert_eq!(code(&answer), if proxy { 23 } else { 10 });
    }
}

#[test]
fn a_long_name_that_nobody_has_is_cut_in_the_events() {
    let (folder, server) = server("");
    let long = "x".repeat(200);
    let answer = server.client().log_in(&long, &long).unwrap();
    assert_eq!(code(&answer), 11);
    let read = "SELECT body ->> 'user' || ' ' || (body ->> 'phone') FROM events
                WHERE body ->> 'event' = 'refused'";
    until("the refusal is not recorded", || !sql(folder.path(), read).is_empty());
    let cut = format!("{}…", "x".repeat(64));
    assert_eq!(sql(folder.path(), read), [format!("{cut} {cut}")]);
}

#[test]
fn an_application_user_that_is_deleted_is_refused_at_the_next_request() {
    let (folder, server) = server("");
    let mut client = server.client();
    assert!(is_done(&client.log_in("john", "SEP1").unwrap()));
    sql(folder.path(), "DELETE FROM app_users");
    assert_eq!(code(&client.log_out("SEP1").unwrap()), 3);
    let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
    assert_eq!(code(&client.ask_as("emproxy", "emproxy", "query", query).unwrap()), 3);
}

#[test]
fn an_end_user_acts_for_themselves_alone() {
    let (_folder, server) = server("");
    let mut client = server.client();
    let mut john = |root: &str, xml: &str| client.ask_as("John", "12345", root, xml).unwrap();
    let logout = |phone: &str| format!("<logout><deviceName>{phone}</deviceName></logout>");
    let device = |phone: &str| {
        format!("<deviceUserQuery><deviceName>{phone}</deviceName></deviceUserQuery>")
    };
    assert_eq!(code(&john("request", &login("jane", "SEP1"))), 10);
    assert!(is_done(&john("request", &login("JOHN", "SEP1"))));
    assert!(john("query", &device("SEP1")).contains("<userID>john</userID>"));
    assert_eq!(code(&john("query", &device("SEP2"))), 10);
    for query in ["userDevicesQuery", "checkUser", "deviceProfileQuery"] {
        let ask = |id: &str| format!("<{query}><userID>{id}</userID></{query}>");
        assert!(john("query", &ask("john")).contains("<user id=\"john\">"));
        assert_eq!(code(&john("query", &ask("jane"))), 10);
    }
    assert_eq!(code(&john("request", "<logoutAll/>")), 10);
    assert_eq!(code(&john("request", &logout("SEP2"))), 19);
    assert!(is_done(&server.client().log_in("jane", "SEP2").unwrap()));
    assert_eq!(code(&john("request", &logout("SEP2"))), 10);
    assert!(is_done(&john("request", &logout("SEP1"))));
    assert_eq!(server.client().user_at("SEP2").as_deref(), Some("jane"));
}

#[test]
fn an_application_user_names_any_profile_that_exists_and_an_end_user_their_own() {
    let (folder, server) = server(
        "[[device_profiles]]\nname = 'lobby'\nmodel = 'x'\n[[users]]\nid = 'bare'\npin = '777'\n",
    );
    let mut client = server.client();
    let with = |user: &str, profile: &str| {
        format!(
            "<login><deviceName>SEP1</deviceName><userID>{user}</userID>\
             <deviceProfile>{profile}</deviceProfile></login>"
        )
    };
    for user in ["john", "bare"] {
        let mut ask = |xml: &str| client.ask_as("emproxy", "emproxy", "request", xml).unwrap();
        assert_eq!(code(&ask(&with(user, "none"))), 12);
        assert!(is_done(&ask(&with(user, "lobby"))));
        assert!(is_done(&client.log_out("SEP1").unwrap()));
    }
    let used = "SELECT user || ' ' || profile FROM logins ORDER BY from_ms";
    assert_eq!(sql(folder.path(), used), ["john lobby", "bare lobby"]);
    let mut own = |id: &str, pin: &str, profile: &str| {
        client.ask_as(id, pin, "request", &with(id, profile)).unwrap()
    };
    assert_eq!(code(&own("john", "12345", "lobby")), 12);
    assert_eq!(code(&own("bare", "777", "desk")), 12);
    assert!(is_done(&own("john", "12345", "desk")));
    server.stop();
    // The trace says that a profile was looked up by its name alone, each time that it was.
    let trace = std::fs::read_to_string(folder.path().join("trace/emservice.log")).unwrap();
    let lookup = |profile: &str| {
        let line = format!("WHERE my_lower(name) = my_lower(?) : parameter ( '{profile}' )");
        trace.matches(&line).count()
    };
    assert_eq!((lookup("none"), lookup("lobby"), lookup("desk")), (2, 2, 0));
}

#[test]
fn an_early_refusal_tells_who_was_refused_by_what_they_are() {
    let (folder, server) = server("");
    let mut client = server.client();
    let jane = login("jane", "SEP1");
    assert_eq!(code(&client.ask_as("John", "12345", "request", &jane).unwrap()), 10);
    assert_eq!(code(&client.ask_as("nobody", "x", "request", &jane).unwrap()), 3);
    let by = "SELECT (body ->> '$.by.kind') || ' ' || (body ->> '$.by.name')
                FROM events WHERE body ->> 'event' = 'refused' ORDER BY number";
    server.stop();
    assert_eq!(sql(folder.path(), by), ["user john", "application_user nobody"]);
}

#[test]
fn wrong_pins_lock_a_user_out_and_a_new_pin_lets_them_in() {
    let (folder, server) = server("");
    let mut client = server.client();
    let mut john =
        |pin: &str| client.ask_as("john", pin, "request", &login("john", "SEP1")).unwrap();
    for _ in 0..5 {
        assert_eq!(code(&john("54321")), 3);
    }
    // After the lock the right PIN is not verified, and gets the answer of a wrong PIN.
    assert_eq!(john("12345"), john("54321"));
    // The lock does not hold for an application user that logs the same user in.
    assert!(is_done(&server.client().log_in("john", "SEP1").unwrap()));
    assert!(is_done(&server.client().log_out("SEP1").unwrap()));
    changed(&folder, "[[users]]\nid = 'john'\npin = '777'\n");
    assert!(is_done(&john("777")));
}

#[test]
fn a_disabled_user_may_not_ask() {
    let (_folder, server) = server("[[users]]\nid = 'off'\npin = '1'\nenabled = false\n");
    let query = "<checkUser><userID>off</userID></checkUser>";
    assert_eq!(code(&server.client().ask_as("off", "1", "query", query).unwrap()), 3);
}

fn validate(folder: &tempfile::TempDir, more: &str) {
    changed(folder, &format!("[service_parameters]\n'Validate IP Address' = 'True'\n{more}"));
}

fn logout_with(client: &mut Client, phone: &str, head: &str, stated: &str) -> u16 {
    let body = format!(
        "xml=<request><appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate>\
         </appInfo><logout><deviceName>{phone}</deviceName>{stated}</logout></request>"
    );
    let request = format!(
        "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: {}{head}\r\n\r\n{body}",
        body.len()
    );
    code(&client.exchange(request.as_bytes()).unwrap().body)
}

/// 19 (nobody is logged in) says that the address was good.
const GOOD: u16 = 19;

#[test]
fn a_request_comes_from_the_phone_or_from_somebody_trusted() {
    let (folder, server) = server("[[phones]]\nname = 'SEP1'\naddress = '127.0.0.2'\n");
    let from = |ip: &str| logout_with(&mut server.client_from(ip), "SEP1", "", "");
    assert_eq!(from("127.0.0.3"), GOOD);
    validate(&folder, "");
    assert_eq!(from("127.0.0.2"), GOOD);
    assert_eq!(from("127.0.0.3"), 28);
    // The cached address of a phone holds only for that address, and until the phone changes.
    assert_eq!(from("127.0.0.2"), GOOD);
    changed(&folder, "[[phones]]\nname = 'SEP1'\naddress = '127.0.0.3'\n");
    assert_eq!(from("127.0.0.2"), 28);
    assert_eq!(from("127.0.0.3"), GOOD);
    validate(&folder, "'Trusted List of IPs' = '192.0.2.7; 127.0.0.4;localhost'\n");
    assert_eq!(from("127.0.0.4"), GOOD);
    assert_eq!(from("127.0.0.1"), GOOD, "a name is looked up");
    assert_eq!(from("127.0.0.2"), 28);
}

#[test]
fn phones_that_ask_together_have_each_its_own_address() {
    const PHONES: usize = 24;
    let is_own = |number: usize| number.is_multiple_of(3);
    let phone = |number: usize| {
        let address = if is_own(number) { "127.0.0.2" } else { "127.0.0.9" };
        format!("[[phones]]\nname = 'SEP{number}'\naddress = '{address}'\n")
    };
    let (folder, server) = server(&(10..10 + PHONES).map(phone).collect::<String>());
    validate(&folder, "'Maximum Concurrent Requests' = '1000'\n");
    let (server, begin) = (&server, &std::sync::Barrier::new(PHONES));
    std::thread::scope(|scope| {
        for number in 10..10 + PHONES {
            scope.spawn(move || {
                let mut client = server.client_from("127.0.0.2");
                begin.wait();
                let expected = if is_own(number) { GOOD } else { 28 };
                assert_eq!(logout_with(&mut client, &format!("SEP{number}"), "", ""), expected);
            });
        }
    });
}

#[test]
fn who_comes_from_elsewhere_is_told_so_also_when_all_places_are_taken() {
    const BUSY: u16 = 26;
    let (folder, server) = server("[[phones]]\nname = 'SEP1'\naddress = '127.0.0.2'\n");
    validate(&folder, "'Maximum Concurrent Requests' = '1'\n");
    // Passwords are remembered, so that no hash is computed while the writer waits for the lock: its
    // wait ends with 26 too.
    let clients = ["127.0.0.2", "127.0.0.3", "127.0.0.3"].map(|address| {
        let mut client = server.client_from(address);
        let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
        assert!(client.ask_as("emproxy", "emproxy", "query", query).unwrap().contains("<none/>"));
        (address, client)
    });
    // The request that gets the one permit keeps it until the lock is released.
    let lock = WriteLock::take(folder.path());
    let (say, codes) = std::sync::mpsc::channel();
    for (address, mut client) in clients {
        let say = say.clone();
        std::thread::spawn(move || say.send((address, logout_with(&mut client, "SEP1", "", ""))));
    }
    let in_vain = [codes.recv().unwrap(), codes.recv().unwrap()];
    drop(lock);
    for (address, code) in in_vain.into_iter().chain(codes.recv()) {
        match address {
            "127.0.0.3" => assert_eq!(code, 28),
            _ => assert!(matches!(code, GOOD | BUSY), "{code}"),
        }
    }
}

#[test]
fn an_address_that_is_stated_is_believed_from_somebody_trusted_alone() {
    let (folder, server) = server("[[phones]]\nname = 'SEP1'\naddress = '192.0.2.10'\n");
    validate(&folder, "'Trusted List of IPs' = '127.0.0.4'\n");
    let stated = |ip: &str, phone: &str| {
        let stated = format!("<remoteIPAddr>{phone}</remoteIPAddr>");
        logout_with(&mut server.client_from(ip), "SEP1", "", &stated)
    };
    assert_eq!(stated("127.0.0.4", "192.0.2.10"), GOOD);
    assert_eq!(stated("127.0.0.4", "192.0.2.11"), 28);
    assert_eq!(stated("127.0.0.4", "nonsense"), 28);
    assert_eq!(stated("127.0.0.3", "192.0.2.10"), 28);
}

#[test]
fn a_proxy_is_let_through_only_if_allowed_and_believed_only_if_trusted() {
    let (folder, server) = server("[[phones]]\nname = 'SEP1'\naddress = '192.0.2.10'\n");
    let proxied = |ip: &str, forwarded: &str| {
        let head = format!("\r\nVia: 1.1 proxy\r\nX-Forwarded-For: {forwarded}");
        logout_with(&mut server.client_from(ip), "SEP1", &head, "")
    };
    assert_eq!(proxied("127.0.0.4", "192.0.2.10"), GOOD, "nothing is validated");
    validate(&folder, "'Trusted List of IPs' = '127.0.0.4'\n");
    assert_eq!(proxied("127.0.0.4", "192.0.2.10"), 30);
    let odd = "\r\nVia: pr\u{fc}xy";
    assert_eq!(logout_with(&mut server.client_from("127.0.0.4"), "SEP1", odd, ""), 30);
    let via = "<isViaHeaderSet>true</isViaHeaderSet>";
    assert_eq!(logout_with(&mut server.client_from("127.0.0.4"), "SEP1", "", via), 30);
    validate(&folder, "'Trusted List of IPs' = '127.0.0.4'\n'Allow Proxy' = 'True'\n");
    assert_eq!(proxied("127.0.0.4", "192.0.2.10"), GOOD);
    // The last address counts, which the nearest proxy has added; its client may forge the others.
    assert_eq!(proxied("127.0.0.4", "192.0.2.10, 192.0.2.11"), 28);
    assert_eq!(proxied("127.0.0.3", "192.0.2.10"), 28, "whoever says so");
    for unreadable in ["unknown", "192.0.2.10:4711", ""] {
        assert_eq!(proxied("127.0.0.4", unreadable), 28, "{unreadable:?} is nobody's address");
    }
    // The address that the proxy has seen comes before the one that its client states.
    let head = "\r\nVia: 1.1 proxy\r\nX-Forwarded-For: 192.0.2.11";
    let stated = "<remoteIPAddr>192.0.2.10</remoteIPAddr>";
    assert_eq!(logout_with(&mut server.client_from("127.0.0.4"), "SEP1", head, stated), 28);
    // A forwarding header without `Via` is ignored.
    let head = "\r\nX-Forwarded-For: 192.0.2.11";
    assert_eq!(logout_with(&mut server.client_from("127.0.0.4"), "SEP1", head, ""), GOOD);
}

#[test]
fn a_slow_client_holds_no_place() {
    let (folder, server) = server("");
    changed(&folder, "[service_parameters]\n'Maximum Concurrent Requests' = '1'\n");
    let mut slow = [server.client(), server.tls_client()];
    for slow in &mut slow {
        slow.send(
            b"POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: 500\r\n\r\nxml=<req",
        );
    }
    for mut client in [server.client(), server.tls_client()] {
        for _ in 0..20 {
            assert_eq!(code(&client.log_out("SEP1").unwrap()), 19);
        }
    }
}

#[test]
fn a_wrong_password_is_counted_and_noted_by_whatever_door() {
    let (folder, server) = server("");
    let mut client = server.client();
    for (root, xml) in [
        ("request", login("john", "SEP1").as_str()),
        ("request", "<logout><deviceName>SEP1</deviceName></logout>"),
        ("request", "<logoutAll/>"),
        ("query", "<checkUser><userID>john</userID></checkUser>"),
    ] {
        assert_eq!(code(&client.ask_as("emproxy", "wrong", root, xml).unwrap()), 3);
    }
    assert_eq!(server.refused(3), 4);
    assert_eq!(code(&client.post("xml=<request>").unwrap().body), 1);
    assert_eq!(server.refused(1), 1);
    // The event of each refusal has its code and the asker.
    let noted = "SELECT (body ->> 'code') || ' ' || (body -> 'by' ->> 'name') || ' ' || \
                        sum(body ->> 'times') FROM events \
                 WHERE body ->> 'event' = 'refused' GROUP BY body ->> 'code' ORDER BY 1";
    server.stop();
    assert_eq!(sql(folder.path(), noted), ["1  1", "3 emproxy 4"]);
}
