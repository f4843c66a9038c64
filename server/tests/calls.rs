//! Calls follow the person: phones register at a real call server what their configuration files say, and
//! read these anew when the call server tells them to.

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

/// A cluster with three phones and john, whose calls Kamailio routes.
struct Office {
    kamailio: Kamailio,
    folder: tempfile::TempDir,
    server: Server,
    /// The first bytes of the addresses of its phones: no other office has them.
    network: String,
}

impl Office {
    fn open() -> Self {
        static OFFICES: AtomicU8 = AtomicU8::new(1);
        let network = format!("127.1.{}", OFFICES.fetch_add(1, Ordering::Relaxed));
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

    /// A phone that has started.
    fn phone(&self, host: u8, name: &str) -> TestPhone {
        let mut phone = TestPhone::at(&format!("{}.{host}", self.network), name);
        phone.start(&self.server);
        phone
    }

    /// Somebody logs in at a phone, with their PIN.
    fn log_in_at(&self, user: &str, phone: &str) {
        let query = format!("device={phone}&userid={user}&seq=12345");
        let screen = self.server.client().screen(&query);
        assert_eq!(screen.text("Text"), format!("Login successful: {user}"));
    }

    /// Whether a call from a phone rings somewhere.
    fn rings(&self, from: &TestPhone, to: &str) -> bool {
        rings(&self.kamailio, from.registered().unwrap(), to)
    }
}

#[test]
fn calls_follow_the_person_from_phone_to_phone() {
    let office = Office::open();
    let (mut a, mut b) = (office.phone(10, A), office.phone(11, B));
    let c = office.phone(12, C);
    assert!(office.rings(&c, "1001") && !office.rings(&c, "2001"));
    assert_eq!((a.rang(), b.rang()), (vec!["1001".to_owned()], vec![]));

    office.log_in_at("john", A);
    a.start_anew_when_told(&office.server);
    assert!(office.rings(&c, "2001") && !office.rings(&c, "1001"));
    assert!(office.rings(&c, "2002"), "the number of the second line reaches the phone, too");
    assert_eq!((a.rang(), b.rang()), (vec!["2001".to_owned(), "2002".to_owned()], vec![]));

    office.log_in_at("john", B);
    a.start_anew_when_told(&office.server);
    b.start_anew_when_told(&office.server);
    assert!(office.rings(&c, "2001") && office.rings(&c, "1001") && !office.rings(&c, "1002"));
    assert_eq!((a.rang(), b.rang()), (vec!["1001".to_owned()], vec!["2001".to_owned()]));
    assert_eq!((a.times_told(), b.times_told(), c.times_told()), (2, 1, 0));

    // An account is good for its own numbers alone.
    let (_, john) = b.registered().unwrap();
    assert!(b.may_register(&office.kamailio, "2002", john));
    assert!(!b.may_register(&office.kamailio, "1001", john));
}

/// The call server knows the registrations of phones: a crash of Sojourn loses none of them.
#[test]
fn a_phone_falls_back_to_its_own_number_after_the_server_has_started_anew() {
    let mut office = Office::open();
    let mut a = office.phone(10, A);
    office.server.client().log_in("john", A);
    a.start_anew_when_told(&office.server);
    office.server.stop();
    office.server = Server::start(office.folder.path());
    office.server.client().log_out(A).unwrap();
    a.start_anew_when_told(&office.server);
    let c = office.phone(12, C);
    assert!(office.rings(&c, "1001") && !office.rings(&c, "2001"));
}

/// Somebody logs out while the phone has read its file and not yet registered by it.
#[test]
fn a_phone_that_starts_while_it_changes_again_is_told_again() {
    let office = Office::open();
    let mut a = office.phone(10, A);
    office.server.client().log_in("john", A);
    a.end_when_told();
    let file = a.read(&office.server);
    assert_eq!(file.lines[0].dn, "2001");
    office.server.client().log_out(A).unwrap();
    a.register_by(file);
    a.start_anew_when_told(&office.server);
    assert_eq!(a.registered().unwrap().0, "1001");
}

/// It registers again without reading its file: after a cut network, or when the call server was away.
#[test]
fn a_phone_that_was_out_of_reach_is_told_when_it_is_back() {
    let mut office = Office::open();
    let (mut a, mut b) = (office.phone(10, A), office.phone(11, B));
    a.is_out_of_reach();
    b.is_out_of_reach();
    office.server.client().log_in("john", A);
    a.is_back();
    a.start_anew_when_told(&office.server);
    assert_eq!(a.registered().unwrap().0, "2001");
    // And when the server has started anew meanwhile.
    office.server.client().log_in("john", B);
    office.server.stop();
    office.server = Server::start(office.folder.path());
    b.is_back();
    b.start_anew_when_told(&office.server);
    assert_eq!(b.registered().unwrap().0, "2001");
}

/// Every host in the network of a phone may read the phone's file.
#[test]
fn somebody_else_who_reads_a_phones_file_keeps_nothing_from_the_phone() {
    let office = Office::open();
    let mut b = office.phone(11, B);
    let reader = TestPhone::at(&format!("{}.20", office.network), B);
    office.server.client().log_in("john", B);
    assert_eq!(reader.read(&office.server).lines[0].dn, "2001");
    b.start_anew_when_told(&office.server);
    assert_eq!(b.registered().unwrap().0, "2001");
}

#[test]
fn logins_go_on_without_the_call_server_and_what_phones_miss_is_counted() {
    let Office { server, folder, .. } = Office::open();
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    std::thread::spawn(move || silent.incoming().for_each(drop));
    let site = format!("[site]\ncall_server_rpc = 'http://{address}/RPC'\n");
    assert!(apply(folder.path(), &site).status.success());
    server.client().log_in("john", A);
    until("the failure is counted", || server.counter("phone_restarts_failed") == 1);
}
