//! The built program under test, and a client that speaks bytes.

#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses a part of it, and a failed expectation is a test's message"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The built program.
pub fn sojourn() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sojourn"))
}

/// `sojourn apply` with this file's text.
pub fn apply(data_dir: &Path, toml: &str) -> Output {
    let file = data_dir.join("apply.toml");
    fs::create_dir_all(data_dir).unwrap();
    fs::write(&file, toml).unwrap();
    sojourn().arg("apply").arg(file).arg("--data-dir").arg(data_dir).output().unwrap()
}

/// The one line on standard error of a command that failed as it should: with exit code 2.
pub fn refusal(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.lines().count(), 1, "one line: {text}");
    text
}

/// A running `sojourn serve`.
pub struct Server {
    child: Child,
    _output: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it on free ports, and returns when it says that it serves.
    pub fn start(data_dir: &Path) -> Self {
        let mut child = sojourn()
            .args(["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.trim_end().trim_end_matches('/').parse().ok())
            .unwrap_or_else(|| panic!("it did not start: {line:?}"));
        Self { child, _output: output, address }
    }

    /// `kill -9`
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to stop, and waits until it has.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    pub fn client(&self) -> Client {
        Client::connect(self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection.
pub struct Client {
    stream: BufReader<TcpStream>,
}

/// An answer: its head and its body.
#[derive(Debug)]
pub struct Answer {
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Sends these bytes and reads one answer; `None` if the connection breaks.
    pub fn exchange(&mut self, bytes: &[u8]) -> Option<Answer> {
        self.stream.get_mut().write_all(bytes).ok()?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let mut answer = Answer { head, body: String::new() };
        let length = answer.header("content-length")?.parse().unwrap();
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        answer.body = String::from_utf8(body).unwrap();
        Some(answer)
    }

    /// Posts this body to the EM API.
    pub fn post(&mut self, body: &str) -> Option<Answer> {
        let length = body.len();
        self.exchange(
            format!(
                "POST /emservice/EMServiceServlet HTTP/1.1\r\nHost: em\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        )
    }

    /// Asks the EM API as an application user; `root` is `request` or `query`.
    pub fn ask_as(&mut self, id: &str, password: &str, root: &str, xml: &str) -> Option<String> {
        let body = format!(
            "xml=<{root}><appInfo><appID>{id}</appID><appCertificate>{password}</appCertificate>\
             </appInfo>{xml}</{root}>"
        );
        let answer = self.post(&body)?;
        assert_eq!(answer.status(), 200);
        Some(answer.body)
    }

    pub fn log_in(&mut self, user: &str, phone: &str) -> Option<String> {
        let xml = format!("<login><deviceName>{phone}</deviceName><userID>{user}</userID></login>");
        self.ask_as("emproxy", "emproxy", "request", &xml)
    }

    pub fn log_out(&mut self, phone: &str) -> Option<String> {
        let xml = format!("<logout><deviceName>{phone}</deviceName></logout>");
        self.ask_as("emproxy", "emproxy", "request", &xml)
    }

    /// Who is at a phone.
    pub fn user_at(&mut self, phone: &str) -> Option<String> {
        let xml = format!("<deviceUserQuery><deviceName>{phone}</deviceName></deviceUserQuery>");
        let answer = self.ask_as("emproxy", "emproxy", "query", &xml).unwrap();
        let (_, rest) = answer.split_once("<userID>")?;
        rest.split_once("</userID>").map(|(user, _)| user.to_owned())
    }
}

/// The code of a failure.
pub fn code(answer: &str) -> u16 {
    let (_, rest) = answer.split_once("<error code=\"").unwrap_or_else(|| panic!("{answer}"));
    rest.split_once('"').unwrap().0.parse().unwrap()
}

/// The application user emproxy, users and phones.
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
