//! The file is what a phone reads.

use super::*;

fn credentials() -> Credentials {
    Credentials { user: "1001".into(), secret: "pass<&>\"word".into() }
}

fn example() -> Configuration {
    let service = "http://192.0.2.1:8080/emapp/EMAppServlet?device=#DEVICENAME#&EMCC=#EMCC#";
    let line = |dn: &str, label: &str, credentials| Line {
        dn: dn.into(),
        label: label.into(),
        credentials,
    };
    let dial = |number: &str, label: &str| SpeedDial { number: number.into(), label: label.into() };
    Configuration {
        lines: vec![line("1001", "김 철수", Some(credentials())), line("1002", "", None)],
        speed_dials: vec![dial("2000", "Front Desk"), dial("0,123", "R&D <out>")],
        call_server: Some(CallServer { host: "192.0.2.7".into(), port: 5070 }),
        service_url: Some(service.into()),
        authentication_url: Some("http://192.0.2.1:8080/ccmcip/authenticate.jsp".into()),
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
fn a_secret_is_not_printed() {
    let printed = format!("{:?} {:#?}", example(), credentials());
    assert!(printed.contains("1001") && !printed.contains("word"), "{printed}");
}
