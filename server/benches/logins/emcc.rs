//! Logins at phones of another cluster: two processes, and one client that waits for each answer. The
//! yardstick is the time of one hash without a server.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    Measured, http, pins, setup,
    targets::{Bound, Target},
};

/// Logins of one round, each of another user.
const LOGINS: usize = 100;
/// The longest wait until the clusters know each other.
const PATIENCE: Duration = Duration::from_secs(20);

/// The measurements of one round.
pub struct Round {
    /// The yardstick.
    hashes: Measured,
    logins: Measured,
}

/// A cluster in a process of its own.
struct Node {
    folder: PathBuf,
    process: Child,
    http: SocketAddr,
    https: SocketAddr,
}

impl Node {
    fn start(folder: PathBuf, id: &str) -> Self {
        let mut process = Command::new(http::program())
            .args(["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--cluster-id", id])
            .arg("--data-dir")
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = |scheme: &str| {
            let (_, address) = line.split_once(scheme).unwrap();
            address.split('/').next().unwrap().parse().unwrap()
        };
        let (http, https) = (at("http://"), at("https://"));
        Self { folder, process, http, https }
    }

    fn apply(&self, toml: &str) {
        let file = self.folder.join("bench.toml");
        std::fs::write(&file, toml).unwrap();
        let mut apply = Command::new(http::program());
        let applied = apply.arg("apply").arg(file).arg("--data-dir").arg(&self.folder).output();
        let applied = applied.unwrap();
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    }

    fn knows(&self, id: &str, other: &Self) {
        let mut show = Command::new(http::program());
        let shown = show.args(["certificate", "show", "--data-dir"]).arg(&other.folder).output();
        std::fs::write(self.folder.join("other.pem"), shown.unwrap().stdout).unwrap();
        self.apply(&format!(
            "[[remote_clusters]]\nid = '{id}'\ncertificate = 'other.pem'\nurl = 'https://{}/'\n",
            other.https
        ));
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub async fn measure(folder: &Path) -> Round {
    let home = Node::start(folder.join("home"), "home");
    let visiting = Node::start(folder.join("visiting"), "visiting");
    let mut users = "[[device_profiles]]\nname = 'desk'\nmodel = '8861'\n".to_owned();
    for index in 0..=LOGINS {
        let (user, pin) = (setup::user(index), pins::PIN);
        let set = "emcc = true\nprofiles = ['desk']";
        writeln!(users, "[[users]]\nid = '{user}'\npin = '{pin}'\n{set}").unwrap();
    }
    home.apply(&users);
    visiting.apply(&format!("[[phones]]\nname = '{}'\nmodel = '8861'\n", setup::phone(0)));
    home.knows("visiting", &visiting);
    visiting.knows("home", &home);
    let mut stream = http::connect(visiting.http).await;
    let begun = Instant::now();
    while !log_in(&mut stream, LOGINS).await.1 {
        assert!(begun.elapsed() < PATIENCE, "the clusters do not know each other");
    }
    log_out(&mut stream).await;
    let before = tokio::task::spawn_blocking(pins::one_after_the_other).await.unwrap();
    let (begun, mut times) = (Instant::now(), Vec::with_capacity(LOGINS));
    for index in 0..LOGINS {
        let (took, is_in) = log_in(&mut stream, index).await;
        assert!(is_in, "user {index}");
        times.push(took);
        log_out(&mut stream).await;
    }
    let logins = Measured::new(begun.elapsed(), times);
    let after = tokio::task::spawn_blocking(pins::one_after_the_other).await.unwrap();
    Round { hashes: before.and(after), logins }
}

async fn log_in(stream: &mut tokio::net::TcpStream, index: usize) -> (Duration, bool) {
    let (phone, user, pin) = (setup::phone(0), setup::user(index), pins::PIN);
    let begun = Instant::now();
    let query = format!("device={phone}&EMCC=true&userid={user}&seq={pin}");
    let answer = http::phone(stream, &query).await;
    (begun.elapsed(), answer.contains("Login successful"))
}

async fn log_out(stream: &mut tokio::net::TcpStream) {
    let phone = setup::phone(0);
    let answer = http::phone(stream, &format!("device={phone}&EMCC=true&doLogout=true")).await;
    assert!(answer.contains("Logout successful"), "{answer}");
}

pub fn print(rounds: &[Round]) {
    super::print("one hash after the other", rounds.iter().map(|round| &round.hashes));
    super::print("log-ins at another cluster", rounds.iter().map(|round| &round.logins));
}

pub fn targets(rounds: &[Round]) -> [Target; 2] {
    let mut middle =
        Target::new("p50 at another cluster, over that of one hash", Bound::AtMost(3.0));
    let mut slow =
        Target::new("p99 at another cluster, over the p50 of one hash", Bound::AtMost(6.0));
    for Round { hashes, logins } in rounds {
        middle.add(logins.percentile(50) / hashes.percentile(50));
        slow.add(logins.percentile(99) / hashes.percentile(50));
    }
    [middle, slow]
}
