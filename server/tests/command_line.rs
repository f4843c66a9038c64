//! The command line of the built program: one clear line and exit code 2, and nothing half-done.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Output, Stdio},
};

use support::{Server, apply, behavior, people, refusal, sojourn, sql, until};

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
fn a_database_keeps_the_id_of_its_cluster() {
    let folder = tempfile::tempdir().unwrap();
    Server::start_with(folder.path(), &["--cluster-id", "busan"]).stop();
    Server::start(folder.path()).stop();
    let other = sojourn()
        .args(["serve", "--cluster-id", "seoul", "--http", "127.0.0.1:0", "--https"])
        .args(["127.0.0.1:0", "--data-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    let refusal = refusal(&other);
    assert!(refusal.contains("the database of cluster \"busan\", not of \"seoul\""), "{refusal}");
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
    // No refused file has changed the database.
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
    for easy in ["password", "12345678", "        ", "Password1!", "kimkimkim", "qwertyuiop"] {
        let refusal = refusal(&add_administrator(folder.path(), "kim", easy));
        assert!(refusal.contains("easy to guess"), "{easy}: {refusal}");
    }
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
    let http = refusal(&serve(folder.path(), &address));
    assert!(http.contains(&format!("HTTP address {address} is taken")), "{http}");
    let https = sojourn()
        .args(["serve", "--http", "127.0.0.1:0", "--https", &address, "--data-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    let https = refusal(&https);
    assert!(https.contains(&format!("HTTPS address {address} is taken")), "{https}");
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
    sql(folder.path(), "UPDATE logins SET until_ms = 1");
    let server = Server::start(folder.path());
    until("the login does not end", || server.client().user_at("SEP1").is_none());
    server.stop();
    assert_eq!(ask(folder.path(), "SELECT cause || ended_by_kind FROM logins"), "expiredsystem");
}

#[test]
fn a_login_ends_when_its_time_is_up_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1", "SEP2"])).status.success());
    let server = Server::start(folder.path());
    let mut client = server.client();
    for (phone, minutes) in [("SEP1", 1), ("SEP2", 60)] {
        behavior(folder.path(), "Multiple Logins Allowed");
        let login = format!(
            "<login><deviceName>{phone}</deviceName><userID>john</userID><exclusiveDuration>\
             <time>{minutes}</time></exclusiveDuration></login>"
        );
        let answer = client.ask_as("emproxy", "emproxy", "request", &login).unwrap();
        assert!(answer.contains("<success/>"), "{answer}");
    }
    // As if the minute had passed.
    sql(folder.path(), "UPDATE logins SET until_ms = from_ms WHERE phone = 'SEP1'");
    until("the login does not end", || server.client().user_at("SEP1").is_none());
    assert_eq!(client.user_at("SEP2").as_deref(), Some("john"), "its time is not up");
    assert_eq!(ask(folder.path(), "SELECT cause FROM logins WHERE phone = 'SEP1'"), "expired");
    server.stop();
}

/// The file of the manual, all of it.
#[test]
fn the_whole_of_the_configuration_file_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = support::between::Identity::of("busan").pem;
    fs::write(folder.path().join("busan.pem"), certificate).unwrap();
    let toml = r#"
        [cluster]
        release = "12.5"
        [service_parameters]
        "Multiple Login Behavior" = "Auto Logout"
        [[app_users]]
        id = "emproxy"
        password = "emproxy"
        proxy = true
        [[users]]
        id = "john"
        pin = "12345"
        enabled = true
        emcc = true
        max_login_minutes = 600
        profiles = ["john-UDP"]
        [[device_profiles]]
        name = "john-UDP"
        model = "Cisco 8861"
        lines = [{ dn = "2001", label = "John" }]
        speed_dials = [{ number = "2002", label = "Jane" }]
        [[phones]]
        name = "SEP001122334455"
        model = "Cisco 8861"
        extension_mobility = true
        address = "192.0.2.10"
        lines = [{ dn = "1001", label = "Lobby" }]
        [[remote_clusters]]
        id = "busan"
        url = "https://127.0.0.1:9443/emservice/EMServiceServlet"
        certificate = "busan.pem"
        "#;
    let output = apply(folder.path(), toml);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(apply(folder.path(), toml).stdout).unwrap();
    assert_eq!(said, "Nothing to change.\n");
    let lines = "SELECT lines || address FROM phones";
    assert_eq!(ask(folder.path(), lines), r#"[{"dn":"1001","label":"Lobby"}]192.0.2.10"#);
    assert!(ask(folder.path(), "SELECT certificate FROM remote_clusters").contains("BEGIN CERT"));
    assert_eq!(ask(folder.path(), "SELECT emcc || max_login_minutes FROM users"), "1600");
}

#[test]
fn below_release_12_5_the_behavior_has_its_old_name_and_both_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), "[cluster]\nrelease = '12.0'\n").status.success());
    let old = "[service_parameters]\n'Intra-cluster Multiple Login Behavior' = 'Auto Logout'\n";
    let said = String::from_utf8(apply(folder.path(), old).stdout).unwrap();
    assert!(said.contains("Intra-cluster Multiple Login Behavior: "), "{said}");
    let new = "[service_parameters]\n'Multiple Login Behavior' = 'Auto Logout'\n";
    let said = String::from_utf8(apply(folder.path(), new).stdout).unwrap();
    assert_eq!(said, "Nothing to change.\n");
}

