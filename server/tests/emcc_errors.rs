//! Errors between two clusters, as the phone shows them.

mod support;

use std::{fs, net::UdpSocket, thread};

use support::{
    Server, WriteLock,
    between::Identity,
    clusters::{Clusters, DESK, LOBBY, Node, OWN},
    people, until,
};

const WRONG: &str = "Please try to login again (201)";

#[test]
fn errors_have_the_phones_own_texts_and_reveal_nothing_to_a_guesser() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    assert_eq!(seoul.log_in("rak", "54321", LOBBY), WRONG);
    assert_eq!(seoul.log_in("nobody", "12345", LOBBY), WRONG);
    assert_eq!(seoul.log_in("john", "54321", LOBBY), WRONG);
    assert_eq!(seoul.log_in("rak", "12345", "SEPFFFFFFFFFFFF"), WRONG);
    assert_eq!(seoul.log_in("choi", "12345", LOBBY), "Login is unavailable(31)");
    seoul.apply(&format!("[[phones]]\nname = '{OWN}'\nmodel = '8861'\n"));
    assert_eq!(seoul.log_in("rak", "12345", OWN), "Login is unavailable(37)");
    seoul.apply(&format!("[[phones]]\nname = '{DESK}'\nextension_mobility = false\n"));
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Login is unavailable(22)");
    // The phone shows this cluster's own refusal only after a right PIN.
    assert_eq!(seoul.log_in("rak", "54321", DESK), WRONG);
    assert_eq!(seoul.log_in("nobody", "12345", DESK), WRONG);
    assert_eq!(seoul.log_in("john", "12345", LOBBY), "Login successful: john");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login is unavailable(18)");
    assert_eq!(seoul.log_in("rak", "54321", LOBBY), WRONG);
    seoul.log_out(LOBBY);
    // A log-in by primary extension, which two users at home share.
    let by_number = |number: &str| {
        let query = format!("device={LOBBY}&EMCC=true&loginType=DN&userid={number}&seq=12345");
        seoul.server().client().screen(&query).text("Text").to_owned()
    };
    assert_eq!(by_number("5001"), "Login successful: rak");
    seoul.log_out(LOBBY);
    busan.apply("[[users]]\nid = 'ted'\nprimary_extension = '5001'\n");
    assert_eq!(by_number("5001"), "DN has multiple users(47)");
    // The remote cluster is disabled: at home, then at the visiting cluster.
    busan.apply("[[users]]\nid = 'ted'\nprimary_extension = ''\n");
    let switch = |node: &Node, other: &Node, on: bool| {
        let (id, https) = (other.id, other.server().https);
        node.apply(&format!(
            "[[remote_clusters]]\nid = '{id}'\ncertificate = '{id}.pem'\nenabled = {on}\n\
             url = 'https://{https}/emservice/EMServiceServlet'\n"
        ));
    };
    switch(busan, seoul, false);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), WRONG, "a right PIN gets the same screen");
    assert_eq!(seoul.server().refused(38), 1, "the home cluster is remembered");
    switch(busan, seoul, true);
    switch(seoul, busan, false);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), WRONG);
}

/// *Active* of the service profile, at the visiting cluster and at home. Open stays go on and end as always.
#[test]
fn while_emcc_is_not_active_nobody_new_logs_in_across() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    busan.apply("[[users]]\nid = 'mina'\npin = '12345'\nemcc = true\nprofiles = ['desk']\n");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    for node in [seoul, busan] {
        node.apply("[emcc]\nactive = false\n");
        assert_eq!(seoul.log_in("mina", "12345", DESK), WRONG, "{}", node.id);
        node.apply("[emcc]\nactive = true\n");
        let is_in = || seoul.log_in("mina", "12345", DESK) == "Login successful: mina";
        until("the server follows the setting", is_in);
        seoul.log_out(DESK);
    }
    busan.apply("[emcc]\nactive = false\n");
    assert_eq!(seoul.log_in("mina", "12345", DESK), WRONG);
    clusters.agree(&[LOBBY]);
    seoul.log_out(LOBBY);
    until("home learns of the log-out", || busan.phones_of("rak").is_empty());
}

