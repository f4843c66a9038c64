//! The screens of phones, from the built program, over raw sockets.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::fs;

use support::{
    Server, apply, behavior, people,
    phone::{PATH, headers, query, screen},
    sql,
};

const LOBBY: &str = "SEP001122334455";
const DESK: &str = "SEP001122334466";

/// A server with john, who has one profile, and jane, who has three.
fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let mut toml = people(&["john", "Jane"], &[LOBBY, DESK]);
    toml.push_str("[[device_profiles]]\nname = 'home <1>'\n[[device_profiles]]\nname = '랩'\n");
    toml.push_str("[[phones]]\nname = 'SEPOFF'\nextension_mobility = false\n");
    apply_well(&folder, &toml);
    apply_well(
        &folder,
        "[[users]]\nid = 'Jane'\nprofiles = ['desk', 'home <1>', '랩']\nprimary_extension = '2002'\n\
         [[users]]\nid = 'john'\nprimary_extension = '2001'\nself_service_id = '778899'\n\
         [[users]]\nid = '2002'\npin = '12345'\nprofiles = ['desk']\nself_service_id = '555'\n\
         [[users]]\nid = 'bare'\npin = '12345'\n\
         [[users]]\nid = 'gone'\npin = '12345'\nprofiles = ['desk']\nenabled = false\n",
    );
    let server = Server::start(folder.path());
    (folder, server)
}

