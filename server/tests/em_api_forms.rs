//! The EM API reads requests as a lenient servlet does: fields, charsets, XML.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use support::{Client, Server, apply, code, people, sql};

const PATH: &str = "/emservice/EMServiceServlet";
const FORM: &str = "application/x-www-form-urlencoded";
const INFO: &str =
    "<appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo>";

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john", "Jörg", "김"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    (folder, server)
}

/// Posts these bytes with this content type; an empty one sends no header.
fn post(client: &mut Client, path: &str, kind: &str, body: &[u8]) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
    let length = body.len();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: em\r\n{kind}Content-Length: {length}\r\n\r\n");
    let answer = client.exchange(&[head.as_bytes(), body].concat()).unwrap();
    assert_eq!(answer.status(), 200);
    answer.body
}

fn get(client: &mut Client, path: &str) -> String {
    let head = format!("GET {path} HTTP/1.1\r\nHost: em\r\n\r\n");
    client.exchange(head.as_bytes()).unwrap().body
}

/// A query about a user, with every byte percent-encoded.
fn encoded(user: &[u8]) -> String {
    let query = [
        format!("<query>{INFO}<userDevicesQuery><userID>").as_bytes(),
        user,
        b"</userID></userDevicesQuery></query>",
    ]
    .concat();
    let percent = |byte: &u8| ["%".to_owned(), format!("{byte:02X}")].concat();
    query.iter().map(percent).collect::<Vec<_>>().concat()
}

fn is_there(answer: &str) -> bool {
    answer.contains("<none/>")
}

#[test]
fn a_text_has_the_named_charset_or_else_utf_8_or_else_latin_1() {
    let (_folder, server) = server();
    let client = &mut server.client();
    let (latin, utf8, korean) = (b"J\xf6rg".as_slice(), "Jörg".as_bytes(), b"\xb1\xe8".as_slice());
    for (charset, user) in [
        ("", latin),
        ("", utf8),
        ("; charset=iso-8859-1", latin),
        ("; Charset=\"ISO-8859-1\"", latin),
        (";charset=windows-1252", latin),
        ("; charset=utf-8", utf8),
        ("; charset=UTF-8", latin),
        ("; charset=nonsense", latin),
        ("; charset=euc-kr", korean),
    ] {
        let kind = format!("{FORM}{charset}");
        let form = format!("xml={}", encoded(user));
        assert!(is_there(&post(client, PATH, &kind, form.as_bytes())), "{charset} {user:?}");
        let raw = [
            format!("xml=<query>{INFO}<checkUser><userID>").as_bytes(),
            user,
            b"</userID></checkUser></query>",
        ]
        .concat();
        let answer = post(client, PATH, &kind, &raw);
        assert!(answer.contains("<exists>"), "{charset} {user:?}: {answer}");
    }
    // The text of a URL's query has no content type.
    assert!(is_there(&get(client, &format!("{PATH}?xml={}", encoded(latin)))));
    // The XML declaration names the charset.
    let declared = [
        format!("xml=<?xml version=\"1.0\" encoding=\"euc-kr\"?><query>{INFO}<checkUser><userID>")
            .as_bytes(),
        korean,
        b"</userID></checkUser></query>",
    ]
    .concat();
    assert!(post(client, PATH, FORM, &declared).contains("<exists>"));
}

#[test]
fn a_byte_in_another_field_does_not_matter() {
    let (_folder, server) = server();
    let client = &mut server.client();
    for other in [b"a=B\xfcro&xml=".as_slice(), b"a=%FC&\xfc&=&xml="] {
        let body = [other, encoded(b"john").as_bytes(), b"&more=\xff"].concat();
        assert!(is_there(&post(client, PATH, FORM, &body)));
    }
}

#[test]
fn fields_are_read_from_the_query_and_then_from_the_body() {
    let (_folder, server) = server();
    let client = &mut server.client();
    let asked = encoded(b"john");
    let in_query = format!("{PATH}?a=1&xml={asked}");
    for (kind, body) in [
        ("", ""),
        (FORM, ""),
        (FORM, "submit=Go"),
        (FORM, "xml=%3Cbroken"),
        ("application/json", "{\"a\": \"&xml=1\"}"),
        ("multipart/form-data; boundary=x", "--x\r\n\r\n--x--\r\n"),
    ] {
        assert!(is_there(&post(client, &in_query, kind, body.as_bytes())), "{kind} {body}");
    }
    let in_body = format!("xml={asked}");
    for kind in ["", FORM, "text/plain", "APPLICATION/X-WWW-FORM-URLENCODED"] {
        assert!(is_there(&post(client, &format!("{PATH}?a=1"), kind, in_body.as_bytes())));
    }
    // Of two fields with one name the first counts; the body of a GET is ignored.
    let twice = format!("{in_body}&xml=%3Cbroken");
    assert!(is_there(&post(client, PATH, FORM, twice.as_bytes())));
    assert_eq!(code(&post(client, &format!("{PATH}?xml=%3Cbroken"), FORM, in_body.as_bytes())), 1);
}

#[test]
fn raw_xml_ends_where_another_field_begins() {
    let (_folder, server) = server();
    let client = &mut server.client();
    let query = format!("<query>{INFO}<checkUser><userID>john</userID></checkUser></query>");
    for body in [
        format!("xml={query}&submit=Go"),
        format!("xml={query} \r\n&submit=Go&xml=2"),
        format!("submit=Go&xml={query}"),
        format!("xml=\u{feff}{query}"),
        format!("xml={}", query.replace("<userID>john", "<!-- a>&b=1 --><userID>&#106;ohn")),
    ] {
        assert!(post(client, PATH, FORM, body.as_bytes()).contains("<exists>"), "{body}");
    }
}

