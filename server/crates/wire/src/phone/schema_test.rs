//! Every screen is checked against the phone's limits, as a schema.

use quick_xml::{Reader, events::Event};

use super::*;

/// An element with its text and children.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

fn parsed(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => {
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                let text = match reference.resolve_char_ref().unwrap() {
                    Some(char) => char.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name).unwrap().to_owned(),
                };
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

/// Checks a screen against the schema.
fn check(screen: &Screen) {
    let xml = screen.xml();
    let root = parsed(&xml);
    let names: Vec<_> = root.children.iter().map(|child| child.name.as_str()).collect();
    let order: &[&str] = match (&screen.body, root.name.as_str()) {
        (Body::Text(_), "CiscoIPPhoneText") => &["Title", "Prompt", "Text", "SoftKeyItem"],
        (Body::Question(_), "CiscoIPPhoneText") => &["Title", "Text", "Prompt", "SoftKeyItem"],
        (Body::Form { .. }, "CiscoIPPhoneInput") => {
            &["Title", "Prompt", "URL", "InputItem", "SoftKeyItem"]
        }
        (Body::Menu(_), "CiscoIPPhoneMenu") => &["Title", "Prompt", "MenuItem", "SoftKeyItem"],
        (body, name) => panic!("{name} for {body:?}"),
    };
    let places = names.iter().map(|name| order.iter().position(|one| one == name).expect(name));
    assert!(places.is_sorted(), "{names:?}");
    let count = |name: &str| names.iter().filter(|one| **one == name).count();
    assert_eq!((count("Title"), count("Prompt")), (1, 1));
    assert!(count("InputItem") <= 5 && count("MenuItem") <= 100 && count("SoftKeyItem") <= 8);
    for child in &root.children {
        let chars = child.text.chars().count();
        let parts: Vec<_> = child.children.iter().map(|part| part.name.as_str()).collect();
        match child.name.as_str() {
            "Title" | "Prompt" => assert!(chars <= 32, "{}", child.text),
            "Text" => assert!(chars <= 4_000),
            "InputItem" => {
                let order = ["DisplayName", "QueryStringParam", "InputFlags", "DefaultValue"];
                assert_eq!(parts, order);
                assert!(child.children[0].text.chars().count() <= 32);
            }
            "MenuItem" => {
                assert_eq!(parts, ["Name", "URL"]);
                assert!(child.children[0].text.chars().count() <= 64);
            }
            "SoftKeyItem" => assert_eq!(parts, ["Name", "URL", "Position"]),
            _ => {}
        }
    }
    assert!(!xml.contains("\n ") && !xml.replace("\r\n", "").contains('\r'), "{xml}");
}

fn key(label: &str, url: &str) -> SoftKey {
    SoftKey { label: label.to_owned(), url: url.to_owned() }
}

fn screen(body: Body, keys: Vec<SoftKey>) -> Screen {
    Screen { title: "Extension Mobility".into(), prompt: "Please log in".into(), body, keys }
}

fn field(name: &'static str, entry: InputKind) -> Field {
    Field { label: name.to_owned(), name, entry, value: String::new() }
}

#[test]
fn a_log_in_form_is_as_a_phone_reads_it() {
    let url = "http://192.0.2.1:8080/emapp/EMAppServlet?device=SEP1&EMCC=false".to_owned();
    let fields = vec![
        Field { value: "j&hn".to_owned(), ..field("userid", InputKind::Lower) },
        field("seq", InputKind::Secret),
    ];
    let body = Body::Form { url, is_posted: true, fields };
    let form = screen(body, vec![key("Submit", "SoftKey:Submit")]);
    check(&form);
    assert_eq!(
        form.xml(),
        "<CiscoIPPhoneInput>\r\n\
         <Title>Extension Mobility</Title>\r\n\
         <Prompt>Please log in</Prompt>\r\n\
         <URL method=\"post\">http://192.0.2.1:8080/emapp/EMAppServlet?device=SEP1&amp;EMCC=false\
         </URL>\r\n\
         <InputItem>\r\n<DisplayName>userid</DisplayName>\r\n\
         <QueryStringParam>userid</QueryStringParam>\r\n<InputFlags>L</InputFlags>\r\n\
         <DefaultValue>j&amp;hn</DefaultValue>\r\n</InputItem>\r\n\
         <InputItem>\r\n<DisplayName>seq</DisplayName>\r\n\
         <QueryStringParam>seq</QueryStringParam>\r\n<InputFlags>NP</InputFlags>\r\n\
         <DefaultValue></DefaultValue>\r\n</InputItem>\r\n\
         <SoftKeyItem>\r\n<Name>Submit</Name>\r\n<URL>SoftKey:Submit</URL>\r\n\
         <Position>1</Position>\r\n</SoftKeyItem>\r\n\
         </CiscoIPPhoneInput>\r\n"
    );
}

/// A portal in the field takes the text, the prompt and the first soft key out of the log-out page.
#[test]
fn the_log_out_page_is_cut_as_a_portal_cuts_it() {
    let keys = vec![key("Yes", "http://192.0.2.1/emapp/EMAppServlet?doLogout=true")];
    let page = screen(Body::Question("Log john out?".to_owned()), keys);
    check(&page);
    let cut = "<Text>Log john out?</Text>\r\n<Prompt>Please log in</Prompt>\r\n<SoftKeyItem>";
    assert!(page.xml().contains(cut));
}

#[test]
fn whatever_is_too_long_or_too_much_is_cut() {
    let long = "긴 이름 ".repeat(2_000);
    let keys: Vec<_> = (0..12).map(|_| key(&long, "SoftKey:Exit")).collect();
    let item = Item { name: long.clone(), url: "http://192.0.2.1/?a=1&b=2".to_owned() };
    let fields = vec![Field { label: long.clone(), ..field("seq", InputKind::Digits) }; 9];
    let (url, is_posted) = (String::new(), false);
    for body in [
        Body::Text(long.clone()),
        Body::Question(format!("{long}\r\n\u{7}<b>&amp;")),
        Body::Menu(vec![item; 150]),
        Body::Form { url, is_posted, fields },
    ] {
        let screen =
            Screen { title: long.clone(), prompt: "a\tb\nc".into(), ..screen(body, keys.clone()) };
        check(&screen);
    }
}
