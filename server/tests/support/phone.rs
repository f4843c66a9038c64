//! A desk phone: requests screens over raw sockets, with the headers of a real phone.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use quick_xml::{Reader, events::Event};

use super::{Answer, Client, PATIENCE, Server};

/// The path of the EM application.
pub const PATH: &str = "/emapp/EMAppServlet";

/// The headers of a phone of a model.
pub fn headers(model: &str, language: &str) -> String {
    format!(
        "Host: em.example:8080\r\nUser-Agent: Allegro-Software-WebClient/4.34\r\n\
         Accept: x-CiscoIPPhone/*, text/*,image/png,*/*\r\nAccept-Language: {language}\r\n\
         Accept-Charset: utf-8,;q=0.8\r\nx-CiscoIPPhoneModelName: {model}\r\n\
         x-CiscoIPPhoneDisplay: 298,156,16,C\r\nx-CiscoIPPhoneSDKVersion: 8.5.1\r\n"
    )
}

impl Client {
    /// Sends a request as a 7965 with English does.
    pub fn phone(&mut self, query: &str) -> Answer {
        self.get_as("CP-7965G", "en", query)
    }

    /// Sends a request as a phone of a model and a language does.
    pub fn get_as(&mut self, model: &str, language: &str, query: &str) -> Answer {
        let headers = headers(model, language);
        let head = format!("GET {PATH}?{query} HTTP/1.1\r\n{headers}\r\n");
        self.exchange(head.as_bytes()).unwrap()
    }

    /// The screen that a phone gets, checked against the limits of phones.
    pub fn screen(&mut self, query: &str) -> Screen {
        screen(&self.phone(query))
    }
}

/// A screen as a phone parses it.
#[derive(Debug)]
pub struct Screen {
    /// The name of the root element.
    pub kind: String,
    /// The child elements.
    pub children: Vec<Element>,
}

/// An element with its text and children.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The text of a child.
    pub fn of(&self, name: &str) -> &str {
        self.children.iter().find(|child| child.name == name).map_or("", |child| &child.text)
    }
}

impl Screen {
    /// The text of the first element of this name.
    pub fn text(&self, name: &str) -> &str {
        self.children.iter().find(|child| child.name == name).map_or("", |child| &child.text)
    }

    /// The elements of this name.
    pub fn all(&self, name: &str) -> Vec<&Element> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    /// The URL of a soft key.
    pub fn key(&self, label: &str) -> &str {
        let keys = self.all("SoftKeyItem");
        keys.iter().find(|key| key.of("Name") == label).map_or("", |key| key.of("URL"))
    }
}

/// The query of a URL of the EM application.
pub fn query(url: &str) -> &str {
    url.strip_prefix("http://em.example:8080/emapp/EMAppServlet?")
        .unwrap_or_else(|| panic!("{url}"))
}

/// The screen of an answer, checked against the limits of phones (IP Phone Services Application
/// Development Notes): the order of elements, and their maximal lengths and counts.
pub fn screen(answer: &Answer) -> Screen {
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/xml;charset="), "{kind}");
    let xml = &answer.body;
    let Element { name: kind, children, .. } = parsed(xml);
    let is_question = kind == "CiscoIPPhoneText" && children[1].name == "Text";
    let order: &[&str] = match kind.as_str() {
        // A published portal relies on Text before Prompt on this page.
        "CiscoIPPhoneText" if is_question => &["Title", "Text", "Prompt", "SoftKeyItem"],
        "CiscoIPPhoneText" => &["Title", "Prompt", "Text", "SoftKeyItem"],
        "CiscoIPPhoneInput" => &["Title", "Prompt", "URL", "InputItem", "SoftKeyItem"],
        "CiscoIPPhoneMenu" => &["Title", "Prompt", "MenuItem", "SoftKeyItem"],
        other => panic!("{other} is not a screen"),
    };
    let places = children.iter().map(|child| {
        let place = order.iter().position(|name| *name == child.name);
        place.unwrap_or_else(|| panic!("{} in {xml}", child.name))
    });
    assert!(places.is_sorted(), "{xml}");
    let count = |name: &str| children.iter().filter(|child| child.name == name).count();
    assert_eq!((count("Title"), count("Prompt")), (1, 1), "{xml}");
    assert!(count("InputItem") <= 5 && count("MenuItem") <= 100 && count("SoftKeyItem") <= 8);
    for child in &children {
        let parts: Vec<_> = child.children.iter().map(|part| part.name.as_str()).collect();
        let is_short = |text: &str, most: usize| text.chars().count() <= most;
        match child.name.as_str() {
            "Title" | "Prompt" => assert!(is_short(&child.text, 32), "{}", child.text),
            "URL" => assert!(is_short(&child.text, 256), "{}", child.text),
            "Text" => assert!(is_short(&child.text, 4_000), "{}", child.text),
            "InputItem" => {
                let order = ["DisplayName", "QueryStringParam", "InputFlags", "DefaultValue"];
                assert_eq!(parts, order);
                assert!(is_short(child.of("DisplayName"), 32));
            }
            "MenuItem" => {
                assert_eq!(parts, ["Name", "URL"]);
                assert!(is_short(child.of("Name"), 64) && is_short(child.of("URL"), 256));
            }
            "SoftKeyItem" => {
                assert_eq!(parts, ["Name", "URL", "Position"]);
                assert!(is_short(child.of("URL"), 256));
            }
            other => panic!("{other}"),
        }
    }
    Screen { kind, children }
}