#[test]
fn a_visitor_who_must_change_the_pin_is_refused_behind_a_right_pin() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    busan.apply("[[users]]\nid = 'rak'\npin_must_change = true\n");
    assert_eq!(seoul.log_in("rak", "54321", LOBBY), WRONG);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login is unavailable(41)");
    // A wish that this cluster refuses itself is checked at home as well.
    seoul.apply(&format!("[[phones]]\nname = '{LOBBY}'\nextension_mobility = false\n"));
    assert_eq!(seoul.log_in("rak", "54321", LOBBY), WRONG);
    assert_ne!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
}

/// A remembered home cluster that is disabled no longer counts; another cluster may claim the user.
#[test]
fn a_user_moves_to_another_cluster() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    seoul.log_out(LOBBY);
    let daegu = Node::start("daegu", &people(&["rak"], &[]));
    daegu.apply("[[users]]\nid = 'rak'\nemcc = true\n");
    seoul.knows("daegu", daegu.server().https, &daegu.certificate());
    daegu.knows("seoul", seoul.server().https, &seoul.certificate());
    until("daegu hears from seoul", || daegu.server().counter("emcc_messages") > 0);
    seoul.apply(&format!(
        "[[remote_clusters]]\nid = 'busan'\ncertificate = 'busan.pem'\nenabled = false\n\
         url = 'https://{}/emservice/EMServiceServlet'\n",
        clusters.busan.server().https
    ));
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(daegu.phones_of("rak"), [LOBBY]);
}

#[test]
fn refusals_that_look_like_a_wrong_pin_take_the_same_time() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    seoul.apply(&format!("[[phones]]\nname = '{DESK}'\nextension_mobility = false\n"));
    let took = |user: &str, phone: &str| {
        let begun = std::time::Instant::now();
        assert!(seoul.log_in(user, "54321", phone).contains("(201)"));
        begun.elapsed().as_millis()
    };
    // A busy machine slows single answers down: the shortest of three is compared.
    let shortest = |user: &str, phone: &str| (0..3).map(|_| took(user, phone)).min().unwrap();
    let all = [
        shortest("rak", LOBBY),
        shortest("nobody", LOBBY),
        shortest("john", LOBBY),
        shortest("choi", "SEPFFFFFFFFFFFF"),
        shortest("bora", DESK),
    ];
    assert!(all.iter().all(|ms| (1_000..1_900).contains(ms)), "{all:?}");
}

/// The delay of a phone after wrong PINs holds for users of all clusters.
#[test]
fn guesses_at_users_of_other_clusters_delay_the_phone() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    seoul.apply("[service_parameters]\n'Maximum Concurrent Requests' = '100'\n");
    // Each request has a client address of its own, so only the phone's own limit applies.
    let took = |user: &str, number: usize| {
        let query = format!("device={LOBBY}&EMCC=true&userid={user}&seq=54321");
        let mut phone = seoul.server().client_from(&format!("127.0.1.{number}"));
        let begun = std::time::Instant::now();
        assert_eq!(phone.screen(&query).text("Text"), WRONG);
        begun.elapsed()
    };
    // All guesses without delay, and a few more.
    thread::scope(|scope| {
        for number in 1..=20 {
            scope.spawn(move || took(&format!("nobody{number}"), number));
        }
    });
    for number in 21..=23 {
        took(&format!("nobody{number}"), number);
    }
    let users = ["rak", "nobody", "john"];
    let all = thread::scope(|scope| {
        let numbered = [(0, 31), (1, 32), (2, 33)];
        let started = numbered.map(|(user, number)| scope.spawn(move || took(users[user], number)));
        started.map(|one| one.join().unwrap())
    });
    assert!(all.iter().all(|took| took.as_millis() > 1_900), "{all:?}");
}

