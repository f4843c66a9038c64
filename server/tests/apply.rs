//! `sojourn apply`: what a file means, and who may bring a database up to date.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Output,
};

use support::{Server, apply, people, refusal, sojourn, sql};

fn dry_run(data_dir: &Path, toml: &str) -> Output {
    let file = data_dir.join("dry-run.toml");
    fs::write(&file, toml).unwrap();
    let mut command = sojourn();
    command.args(["apply", "--dry-run"]).arg(file).arg("--data-dir").arg(data_dir);
    command.output().unwrap()
}

#[test]
fn a_file_with_two_names_of_one_parameter_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (new, old) = ("Multiple Login Behavior", "Intra-cluster Multiple Login Behavior");
    let both = format!(
        "[service_parameters]\n'{new}' = 'Auto Logout'\n'{old}' = 'Multiple Logins Allowed'\n"
    );
    let refusal = refusal(&apply(folder.path(), &both));
    assert!(refusal.contains(&format!("{new:?}")), "{refusal}");
    assert!(refusal.contains(&format!("{old:?}")), "{refusal}");
}

#[test]
fn a_time_limit_that_is_applied_is_enforced_unless_the_file_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), "").status.success());
    let limit = "[service_parameters]\n'Intra-cluster Maximum Login Time' = '8:00'\n";
    let enforced = "service parameter, Enforce Intra-cluster Maximum Login Time: False -> True\n\
                    service parameter, Intra-cluster Maximum Login Time: 0 -> 8:00\n";
    let said = dry_run(folder.path(), limit);
    assert!(String::from_utf8_lossy(&said.stdout).starts_with(enforced), "{said:?}");
    let obeyed = format!("{limit}'Enforce Intra-cluster Maximum Login Time' = 'False'\n");
    let said = String::from_utf8(dry_run(folder.path(), &obeyed).stdout).unwrap();
    assert!(said.contains("1 to change") && !said.contains("Enforce"), "{said}");
    let said = String::from_utf8(apply(folder.path(), limit).stdout).unwrap();
    assert_eq!(said, format!("{enforced}2 changed.\n"));
}

/// A database of the first program, with what it holds.
#[tokio::main(flavor = "current_thread")]
async fn first_database(data_dir: &Path) -> PathBuf {
    use sqlx::{
        Connection, SqlSafeStr, SqliteConnection,
        migrate::{Migration, MigrationType, Migrator},
    };
    let file = data_dir.join("sojourn.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let ground = include_str!("../../migrations/sqlite/0001_ground.sql").into_sql_str();
    let ground = Migration::new(1, "ground".into(), MigrationType::Simple, ground, false);
    Migrator::with_migrations(vec![ground]).run(&mut connection).await.unwrap();
    let event = "INSERT INTO events (at_ms, body) VALUES (1, '{}')";
    sqlx::query(event).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    file
}

/// Each command that opens a database, but for `apply --dry-run`.
fn commands(data_dir: &Path) -> Vec<Output> {
    let admin = |arguments: &[&str]| {
        let mut command = sojourn();
        command.arg("admin").args(arguments).arg("--data-dir").arg(data_dir);
        command.output().unwrap()
    };
    vec![apply(data_dir, ""), admin(&["list"]), admin(&["add", "kim"]), admin(&["disable", "kim"])]
}

/// The lock of a running server.
fn hold(data_dir: &Path) -> File {
    let lock = File::create(data_dir.join("lock")).unwrap();
    lock.try_lock().unwrap();
    lock
}

#[test]
fn a_dry_run_leaves_an_older_database_as_it_is_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = first_database(folder.path());
    let before = fs::read(&file).unwrap();
    let toml = people(&["john"], &["SEP1"]);
    let alone = refusal(&dry_run(folder.path(), &toml));
    assert!(alone.contains("older than this program") && alone.contains("--dry-run"), "{alone}");
    let lock = hold(folder.path());
    assert_eq!(refusal(&dry_run(folder.path(), &toml)), alone);
    drop(lock);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn beside_a_running_server_no_command_migrates() {
    let folder = tempfile::tempdir().unwrap();
    let file = first_database(folder.path());
    let before = fs::read(&file).unwrap();
    let lock = hold(folder.path());
    for output in commands(folder.path()) {
        let refusal = refusal(&output);
        assert!(refusal.contains("older than this program"), "{refusal}");
        assert!(refusal.contains("restart the server"), "{refusal}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    // Alone it does.
    drop(lock);
    assert_eq!(String::from_utf8_lossy(&apply(folder.path(), "").stdout), "Nothing to change.\n");
    // The next ones find it up to date, also beside a server.
    let _lock = hold(folder.path());
    for output in [apply(folder.path(), ""), dry_run(folder.path(), "")] {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "Nothing to change.\n");
    }
}

#[test]
fn a_database_of_a_newer_program_is_left_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), "").status.success());
    sql(folder.path(), "UPDATE configuration SET minimum_program = '999.0.0'");
    let before = fs::read(folder.path().join("sojourn.db")).unwrap();
    let mut lock = None;
    for _ in 0..2 {
        let dry_run = dry_run(folder.path(), "");
        for output in commands(folder.path()).into_iter().chain([dry_run]) {
            let refusal = refusal(&output);
            assert!(refusal.contains("needs Sojourn 999.0.0 or newer"), "{refusal}");
        }
        lock.get_or_insert_with(|| hold(folder.path()));
    }
    assert_eq!(fs::read(folder.path().join("sojourn.db")).unwrap(), before);
}

#[test]
fn a_dry_run_changes_no_byte_alone_and_nothing_beside_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let john = people(&["john"], &["SEP1"]);
    assert!(apply(folder.path(), &john).status.success());
    let file = folder.path().join("sojourn.db");
    let before = fs::read(&file).unwrap();
    let jane = people(&["john", "jane"], &["SEP1", "SEP2"]);
    let said = |output: Output| String::from_utf8(output.stdout).unwrap();
    let alone = said(dry_run(folder.path(), &jane));
    assert!(alone.ends_with("2 to change; nothing was changed (--dry-run).\n"), "{alone}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let server = Server::start(folder.path());
    assert_eq!(said(dry_run(folder.path(), &jane)), alone);
    assert_eq!(said(apply(folder.path(), &john)), "Nothing to change.\n");
    server.stop();
}
