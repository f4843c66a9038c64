//! Requests that real EM API clients send, each as raw bytes over a socket, plain and TLS.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::fmt::Write;

use support::{Answer, Client, Server, apply, code, people};

const DONE: &str = "<?xml version=\"1.0\"?>\n<response>\n<success/>\n</response>";
const INFO: &str =
    "<appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo>";
const JOHN: &str = "<query><appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo><userDevicesQuery><userID>john</userID></userDevicesQuery></query>";

/// Runs a test over plain HTTP and over TLS, each with a server of its own.
fn both_ways(test: impl Fn(&mut Client)) {
    let folder = tempfile::tempdir().unwrap();
    let toml = people(&["john", "em@example.com"], &["SEP1", "SEP2"]);
    assert!(apply(folder.path(), &toml).status.success());
    let server = Server::start(folder.path());
    test(&mut server.client());
    test(&mut server.tls_client());
}

/// A request with this head and body.
fn raw(client: &mut Client, head: &str, body: &str) -> Answer {
    client.exchange(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap()
}

fn post(client: &mut Client, headers: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!(
        "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: {length}{headers}"
    );
    raw(client, &head, body)
}

fn form(xml: &str) -> String {
    let mut encoded = "xml=".to_owned();
    for byte in xml.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(byte.into()),
            b' ' => encoded.push('+'),
            byte => write!(encoded, "%{byte:02X}").unwrap(),
        }
    }
    encoded
}

fn nobody_in(answer: &Answer) -> bool {
    answer.body.contains("<user id=\"john\">\n<none/>\n</user>")
}

#[test]
fn a_chunked_body_without_a_length() {
    both_ways(|client| {
        let mut chunks = String::new();
        for chunk in form(JOHN).as_bytes().chunks(50) {
            write!(chunks, "{:x}\r\n{}\r\n", chunk.len(), str::from_utf8(chunk).unwrap()).unwrap();
        }
        let head = "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\n\
                    Transfer-Encoding: chunked";
        assert!(nobody_in(&raw(client, head, &format!("{chunks}0\r\n\r\n"))));
    });
}

#[test]
fn a_raw_body_with_newlines_and_blanks_behind_it() {
    both_ways(|client| {
        let xml = JOHN.replace("><", ">\r\n  <");
        assert!(nobody_in(&post(client, "", &format!("xml={xml}\n  \r\n"))));
    });
}

#[test]
fn a_newline_behind_the_value_and_white_space_before_the_root() {
    both_ways(|client| {
        let encoded = form(&format!("\n  {JOHN}"));
        assert!(nobody_in(&post(client, "", &format!("{encoded}\n"))));
        assert!(nobody_in(&post(client, "", &encoded.replace('+', "%20"))));
    });
}

#[test]
fn get_with_the_xml_in_the_query() {
    both_ways(|client| {
        let mut get = |xml: &str| {
            let query = form(xml);
            let head = format!("GET /emservice/EMServiceServlet?{query} HTTP/1.1\r\nHost: em");
            raw(client, &head, "")
        };
        assert!(nobody_in(&get(JOHN)));
        let login = "<login><deviceName>SEP1</deviceName><userID>john</userID></login>";
        assert_eq!(get(&format!("<request>{INFO}{login}</request>")).body, DONE);
        let logout = "<logout><deviceName>SEP1</deviceName></logout>";
        assert_eq!(get(&format!("<request>{INFO}{logout}</request>")).body, DONE);
        for (query, answer) in [
            ("<deviceUserQuery><deviceName>SEP1</deviceName></deviceUserQuery>", "<lastlogin>john"),
            ("<checkUser><userID>john</userID></checkUser>", "<exists>john</exists>"),
            ("<deviceProfileQuery><userID>john</userID></deviceProfileQuery>", ">desk<"),
        ] {
            let body = get(&format!("<query>{INFO}{query}</query>")).body;
            assert!(body.contains(answer), "{body}");
        }
    });
}

#[test]
fn a_head_request_does_not_log_in() {
    both_ways(|client| {
        let login = "<login><deviceName>SEP1</deviceName><userID>john</userID></login>";
        let query = form(&format!("<request>{INFO}{login}</request>"));
        let head = format!("HEAD /emservice/EMServiceServlet?{query} HTTP/1.1\r\nHost: em");
        client.send(format!("{head}\r\n\r\n").as_bytes());
        // The answer to HEAD has no body, whatever its Content-Length.
        assert_eq!(client.receive_head().unwrap().status(), 405);
        assert_eq!(client.user_at("SEP1"), None);
    });
}

#[test]
fn unrelated_credentials_in_the_head_are_ignored() {
    both_ways(|client| {
        let basic = "\r\nAuthorization: Basic bm86bm8=";
        assert!(nobody_in(&post(client, basic, &form(JOHN))));
    });
}

#[test]
fn padded_text_is_trimmed() {
    both_ways(|client| {
        let login = "<login><deviceName>SEP1 </deviceName><userID>\n  john\n</userID></login>";
        assert_eq!(client.ask_as("emproxy", "emproxy", "request", login).unwrap(), DONE);
        assert_eq!(client.log_out("SEP1").unwrap(), DONE);
    });
}

#[test]
fn a_logout_with_a_user_that_the_grammar_does_not_have() {
    both_ways(|client| {
        client.log_in("john", "SEP1").unwrap();
        let logout = "<logout><deviceName>SEP1</deviceName><userID>john</userID></logout>";
        assert_eq!(client.ask_as("emproxy", "emproxy", "request", logout).unwrap(), DONE);
    });
}