#[test]
fn a_document_type_without_declarations_is_passed_over() {
    let (_folder, server) = server();
    let client = &mut server.client();
    let query = format!("<query>{INFO}<checkUser><userID>john</userID></checkUser></query>");
    for passed in [
        "<!DOCTYPE query SYSTEM \"http://em:8080/emservice/jsp/LoginQuery.dtd\">",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE query SYSTEM 'file:///dev/zero'>\n",
        "<!DOCTYPE query PUBLIC '-//A//B' 'http://192.0.2.1/a.dtd'>",
        "<!DOCTYPE query>",
    ] {
        let answer = post(client, PATH, FORM, format!("xml={passed}{query}").as_bytes());
        assert!(answer.contains("<exists>"), "{passed}: {answer}");
    }
    let bomb = "<!DOCTYPE query SYSTEM 'a' [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>";
    assert_eq!(code(&post(client, PATH, FORM, format!("xml={bomb}{query}").as_bytes())), 1);
}

#[test]
fn an_empty_duration_counts_as_absent() {
    let (_folder, server) = server();
    let client = &mut server.client();
    let mut log_in = |duration: &str| {
        let login =
            format!("<login><deviceName>SEP1</deviceName><userID>john</userID>{duration}</login>");
        let answer = client.ask_as("emproxy", "emproxy", "request", &login).unwrap();
        client.log_out("SEP1").unwrap();
        answer
    };
    for empty in ["<exclusiveDuration/>", "<exclusiveDuration>\n</exclusiveDuration>"] {
        assert!(log_in(empty).contains("<success/>"));
    }
    let time = |time: u64| format!("<exclusiveDuration><time>{time}</time></exclusiveDuration>");
    assert!(log_in(&time(10_080)).contains("<success/>"));
    for long in [10_081, 4_294_967_295, u64::MAX] {
        assert_eq!(code(&log_in(&time(long))), 1);
    }
}

#[test]
fn a_query_may_name_as_many_as_the_longest_body_holds() {
    let (_folder, server) = server();
    let client = &mut server.client();
    for (query, element, asked, found) in [
        ("userDevicesQuery", "userID", "john", "<none/>"),
        ("checkUser", "userID", "john", "<exists>"),
        ("deviceProfileQuery", "userID", "john", "<deviceProfile>"),
        ("deviceUserQuery", "deviceName", "SEP1", "<emccDevice>"),
    ] {
        let one = format!("<{element}>{asked}</{element}>");
        let count = 63 * 1024 / one.len();
        let xml = format!("<{query}>{}</{query}>", one.repeat(count));
        let answer = client.ask_as("emproxy", "emproxy", "query", &xml).unwrap();
        assert_eq!(answer.matches(found).count(), count, "{query}");
    }
}

#[test]
fn malformed_xml_and_invalid_names_never_reach_the_store() {
    let (folder, server) = server();
    let client = &mut server.client();
    let login = |device: &str, user: &str, rest: &str| {
        let login = format!("<deviceName>{device}</deviceName><userID>{user}</userID>{rest}");
        format!("<request>{INFO}<login>{login}</login></request>")
    };
    for xml in [
        login("SEP1", "john", "<a b/>"),
        login("SEP1", "john", "<a b=c/>"),
        login("SEP1", "john", "<a b='1' b='2'/>"),
        login("SEP1", "john", "<p:a/>"),
        login("SEP1", "john", "<a>]]></a>"),
        login("SEP1", "john", "<!-- a -- b -->"),
        login("SEP1\0", "john", ""),
        login("SEP1", "john\u{1}", ""),
        login("SEP1", "jo&#0;hn", ""),
        login("SEP1", "john%00", ""),
        login("SEP&#10;1", "john", ""),
    ] {
        assert_eq!(code(&post(client, PATH, FORM, format!("xml={xml}").as_bytes())), 1, "{xml:?}");
    }
    assert_eq!(server.counter("em_login_logout_attempted"), 0);
    let logins = sql(folder.path(), "SELECT CAST(count(*) AS TEXT) FROM logins");
    assert_eq!(logins, ["0"]);
}

/// A load balancer's probe has no `xml` field.
#[test]
fn a_request_without_the_field_is_no_refusal() {
    let (folder, server) = server();
    let client = &mut server.client();
    for path in [PATH.to_owned(), format!("{PATH}?"), format!("{PATH}?a=1")] {
        assert_eq!(code(&get(client, &path)), 1);
        assert_eq!(code(&post(client, &path, "", b"")), 1);
        assert_eq!(code(&post(client, &path, FORM, b"a=1")), 1);
    }
    // A request with an empty field is refused and counted.
    assert_eq!(code(&get(client, &format!("{PATH}?xml="))), 1);
    assert_eq!(server.refused(1), 1);
    assert_eq!(server.counter("em_requests_handled"), 10);
    let refused =
        "SELECT CAST(body ->> 'times' AS TEXT) FROM events WHERE body ->> 'event' = 'refused'";
    server.stop();
    assert_eq!(sql(folder.path(), refused), ["1"]);
}