#[test]
fn apply_gets_its_turn_beside_a_busy_server() {
    let folder = tempfile::tempdir().unwrap();
    let phones: Vec<String> = (0..16).map(|number| format!("SEP{number}")).collect();
    let users: Vec<String> = (0..16).map(|number| format!("user{number}")).collect();
    let names = |all: &[String]| all.to_vec();
    let (phones, users) = (names(&phones), names(&users));
    let toml = people(
        &users.iter().map(String::as_str).collect::<Vec<_>>(),
        &phones.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert!(apply(folder.path(), &toml).status.success());
    let server = Server::start(folder.path());
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let load: Vec<_> = phones
        .into_iter()
        .zip(users)
        .map(|(phone, user)| {
            let (mut client, stop) = (server.client(), std::sync::Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    client.log_in(&user, &phone).unwrap();
                    client.log_out(&phone).unwrap();
                }
            })
        })
        .collect();
    for value in ["Auto Logout", "Multiple Logins Allowed", "Multiple Logins Not Allowed"] {
        behavior(folder.path(), value);
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for thread in load {
        thread.join().unwrap();
    }
}

#[test]
fn the_laboratory_starts_with_people_on_phones() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let mut child = sojourn()
        .args(["lab", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut console = |cluster: &str| {
        let said = lines.find_map(|line| Some(line.unwrap().split_once(cluster)?.1.to_owned()));
        assert!(said.as_ref().unwrap().contains("http://127.0.0.1:"), "{said:?}");
        said.unwrap()
    };
    assert!(console("  seoul ").contains("password"));
    console("  busan ");
    let database = folder.path().join("seoul");
    until("nobody logs in", || {
        ask(&database, "SELECT count(*) FROM logins WHERE ended_ms IS NULL") == "4"
    });
    // The founding document's phones are there, and the driver leaves them alone.
    let phones = "SELECT count(*) FROM phones WHERE name IN ('SEPF8A5C59E1126', 'SEPB000B4BA01F1')";
    assert_eq!(ask(&database, phones), "2");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_mistyped_folder_does_not_become_a_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere");
    for arguments in [
        &["admin", "list"][..],
        &["admin", "disable", "kim"][..],
        &["apply", "--dry-run", "x.toml"][..],
    ] {
        fs::write(folder.path().join("x.toml"), "").unwrap();
        let output = sojourn()
            .current_dir(folder.path())
            .args(arguments)
            .arg("--data-dir")
            .arg(&missing)
            .output()
            .unwrap();
        assert!(refusal(&output).contains("there is no cluster in this folder"));
        assert!(!missing.exists());
    }
}

#[test]
fn a_database_of_a_newer_program_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), "").status.success());
    sql(folder.path(), "UPDATE configuration SET minimum_program = '999.0.0'");
    let before = fs::read(folder.path().join("sojourn.db")).unwrap();
    let refusal = refusal(&serve(folder.path(), "127.0.0.1:0"));
    assert!(refusal.contains("needs Sojourn 999.0.0 or newer"), "{refusal}");
    assert_eq!(fs::read(folder.path().join("sojourn.db")).unwrap(), before);
    assert!(!folder.path().join("trace").exists(), "nothing was begun");
}

/// One value of the database, as text.
#[tokio::main(flavor = "current_thread")]
async fn ask(data_dir: &Path, question: &'static str) -> String {
    use sqlx::{ConnectOptions, Connection};
    let file = data_dir.join("sojourn.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = options.connect().await.unwrap();
    let question = format!("SELECT CAST(({question}) AS TEXT)");
    let value = sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_one(&mut connection).await;
    connection.close().await.unwrap();
    value.unwrap()
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone_in_whatever_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let open_to_all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open_to_all).unwrap();
    assert!(apply(folder.path(), &people(&["john"], &["SEP1"])).status.success());
    let server = Server::start(folder.path());
    server.client().log_in("john", "SEP1").unwrap();
    for file in ["sojourn.db", "sojourn.db-wal", "sojourn.db-shm", "trace/emservice.log"] {
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    server.stop();
}

#[test]
fn a_trace_that_is_not_wholly_understood_is_a_failure() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/wire/golden/public-traces");
    let check = |file: &str| {
        let output = sojourn().args(["trace", "check"]).arg(golden.join(file)).output().unwrap();
        output.status.code()
    };
    assert_eq!(check("login.emapp.log"), Some(0));
    assert_eq!(check("../check-user.xml"), Some(1));
    assert_eq!(check("missing.log"), Some(2));
}
