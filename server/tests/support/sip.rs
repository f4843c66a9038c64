//! A call server, and phones that register there: Kamailio, and `sipp` with the scenarios in `sip/`.

use std::{
    cell::RefCell,
    fs::{self, File},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use wire::phone::configuration::{CallServer, LineCredentials, PhoneConfiguration};

use super::{Server, sojourn, until};

/// The realm of the call server's accounts.
const REALM: &str = "sip.example";

/// An address with a free port.
fn free_address(ip: &str) -> SocketAddr {
    TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap()
}

/// Starts a program that listens on a free port, and tries another port if the first is taken in the
/// meantime.
fn listening(ip: &str, start: impl Fn(SocketAddr) -> Child) -> (Child, SocketAddr) {
    for _ in 0..5 {
        let address = free_address(ip);
        let child = RefCell::new(start(address));
        let has_ended = || child.borrow_mut().try_wait().unwrap().is_some();
        until("a program listens", || TcpStream::connect(address).is_ok() || has_ended());
        if !has_ended() {
            return (child.into_inner(), address);
        }
    }
    panic!("no program listens at {ip}");
}

/// A PATH with /usr/sbin, where Debian has servers.
fn path() -> String {
    format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default())
}

/// Kamailio with the configuration of `docs/call-server.md`.
pub struct Kamailio {
    child: Child,
    folder: tempfile::TempDir,
    pub address: SocketAddr,
}

impl Kamailio {
    /// Starts Kamailio without subscribers, on a free port.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let configuration = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/kamailio.cfg");
        let tables = folder.path().display();
        fs::write(folder.path().join("subscriber"), "username(string)\n").unwrap();
        let (child, address) = listening("127.0.0.1", |address| {
            Command::new("kamailio")
                .args(["-DD", "-E", "-f", configuration, "-m", "16", "-M", "4", "-Y"])
                .arg(folder.path())
                .args(["-A", &format!("LISTEN=tcp:{address}")])
                .args(["-A", &format!("REALM=\"{REALM}\"")])
                .args(["-A", &format!("TABLES=\"text://{tables}\"")])
                .env("PATH", path())
                .stdout(Stdio::null())
                .stderr(File::create(folder.path().join("log")).unwrap())
                .spawn()
                .unwrap_or_else(|error| panic!("kamailio: {error}"))
        });
        Self { child, folder, address }
    }

    /// Loads the SIP accounts of a cluster.
    pub fn take_subscribers(&self, data_dir: &Path) {
        let printed = sojourn()
            .args(["subscribers", "--realm", REALM, "--data-dir"])
            .arg(data_dir)
            .output()
            .unwrap();
        assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
        let new = self.folder.path().join("new");
        fs::write(&new, printed.stdout).unwrap();
        fs::rename(new, self.folder.path().join("subscriber")).unwrap();
    }

    /// The lines of an `apply` file that name this call server.
    pub fn site(&self) -> String {
        let address = self.address;
        format!("[site]\ncall_server = '{address}'\ncall_server_rpc = 'http://{address}/RPC'\n")
    }

    /// The lines of Kamailio's log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Kamailio {
    fn drop(&mut self) {
        // SIGTERM makes Kamailio end its child processes; SIGKILL would leave them.
        let end = format!("kill -TERM {}", self.child.id());
        let _ = Command::new("sh").args(["-c", &end]).status();
        let _ = self.child.wait();
    }
}

/// A call from one number to another; whether a phone rang.
pub fn rings(server: &Kamailio, from: (&str, &LineCredentials), to: &str) -> bool {
    let (number, account) = from;
    let keys = [("dn", number), ("called", to)];
    let (is_done, log) = scenario("call.xml", "127.0.0.1", server.address, account, &keys, &[]);
    assert!(is_done, "a call from {number} to {to} failed: {log}\n{}", server.log());
    log.contains("ringing")
}

/// Runs a scenario once, against a call server; whether it ended as written, and its log.
fn scenario(
    name: &str,
    ip: &str,
    server: SocketAddr,
    account: &LineCredentials,
    keys: &[(&str, &str)],
    more: &[&str],
) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut sipp = sipp(name, free_address(ip), folder.path());
    sipp.arg(server.to_string()).args(["-m", "1", "-timeout", "10s", "-timeout_error"]);
    sipp.args(["-au", &account.user, "-ap", &account.secret]).args(more);
    for (key, value) in keys {
        sipp.args(["-key", key, value]);
    }
    let ended = sipp.status().unwrap();
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap_or_default();
    (ended.success(), read("log") + &read("errors"))
}