#[test]
fn a_user_without_a_profile_and_a_busy_home_cluster_are_refused() {
    let mut clusters = Clusters::linked();
    clusters.busan.apply("[[users]]\nid = 'bare'\npin = '12345'\nemcc = true\n");
    clusters.busan.apply("[service_parameters]\n'Maximum Concurrent Requests' = '1'\n");
    // The restarted home cluster reads its new parameter before its first request.
    clusters.busan.kill();
    clusters.busan.start_again();
    let Clusters { seoul, busan } = &clusters;
    seoul.knows("busan", busan.server().https, &busan.certificate());
    until("busan is asked at its new address", || {
        seoul.log_in("bare", "12345", LOBBY) == "Login is unavailable(12)"
    });
    let lock = WriteLock::take(busan.folder.path());
    let mut phone = seoul.server().client();
    let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
    let first = thread::spawn(move || phone.screen(&query).text("Text").to_owned());
    until("seoul holds the phone", || {
        support::sql(seoul.folder.path(), "SELECT phone FROM intents") == [LOBBY]
    });
    assert_eq!(
        seoul.log_in("ted", "12345", LOBBY),
        "Login is unavailable(18)",
        "the intent holds the phone"
    );
    // The home cluster has one permit; the log-in at the other phone waits for the permit in vain.
    let mut phone = seoul.server().client();
    let query = format!("device={DESK}&EMCC=true&userid=rak&seq=12345");
    let second = thread::spawn(move || phone.screen(&query).text("Text").to_owned());
    until("home is busy", || busan.server().refused(26) > 0);
    drop(lock);
    assert_eq!(second.join().unwrap(), WRONG);
    assert_eq!(first.join().unwrap(), "Login successful: rak");
    clusters.agree(&[LOBBY]);
}

#[test]
fn a_visiting_cluster_removed_or_renamed_at_home_is_refused() {
    let (clusters, to_busan, to_seoul) = Clusters::with_relays();
    let Clusters { seoul, busan } = &clusters;
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
    // A user has shown a right PIN, and chooses a profile.
    let mut phone = seoul.server().client();
    let mut chooses = |at: &str| {
        let menu = phone.screen(&format!("device={at}&EMCC=true&userid=bora&seq=12345"));
        support::phone::query(menu.all("MenuItem")[1].of("URL")).to_owned()
    };
    let choices = [LOBBY, DESK].map(&mut chooses);
    let choose = |choice: &str| seoul.server().client().screen(choice).text("Text").to_owned();
    // The home cluster of the user is remembered, so that it is asked.
    let daegu = Identity::of("daegu");
    to_busan.pass_on_as(&daegu);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), WRONG);
    assert_eq!(seoul.server().refused(35), 1);
    assert_eq!(choose(&choices[0]), "Login is unavailable(35)");
    busan.knows("daegu", to_seoul.address, &daegu.pem);
    until("busan knows daegu", || {
        assert_eq!(seoul.log_in("rak", "12345", LOBBY), WRONG);
        seoul.server().refused(42) > 0
    });
    assert_eq!(choose(&choices[1]), "Login is unavailable(212)");
    assert_eq!(seoul.at(LOBBY), (None, false));
}

#[test]
fn a_user_of_two_clusters_is_refused() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    let daegu = Node::start("daegu", &people(&["rak"], &[]));
    seoul.knows("daegu", daegu.server().https, &daegu.certificate());
    daegu.knows("seoul", seoul.server().https, &seoul.certificate());
    until("daegu hears from seoul", || daegu.server().counter("emcc_messages") > 0);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), WRONG);
    assert_eq!(seoul.server().refused(39), 1);
    let alarms = "SELECT body ->> 'alarm' || ' ' || (body ->> 'reason') FROM events \
                  WHERE body ->> 'event' = 'alarm'";
    until("there is an alarm", || {
        support::sql(seoul.folder.path(), alarms) == ["EMCCFailedInLocalCluster 39"]
    });
}

