//! A phone can read the file, and the file reads back as the configuration from which it was written.

use proptest::{collection::vec, option, prelude::*};
use quick_xml::{Reader, events::Event};

use super::*;

fn credentials() -> LineCredentials {
    LineCredentials { user: "1001".into(), secret: "pass<&>\"word".into() }
}

fn example() -> PhoneConfiguration {
    let service = "http://192.0.2.1:8080/emapp/EMAppServlet?device=#DEVICENAME#&EMCC=#EMCC#";
    let line = |dn: &str, label: &str, credentials| Line {
        dn: dn.into(),
        label: label.into(),
        credentials,
    };
    let dial = |number: &str, label: &str| SpeedDial { number: number.into(), label: label.into() };
    PhoneConfiguration {
        lines: vec![line("1001", "김 철수", Some(credentials())), line("1002", "", None)],
        speed_dials: vec![dial("2000", "Front Desk"), dial("0,123", "R&D <out>")],
        call_server: Some(CallServer { host: "192.0.2.7".into(), port: 5070 }),
        service_url: Some(service.into()),
        authentication_url: Some("http://192.0.2.1:8080/ccmcip/authenticate.jsp".into()),
        idle: Some(Idle {
            url: "http://192.0.2.1:8080/idle?a=1&secret=word".into(),
            seconds: 1800,
        }),
        time_zone: Some("Asia/Seoul".into()),
        version: "1552156347-2".into(),
    }
}

#[test]
fn the_file_is_as_a_phone_reads_it() {
    let xml = example().xml();
    assert_eq!(xml.replace("\r\n", "\n"), include_str!("example.cnf.xml"));
    assert!(!xml.replace("\r\n", "").contains(['\r', '\n']));
}

#[test]
fn the_file_is_read_back() {
    assert_eq!(PhoneConfiguration::read(&example().xml()), Ok(example()));
    assert_eq!(
        PhoneConfiguration::read(&PhoneConfiguration::default().xml()),
        Ok(PhoneConfiguration::default())
    );
}

#[test]
fn a_secret_is_not_printed() {
    let printed = format!("{:?} {:#?}", example(), credentials());
    assert!(printed.contains("1001") && !printed.contains("word"), "{printed}");
}

#[test]
fn without_a_call_server_or_a_line_a_phone_does_not_register() {
    let registers = |configuration: &PhoneConfiguration| {
        let xml = configuration.xml();
        // Firmware requires a server and a line in every file.
        assert_eq!(xml.matches("<processNodeName>").count(), 1);
        assert!(xml.contains("<line button=\"1\" lineIndex=\"1\">\r\n<featureID>9</featureID>"));
        xml.contains("<registerWithProxy>true</registerWithProxy>")
    };
    assert!(registers(&example()));
    assert!(!registers(&PhoneConfiguration { call_server: None, ..example() }));
    let nowhere = CallServer { host: "\u{7}".into(), port: 5060 };
    assert!(!registers(&PhoneConfiguration { call_server: Some(nowhere), ..example() }));
    let nobody = PhoneConfiguration { lines: vec![Line::default()], ..example() };
    assert!(!registers(&nobody));
    let read = PhoneConfiguration::read(&nobody.xml()).unwrap();
    assert_eq!(read, PhoneConfiguration { lines: Vec::new(), ..example() });
    assert!(nobody.xml().contains("<line button=\"2\">\r\n<featureID>2</featureID>"));
}

#[test]
fn what_is_too_long_or_too_much_does_not_reach_the_phone() {
    let long = "김".repeat(MAX_LABEL_CHARS + 1);
    let url = |chars| Some(format!("http://{}", "a".repeat(chars - "http://".len())));
    let line = Line { dn: "1".into(), label: long.clone(), credentials: None };
    let dial = SpeedDial { number: "2".into(), label: long };
    let configuration = PhoneConfiguration {
        lines: vec![line; 3],
        speed_dials: vec![dial; MAX_BUTTONS],
        service_url: url(MAX_URL_CHARS),
        authentication_url: url(MAX_URL_CHARS + 1),
        ..example()
    };
    let read = PhoneConfiguration::read(&configuration.xml()).unwrap();
    assert_eq!((read.lines.len(), read.speed_dials.len()), (3, MAX_BUTTONS - 3));
    assert_eq!(read.speed_dials[0].label.chars().count(), MAX_LABEL_CHARS);
    assert_eq!(read.lines[0].label.chars().count(), MAX_LABEL_CHARS);
    assert_eq!((read.service_url, read.authentication_url), (url(MAX_URL_CHARS), None));
    let lines = vec![configuration.lines[0].clone(); MAX_BUTTONS + 1];
    let read =
        PhoneConfiguration::read(&PhoneConfiguration { lines, ..configuration }.xml()).unwrap();
    assert_eq!((read.lines.len(), read.speed_dials.len()), (MAX_BUTTONS, 0));
}

