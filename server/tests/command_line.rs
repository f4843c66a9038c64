//! The command line of the built program: one clear line and exit code 2, and nothing half-done.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Output, Stdio},
};

use support::{Server, apply, people, refusal, sojourn};

fn serve(data_dir: &Path, http: &str) -> Output {
    sojourn()
        .args(["serve", "--http", http, "--https", "127.0.0.1:0", "--data-dir"])
        .arg(data_dir)
        .output()
        .unwrap()
}

fn add_administrator(data_dir: &Path, name: &str, password: &str) -> Output {
    use std::io::Write;
    let mut child = sojourn()
        .args(["admin", "add", name, "--data-dir"])
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn apply_prints_the_difference_and_is_idempotent() {
    let folder = tempfile::tempdir().unwrap();
    let toml = people(&["john"], &["SEP1"]);
    let text = |output: Output| String::from_utf8(output.stdout).unwrap();
    let first = text(apply(folder.path(), &toml));
    assert!(first.contains("user john: added\n"), "{first}");
    assert!(first.ends_with("4 changed.\n"), "{first}");
    assert_eq!(text(apply(folder.path(), &toml)), "Nothing to change.\n");
    let changed = text(apply(folder.path(), &toml.replace("pin = '12345'", "pin = '54321'")));
    assert_eq!(changed, "user john, pin: changed\n1 changed.\n");
    let parameter = "[service_parameters]\n'Multiple Login Behavior' = 'Auto Logout'\n";
    let changed = text(apply(folder.path(), parameter));
    assert!(changed.starts_with(
        "service parameter, Multiple Login Behavior: Multiple Logins Not Allowed -> Auto Logout\n"
    ));
}

#[test]
fn a_bad_file_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let good = people(&["john"], &["SEP1"]);
    for (bad, says) in [
        ("[[users]\n", "line"),
        ("[[users]]\nid = 'x'\npin = '1'\nprofiles = ['nowhere']\n", "no device profile"),
        ("[[users]]\nid = 'x'\npin = '1'\nmax_login_minutes = 99999\n", "0 to 10080"),
        ("[service_parameters]\n'Intra-cluster Maximum Login Time' = '169:00'\n", "0:00 to 168:00"),
        ("[service_parameters]\n'Intra-cluster Login Time' = '8:00'\n", "no service parameter"),
    ] {
        let refusal = refusal(&apply(folder.path(), &format!("{good}{bad}")));
        assert!(refusal.contains(says), "{refusal}");
    }
    // None of them left anything behind.
    let output = String::from_utf8(apply(folder.path(), &good).stdout).unwrap();
    assert!(output.ends_with("4 changed.\n"), "{output}");
    let missing = sojourn()
        .args(["apply", "/nowhere/at/all.toml", "--data-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(refusal(&missing).contains("/nowhere/at/all.toml"));
}

#[test]
fn administrators_are_added_once_and_with_a_password_that_does() {
    let folder = tempfile::tempdir().unwrap();
    assert!(refusal(&add_administrator(folder.path(), "kim", "short\n")).contains("8 to 256"));
    assert!(add_administrator(folder.path(), "kim", "long enough\n").status.success());
    let again = refusal(&add_administrator(folder.path(), "KIM", "long enough\n"));
    assert!(again.contains("already"), "{again}");
}

#[test]
fn the_last_administrator_is_not_disabled() {
    let folder = tempfile::tempdir().unwrap();
    assert!(add_administrator(folder.path(), "kim", "long enough\n").status.success());
    let admin = |arguments: &[&str]| {
        let mut command = sojourn();
        command.arg("admin").args(arguments).arg("--data-dir").arg(folder.path());
        command.output().unwrap()
    };
    assert!(refusal(&admin(&["disable", "kim"])).contains("the last administrator"));
    assert!(refusal(&admin(&["disable", "lee"])).contains("no administrator \"lee\""));
    let list = admin(&["list"]);
    assert_eq!(String::from_utf8_lossy(&list.stdout), "administrator  kim\n");
}

#[test]
fn a_second_server_on_one_data_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let second = refusal(&serve(folder.path(), "127.0.0.1:0"));
    assert!(second.contains("in use"), "{second}");
    server.stop();
    Server::start(folder.path()).stop();
}

#[test]
fn a_taken_port_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refusal = refusal(&serve(folder.path(), &address));
    assert!(refusal.contains(&format!("HTTP address {address} is taken")), "{refusal}");
}

#[test]
fn a_damaged_database_stops_the_start_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    fs::write(&file, "this is no database, and long enough to be read as one".repeat(40)).unwrap();
    let before = fs::read(&file).unwrap();
    let refusal = refusal(&serve(folder.path(), "127.0.0.1:0"));
    assert!(refusal.contains("damaged"), "{refusal}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_login_whose_time_ran_out_while_nobody_served_ends_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut toml = people(&[], &["SEP1"]);
    toml.push_str(
        "[[users]]\nid = 'john'\npin = '1'\nprofiles = ['desk']\nmax_login_minutes = 1\n",
    );
    assert!(apply(folder.path(), &toml).status.success());
    let server = Server::start(folder.path());
    server.client().log_in("john", "SEP1").unwrap();
    assert_eq!(server.client().user_at("SEP1").as_deref(), Some("john"));
    server.kill();
    // As if the minute had passed.
    set_time_up(&folder.path().join("sojourn.db"));
    let server = Server::start(folder.path());
    let mut client = server.client();
    while client.user_at("SEP1").is_some() {
        std::thread::yield_now();
    }
    server.stop();
}

#[tokio::main(flavor = "current_thread")]
async fn set_time_up(file: &Path) {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await.unwrap();
    sqlx::query("UPDATE logins SET until_ms = 1").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
