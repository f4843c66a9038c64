//! Two clusters, two processes: users of one cluster at phones of the other.

mod support;

use support::{
    apply, behavior,
    between::{Identity, ask},
    clusters::{Clusters, DESK, LOBBY, OWN},
    code, refusal, sojourn, until,
};

fn behaviors(clusters: &Clusters, home: &str, visiting: &str) {
    behavior(clusters.busan.folder.path(), home);
    behavior(clusters.seoul.folder.path(), visiting);
}

#[test]
fn a_user_of_another_cluster_has_the_phone_between_log_in_and_log_out() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    let own = seoul.file_of(LOBBY);
    assert_eq!(seoul.log_in("RAK", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
    let file = seoul.file_of(LOBBY);
    assert!(file.contains("5001") && file.contains("192.0.2.5"), "{file}");
    assert!(!file.contains("sip-secret"), "only the phone gets its SIP accounts");
    assert_eq!(seoul.log_in("john", "12345", LOBBY), "Login is unavailable(18)");
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
    assert_eq!(seoul.file_of(LOBBY), own);
    assert_eq!(busan.at(OWN), (None, false));
}

#[test]
fn the_home_clusters_behavior_decides() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    behaviors(&clusters, "Multiple Logins Not Allowed", "Multiple Logins Allowed");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Multi-Login Not Allowed (25)");
    assert_eq!(busan.log_in("rak", "12345", OWN), "Multi-Login Not Allowed (25)");
    clusters.agree(&[LOBBY]);
    behaviors(&clusters, "Multiple Logins Allowed", "Multiple Logins Not Allowed");
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    clusters.agree(&[LOBBY, DESK]);
    behaviors(&clusters, "Auto Logout", "Multiple Logins Not Allowed");
    assert_eq!(busan.log_in("rak", "12345", OWN), "Login successful: rak");
    until("the phones of seoul fall back", || {
        [LOBBY, DESK].iter().all(|phone| seoul.at(phone) == (None, false))
    });
    assert_eq!(busan.phones_of("rak"), [OWN]);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
    assert_eq!(busan.at(OWN), (None, false));
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    clusters.agree(&[DESK]);
}

#[test]
fn below_release_12_5_stays_neither_count_nor_are_ended() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    busan.apply("[cluster]\nrelease = '12.0'\n[service_parameters]\n'Intra-cluster Multiple Login Behavior' = 'Auto Logout'\n");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(busan.log_in("rak", "12345", OWN), "Login successful: rak");
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    let mut phones = busan.phones_of("rak");
    phones.sort();
    let mut all = [LOBBY, DESK, OWN];
    all.sort_unstable();
    assert_eq!(phones, all);
}

/// Each interface's answers about a login within the cluster, a visit, and a user at a phone elsewhere.
#[test]
fn each_interface_tells_stays_from_logins() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    behaviors(&clusters, "Multiple Logins Allowed", "Multiple Logins Allowed");
    // The visitor and the local user of the same name are two users.
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_in("ted", "12345", DESK), "Login successful: ted");
    assert_eq!(seoul.at(LOBBY), (Some("rak".to_owned()), true));
    assert_eq!(seoul.at(DESK), (Some("ted".to_owned()), false));
    assert_eq!(seoul.phones_of("ted"), [DESK]);
    assert!(busan.phones_of("ted").is_empty());
    // Without a local user of that name the home cluster is asked.
    assert!(seoul.phones_of("rak").is_empty());
    assert_eq!(busan.phones_of("rak"), [LOBBY]);
    // The phone belongs to the visiting cluster: at home it does not exist, and its log-out answers 11.
    let answer = |xml: &str, root: &str| {
        busan.server().client().ask_as("emproxy", "emproxy", root, xml).unwrap()
    };
    let query = format!("<deviceUserQuery><deviceName>{LOBBY}</deviceName></deviceUserQuery>");
    assert!(answer(&query, "query").contains("<doesNotExist/>"));
    let log_out = format!("<logout><deviceName>{LOBBY}</deviceName></logout>");
    assert_eq!(code(&answer(&log_out, "request")), 11);
    // `logout` at the visiting cluster ends the stay on both sides.
    let done = seoul.server().client().log_out(LOBBY).unwrap();
    assert!(done.contains("<success/>"), "{done}");
    clusters.agree(&[]);
    // `logoutAll` ends the stay on both sides, at either cluster.
    for node in [busan, seoul] {
        assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
        let all = node.server().client().ask_as("emproxy", "emproxy", "request", "<logoutAll/>");
        assert!(all.unwrap().contains("<success/>"));
        clusters.agree(&[]);
    }
}