#[test]
fn elements_and_buttons_may_stand_in_any_order() {
    let xml = "<device>\
        <versionStamp>7</versionStamp>\
        <sipProfile><sipLines>\
        <line button='2'><speedDialNumber>5</speedDialNumber><featureID>2</featureID></line>\
        <line button='3'><featureID>20</featureID><serviceURI>http://a</serviceURI></line>\
        <line lineIndex='1' button='1'><authPassword>&#x73;</authPassword><name>1</name>\
        <authName>u</authName><featureID>9</featureID><featureLabel><![CDATA[a]]></featureLabel>\
        <autoAnswer><name>2</name></autoAnswer></line>\
        </sipLines></sipProfile>\
        <devicePool><name>Default</name><callManagerGroup><members><member><callManager>\
        <processNodeName>192.0.2.7</processNodeName><name>b</name></callManager></member>\
        </members></callManagerGroup></devicePool>\
        </device>";
    let credentials = Some(LineCredentials { user: "u".into(), secret: "s".into() });
    let expected = PhoneConfiguration {
        lines: vec![Line { dn: "1".into(), label: "a".into(), credentials }],
        speed_dials: vec![SpeedDial { number: "5".into(), label: String::new() }],
        call_server: Some(CallServer { host: "192.0.2.7".into(), port: SIP_PORT }),
        version: "7".into(),
        ..PhoneConfiguration::default()
    };
    assert_eq!(PhoneConfiguration::read(xml), Ok(expected));
}

#[test]
fn what_is_no_configuration_is_refused() {
    let deep = format!("<device>{}", "<a>".repeat(20));
    for wrong in [
        "",
        "device",
        "<Default/>",
        "<device>",
        "<device></devices>",
        "<device/><device/>",
        "<!DOCTYPE device [<!ENTITY a 'b'>]><device/>",
        "<device><versionStamp>&a;</versionStamp></device>",
        &deep,
    ] {
        assert!(PhoneConfiguration::read(wrong).is_err(), "{wrong}");
    }
}

/// Any configuration; `required` is the pattern of its required texts, `other` that of its other texts.
fn configurations(
    required: &'static str,
    other: &'static str,
) -> impl Strategy<Value = PhoneConfiguration> {
    let credentials = (other, other).prop_map(|(user, secret)| LineCredentials { user, secret });
    let line = (required, other, option::of(credentials))
        .prop_map(|(dn, label, credentials)| Line { dn, label, credentials });
    let dial = (required, other).prop_map(|(number, label)| SpeedDial { number, label });
    let server = (required, any::<u16>()).prop_map(|(host, port)| CallServer { host, port });
    let idle = (required, 1..u32::MAX).prop_map(|(url, seconds)| Idle { url, seconds });
    let urls = (option::of(required), option::of(required), option::of(idle));
    let buttons = (vec(line, 0..4), vec(dial, 0..4));
    (buttons, option::of(server), urls, option::of(other), other).prop_map(
        |(buttons, call_server, urls, time_zone, version)| PhoneConfiguration {
            lines: buttons.0,
            speed_dials: buttons.1,
            call_server,
            service_url: urls.0,
            authentication_url: urls.1,
            idle: urls.2,
            time_zone,
            version,
        },
    )
}

/// Texts that a phone can read.
const TIDY: &str = "[^\\p{Cc}\u{fffe}\u{ffff}]{0,30}";
const TIDY_NAME: &str = "[^\\p{Cc}\u{fffe}\u{ffff}]{1,30}";
/// Any texts, and texts that look like markup.
const WILD: &str = "(?s)(.|\\p{Cc}|[<>&'\"]|]]>|<!--|</name>|</line>|&#0;){0,20}";

/// The configuration with each text that has a visible character replaced.
fn plain(configuration: PhoneConfiguration) -> PhoneConfiguration {
    let plain = |text: String| {
        let is_shown = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
        if text.contains(is_shown) { "x".to_owned() } else { String::new() }
    };
    let PhoneConfiguration { lines, speed_dials, call_server, service_url, .. } = configuration;
    let lines = lines.into_iter().map(|one| Line {
        dn: plain(one.dn),
        credentials: one.credentials.map(|_| credentials()),
        ..Line::default()
    });
    let dials = speed_dials.into_iter();
    let dials = dials.map(|one| SpeedDial { number: plain(one.number), ..SpeedDial::default() });
    PhoneConfiguration {
        lines: lines.collect(),
        speed_dials: dials.collect(),
        call_server: call_server.map(|one| CallServer { host: plain(one.host), ..one }),
        service_url: service_url.map(plain),
        time_zone: configuration.time_zone.map(plain),
        ..PhoneConfiguration::default()
    }
}

/// All tags of the file.
fn tags(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let mut tags = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => tags.push(start.to_string()),
            Event::End(end) => tags.push(format!("/{}", end.name().as_ref())),
            Event::Text(_) | Event::GeneralRef(_) | Event::Decl(_) => {}
            Event::Eof => return tags,
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn any_configuration_that_a_phone_can_read_is_read_back(
        configuration in configurations(TIDY_NAME, TIDY)
    ) {
        prop_assert_eq!(PhoneConfiguration::read(&configuration.xml()), Ok(configuration));
    }

    #[test]
    fn no_text_makes_elements_of_its_own(configuration in configurations(WILD, WILD)) {
        let xml = configuration.xml();
        prop_assert!(xml.chars().all(crate::markup::is_char));
        let read = PhoneConfiguration::read(&xml).unwrap();
        prop_assert_eq!(read.xml(), xml.clone());
        prop_assert_eq!(tags(&xml), tags(&plain(configuration).xml()));
    }

    #[test]
    fn any_text_is_read_or_refused(text in WILD) {
        let _ = PhoneConfiguration::read(&text);
        let _ = PhoneConfiguration::read(&format!("<device>{text}</device>"));
    }
}
