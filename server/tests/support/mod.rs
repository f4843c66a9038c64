//! The built program under test.

#![allow(
    dead_code,
    unused_imports,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses a part of it, and a failed expectation is a test's message"
)]

pub mod between;
mod client;
pub mod clusters;
pub mod console;
pub mod phone;
pub mod sip;
pub mod tls;

pub use client::{Answer, Client, connect_from};

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

/// The longest wait for a condition before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The built program.
pub fn sojourn() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sojourn"))
}

/// `sojourn apply` with a file of this text.
pub fn apply(data_dir: &Path, toml: &str) -> Output {
    let file = data_dir.join("apply.toml");
    fs::create_dir_all(data_dir).unwrap();
    fs::write(&file, toml).unwrap();
    sojourn().arg("apply").arg(file).arg("--data-dir").arg(data_dir).output().unwrap()
}

/// The one line on standard error of a command that was refused with exit code 2.
pub fn refusal(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.lines().count(), 1, "one line: {text}");
    text
}

/// A running `sojourn serve`.
pub struct Server {
    child: Child,
    /// The program's standard output, kept open because the program writes to it.
    output: BufReader<ChildStdout>,
    pub address: SocketAddr,
    pub https: SocketAddr,
}

impl Server {
    /// Starts the server on free ports, and returns when it serves.
    pub fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    /// Starts the server with more arguments.
    pub fn start_with(data_dir: &Path, arguments: &[&str]) -> Self {
        Self::run(sojourn(), data_dir, arguments)
    }

    /// Starts the server with this limit of file descriptors.
    pub fn start_with_descriptors(data_dir: &Path, descriptors: u32) -> Self {
        let mut limited = Command::new("sh");
        let limit = format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"");
        limited.args(["-c", &limit]).arg(env!("CARGO_BIN_EXE_sojourn"));
        Self::run(limited, data_dir, &[])
    }

    /// Starts the server by a command to which the arguments of `serve` are appended.
    pub fn run(mut program: Command, data_dir: &Path, arguments: &[&str]) -> Self {
        let mut child = program
            .args(["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = |scheme: &str| -> SocketAddr {
            let rest = line.split_once(scheme).map(|(_, rest)| rest);
            rest.and_then(|rest| rest.split('/').next()?.parse().ok())
                .unwrap_or_else(|| panic!("the server did not start: {line:?}"))
        };
        let (address, https) = (address("http://"), address("https://"));
        Self { child, output, address, https }
    }

    /// Starts the server with a listener for the configuration files of phones; that listener's
    /// address.
    pub fn start_with_phone_config(data_dir: &Path) -> (Self, SocketAddr) {
        let mut server = Self::start_with(data_dir, &["--phone-config", "127.0.0.1:0"]);
        let mut line = String::new();
        server.output.read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap();
        let address = address.parse().unwrap();
        (server, address)
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A value of the process's status, in KiB: resident memory (`VmRSS`) or its peak (`VmHWM`).
    pub fn memory_kb(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// `kill -9`
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends the signal that asks for a stop.
    pub fn tell_to_stop(&self) {
        self.signal("TERM");
    }

    /// Sends a signal of this name.
    pub fn signal(&self, name: &str) {
        // The shell has `kill` built in; a slim Debian has no program of this name.
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Stops the server, and waits until the process has ended.
    pub fn stop(self) {
        self.tell_to_stop();
        self.stopped();
    }

    /// Waits until the process has ended.
    pub fn stopped(mut self) {
        assert!(self.child.wait().unwrap().success());
    }

    pub fn client(&self) -> Client {
        Client::connect(self.address)
    }

    /// A TLS client that accepts any certificate, as most EM API clients do.
    pub fn tls_client(&self) -> Client {
        Client::tls(self.https)
    }

    /// A client from another address of this machine.
    pub fn client_from(&self, ip: &str) -> Client {
        Client::over(connect_from(ip, self.address))
    }

    /// The value of a counter.
    pub fn counter(&self, name: &str) -> u64 {
        self.value(&format!("sojourn_{name}_total "))
    }

    /// How many remote clusters answer this one.
    pub fn answering(&self) -> u64 {
        self.value("sojourn_emcc_clusters_answering ")
    }

    /// How many requests were refused with a code.
    pub fn refused(&self, code: u16) -> u64 {
        let name = format!("sojourn_em_requests_refused_total{{code=\"{code}\"}} ");
        // A code's counter exists from its first refusal.
        self.find_value(&name).unwrap_or_default()
    }

    fn value(&self, name: &str) -> u64 {
        self.find_value(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn find_value(&self, name: &str) -> Option<u64> {
        let head = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let text = self.client().exchange(head.as_bytes()).unwrap().body;
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map(|number| number.parse().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `is` holds; the test fails with `what` after `PATIENCE`.
pub fn until(what: &str, is: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !is() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::yield_now();
    }
}

/// Runs an SQL statement on the database of a data folder; the first column of its rows, as text.
pub fn sql(data_dir: &Path, statement: &'static str) -> Vec<String> {
    use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(data_dir.join("sojourn.db"))
            .busy_timeout(PATIENCE);
        let mut connection = options.connect().await.unwrap();
        let found = sqlx::query_scalar(statement).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        found
    })
}

/// The database's write lock, held as by another process, until the value is dropped.
pub struct WriteLock(Option<(tokio::runtime::Runtime, sqlx::SqliteConnection)>);

impl WriteLock {
    pub fn take(data_dir: &Path) -> Self {
        use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connection = runtime.block_on(async {
            let options = SqliteConnectOptions::new()
                .filename(data_dir.join("sojourn.db"))
                .busy_timeout(PATIENCE);
            let mut connection = options.connect().await.unwrap();
            sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
            connection
        });
        Self(Some((runtime, connection)))
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        use sqlx::Connection;
        let Some((runtime, connection)) = self.0.take() else { return };
        runtime.block_on(connection.close()).unwrap();
    }
}

/// Log-outs of a phone at the same time, on a connection each; their codes in order of arrival.
pub fn log_outs(server: &Server, phone: &str, times: usize) -> std::sync::mpsc::Receiver<u16> {
    let (say, codes) = std::sync::mpsc::channel();
    for _ in 0..times {
        let (mut client, phone, say) = (server.client(), phone.to_owned(), say.clone());
        std::thread::spawn(move || {
            let _ = say.send(code(&client.log_out(&phone).unwrap()));
        });
    }
    codes
}

/// The error code of a failure.
pub fn code(answer: &str) -> u16 {
    let (_, rest) = answer.split_once("<error code=\"").unwrap_or_else(|| panic!("{answer}"));
    rest.split_once('"').unwrap().0.parse().unwrap()
}

/// A file of the application user emproxy, users and phones.
pub fn people(users: &[&str], phones: &[&str]) -> String {
    use std::fmt::Write;
    let mut toml = "[[app_users]]\nid = 'emproxy'\npassword = 'emproxy'\n\
                    [[device_profiles]]\nname = 'desk'\nmodel = '8861'\n"
        .to_owned();
    for user in users {
        write!(toml, "[[users]]\nid = '{user}'\npin = '12345'\nprofiles = ['desk']\n").unwrap();
    }
    for phone in phones {
        write!(toml, "[[phones]]\nname = '{phone}'\nmodel = '8861'\n").unwrap();
    }
    toml
}

/// Sets Multiple Login Behavior with `sojourn apply`.
pub fn behavior(data_dir: &Path, value: &str) {
    let toml = format!("[service_parameters]\n'Multiple Login Behavior' = '{value}'\n");
    let output = apply(data_dir, &toml);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