fn parsed(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Decl(_) => {}
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                let numbered = reference.resolve_char_ref().unwrap().map(String::from);
                let text = numbered.unwrap_or_else(|| {
                    quick_xml::escape::resolve_predefined_entity(&name).unwrap().to_owned()
                });
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

/// The answer to a GET.
pub fn get(server: &Server, path: &str) -> Answer {
    let head = format!("GET {path} HTTP/1.1\r\nHost: em\r\n\r\n");
    server.client().exchange(head.as_bytes()).unwrap()
}

/// The answer to the POST of a form.
pub fn post(server: &Server, path: &str, form: &str) -> Answer {
    let length = form.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: em\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}"
    );
    server.client().exchange(head.as_bytes()).unwrap()
}

/// A phone that takes pushes, after it has checked their credentials at the authentication URL.
pub struct FakePhone {
    listener: TcpListener,
}

/// A push that a phone received.
#[derive(Debug)]
pub struct Push {
    pub path: String,
    pub user_and_password: String,
    pub xml: String,
}

impl FakePhone {
    /// A phone at an address of this machine.
    pub fn listen(ip: &str) -> Self {
        Self { listener: TcpListener::bind((ip, 0)).unwrap() }
    }

    /// The port of the phone's HTTP server.
    pub fn port(&self) -> u16 {
        self.listener.local_addr().unwrap().port()
    }

    /// Waits for a push, checks its credentials, and answers it.
    pub fn push(&self, server: &Server) -> Push {
        let (stream, _) = self.listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(stream.read_line(&mut head).unwrap() > 0, "the push ends early: {head}");
        }
        let head = Answer { head, body: String::new() };
        let mut body = vec![0; head.header("content-length").unwrap().parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        let basic = head.header("authorization").unwrap().strip_prefix("Basic ").unwrap();
        let user_and_password = String::from_utf8(base64(basic)).unwrap();
        let (user, password) = user_and_password.split_once(':').unwrap();
        let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (user, password) = (escaped(user), escaped(password));
        let form = format!("UserID={user}&Password={password}&devicename=SEP1");
        assert_eq!(get(server, &format!("/authenticate?{form}")).body, "AUTHORIZED");
        let answer = "<CiscoIPPhoneResponse><ResponseItem Status=\"0\" Data=\"Success\" URL=\"\"/>\
                      </CiscoIPPhoneResponse>";
        let length = answer.len();
        let whole = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{answer}"
        );
        stream.get_mut().write_all(whole.as_bytes()).unwrap();
        let xml = body.strip_prefix("XML=").unwrap();
        let xml = percent_decode_str(xml).decode_utf8().unwrap().into_owned();
        let path = head.head.split(' ').nth(1).unwrap().to_owned();
        Push { path, user_and_password, xml }
    }
}

/// Decodes base64.
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter(|byte| *byte != b'=');
    let place = |byte| LETTERS.iter().position(|letter| *letter == byte).unwrap();
    let digits: Vec<_> = digits.map(|byte| u32::try_from(place(byte)).unwrap()).collect();
    let mut bytes = Vec::new();
    for chunk in digits.chunks(4) {
        let missing = 4 - chunk.len();
        let bits = chunk.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * missing);
        bytes.extend_from_slice(&bits.to_be_bytes()[1..4 - missing]);
    }
    bytes
}
