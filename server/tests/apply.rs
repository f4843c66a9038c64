//! `sojourn apply`: the meaning of a file, and the commands that may migrate a database.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    iter,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    thread,
};

use support::{Server, apply, people, refusal, sojourn, sql, until};

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
fn an_applied_time_limit_is_enforced_unless_the_file_disables_it() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), "").status.success());
    let limit = "[service_parameters]\n'Intra-cluster Maximum Login Time' = '8:00'\n";
    // The limit is the default already: the file names it, and so it is enforced.
    let enforced = "service parameter, Enforce Intra-cluster Maximum Login Time: False -> True\n";
    let said = dry_run(folder.path(), limit);
    assert!(String::from_utf8_lossy(&said.stdout).starts_with(enforced), "{said:?}");
    let nine = limit.replace("8:00", "9:00");
    let obeyed = format!("{nine}'Enforce Intra-cluster Maximum Login Time' = 'False'\n");
    let said = String::from_utf8(dry_run(folder.path(), &obeyed).stdout).unwrap();
    assert!(said.contains("1 to change") && !said.contains("Enforce"), "{said}");
    let said = String::from_utf8(apply(folder.path(), limit).stdout).unwrap();
    assert_eq!(said, format!("{enforced}1 changed.\n"));
    let changed = "service parameter, Intra-cluster Maximum Login Time: 8:00 -> 9:00\n1 changed.\n";
    assert_eq!(String::from_utf8(apply(folder.path(), &nine).stdout).unwrap(), changed);
}

/// A database of the first migration, with rows; its file.
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

/// Each command that opens a database, except `apply --dry-run`; all at the same time.
fn commands(data_dir: &Path) -> Vec<Output> {
    let admin = |arguments: &[&str]| {
        let mut command = sojourn();
        command.arg("admin").args(arguments).arg("--data-dir").arg(data_dir);
        command.output().unwrap()
    };
    thread::scope(|scope| {
        let apply = scope.spawn(|| apply(data_dir, ""));
        let of_admin: [&[&str]; 3] = [&["list"], &["add", "kim"], &["disable", "kim"]];
        let of_admin = of_admin.map(|arguments| scope.spawn(move || admin(arguments)));
        iter::once(apply).chain(of_admin).map(|command| command.join().unwrap()).collect()
    })
}

/// The lock that a running server holds.
fn hold(data_dir: &Path) -> File {
    let lock = File::create(data_dir.join("lock")).unwrap();
    lock.try_lock().unwrap();
    lock
}

/// Waits until a process has the lock's file open, and so waits for the lock.
fn until_process_opens_the_lock(process: u32, data_dir: &Path) {
    let lock = data_dir.join("lock").canonicalize().unwrap();
    let files = format!("/proc/{process}/fd");
    until("the process opens the lock's file", || {
        let Ok(files) = fs::read_dir(&files) else { return false };
        files.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|file| file == lock))
    });
}

#[test]
fn a_server_waits_for_a_command_that_has_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let lock = hold(folder.path());
    let mut command = sojourn();
    command.args(["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--data-dir"]);
    let mut server = command.arg(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    until_process_opens_the_lock(server.id(), folder.path());
    drop(lock);
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(line.starts_with("Sojourn serves cluster"), "{line:?}");
}

#[test]
fn a_command_waits_for_a_server_that_migrates_the_database() {
    let [folder, other] = [(), ()].map(|()| tempfile::tempdir().unwrap());
    assert!(apply(other.path(), "").status.success());
    let file = first_database(folder.path());
    let _lock = hold(folder.path());
    let toml = folder.path().join("apply.toml");
    fs::write(&toml, "").unwrap();
    let mut command = sojourn();
    command.arg("apply").arg(toml).arg("--data-dir").arg(folder.path());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until_process_opens_the_lock(child.id(), folder.path());
    fs::rename(other.path().join("sojourn.db"), file).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Nothing to change.\n", "{output:?}");
}

#[test]
fn a_server_and_commands_that_start_at_the_same_time_all_succeed() {
    for round in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        if round % 2 == 1 {
            first_database(folder.path());
        }
        let people = people(&["john"], &["SEP1"]);
        let (server, applied) = thread::scope(|scope| {
            let applied = [(); 2].map(|()| scope.spawn(|| apply(folder.path(), &people)));
            let server = Server::start(folder.path());
            (server, applied.map(|applied| applied.join().unwrap()))
        });
        for output in applied {
            assert!(output.status.success(), "round {round}: {output:?}");
        }
        server.stop();
    }
}

#[test]
fn a_dry_run_of_an_older_database_changes_nothing_and_names_the_remedy() {
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
    // Without a server `apply` migrates.
    drop(lock);
    assert_eq!(String::from_utf8_lossy(&apply(folder.path(), "").stdout), "Nothing to change.\n");
    // Later commands find a current database, also beside a server.
    let _lock = hold(folder.path());
    for output in [apply(folder.path(), ""), dry_run(folder.path(), "")] {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "Nothing to change.\n");
    }
}

#[test]
fn every_command_refuses_a_database_of_a_newer_program() {
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
