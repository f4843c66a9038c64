//! The trace of the EM application: each record has the original's form, and the checker understands
//! all of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod support;

use std::{fs, path::Path};

use support::{Server, apply, people, sojourn};
use terms::Named;

const LOBBY: &str = "SEP001122334455";

/// The records of a trace without time and thread, one line each.
fn records(text: &str) -> Vec<String> {
    let records = wire::trace::records(text).map(|record| {
        let meaning = record.meaning.unwrap_or_else(|| panic!("not understood: {}", record.text));
        let (level, logger) = (meaning.level.name(), meaning.shape.logger());
        let words: Vec<_> = meaning.message.split_whitespace().collect();
        format!("{level} {logger} - {}", words.join(" "))
    });
    records.collect()
}

fn trace(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("trace").join(name)).unwrap()
}

/// A request for the form, a log-in and a log-out; the data folder and the trace.
fn traced() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["user1"], &[LOBBY])).status.success());
    let server = Server::start(folder.path());
    let mut client = server.client();
    for fields in ["", "&userid=user1&seq=12345", "&EMCC=true&doLogout=true"] {
        let head = format!(
            "GET /emapp/EMAppServlet?device={LOBBY}{fields} HTTP/1.1\r\nHost: em\r\n\
             Accept-Language: en_US\r\nAccept-Charset: utf-8,iso-8859-1;q=0.8\r\n\r\n"
        );
        assert_eq!(client.exchange(head.as_bytes()).unwrap().status(), 200);
    }
    server.stop();
    let text = trace(folder.path(), "emapp.log");
    (folder, text)
}

/// Each record of a published trace of the same three requests occurs in ours, in the same order.
#[test]
fn a_log_in_and_a_log_out_are_traced_as_the_original_traces_them() {
    let (_folder, text) = traced();
    let ours = records(&text);
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/wire/golden/public-traces");
    let theirs = fs::read_to_string(format!("{golden}/spaced.emapp.log")).unwrap();
    let mut from = 0;
    for record in records(&theirs) {
        // Names, numbers and addresses are replaced by this test's; our message to the EM service is
        // one line.
        let wanted = record
            .replace("SEP001122334488", LOBBY)
            .replace("192.0.2.10", "127.0.0.1")
            .replace("model 30016", "model 8861")
            .replace("profile1", "desk")
            .replace("> <", "><");
        let is_posted = wanted.contains("Posting to EM Service:");
        let is_same = |ours: &String| {
            let number =
                |text: &str| text.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
            match is_posted {
                true => ours.contains("Posting to EM Service:"),
                false if wanted.contains("EMApp Request# ----->") => {
                    number(ours) == number(&wanted)
                }
                false => {
                    ours.split_whitespace().collect::<String>()
                        == wanted.split_whitespace().collect::<String>()
                }
            }
        };
        let found = ours[from..].iter().position(is_same);
        let found = found.unwrap_or_else(|| panic!("{wanted}\nis not in {:#?}", &ours[from..]));
        from += found + 1;
    }
}

#[test]
fn both_traces_are_understood_and_have_no_pin() {
    let (folder, text) = traced();
    assert!(text.contains("<appID>CCMSysUser</appID>"), "{text}");
    assert!(!text.contains("12345") && !trace(folder.path(), "emservice.log").contains("12345"));
    let files = ["emapp.log", "emservice.log"].map(|name| folder.path().join("trace").join(name));
    let checked = sojourn().args(["trace", "check"]).args(&files).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    // The EM application sends one EM service request for each question: the user at the phone, the
    // existence of the user, the log-in and the log-out.
    let service = records(&trace(folder.path(), "emservice.log"));
    let count = |text: &str| service.iter().filter(|record| record.contains(text)).count();
    assert_eq!(count("EMService Request# ----> :"), 4);
    assert_eq!(count("AppID: CCMSysUser"), 4);
    assert_eq!(count("Request type=Login/Logout"), 2);
}
