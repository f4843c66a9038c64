//! Two clusters that know each other: `seoul` owns phones, and `busan` users.

use std::{fs, path::PathBuf, process::Command};

use tempfile::TempDir;

use super::{
    Server, apply,
    between::{Identity, Relay},
    people, sojourn, until,
};

/// The phones of seoul.
pub const LOBBY: &str = "SEPF8A5C59E1126";
pub const DESK: &str = "SEPB000B4BA01F1";
/// A phone of busan.
pub const OWN: &str = "SEP00A1B2C3D401";

/// A cluster with its data folder.
pub struct Node {
    pub id: &'static str,
    pub folder: TempDir,
    pub server: Option<Server>,
    /// The offset of its clock from the machine's, as `faketime` takes it; empty for none.
    clock: &'static str,
}

impl Node {
    /// Starts a cluster with these users and phones.
    pub fn start(id: &'static str, toml: &str) -> Self {
        Self::start_at(id, toml, "")
    }

    /// Starts a cluster with a clock of its own.
    fn start_at(id: &'static str, toml: &str, clock: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut node = Self { id, folder, server: None, clock };
        node.start_again();
        node.apply(toml);
        node
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub fn apply(&self, toml: &str) {
        let output = apply(self.folder.path(), toml);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        self.server.take().unwrap().kill();
    }

    pub fn start_again(&mut self) {
        let mut program = sojourn();
        if !self.clock.is_empty() {
            set_clock(&mut program, self.clock);
        }
        let arguments = ["--cluster-id", self.id];
        self.server = Some(Server::run(program, self.folder.path(), &arguments));
    }

    /// The EMCC certificate that `sojourn certificate` prints.
    pub fn certificate(&self) -> String {
        let output = sojourn()
            .args(["certificate", "show", "--data-dir"])
            .arg(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Adds a remote cluster to this one.
    pub fn knows(&self, id: &str, https: std::net::SocketAddr, certificate: &str) {
        fs::write(self.folder.path().join(format!("{id}.pem")), certificate).unwrap();
        self.apply(&format!(
            "[[remote_clusters]]\nid = '{id}'\ncertificate = '{id}.pem'\n\
             url = 'https://{https}/emservice/EMServiceServlet'\n"
        ));
    }

    /// The user at a phone of this cluster, and whether the login is a visit.
    pub fn at(&self, phone: &str) -> (Option<String>, bool) {
        let xml = format!("<deviceUserQuery><deviceName>{phone}</deviceName></deviceUserQuery>");
        let answer = self.server().client().ask_as("emproxy", "emproxy", "query", &xml).unwrap();
        let user = answer.split_once("<userID>").map(|(_, rest)| rest);
        let user =
            user.and_then(|rest| rest.split_once("</userID>")).map(|(user, _)| user.to_owned());
        (user, answer.contains("<emccDevice>yes</emccDevice>"))
    }

    /// The phones at which a user of this cluster is logged in.
    pub fn phones_of(&self, user: &str) -> Vec<String> {
        let xml = format!("<userDevicesQuery><userID>{user}</userID></userDevicesQuery>");
        let answer = self.server().client().ask_as("emproxy", "emproxy", "query", &xml).unwrap();
        let parts = answer.split("<deviceName>").skip(1);
        parts.map(|part| part.split_once("</deviceName>").unwrap().0.to_owned()).collect()
    }

    /// The screen's text after a log-in at a phone of this cluster that takes part in EMCC.
    pub fn log_in(&self, user: &str, pin: &str, phone: &str) -> String {
        let query = format!("device={phone}&EMCC=true&userid={user}&seq={pin}");
        self.server().client().screen(&query).text("Text").to_owned()
    }

    /// The screen's text after a log-out at a phone.
    pub fn log_out(&self, phone: &str) -> String {
        let query = format!("device={phone}&EMCC=true&doLogout=true");
        self.server().client().screen(&query).text("Text").to_owned()
    }

    /// The configuration file of a phone.
    pub fn file_of(&self, phone: &str) -> String {
        let head = format!("GET /{phone}.cnf.xml HTTP/1.1\r\nHost: em\r\n\r\n");
        self.server().client().exchange(head.as_bytes()).unwrap().body
    }
}

/// Sets the time of day of a program, as `faketime` takes it. Timers use the monotonic clock, which stays.
pub fn set_clock(program: &mut Command, clock: &str) {
    program.envs([("FAKETIME", clock), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")]);
    program.env("LD_PRELOAD", faketime());
}

/// The library of `faketime`, which moves the clock of a process.
fn faketime() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let mut found = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    let found = found.find(|file| file.exists());
    found.unwrap_or_else(|| panic!("the package faketime is not installed"))
}

/// Two clusters.
pub struct Clusters {
    pub seoul: Node,
    pub busan: Node,
}

/// The visiting cluster's users: `john`, and a `ted` other than busan's.
fn visiting(id: &'static str) -> Node {
    Node::start(id, &people(&["john", "ted"], &[LOBBY, DESK]))
}

/// The home cluster's users: `rak`, `ted`, `bora` with two profiles, and `choi` without the right to
/// EMCC.
fn home(id: &'static str, clock: &'static str) -> Node {
    let mut toml = people(&["rak", "bora", "ted", "choi"], &[OWN]);
    toml.push_str(
        "[site]\ncall_server = '192.0.2.5:5070'\n\
         [[device_profiles]]\nname = 'Prerna-EM'\nmodel = '8861'\n\
         lines = [{ dn = '5001', label = 'Rak', sip_user = '5001', sip_password = 'sip-secret' }]\n\
         [[device_profiles]]\nname = 'night'\nmodel = '8861'\n",
    );
    let node = Node::start_at(id, &toml, clock);
    node.apply(
        "[[users]]\nid = 'rak'\nemcc = true\nprofiles = ['Prerna-EM']\nprimary_extension = '5001'\n\
         [[users]]\nid = 'bora'\nemcc = true\nprofiles = ['desk', 'night']\n\
         [[users]]\nid = 'ted'\nemcc = true\n",
    );
    node
}

impl Clusters {
    /// Two clusters that are connected directly.
    pub fn linked() -> Self {
        Self::linked_as("seoul", "busan")
    }

    /// Two clusters with these ids, connected directly.
    pub fn linked_as(visiting_id: &'static str, home_id: &'static str) -> Self {
        Self::of(visiting(visiting_id), home(home_id, ""))
    }

    /// Two clusters connected directly; busan's clock has this offset from seoul's.
    pub fn linked_with_clock(clock: &'static str) -> Self {
        Self::of(visiting("seoul"), home("busan", clock))
    }

    fn of(seoul: Node, busan: Node) -> Self {
        let (visiting_id, home_id) = (seoul.id, busan.id);
        let (of_seoul, of_busan) = (seoul.certificate(), busan.certificate());
        seoul.knows(home_id, busan.server().https, &of_busan);
        busan.knows(visiting_id, seoul.server().https, &of_seoul);
        let clusters = Self { seoul, busan };
        clusters.settled();
        clusters
    }

    /// Two clusters with a relay for each direction: to busan, and to seoul.
    pub fn with_relays() -> (Self, Relay, Relay) {
        let (seoul, busan) = (visiting("seoul"), home("busan", ""));
        let (as_seoul, as_busan) = (Identity::of("seoul"), Identity::of("busan"));
        let to_busan = Relay::start(&as_busan, &as_seoul, busan.server().https);
        let to_seoul = Relay::start(&as_seoul, &as_busan, seoul.server().https);
        seoul.knows("busan", to_busan.address, &as_busan.pem);
        busan.knows("seoul", to_seoul.address, &as_seoul.pem);
        let clusters = Self { seoul, busan };
        clusters.settled();
        (clusters, to_busan, to_seoul)
    }

    /// Waits until each cluster has had an answer of the other.
    fn settled(&self) {
        for node in [&self.seoul, &self.busan] {
            until("clusters answer each other", || node.server().answering() > 0);
        }
    }

    /// Waits until both clusters have rak's stays at exactly these phones of seoul.
    pub fn agree(&self, phones: &[&str]) {
        let here = |phone: &&&str| self.seoul.at(phone) == (Some("rak".to_owned()), true);
        until(&format!("both clusters have rak at {phones:?}"), || {
            let at_seoul: Vec<_> = [LOBBY, DESK].iter().filter(here).copied().collect();
            let mut at_home = self.busan.phones_of("rak");
            at_home.sort();
            let mut wanted = phones.to_vec();
            wanted.sort_unstable();
            let mut found = at_seoul;
            found.sort_unstable();
            found == wanted && at_home == wanted
        });
    }
}