#[test]
fn a_user_with_several_profiles_chooses_one_of_the_home_cluster() {
    let clusters = Clusters::linked();
    let seoul = &clusters.seoul;
    let mut phone = seoul.server().client();
    let menu = phone.screen(&format!("device={LOBBY}&EMCC=true&userid=bora&seq=12345"));
    let items = menu.all("MenuItem");
    assert_eq!(items.iter().map(|item| item.of("Name")).collect::<Vec<_>>(), ["desk", "night"]);
    assert_eq!(
        seoul.at(LOBBY),
        (None, false),
        "the phone is free while the user chooses a profile"
    );
    let second = support::phone::query(items[1].of("URL")).to_owned();
    let elsewhere = second.replace(LOBBY, DESK);
    assert!(
        phone.screen(&elsewhere).text("Text").contains("(201)"),
        "a ticket is valid at its own phone"
    );
    assert!(phone.screen(&second).text("Text").contains("(201)"), "a ticket is valid once");
    let menu = phone.screen(&format!("device={LOBBY}&EMCC=true&userid=bora&seq=12345"));
    let second = support::phone::query(menu.all("MenuItem")[1].of("URL")).to_owned();
    assert_eq!(phone.screen(&second).text("Text"), "Login successful: bora");
    assert_eq!(clusters.busan.phones_of("bora"), [LOBBY]);
}

#[test]
fn a_user_disabled_at_home_is_logged_out_of_the_phone() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    for (off, on) in [("emcc = false", "emcc = true"), ("enabled = false", "enabled = true")] {
        assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
        busan.apply(&format!("[[users]]\nid = 'rak'\n{off}\n"));
        clusters.agree(&[]);
        busan.apply(&format!("[[users]]\nid = 'rak'\n{on}\n"));
    }
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    busan.apply("[[users]]\nid = 'rak'\npin = '99999'\n");
    clusters.agree(&[]);
}

#[test]
fn a_stay_ends_at_its_end_time_at_home() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    busan.apply("[service_parameters]\n'Inter-cluster Maximum Login Time' = '0:01'\n");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    // The row holds the configured duration; the test moves the time rather than wait the minute.
    let seconds =
        "SELECT cast((until_ms - from_ms) / 1000 AS TEXT) FROM logins WHERE ended_ms IS NULL";
    assert_eq!(support::sql(busan.folder.path(), seconds), ["60"]);
    assert_eq!(
        support::sql(seoul.folder.path(), seconds),
        ["90"],
        "the safety expiry has a margin of 30 s"
    );
    support::sql(busan.folder.path(), "UPDATE logins SET until_ms = from_ms + 1 RETURNING 'x'");
    clusters.agree(&[]);
    let cause = "SELECT cause FROM logins";
    assert_eq!(support::sql(busan.folder.path(), cause), ["expired"]);
    assert_eq!(support::sql(seoul.folder.path(), cause), ["expired"]);
}

/// The EMCC endpoint takes messages only on connections on which the sender's pinned certificate was
/// shown.
#[test]
fn a_cluster_is_known_by_its_certificate_alone() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    let https = busan.server().https;
    let check = |sender: &str| {
        format!(
            "<emcc><checkUser><requestNum>1</requestNum><userID>rak</userID>\
             <clusterId>{sender}</clusterId></checkUser></emcc>"
        )
    };
    let stranger = Identity::of("seoul");
    assert_eq!(code(&ask(&stranger, https, &check("seoul")).unwrap()), 35);
    // A known cluster that names another sender.
    let daegu = Identity::of("daegu");
    busan.knows("daegu", seoul.server().https, &daegu.pem);
    until("busan knows daegu", || {
        ask(&daegu, https, &check("daegu")).unwrap().contains("<exists/>")
    });
    assert_eq!(code(&ask(&daegu, https, &check("seoul")).unwrap()), 42);
    // A known cluster can't end a stay of another cluster.
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    let log_out = format!(
        "<emcc><homeLogout><requestNum>1</requestNum><deviceName>{LOBBY}</deviceName>\
         <clusterId>daegu</clusterId></homeLogout></emcc>"
    );
    assert!(ask(&daegu, https, &log_out).unwrap().contains("<success/>"));
    clusters.agree(&[LOBBY]);
    // A client without a peer's certificate is refused, on plain HTTP and on HTTPS.
    for client in [&mut busan.server().client(), &mut busan.server().tls_client()] {
        let answer = client.post(&format!("xml={}", check("seoul"))).unwrap();
        assert_eq!((answer.status(), code(&answer.body)), (200, 38));
    }
    let nothing = ask(&daegu, https, "<emcc><what/></emcc>").unwrap();
    assert_eq!(code(&nothing), 1);
}