fn sipp(name: &str, at: SocketAddr, folder: &Path) -> Command {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/sip");
    let mut sipp = Command::new("sipp");
    sipp.current_dir(folder)
        .arg("-sf")
        .arg(scenarios.join(name))
        .args([
            "-i",
            &at.ip().to_string(),
            "-p",
            &at.port().to_string(),
            "-t",
            "t1",
            "-nostdin",
            "-trace_logs",
            "-log_file",
            "log",
        ])
        .args(["-trace_err", "-error_file", "errors"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    sipp
}

/// A desk phone: reads its configuration file when it starts, registers its first line, and restarts
/// only when the call server tells it to.
pub struct TestPhone {
    name: String,
    ip: String,
    folder: tempfile::TempDir,
    sipp: Child,
    address: SocketAddr,
    registered: Option<Registered>,
}

/// A registration.
struct Registered {
    call_id: String,
    number: String,
    account: LineCredentials,
    server: SocketAddr,
}

impl TestPhone {
    /// A phone at an address of this machine, not started yet.
    pub fn at(ip: &str, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (sipp, address) = listening(ip, |address| {
            sipp("phone.xml", address, folder.path())
                .spawn()
                .unwrap_or_else(|error| panic!("sipp: {error}"))
        });
        let (name, ip) = (name.to_owned(), ip.to_owned());
        Self { name, ip, folder, sipp, address, registered: None }
    }

    /// Starts the phone: reads its file and registers its first line.
    pub fn start(&mut self, sojourn: &Server) {
        let file = self.read(sojourn);
        self.register_by(file);
    }

    /// Reads the phone's configuration file.
    pub fn read(&self, sojourn: &Server) -> PhoneConfiguration {
        let head = format!("GET /{}.cnf.xml HTTP/1.1\r\nHost: em\r\n\r\n", self.name);
        let file = sojourn.client_from(&self.ip).exchange(head.as_bytes()).unwrap();
        PhoneConfiguration::read(&file.body).unwrap()
    }

    /// Registers the first line of a file.
    pub fn register_by(&mut self, file: PhoneConfiguration) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let CallServer { host, port } = file.call_server.unwrap();
        let line = file.lines.into_iter().next().unwrap();
        let registered = Registered {
            call_id: format!("{}@{}", NUMBER.fetch_add(1, Ordering::Relaxed), self.ip),
            number: line.dn,
            account: line.credentials.unwrap(),
            server: SocketAddr::new(host.parse().unwrap(), port),
        };
        assert!(self.register(&registered, true), "{} can't register", self.name);
        self.registered = Some(registered);
    }

    /// Registers, or ends the registration; whether the call server accepted.
    fn register(&self, registered: &Registered, is_on: bool) -> bool {
        let Registered { call_id, number, account, server } = registered;
        let port = self.address.port().to_string();
        let [expires, first, second] = if is_on { ["3600", "1", "2"] } else { ["0", "3", "4"] };
        let mac = self.name.trim_start_matches("SEP");
        let keys = [
            ("dn", number.as_str()),
            ("contact_port", &port),
            ("mac", mac),
            ("expires", expires),
            ("first", first),
            ("second", second),
        ];
        let call_id = ["-cid_str", call_id];
        scenario("register.xml", &self.ip, *server, account, &keys, &call_id).0
    }

    /// Ends the registration without a restart, as after a cut network.
    pub fn is_out_of_reach(&self) {
        let registered = self.registered.as_ref().unwrap();
        assert!(self.register(registered, false), "{} can't end its registration", self.name);
    }

    /// Registers again without reading the file.
    pub fn is_back(&mut self) {
        let mut registered = self.registered.take().unwrap();
        registered.call_id = format!("back-{}", registered.call_id);
        assert!(self.register(&registered, true), "{} can't register", self.name);
        self.registered = Some(registered);
    }

    /// Tries to register a number with an account; whether the call server accepts.
    pub fn may_register(&self, server: &Kamailio, number: &str, account: &LineCredentials) -> bool {
        let (number, account) = (number.to_owned(), account.clone());
        let call_id = format!("guess@{}", self.ip);
        self.register(&Registered { call_id, number, account, server: server.address }, true)
    }

    /// The registered number and account.
    pub fn registered(&self) -> Option<(&str, &LineCredentials)> {
        self.registered.as_ref().map(|one| (one.number.as_str(), &one.account))
    }

    /// Waits until the call server tells the phone to restart, and restarts it.
    pub fn restart_when_told(&mut self, sojourn: &Server) {
        self.end_when_told();
        self.start(sojourn);
    }

    /// Waits until the call server tells the phone to restart, and ends its registration.
    pub fn end_when_told(&mut self) {
        let registered = self.registered.take().unwrap();
        let told = format!("RegisterCallId={{{}}}", registered.call_id);
        until(&format!("{} is told: {told}", self.name), || self.log().contains(&told));
        assert!(self.log().contains("NOTIFY service-control action=restart"), "{}", self.log());
        assert!(self.register(&registered, false), "{} can't end its registration", self.name);
    }

    /// How many times the call server told the phone to restart.
    pub fn times_told(&self) -> usize {
        self.log().matches("action=restart").count()
    }

    /// The called numbers that the phone has rung for since the last call of this function.
    pub fn rang(&self) -> Vec<String> {
        let log = self.log();
        let calls = log.lines().filter_map(|line| line.strip_prefix("INVITE "));
        let numbers: Vec<_> = calls.map(|number| number.trim_matches(['[', ']']).into()).collect();
        let asked = self.folder.path().join("asked");
        let before: usize =
            fs::read_to_string(&asked).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        fs::write(asked, numbers.len().to_string()).unwrap();
        numbers[before..].to_vec()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for TestPhone {
    fn drop(&mut self) {
        let _ = self.sipp.kill();
        let _ = self.sipp.wait();
    }
}
