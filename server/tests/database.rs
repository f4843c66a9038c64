//! Starts on a damaged database, and on a full disk.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use support::{apply, console::add_administrator, people, refusal, sojourn, sql};

fn serve(data_dir: &Path) -> Output {
    let addresses = ["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--data-dir"];
    sojourn().args(addresses).arg(data_dir).output().unwrap()
}

#[test]
fn a_damaged_database_stops_the_start_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    fs::write(&file, "this is no database, and long enough to be read as one".repeat(40)).unwrap();
    let before = fs::read(&file).unwrap();
    let refusal = refusal(&serve(folder.path()));
    assert!(refusal.contains("damaged"), "{refusal}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn damage_found_after_an_unclean_stop_ends_the_server_and_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let page =
        sql(folder.path(), "SELECT '' || rootpage FROM sqlite_schema WHERE name = 'event_at'")
            .remove(0);
    let start = (page.parse::<usize>().unwrap() - 1) * 4096;
    let file = folder.path().join("sojourn.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[start..start + 4096].fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    // A log that is left says that the database was not closed.
    fs::write(folder.path().join("sojourn.db-wal"), "the last write").unwrap();
    let output = serve(folder.path());
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.trim_end().lines().last().unwrap().contains("the database is damaged"), "{text}");
    let refusal = refusal(&serve(folder.path()));
    assert!(refusal.contains("the database is damaged"), "{refusal}");
}

#[test]
fn a_full_disk_at_the_start_is_called_so_and_keeps_no_command_from_reading() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), "").status.success());
    add_administrator(folder.path(), "kim", "administrator");
    // A bound on the size of files stands for a full disk.
    let full = |arguments: &[&str]| {
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
        limited.arg(env!("CARGO_BIN_EXE_sojourn")).args(arguments);
        limited.arg("--data-dir").arg(folder.path()).output().unwrap()
    };
    let refusal = refusal(&full(&["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"]));
    assert!(refusal.contains("the disk is full"), "{refusal}");
    let list = full(&["admin", "list"]);
    let text = String::from_utf8_lossy(&list.stdout);
    assert!(text.contains("kim"), "{text}{}", String::from_utf8_lossy(&list.stderr));
}