fn apply_well(folder: &tempfile::TempDir, toml: &str) {
    let output = apply(folder.path(), toml);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_user_logs_in_and_out_at_a_phone() {
    let (_folder, server) = server();
    let mut client = server.client();
    let form = client.screen(&format!("device={LOBBY}&EMCC=false&loginType=UID"));
    assert_eq!(form.kind, "CiscoIPPhoneInput");
    let fields = form.all("InputItem");
    let shown =
        |index: usize| (fields[index].of("QueryStringParam"), fields[index].of("InputFlags"));
    assert_eq!((shown(0), shown(1)), (("userid", "L"), ("seq", "NP")));
    assert_eq!(form.key("Submit"), "SoftKey:Submit");
    let sent = query(form.text("URL"));
    assert_eq!(sent, format!("device={LOBBY}&EMCC=false&loginType=UID"));
    let done = client.screen(&format!("{sent}&userid=JOHN&seq=12345"));
    assert_eq!(
        (done.kind.as_str(), done.text("Text")),
        ("CiscoIPPhoneText", "Login successful: john")
    );
    assert_eq!(server.client().user_at(LOBBY).as_deref(), Some("john"));

    let question = client.screen(&format!("device={LOBBY}"));
    assert!(question.text("Text").contains("john"));
    let out = client.screen(query(question.key("Yes")));
    assert_eq!(out.text("Text"), "Logout successful");
    assert_eq!(server.client().user_at(LOBBY), None);
    let nobody = client.screen(&format!("device={LOBBY}&doLogout=true"));
    assert_eq!(nobody.text("Text"), "Logout is unavailable(19)");
}

/// Published clients send the fields in the URL of a POST or in its body, in any order.
#[test]
fn fields_come_by_get_and_by_post_in_address_and_body() {
    let (_folder, server) = server();
    let mut client = server.client();
    let requests = [
        format!(
            "GET {PATH}?seq=12345&headsetbasedem=true&userid=john&device={LOBBY} HTTP/1.1\r\n\
                 Host: em\r\n\r\n"
        ),
        format!(
            "POST {PATH}?doLogout=true&device={LOBBY} HTTP/1.1\r\nHost: em\r\n\
                 Content-Length: 0\r\n\r\n"
        ),
        format!(
            "POST {PATH}?device={LOBBY}&userid=john&seq=12345 HTTP/1.1\r\nHost: em\r\n\
                 Content-Length: 0\r\n\r\n"
        ),
        format!(
            "POST {PATH} HTTP/1.1\r\nHost: em\r\nContent-Length: 36\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\n\
                 doLogout=true&device={LOBBY}"
        ),
        format!(
            "POST {PATH}?device={LOBBY} HTTP/1.1\r\nHost: em\r\nContent-Length: 21\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\r\nuserid=john&seq=12345"
        ),
    ];
    for (number, request) in requests.iter().enumerate() {
        let request =
            request.replace("Content-Length: 36", &format!("Content-Length: {}", 21 + LOBBY.len()));
        let answer = client.exchange(request.as_bytes()).unwrap();
        assert!(answer.body.contains("successful"), "{number}: {}", answer.body);
    }
    for method in ["HEAD", "PUT", "DELETE", "OPTIONS"] {
        let head =
            format!("{method} {PATH}?device={LOBBY}&doLogout=true HTTP/1.1\r\nHost: em\r\n\r\n");
        let mut other = server.client();
        other.send(head.as_bytes());
        let answer = other.receive_head().unwrap();
        assert_eq!((answer.status(), answer.header("allow")), (405, Some("GET, POST")), "{method}");
    }
    assert_eq!(server.client().user_at(LOBBY).as_deref(), Some("john"));
}

#[test]
fn errors_have_the_phones_own_texts() {
    let (folder, server) = server();
    let mut client = server.client();
    let mut text = |query: &str| client.screen(query).text("Text").to_owned();
    let log_in = |user: &str, phone: &str| format!("device={phone}&userid={user}&seq=12345");
    assert_eq!(text("EMCC=true"), "Login is unavailable (207)");
    let long = "x".repeat(200);
    assert!(text(&format!("device={long}%3C&userid={long}&seq=1")).contains("(201)"));
    assert_eq!(text("device=&doLogout=true"), "Logout is unavailable (207)");
    assert_eq!(text(&format!("device={LOBBY}&loginType=XX")), "LoginType invalid(215)");
    assert_eq!(text("device=SEPFFFFFFFFFFFF"), "Login is unavailable(11)");
    assert_eq!(
        text(&format!("device={LOBBY}&userid=john&seq=")),
        "Please try to login again (202)"
    );
    assert_eq!(text(&format!("device={LOBBY}&userid=&seq=1")), "Please try to login again (202)");
    assert_eq!(text(&log_in("bare", LOBBY)), "Login is unavailable (205)");
    assert_eq!(text(&log_in("john", "SEPOFF")), "Login is unavailable(22)");
    assert_eq!(text("device=SEPOFF&doLogout=true"), "Logout is unavailable(5)");
    assert_eq!(text(&log_in("john", LOBBY)), "Login successful: john");
    assert_eq!(text(&log_in("2002", LOBBY)), "Login is unavailable(18)");
    assert_eq!(text(&log_in("john", DESK)), "Multi-Login Not Allowed (25)");
    behavior(folder.path(), "Auto Logout");
    assert_eq!(text(&log_in("john", DESK)), "Login successful: john");
    assert_eq!(server.client().user_at(LOBBY), None);
}

/// A published script guesses PINs by the differences between these answers.
#[test]
fn all_wrong_credentials_get_the_same_answer() {
    let (_folder, server) = server();
    let mut bodies = Vec::new();
    let mut look = |device: &str, user: &str, pin: &str| {
        let answer = server.client().phone(&format!("device={device}&userid={user}&seq={pin}"));
        let shown = screen(&answer);
        assert_eq!(shown.text("Text"), "Please try to login again (201)", "{device} {user} {pin}");
        // The phone's name in the page is from the request.
        bodies.push(answer.body.replace(device, "DEVICE"));
    };
    look(LOBBY, "john", "99999");
    look(LOBBY, "nobody", "12345");
    look(LOBBY, "gone", "12345");
    look("SEPFFFFFFFFFFFF", "john", "12345");
    // A right PIN at an unknown phone counts as a wrong one: with these three, john has five.
    for _ in 0..3 {
        look(LOBBY, "john", "99999");
    }
    // The user id is locked for this source; a right PIN gets the same answer.
    look(LOBBY, "john", "12345");
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(server.client().user_at(LOBBY), None);
    // The lock does not hold for another source.
    let elsewhere =
        server.client_from("127.0.0.7").phone(&format!("device={LOBBY}&userid=john&seq=12345"));
    assert!(elsewhere.body.contains("Login successful"));
}

#[test]
fn a_user_with_several_profiles_chooses_one_by_a_ticket_valid_once() {
    let (folder, server) = server();
    let mut client = server.client();
    let menu = client.screen(&format!("device={LOBBY}&userid=jane&seq=12345"));
    assert_eq!(menu.kind, "CiscoIPPhoneMenu");
    let items = menu.all("MenuItem");
    let names: Vec<_> = items.iter().map(|item| item.of("Name")).collect();
    assert_eq!(names, ["desk", "home <1>", "랩"]);
    let urls: Vec<_> = items.iter().map(|item| query(item.of("URL")).to_owned()).collect();
    assert!(urls.iter().all(|url| !url.contains("12345") && !url.contains("userid")), "{urls:?}");
    // Another phone's ticket is refused, and is used up.
    let stolen = urls[1].replace(LOBBY, DESK);
    assert_eq!(client.screen(&stolen).text("Text"), "Please try to login again (201)");
    assert_eq!(client.screen(&urls[1]).text("Text"), "Please try to login again (201)");
    let menu = client.screen(&format!("device={LOBBY}&userid=jane&seq=12345"));
    let chosen = query(menu.all("MenuItem")[1].of("URL")).to_owned();
    assert_eq!(client.screen(&chosen).text("Text"), "Login successful: Jane");
    let profile = sql(folder.path(), "SELECT profile FROM logins WHERE ended_ms IS NULL");
    assert_eq!(profile, ["home <1>"]);
    client.screen(&format!("device={LOBBY}&doLogout=true"));
    assert_eq!(client.screen(&chosen).text("Text"), "Please try to login again (201)");
    // A changed PIN makes older tickets invalid.
    let menu = client.screen(&format!("device={LOBBY}&userid=jane&seq=12345"));
    let chosen = query(menu.all("MenuItem")[0].of("URL")).to_owned();
    apply_well(&folder, "[[users]]\nid = 'Jane'\npin = '54321'\n");
    assert_eq!(client.screen(&chosen).text("Text"), "Please try to login again (201)");
}

#[test]
fn a_new_pin_and_a_disabled_user_hold_at_the_next_request_and_end_logins() {
    let (folder, server) = server();
    let mut client = server.client();
    let log_in = |pin: &str| format!("device={LOBBY}&userid=john&seq={pin}");
    client.screen(&log_in("12345"));
    apply_well(&folder, "[[users]]\nid = 'john'\npin = '54321'\n");
    assert_eq!(client.screen(&format!("device={LOBBY}")).kind, "CiscoIPPhoneInput");
    assert_eq!(client.screen(&log_in("12345")).text("Text"), "Please try to login again (201)");
    assert_eq!(client.screen(&log_in("54321")).text("Text"), "Login successful: john");
    apply_well(&folder, "[[users]]\nid = 'john'\nenabled = false\n");
    assert_eq!(client.screen(&format!("device={LOBBY}")).kind, "CiscoIPPhoneInput");
    assert_eq!(client.screen(&log_in("54321")).text("Text"), "Please try to login again (201)");
    let causes = sql(folder.path(), "SELECT cause FROM logins ORDER BY ended_ms, id");
    assert_eq!(causes, ["pin_reset", "user_disabled"]);
}

#[test]
fn users_log_in_by_extension_and_self_service_id() {
    let (folder, server) = server();
    let mut client = server.client();
    let form = client.screen(&format!("device={LOBBY}&loginType=DN"));
    let field = form.all("InputItem")[0];
    assert_eq!((field.of("DisplayName"), field.of("InputFlags")), ("Extension", "T"));
    let mut text = |kind: &str, number: &str| {
        let query = format!("device={LOBBY}&loginType={kind}&userid={number}&seq=12345");
        let text = client.screen(&query).text("Text").to_owned();
        client.screen(&format!("device={LOBBY}&doLogout=true"));
        text
    };
    assert_eq!(text("DN", "2001"), "Login successful: john");
    assert_eq!(text("sp", "778899"), "Login successful: john");
    // 2002 is the extension of one user and the id of another.
    assert_eq!(text("UID", "2002"), "Login successful: 2002");
    assert_eq!(text("SP", "555"), "Login successful: 2002");
    assert_eq!(text("SP", "2002"), "Please try to login again (201)");
    assert_eq!(text("DN", "9999"), "Please try to login again (201)");
    apply_well(&folder, "[[users]]\nid = 'bare'\nprimary_extension = '2001'\n");
    assert_eq!(text("DN", "2001"), "DN has multiple users(216)");
}

#[test]
fn the_form_follows_the_service_parameters_and_the_model() {
    let (folder, server) = server();
    let mut client = server.client();
    let parameters = "[service_parameters]\n'Alphanumeric User ID' = 'False'\n\
                      'Remember the Last User Logged In' = 'True'\n";
    apply_well(&folder, parameters);
    client.screen(&format!("device={LOBBY}&userid=john&seq=12345"));
    client.screen(&format!("device={LOBBY}&doLogout=true"));
    let mut first = |query: &str| {
        let form = client.screen(query);
        let field = form.all("InputItem")[0];
        (field.of("InputFlags").to_owned(), field.of("DefaultValue").to_owned())
    };
    let of = |flags: &str, value: &str| (flags.to_owned(), value.to_owned());
    assert_eq!(first(&format!("device={LOBBY}")), of("T", "john"));
    assert_eq!(first(&format!("device={LOBBY}&loginType=UID")), of("T", "john"));
    assert_eq!(first(&format!("device={LOBBY}&loginType=SP")), of("T", ""));
    assert_eq!(first(&format!("device={DESK}")), of("T", ""));
    let body = |model: &str| server.client().get_as(model, "en", &format!("device={LOBBY}")).body;
    assert!(body("CP-8861").contains("<URL method=\"post\">"));
    assert!(body("CP-7841").contains("<URL method=\"post\">"));
    assert!(!body("CP-7965G").contains("method"));
}

#[test]
fn a_phone_is_answered_in_its_language_and_charset() {
    let (_folder, server) = server();
    let korean = server.client().get_as("CP-8861", "ko_KR, en;q=0.5", &format!("device={LOBBY}"));
    assert!(screen(&korean).text("Prompt").contains("PIN을"));
    let refused = server.client().get_as("CP-8861", "ko", "device=SEP1&userid=x&seq=1");
    assert_eq!(screen(&refused).text("Text"), "다시 로그인해 주세요 (201)");
    let german = server.client().get_as("CP-8861", "de", &format!("device={LOBBY}"));
    assert_eq!(screen(&german).text("Prompt"), "Please enter ID and PIN");
    assert_eq!(german.header("content-type"), Some("text/xml;charset=utf-8"));
    assert_eq!(german.header("content-encoding"), None);
    // The phone's Back key must not lead to this page.
    assert!(german.header("expires").is_some_and(|date| date.contains("1970")));
    let head = format!(
        "GET {PATH}?device={LOBBY} HTTP/1.1\r\nHost: em\r\n\
                        Accept-Charset: iso-8859-1;q=0.9\r\nAccept-Encoding: gzip\r\n\r\n"
    );
    let latin = server.client().exchange(head.as_bytes()).unwrap();
    assert_eq!(latin.header("content-type"), Some("text/xml;charset=ISO-8859-1"));
    assert!(latin.body.contains("encoding=\"ISO-8859-1\""), "{}", latin.body);
}

#[test]
fn the_retry_key_does_not_lead_to_the_same_error() {
    let (_folder, server) = server();
    let mut client = server.client();
    let error = client.screen(&format!("device={LOBBY}&loginType=XX"));
    assert_eq!(query(error.key("Retry")), format!("device={LOBBY}"));
    assert_eq!(client.screen(query(error.key("Retry"))).kind, "CiscoIPPhoneInput");
    let error = client.screen("EMCC=true");
    assert_eq!((error.key("Retry"), error.key("Exit")), ("", "SoftKey:Exit"));
    // A Host that makes the URL longer than a phone takes; the page then has a relative one.
    let host = "h".repeat(3_000);
    let head = format!("GET {PATH}?device={LOBBY} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let form = screen(&client.exchange(head.as_bytes()).unwrap());
    assert_eq!(form.text("URL"), format!("{PATH}?device={LOBBY}"));
}

/// A published portal takes the log-out page apart by these substrings.
#[test]
fn the_log_out_page_has_the_form_that_portals_parse() {
    let (_folder, server) = server();
    let mut client = server.client();
    client.screen(&format!("device={LOBBY}&userid=john&seq=12345"));
    let page = client.phone(&format!("device={LOBBY}")).body;
    let (_, text) = page.split_once("<Text>").unwrap();
    let (text, prompt) = text.split_once("</Text>\r\n<Prompt>").unwrap();
    let (_, key) = prompt.split_once("</Prompt>\r\n<SoftKeyItem>").unwrap();
    assert!(text.contains("john") && key.contains("doLogout=true"));
}

/// Plain HTTP serves phones under any Host: a redirection would repeat the PIN in its URL.
#[test]
fn plain_http_serves_phones_without_a_redirect() {
    let (_folder, server) = server();
    for host in ["em.example:8080", "192.0.2.1", "rebound.example"] {
        let head =
            format!("GET {PATH}?device={LOBBY}&userid=john&seq=1 HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let answer = server.client().exchange(head.as_bytes()).unwrap();
        assert_eq!((answer.status(), answer.header("location")), (200, None), "{host}");
    }
    let https = server.tls_client().phone(&format!("device={LOBBY}"));
    assert!(screen(&https).text("URL").starts_with("https://em.example:8080/emapp/"));
}

#[test]
fn a_page_of_another_site_can_not_log_a_user_out() {
    let (_folder, server) = server();
    let mut client = server.client();
    client.screen(&format!("device={LOBBY}&userid=john&seq=12345"));
    let pages = [
        "Sec-Fetch-Site: cross-site",
        "Origin: http://evil.example",
        "Origin: null",
        "Referer: http://evil.example/page",
        "Accept: image/avif,image/webp,*/*;q=0.8",
        "Accept: text/html,application/xhtml+xml",
        "Accept: */*\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)",
    ];
    for page in pages {
        for (method, length) in [("GET", ""), ("POST", "Content-Length: 0\r\n")] {
            let head = format!(
                "{method} {PATH}?device={LOBBY}&doLogout=true HTTP/1.1\r\n\
                                Host: em.example:8080\r\n{page}\r\n{length}\r\n"
            );
            let answer = client.exchange(head.as_bytes()).unwrap();
            assert_eq!(answer.status(), 403, "{page}");
            assert_eq!(screen(&answer).text("Text"), "Only a phone can do this.");
        }
        // A request without a log-out, from the same page, is answered.
        let head = format!(
            "GET {PATH}?device={LOBBY} HTTP/1.1\r\nHost: em.example:8080\r\n{page}\r\n\r\n"
        );
        assert_eq!(client.exchange(head.as_bytes()).unwrap().status(), 200, "{page}");
    }
    assert_eq!(server.client().user_at(LOBBY).as_deref(), Some("john"));
}

#[test]
fn a_pin_is_in_no_file_of_the_server() {
    let (folder, server) = server();
    let pin = "8675309";
    apply_well(&folder, &format!("[[users]]\nid = 'john'\npin = '{pin}'\n"));
    fs::remove_file(folder.path().join("apply.toml")).unwrap();
    let mut client = server.client();
    client.screen(&format!("device={LOBBY}&userid=john&seq={pin}1"));
    client.screen(&format!("device={LOBBY}&userid=john&seq={pin}"));
    let post = format!(
        "POST {PATH}?device={DESK} HTTP/1.1\r\n{}Content-Length: 23\r\n\
                        Content-Type: application/x-www-form-urlencoded\r\n\r\nuserid=john&seq={pin}",
        headers("CP-8861", "en")
    );
    client.exchange(post.as_bytes()).unwrap();
    server.stop();
    let mut files = vec![folder.path().to_owned()];
    let mut read = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        read += 1;
        let has_it = bytes.windows(pin.len()).any(|window| window == pin.as_bytes());
        assert!(!has_it, "{}", path.display());
    }
    assert!(read > 3);
}
