//! Calls follow the user: phones register at a real call server with the lines of their configuration
//! file, and restart when the call server tells them to.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

mod support;

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU8, Ordering},
};

use support::{
    Server, apply, behavior, people,
    sip::{Kamailio, TestPhone, rings},
    until,
};

const A: &str = "SEP001122334455";
const B: &str = "SEP001122334466";
const C: &str = "SEP001122334477";

/// A cluster with three phones and the user john; Kamailio routes its calls.
struct TestCluster {
    kamailio: Kamailio,
    folder: tempfile::TempDir,
    server: Server,
    /// The first three bytes of its phones' addresses; each test has a network of its own.
    network: String,
}

impl TestCluster {
    fn start() -> Self {
        static CLUSTERS: AtomicU8 = AtomicU8::new(1);
        let network = format!("127.1.{}", CLUSTERS.fetch_add(1, Ordering::Relaxed));
        let kamailio = Kamailio::start();
        let folder = tempfile::tempdir().unwrap();
        let line = |dn: &str, user: &str| {
            format!(
                "{{ dn = '{dn}', label = '{dn}', sip_user = '{user}', sip_password = '{user}:x' }}"
            )
        };
        let phone = |name: &str, address: &str, dn: &str| {
            let line = line(dn, dn);
            format!(
                "[[phones]]\nname = '{name}'\naddress = '{network}.{address}'\nlines = [{line}]\n"
            )
        };
        let phones = [phone(A, "10", "1001"), phone(B, "0/27", "1002"), phone(C, "12", "1003")];
        let profile = format!(
            "[[device_profiles]]\nname = 'desk'\nlines = [{}, {}]\n",
            line("2001", "john"),
            line("2002", "john"),
        );
        for toml in [
            people(&["john"], &[A, B, C]),
            format!("{}{}{profile}", kamailio.site(), phones.concat()),
        ] {
            let applied = apply(folder.path(), &toml);
            assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        }
        behavior(folder.path(), "Auto Logout");
        kamailio.take_subscribers(folder.path());
        let server = Server::start(folder.path());
        Self { kamailio, folder, server, network }
    }

    /// A phone that has started and registered.
    fn phone(&self, host: u8, name: &str) -> TestPhone {
        let mut phone = TestPhone::at(&format!("{}.{host}", self.network), name);
        phone.start(&self.server);
        phone
    }

    /// Logs a user in at a phone's screen, with the PIN.
    fn log_in_at(&self, user: &str, phone: &str) {
        let query = format!("device={phone}&userid={user}&seq=12345");
        let screen = self.server.client().screen(&query);
        assert_eq!(screen.text("Text"), format!("Login successful: {user}"));
    }

    /// Whether a call from a phone to a number rings at any phone.
    fn rings(&self, from: &TestPhone, to: &str) -> bool {
        rings(&self.kamailio, from.registered().unwrap(), to)
    }
}

#[test]
fn calls_follow_the_user_from_phone_to_phone() {
    let cluster = TestCluster::start();
    let (mut a, mut b) = (cluster.phone(10, A), cluster.phone(11, B));
    let c = cluster.phone(12, C);
    assert!(cluster.rings(&c, "1001") && !cluster.rings(&c, "2001"));
    assert_eq!((a.rang(), b.rang()), (vec!["1001".to_owned()], vec![]));

    cluster.log_in_at("john", A);
    a.restart_when_told(&cluster.server);
    assert!(cluster.rings(&c, "2001") && !cluster.rings(&c, "1001"));
    assert!(cluster.rings(&c, "2002"), "the second line's number reaches the phone as well");
    assert_eq!((a.rang(), b.rang()), (vec!["2001".to_owned(), "2002".to_owned()], vec![]));

    cluster.log_in_at("john", B);
    a.restart_when_told(&cluster.server);
    b.restart_when_told(&cluster.server);
    assert!(cluster.rings(&c, "2001") && cluster.rings(&c, "1001") && !cluster.rings(&c, "1002"));
    assert_eq!((a.rang(), b.rang()), (vec!["1001".to_owned()], vec!["2001".to_owned()]));
    assert_eq!((a.times_told(), b.times_told(), c.times_told()), (2, 1, 0));

    // An account registers only its own numbers.
    let (_, john) = b.registered().unwrap();
    assert!(b.may_register(&cluster.kamailio, "2002", john));
    assert!(!b.may_register(&cluster.kamailio, "1001", john));
}

/// The call server holds the registrations of phones: a crash of Sojourn loses none of them.
#[test]
fn a_phone_returns_to_its_own_number_after_a_restart_of_the_server() {
    let mut cluster = TestCluster::start();
    let mut a = cluster.phone(10, A);
    cluster.server.client().log_in("john", A);
    a.restart_when_told(&cluster.server);
    cluster.server.stop();
    cluster.server = Server::start(cluster.folder.path());
    cluster.server.client().log_out(A).unwrap();
    a.restart_when_told(&cluster.server);
    let c = cluster.phone(12, C);
    assert!(cluster.rings(&c, "1001") && !cluster.rings(&c, "2001"));
}

/// The user logs out after the phone has read its file and before it has registered.
#[test]
fn a_phone_whose_file_changes_as_it_starts_is_restarted_again() {
    let cluster = TestCluster::start();
    let mut a = cluster.phone(10, A);
    cluster.server.client().log_in("john", A);
    a.end_when_told();
    let file = a.read(&cluster.server);
    assert_eq!(file.lines[0].dn, "2001");
    cluster.server.client().log_out(A).unwrap();
    a.register_by(file);
    a.restart_when_told(&cluster.server);
    assert_eq!(a.registered().unwrap().0, "1001");
}

/// After a cut network or an outage of the call server a phone registers again without reading its
/// file.
#[test]
fn a_phone_back_from_an_outage_is_restarted() {
    let mut cluster = TestCluster::start();
    let (mut a, mut b) = (cluster.phone(10, A), cluster.phone(11, B));
    a.is_out_of_reach();
    b.is_out_of_reach();
    cluster.server.client().log_in("john", A);
    a.is_back();
    a.restart_when_told(&cluster.server);
    assert_eq!(a.registered().unwrap().0, "2001");
    // The same with a restart of the server in between.
    cluster.server.client().log_in("john", B);
    cluster.server.stop();
    cluster.server = Server::start(cluster.folder.path());
    b.is_back();
    b.restart_when_told(&cluster.server);
    assert_eq!(b.registered().unwrap().0, "2001");
}

/// Every host in the phone's configured network may read the phone's file.
#[test]
fn another_reader_of_a_phones_file_does_not_prevent_its_restart() {
    let cluster = TestCluster::start();
    let mut b = cluster.phone(11, B);
    let reader = TestPhone::at(&format!("{}.20", cluster.network), B);
    cluster.server.client().log_in("john", B);
    assert_eq!(reader.read(&cluster.server).lines[0].dn, "2001");
    b.restart_when_told(&cluster.server);
    assert_eq!(b.registered().unwrap().0, "2001");
}

#[test]
fn logins_go_on_without_the_call_server_and_missed_restarts_are_counted() {
    let TestCluster { server, folder, .. } = TestCluster::start();
    // This call server accepts connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    std::thread::spawn(move || silent.incoming().for_each(drop));
    let site = format!("[site]\ncall_server_rpc = 'http://{address}/RPC'\n");
    assert!(apply(folder.path(), &site).status.success());
    server.client().log_in("john", A);
    until("the failure is counted", || server.counter("phone_restarts_failed") > 0);
}
