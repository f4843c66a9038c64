//! Changing a PIN at a phone, and the rules for PINs.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{Client, Server, apply, people, phone::screen, sql};

const LOBBY: &str = "SEP001122334455";
const CHANGE: &str = "/changecredential/ChangeCredentialServlet";

/// A server with john, whose PIN is 12345.
fn server(more: &str) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    for toml in [people(&["john"], &[LOBBY]).as_str(), more] {
        let output = apply(folder.path(), toml);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let server = Server::start(folder.path());
    (folder, server)
}

/// The text on the phone after a request to change john's PIN.
fn change(client: &mut Client, pin: &str, new: &str, again: &str) -> String {
    let path =
        format!("{CHANGE}?device={LOBBY}&userid=john&seq={pin}&newpin={new}&confirm={again}");
    let head = format!("GET {path} HTTP/1.1\r\nHost: em\r\n\r\n");
    screen(&client.exchange(head.as_bytes()).unwrap()).text("Text").to_owned()
}

fn log_in(client: &mut Client, pin: &str) -> String {
    let shown = client.screen(&format!("device={LOBBY}&userid=john&seq={pin}"));
    if shown.kind == "CiscoIPPhoneText" { shown.text("Text").to_owned() } else { shown.kind }
}

#[test]
fn the_form_to_change_a_pin_has_its_fields() {
    let (_folder, server) = server("");
    let head = format!("GET {CHANGE}?device={LOBBY} HTTP/1.1\r\nHost: em\r\n\r\n");
    let form = screen(&server.client().exchange(head.as_bytes()).unwrap());
    assert_eq!(form.kind, "CiscoIPPhoneInput");
    let fields = form.all("InputItem");
    let names: Vec<_> = fields.iter().map(|field| field.of("QueryStringParam")).collect();
    assert_eq!(names, ["userid", "seq", "newpin", "confirm"]);
    assert!(fields[1..].iter().all(|field| field.of("InputFlags") == "NP"), "secrets");
    let url = form.text("URL");
    assert!(url.ends_with(&format!("{CHANGE}?device={LOBBY}")), "{url}");
}

/// Proxies and logs keep addresses. The model of the configuration counts where the phone does not send its own.
#[test]
fn both_forms_with_a_pin_are_sent_in_a_body_where_the_phone_can() {
    let (_folder, server) = server("[[users]]\nid = 'john'\npin_must_change = true\n");
    let bodies = |path: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: em\r\n\r\n");
        server.client().exchange(head.as_bytes()).unwrap().body
    };
    for path in [
        format!("/emapp/EMAppServlet?device={LOBBY}"),
        format!("{CHANGE}?device={LOBBY}"),
        format!("/emapp/EMAppServlet?device={LOBBY}&userid=john&seq=12345"),
    ] {
        let form = bodies(&path);
        assert!(form.contains("<URL method=\"post\">"), "{path}: {form}");
    }
}

#[test]
fn a_user_changes_the_pin_and_stays_logged_in() {
    // Long enough to be in no time stamp and no port of the trace.
    const NEW: &str = "73019465828";
    let (folder, server) = server("");
    let mut client = server.client();
    assert_eq!(log_in(&mut client, "12345"), "Login successful: john");
    assert_eq!(change(&mut client, "54321", NEW, NEW), "Please try to login again (201)");
    assert_eq!(change(&mut client, "12345", NEW, "73019465829"), "The two new PINs differ");
    assert_eq!(change(&mut client, "12345", "77a", "77a"), "A PIN has digits alone");
    assert_eq!(change(&mut client, "12345", NEW, NEW), "Your PIN is changed");
    assert_eq!(server.client().user_at(LOBBY).as_deref(), Some("john"));
    server.client().log_out(LOBBY);
    assert_eq!(log_in(&mut client, "12345"), "Please try to login again (201)");
    assert_eq!(log_in(&mut client, NEW), "Login successful: john");
    let audit = "SELECT actor || ' ' || subject FROM audit WHERE action = 'change_pin'";
    assert_eq!(sql(folder.path(), audit), ["john john"]);
    for file in ["trace/emapp.log", "trace/emservice.log"] {
        let trace = std::fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(!trace.contains(NEW) && !trace.contains("newpin"), "{trace}");
    }
}

#[test]
fn the_rules_hold_for_pins_that_users_choose() {
    let (_folder, server) = server(
        "[pin_rules]\nmin_length = 4\nhistory = 2\ntrivial = false\n\
         [[users]]\nid = 'john'\nprimary_extension = '2007'\n",
    );
    let mut client = server.client();
    for (new, text) in [
        ("739", "A PIN has at least 4 digits"),
        ("1111", "This PIN is easy to guess"),
        ("2007", "This PIN is easy to guess"),
        ("7002", "This PIN is easy to guess"),
        ("8264", "Your PIN is changed"),
    ] {
        assert_eq!(change(&mut client, "12345", new, new), text, "{new}");
    }
    // The present PIN and the one before it can't be chosen; the one before that can.
    assert_eq!(change(&mut client, "8264", "8264", "8264"), "You have had this PIN before");
    assert_eq!(change(&mut client, "8264", "7395", "7395"), "Your PIN is changed");
    assert_eq!(change(&mut client, "7395", "8264", "8264"), "You have had this PIN before");
    assert_eq!(change(&mut client, "7395", "5937", "5937"), "Your PIN is changed");
    assert_eq!(change(&mut client, "5937", "8264", "8264"), "Your PIN is changed");
}

#[test]
fn a_user_who_must_change_the_pin_is_led_to_the_form() {
    let (folder, server) = server("[[users]]\nid = 'john'\npin_must_change = true\n");
    let mut client = server.client();
    assert_eq!(log_in(&mut client, "54321"), "Please try to login again (201)");
    let form = client.screen(&format!("device={LOBBY}&userid=john&seq=12345"));
    assert_eq!(form.kind, "CiscoIPPhoneInput");
    assert_eq!(form.text("Prompt"), "Login is unavailable(41)");
    assert_eq!(form.all("InputItem")[0].of("DefaultValue"), "john");
    assert!(form.text("URL").contains(CHANGE), "{}", form.text("URL"));
    assert_eq!(server.client().user_at(LOBBY), None);
    assert_eq!(change(&mut client, "12345", "777", "777"), "Your PIN is changed");
    assert_eq!(log_in(&mut client, "777"), "Login successful: john");
    // An administrator's PIN can demand the next change.
    let again = "[[users]]\nid = 'john'\npin = '12345'\npin_must_change = true\n";
    assert!(apply(folder.path(), again).status.success());
    assert_eq!(log_in(&mut client, "12345"), "CiscoIPPhoneInput");
}

#[test]
fn a_file_with_bad_rules_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (rules, text) in [
        ("min_length = 0", "min_length must be from 1 to 30"),
        ("history = 13", "history must be from 0 to 12"),
    ] {
        let refusal = support::refusal(&apply(folder.path(), &format!("[pin_rules]\n{rules}\n")));
        assert!(refusal.contains(text), "{refusal}");
    }
}