#[test]
fn a_ticket_logs_in_only_the_user_of_its_pin() {
    let clusters = Clusters::linked();
    let busan = &clusters.busan;
    let https = busan.server().https;
    let daegu = Identity::of("daegu");
    busan.knows("daegu", clusters.seoul.server().https, &daegu.pem);
    let log_in = |user: &str, shown: &str, number: u8| {
        let question = format!(
            "<emcc><homeLogin><requestNum>1</requestNum><deviceName>SEP0000000000D1</deviceName>\
             <clusterId>daegu</clusterId><userID>{user}</userID>{shown}<model>8861</model>\
             <loginId>0190a5b4-7d6e-7c3a-9f10-0000000000{number:02}</loginId></homeLogin></emcc>"
        );
        ask(&daegu, https, &question).unwrap()
    };
    let ticket = |number| {
        let answer = log_in("bora", "<PIN>12345</PIN>", number);
        let (_, rest) = answer.split_once("<ticket>").unwrap_or_else(|| panic!("{answer}"));
        rest.split_once("</ticket>").unwrap().0.to_owned()
    };
    until("busan knows daegu", || log_in("bora", "<PIN>12345</PIN>", 1).contains("<ticket>"));
    let of_bora = ticket(2);
    let shown = format!("<ticket>{of_bora}</ticket><deviceProfile>Prerna-EM</deviceProfile>");
    assert_eq!(code(&log_in("rak", &shown, 3)), 2);
    assert_eq!(busan.phones_of("rak"), Vec::<String>::new());
    let of_bora = ticket(4);
    let shown = format!("<ticket>{of_bora}</ticket><deviceProfile>night</deviceProfile>");
    assert!(log_in("BORA", &shown, 5).contains("<success/>"), "user ids compare without case");
}

#[test]
fn a_certificate_of_another_cluster_is_refused_by_apply() {
    let clusters = Clusters::linked();
    let busan = &clusters.busan;
    std::fs::write(busan.folder.path().join("x.pem"), Identity::of("daegu").pem).unwrap();
    let toml = "[[remote_clusters]]\nid = 'daejeon'\ncertificate = 'x.pem'\nurl = 'https://x/'\n";
    let text = refusal(&apply(busan.folder.path(), toml));
    assert!(text.contains("\"daegu\"") && text.contains("\"daejeon\""), "{text}");
}

/// A new key is announced, then used, without work for the administrator of the other cluster.
#[test]
fn a_cluster_changes_its_key_without_losing_its_peers() {
    let clusters = Clusters::linked();
    let Clusters { seoul, busan } = &clusters;
    let before = busan.certificate();
    let certificate = |what: &str| {
        let output = sojourn()
            .args(["certificate", what, "--data-dir"])
            .arg(busan.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let next = certificate("announce");
    let known = |column| support::sql(seoul.folder.path(), column);
    let announced = "SELECT next_certificate FROM remote_clusters";
    until("seoul learns of it", || known(announced)[0].trim() == next.trim());
    assert_eq!(busan.certificate(), before);
    assert_eq!(certificate("use"), next);
    let current = "SELECT certificate FROM remote_clusters";
    until("seoul sees it used", || known(current)[0].trim() == next.trim());
    assert_eq!(known(announced), [""]);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
    assert!(
        sojourn()
            .args(["certificate", "use", "--data-dir"])
            .arg(busan.folder.path())
            .output()
            .unwrap()
            .status
            .code()
            == Some(2)
    );
}