#[test]
fn several_names_in_one_query() {
    both_ways(|client| {
        let query = "<deviceUserQuery><deviceName>SEP1</deviceName><deviceName>SEP2</deviceName>\
                     <deviceName>SEP9</deviceName></deviceUserQuery>";
        let answer = client.ask_as("emproxy", "emproxy", "query", query).unwrap();
        assert_eq!(answer.matches("<device name=").count(), 3);
        let query =
            "<userDevicesQuery><userID>john</userID><userID>nobody</userID></userDevicesQuery>";
        let answer = client.ask_as("emproxy", "emproxy", "query", query).unwrap();
        assert!(answer.contains("<none/>") && answer.contains("<doesNotExist/>"));
    });
}

#[test]
fn a_login_with_and_without_profile_and_duration() {
    both_ways(|client| {
        for rest in [
            "",
            "<deviceProfile>desk</deviceProfile>",
            "<deviceProfile/>",
            "<exclusiveDuration><indefinite/></exclusiveDuration>",
            "<exclusiveDuration><indefinite></indefinite></exclusiveDuration>",
            "<exclusiveDuration><time>60</time></exclusiveDuration>",
            "<remoteIPAddr>192.0.2.1</remoteIPAddr><isViaHeaderSet>false</isViaHeaderSet>",
        ] {
            let login =
                format!("<login><deviceName>SEP1</deviceName><userID>john</userID>{rest}</login>");
            let answer = client.ask_as("emproxy", "emproxy", "request", &login).unwrap();
            assert_eq!(answer, DONE, "{rest}");
            assert_eq!(client.log_out("SEP1").unwrap(), DONE);
        }
    });
}

#[test]
fn a_login_type_newer_than_the_grammar() {
    both_ways(|client| {
        for kind in ["DN", "SP", "UID"] {
            let query = format!(
                "<deviceUserQuery><deviceName>SEP1</deviceName><loginType>{kind}</loginType>\
                 </deviceUserQuery>"
            );
            let answer = client.ask_as("emproxy", "emproxy", "query", &query).unwrap();
            assert!(answer.contains("<emccDevice>no</emccDevice>"), "{answer}");
        }
    });
}

#[test]
fn the_answer_is_uncompressed_xml_for_any_accept_header() {
    both_ways(|client| {
        for accept in [
            "\r\nAccept: text/xml",
            "\r\nAccept: application/json, text/plain",
            "",
            "\r\nUser-Agent: x\r\nAccept-Encoding: gzip, deflate",
        ] {
            let answer = post(client, accept, &form(JOHN));
            assert!(nobody_in(&answer), "{accept}");
            assert!(answer.header("content-type").unwrap().starts_with("text/xml"));
            assert_eq!(answer.header("content-encoding"), None);
        }
    });
}

#[test]
fn the_path_with_two_slashes() {
    both_ways(|client| {
        let body = form(JOHN);
        let head = format!(
            "POST //emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\nContent-Length: {}",
            body.len()
        );
        assert!(nobody_in(&raw(client, &head, &body)));
    });
}

#[test]
fn a_percent_encoded_user_id_comes_back_encoded() {
    both_ways(|client| {
        // The id of a user who asks about themselves is decoded as well.
        let query = "<userDevicesQuery><userID>em%40example.com</userID></userDevicesQuery>";
        let own = client.ask_as("em%40example.com", "12345", "query", query).unwrap();
        assert!(own.contains("<user id=\"em%40example.com\">"), "{own}");
        assert_eq!(client.log_in("em%40example.com", "SEP1").unwrap(), DONE);
        assert_eq!(client.user_at("SEP1").as_deref(), Some("em%40example.com"));
        let query = "<userDevicesQuery><userID>EM%40EXAMPLE.COM</userID></userDevicesQuery>";
        let answer = client.ask_as("emproxy", "emproxy", "query", query).unwrap();
        assert!(answer.contains("<user id=\"em%40example.com\">\n<deviceName>SEP1</deviceName>\n"));
        assert_eq!(client.log_out("SEP1").unwrap(), DONE);
    });
}

#[test]
fn a_client_with_connection_close_gets_its_answer_first() {
    both_ways(|client| {
        let answer = post(client, "\r\nConnection: close", &form(JOHN));
        assert!(nobody_in(&answer));
    });
}

/// The answer to a query has no byte-order mark, no indentation, no declaration and no final newline,
/// and a failure contains no text of a success.
#[test]
fn answers_have_the_form_that_clients_match() {
    both_ways(|client| {
        let query = post(client, "", &form(JOHN)).body;
        assert!(query.starts_with("<response>\n") && query.ends_with("</response>"));
        assert!(query.lines().all(|line| !line.starts_with(' ')));
        let failure = client.log_in("john", "SEP9").unwrap();
        assert_eq!(
            failure,
            "<response>\n<failure>\n<error code=\"11\">Device does not exist</error>\n\
             </failure>\n</response>"
        );
        let query = "<userDevicesQuery><userID>john</userID></userDevicesQuery>";
        for id in ["emproxy", "success"] {
            let failure = client.ask_as(id, "wrong", "query", query).unwrap();
            assert_eq!(code(&failure), 3);
            assert!(failure.contains("Application Authentication Error"), "{failure}");
            assert!(!failure.to_lowercase().contains("success"), "{failure}");
        }
    });
}