/// The message is `<facility * 8 + severity>1 TIMESTAMP HOST PROGRAM PROCESS KIND - LINE` (RFC 5424).
#[test]
fn an_alarm_goes_to_the_syslog_server() {
    let syslog = UdpSocket::bind("127.0.0.1:0").unwrap();
    syslog.set_read_timeout(Some(support::PATIENCE)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("busan.pem"), Identity::of("busan").pem).unwrap();
    let unreachable = "[[remote_clusters]]\nid = 'busan'\ncertificate = 'busan.pem'\n\
                       url = 'https://127.0.0.1:1/emservice/EMServiceServlet'\n";
    for toml in [&people(&["john"], &[LOBBY]), unreachable] {
        assert!(support::apply(folder.path(), toml).status.success());
    }
    let address = syslog.local_addr().unwrap().to_string();
    let server = Server::start_with(folder.path(), &["--syslog", &address]);
    server.client().screen(&format!("device={LOBBY}&EMCC=true&userid=nobody&seq=12345"));
    let mut message = [0; 2_048];
    let length = syslog.recv(&mut message).unwrap();
    let message = String::from_utf8_lossy(&message[..length]);
    let (header, line) = message.split_once(" - % ").unwrap();
    let fields: Vec<_> = header.split(' ').collect();
    assert_eq!(
        (fields[0], fields[3], fields[5]),
        ("<187>1", "sojourn", "EMCCFailedInLocalCluster")
    );
    assert!(fields[1].starts_with("20") && fields[1].ends_with('Z'), "{header}");
    let start = "UC_EXTENSIONMOBILITY-3-EMCCFailedInLocalCluster : %[DeviceName=";
    assert!(line.starts_with(&format!("{start}{LOBBY}]")), "{line}");
    assert!(line.contains("[UserID=nobody]") && line.contains("[ClusterID=sojourn]"));
}

#[test]
fn a_log_in_from_an_untrusted_address_or_a_proxy_is_refused() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    seoul.apply("[service_parameters]\n'Validate IP Address' = 'True'\n");
    until("addresses count", || seoul.log_in("rak", "12345", LOBBY) == "Login is unavailable(28)");
    assert_eq!(
        seoul.log_in("rak", "54321", LOBBY),
        WRONG,
        "a guesser gets the screen of a wrong PIN"
    );
    seoul.apply(&format!("[[phones]]\nname = '{LOBBY}'\naddress = '127.0.0.1'\n"));
    seoul.apply("[service_parameters]\n'EMCC Allow Proxy' = 'False'\n");
    let through_a_proxy = format!(
        "GET {}?device={LOBBY}&EMCC=true&userid=rak&seq=12345 HTTP/1.1\r\nHost: em\r\n\
         Via: 1.1 proxy\r\n\r\n",
        support::phone::PATH
    );
    let answer = seoul.server().client().exchange(through_a_proxy.as_bytes()).unwrap().body;
    assert!(answer.contains("Login is unavailable(30)"), "{answer}");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
}

#[test]
fn a_remote_cluster_with_another_certificate_gets_no_question() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    let stranger = Identity::of("busan");
    seoul.knows("busan", clusters.busan.server().https, &stranger.pem);
    let alarms = "SELECT body ->> 'alarm' || ' ' || (body ->> 'cluster') FROM events \
                  WHERE body ->> 'event' = 'alarm'";
    until("there is an alarm", || {
        let all = support::sql(seoul.folder.path(), alarms);
        all.first().is_some_and(|first| first == "NodeNotTrusted busan")
    });
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), WRONG);
    assert!(clusters.busan.phones_of("rak").is_empty());
}
