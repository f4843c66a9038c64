//! The founding document's traces: Sojourn writes the same lines, and understands every record of the
//! traces.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

use std::{fmt::Display, fs, path::PathBuf};

use terms::{ErrorCode, ServiceParameters};
use wire::{
    answer,
    trace::{Entry, Level, Shape, records, service_parameters},
};

fn golden() -> Vec<(String, String)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/traces"));
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn trace(name: &str) -> String {
    golden().into_iter().find(|(file, _)| file == name).unwrap().1
}

/// Lines without the padding that the founding document's printed form has lost.
fn collapsed(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let words: Vec<_> = line.split(' ').filter(|word| !word.is_empty()).collect();
        words.join(" ").replace(" ]", "]")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn all_165_records_are_understood() {
    let (mut understood, mut all) = (0, 0);
    for (file, text) in golden() {
        for record in records(&text) {
            all += 1;
            assert!(record.meaning.is_some(), "{file}:{}: {}", record.line, record.text);
            understood += 1;
        }
    }
    assert_eq!((understood, all), (165, 165));
}

#[test]
fn a_record_gives_user_phone_and_request() {
    let text = trace("emcc-auto-logout.home.log");
    let found: Vec<_> = records(&text).map(|record| record.meaning.unwrap()).collect();
    let removed = found.iter().find(|one| one.shape == Shape::RemoveLogout).unwrap();
    assert_eq!(removed.thread, "http-bio-8443-exec-12");
    assert_eq!(removed.time, "2019-01-26 15:24:47,140");
    assert_eq!(removed.level, Level::Info);
    assert_eq!(removed.value("request"), Some("117"));
    assert_eq!(removed.value("device"), Some("SEPF8A5C59E1126"));
    let duration = found.iter().find(|one| one.shape == Shape::EffectiveDuration).unwrap();
    assert_eq!(duration.value("seconds"), Some("36000"));
}

#[test]
fn levels_are_the_originals() {
    for (file, text) in golden() {
        for record in records(&text) {
            let meaning = record.meaning.unwrap();
            assert_eq!(meaning.level, meaning.shape.level(), "{file}:{}", record.line);
        }
    }
}

#[test]
fn the_block_of_service_parameters_has_the_originals_lines() {
    let cases = [
        ("Multiple Logins Allowed", "em-multiple-logins-allowed.log"),
        ("Multiple Logins Not Allowed", "em-multiple-logins-not-allowed.log"),
        ("Auto Logout", "em-auto-logout.log"),
    ];
    for (behavior, file) in cases {
        let mut parameters = ServiceParameters::default();
        parameters.set("Multiple Login Behavior", behavior).unwrap();
        // The founding document's laboratory has another value than the default.
        parameters.set("Intra-cluster Maximum Login Time", "0").unwrap();
        let written: Vec<String> = service_parameters(&parameters)
            .iter()
            .map(|entry| line(entry, "", "Thread-68")[1..].to_owned())
            .collect();
        let text = trace(file);
        let block = text.lines().filter(|line| line.contains("ServiceParameters"));
        // The founding document's block spans a millisecond; its times are not compared.
        let block: Vec<_> = block.map(|line| &line[24..]).collect();
        assert_eq!(collapsed(&written.join("\n")), collapsed(&block.join("\n")));
    }
}

/// An entry's line, without its end.
fn line(entry: &Entry, time: &str, thread: &str) -> String {
    let mut line = String::new();
    entry.line(&mut line, time, thread);
    line.trim_end_matches('\n').to_owned()
}

#[test]
fn error_25_has_the_originals_lines() {
    let text = trace("em-multiple-logins-not-allowed.log");
    let (_, error) = text.split_once("----- End Service Parameters -----\n").unwrap();
    let code = ErrorCode::LoggedInElsewhere;
    let entries = [
        Entry::new(Shape::LoginError, &[&110, &"test2", &code.number(), &code.text()]),
        Entry::new(Shape::Answer, &[&110, &answer::failure(code)]),
    ];
    let written: Vec<String> = entries
        .iter()
        .map(|entry| line(entry, "2019-01-26 10:54:45,661", "http-bio-8443-exec-19"))
        .collect();
    assert_eq!(collapsed(&written.join("\n")), collapsed(error.trim_end()));
}

#[test]
fn columns_are_padded() {
    let entry = Entry::new(Shape::Numbers, &[&1, &"1,2"]);
    let time = "2019-01-26 10:54:45,661";
    let written = line(&entry, time, "Thread-68");
    assert_eq!(
        written,
        "2019-01-26 10:54:45,661 INFO  [Thread-68           ] Counters                  - 1: Counters -->1,2"
    );
    let mut at_once = String::new();
    let values: [&dyn Display; 2] = [&1, &"1,2"];
    Shape::Numbers.line(&mut at_once, time, "Thread-68", values);
    assert_eq!(at_once, format!("{written}\n"));
}

/// A message parses as the shape that wrote it, with any values, and as no other shape. With a value
/// that is no number for a numeric placeholder, the text is no message at all.
#[test]
fn every_shape_is_read_back_as_itself() {
    for value in ["7", "null", "", "ann smith"] {
        for shape in Shape::ALL {
            let values = vec![&value as &dyn Display; shape.places()];
            let entry = Entry::new(*shape, &values);
            let read = Shape::of(shape.logger(), &entry.message).map(|(shape, _)| shape);
            let is_no_number = value != "7" && read.is_none();
            assert!(is_no_number || read == Some(*shape), "{shape:?}: {}", entry.message);
        }
    }
}
