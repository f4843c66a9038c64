//! Messages between two clusters are lost, delayed and doubled, and either cluster crashes: afterwards
//! both hold the same stays.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use support::{
    WriteLock, behavior,
    between::Fate,
    clusters::{Clusters, DESK, LOBBY},
    code,
};

/// A plan that gives the first message with this element a fate, and delivers all others.
fn first(element: &'static str, fate: Fate) -> impl FnMut(&str) -> Fate + Send + 'static {
    let mut is_over = false;
    move |xml| {
        let is_it = !is_over && xml.contains(&format!("<{element}>"));
        is_over |= is_it;
        if is_it { fate } else { Fate::Delivered }
    }
}

/// The screen after a lost answer: the same as after a wrong PIN, since no cluster has confirmed the
/// PIN.
const NO_ANSWER: &str = "Please try to login again (201)";

#[test]
fn a_lost_answer_to_a_home_login_is_undone() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::AnswerLost));
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), NO_ANSWER);
    clusters.agree(&[]);
    assert_eq!(to_busan.seen("homeLogout").len(), 1, "the home cluster gets one log-out");
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
}

#[test]
fn a_doubled_message_is_answered_twice_and_applied_once() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::Doubled));
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
    to_busan.plan(first("homeLogout", Fate::Doubled));
    assert_eq!(clusters.seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
}

/// The log-out that undoes the login arrives before it.
#[test]
fn a_login_that_arrives_after_its_undo_does_not_begin() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::Held));
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), NO_ANSWER);
    support::until("the undo is acknowledged", || {
        support::sql(clusters.seoul.folder.path(), "SELECT phone FROM farewells").is_empty()
    });
    to_busan.let_go();
    assert_eq!(clusters.seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    clusters.agree(&[DESK]);
}

#[test]
fn an_old_log_out_that_arrives_after_a_newer_login_ends_nothing() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    to_busan.plan(|xml| if xml.contains("<homeLogout>") { Fate::Held } else { Fate::Delivered });
    assert_eq!(clusters.seoul.log_out(LOBBY), "Logout successful");
    to_busan.held(1);
    // The new home login proves to the home cluster that the phone was free.
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    to_busan.heal();
    to_busan.let_go();
    support::until("the old log-out is acknowledged", || {
        support::sql(clusters.seoul.folder.path(), "SELECT phone FROM farewells").is_empty()
    });
    clusters.agree(&[LOBBY]);
}

#[test]
fn users_move_while_the_link_is_down() {
    let (clusters, to_busan, to_seoul) = Clusters::with_relays();
    let Clusters { seoul, busan } = &clusters;
    behavior(busan.folder.path(), "Multiple Logins Allowed");
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    to_busan.cut();
    to_seoul.cut();
    // Both clusters act during the outage: the phone logs out here, and all logins of the user end at
    // home.
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    let all = busan.server().client().ask_as("emproxy", "emproxy", "request", "<logoutAll/>");
    assert!(all.unwrap().contains("<success/>"));
    assert_eq!(seoul.at(DESK), (Some("rak".to_owned()), true));
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), NO_ANSWER);
    assert!(seoul.server().refused(40) > 0, "the home cluster does not answer");
    let healed = std::time::Instant::now();
    to_busan.heal();
    to_seoul.heal();
    clusters.agree(&[]);
    assert!(healed.elapsed().as_secs() < 10, "{:?}", healed.elapsed());
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
}

/// The home cluster crashes after its commit, before it sends the answer.
#[test]
fn the_home_cluster_crashes_between_commit_and_answer() {
    let (mut clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::AnswerHeld));
    let mut phone = clusters.seoul.server().client();
    let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
    let asked = thread::spawn(move || phone.screen(&query).text("Text").to_owned());
    to_busan.held(1);
    assert_eq!(clusters.busan.phones_of("rak"), [LOBBY]);
    clusters.busan.kill();
    // The answer is still in the relay: the visit begins while the home cluster is down.
    to_busan.let_go();
    assert_eq!(asked.join().unwrap(), "Login successful: rak");
    clusters.busan.start_again();
    to_busan.redirect(clusters.busan.server().https);
    clusters.agree(&[LOBBY]);
}

/// The home cluster ends the stay before its answer arrives: the log-out overtakes the answer.
#[test]
fn a_log_out_that_overtakes_the_answer_leaves_the_phone_free() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    let Clusters { seoul, busan } = &clusters;
    to_busan.plan(first("homeLogin", Fate::AnswerHeld));
    let mut phone = seoul.server().client();
    let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
    let asked = thread::spawn(move || phone.screen(&query).text("Text").to_owned());
    to_busan.held(1);
    let all = busan.server().client().ask_as("emproxy", "emproxy", "request", "<logoutAll/>");
    assert!(all.unwrap().contains("<success/>"));
    support::until("the intent is dropped", || {
        support::sql(seoul.folder.path(), "SELECT phone FROM intents").is_empty()
    });
    to_busan.let_go();
    assert_eq!(asked.join().unwrap(), "Login is unavailable(26)");
    clusters.agree(&[]);
}

/// The visiting cluster gets the answer, and crashes before it commits the visit.
#[test]
fn the_visiting_cluster_crashes_between_answer_and_commit() {
    let (mut clusters, to_busan, to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::AnswerHeld));
    let mut phone = clusters.seoul.server().client();
    let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
    let head = format!("GET {}?{query} HTTP/1.1\r\nHost: em\r\n\r\n", support::phone::PATH);
    let asked = thread::spawn(move || phone.exchange(head.as_bytes()).map(|answer| answer.body));
    to_busan.held(1);
    let lock = WriteLock::take(clusters.seoul.folder.path());
    to_busan.let_go();
    support::until("the answer is there", || to_busan.has_answered("homeLogin"));
    clusters.seoul.kill();
    drop(lock);
    assert_eq!(asked.join().unwrap(), None, "the phone got no confirmation");
    clusters.seoul.start_again();
    to_seoul.redirect(clusters.seoul.server().https);
    clusters.agree(&[]);
}

/// A log-out that the home cluster refuses stays in the outbox, and delays no other log-out and no
/// log-in.
#[test]
fn a_refused_log_out_delays_no_other_message() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    let Clusters { seoul, busan } = &clusters;
    behavior(busan.folder.path(), "Multiple Logins Allowed");
    for phone in [LOBBY, DESK] {
        assert_eq!(seoul.log_in("rak", "12345", phone), "Login successful: rak");
    }
    let is_refused = |xml: &str| xml.contains("<homeLogout>") && xml.contains(LOBBY);
    to_busan.plan(move |xml| if is_refused(xml) { Fate::Refused } else { Fate::Delivered });
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    assert_eq!(seoul.log_out(DESK), "Logout successful");
    support::until("the other log-out is acknowledged", || {
        support::sql(seoul.folder.path(), "SELECT phone FROM farewells") == [LOBBY]
    });
    // The home cluster of this user is not remembered. Code 31 shows that the refusing cluster counts
    // as one that answers.
    assert_eq!(seoul.log_in("choi", "12345", DESK), "Login is unavailable(31)");
    to_busan.heal();
    support::until("the message is sent again", || {
        support::sql(seoul.folder.path(), "SELECT phone FROM farewells").is_empty()
    });
    clusters.agree(&[]);
}

/// Messages carry durations in seconds, never times of day.
#[test]
fn clocks_an_hour_apart_make_no_difference() {
    for clock in ["+1h", "-1h"] {
        let mut clusters = Clusters::linked_with_clock(clock);
        clusters.busan.apply("[service_parameters]\n'Inter-cluster Maximum Login Time' = '0:05'\n");
        behavior(clusters.busan.folder.path(), "Auto Logout");
        let log_in = |clusters: &Clusters, phone: &str| {
            assert_eq!(clusters.seoul.log_in("rak", "12345", phone), "Login successful: rak");
            clusters.agree(&[phone]);
        };
        log_in(&clusters, LOBBY);
        let of_both = |clusters: &Clusters, sql: &'static str| {
            let Clusters { seoul, busan } = clusters;
            [busan, seoul].map(|node| support::sql(node.folder.path(), sql).concat())
        };
        let seconds =
            "SELECT cast((until_ms - from_ms) / 1000 AS TEXT) FROM logins WHERE ended_ms IS NULL";
        assert_eq!(of_both(&clusters, seconds), ["300", "330"]);
        let began = "SELECT cast(from_ms / 1000 AS TEXT) FROM logins WHERE ended_ms IS NULL";
        let [home, visiting] = of_both(&clusters, began).map(|at| at.parse::<i64>().unwrap());
        assert!((3_590..3_610).contains(&(home - visiting).abs()), "{home} {visiting}");
        log_in(&clusters, DESK);
        assert_eq!(clusters.seoul.log_out(DESK), "Logout successful");
        clusters.agree(&[]);
        log_in(&clusters, DESK);
        // The clusters reconcile their stays, and find no difference.
        clusters.seoul.kill();
        clusters.seoul.start_again();
        let Clusters { seoul, busan } = &clusters;
        busan.knows("seoul", seoul.server().https, &seoul.certificate());
        support::until("busan asks", || seoul.server().counter("emcc_messages") > 2);
        clusters.agree(&[DESK]);
        let all = busan.server().client().ask_as("emproxy", "emproxy", "request", "<logoutAll/>");
        assert!(all.unwrap().contains("<success/>"));
        clusters.agree(&[]);
    }
}

/// The visiting cluster crashes while it waits for the answer: before and after the home cluster's
/// commit.
#[test]
fn the_visiting_cluster_crashes_after_its_intent() {
    for fate in [Fate::Held, Fate::AnswerLost] {
        let (mut clusters, to_busan, to_seoul) = Clusters::with_relays();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        to_busan.plan(move |xml| {
            if !xml.contains("<homeLogin>") {
                return Fate::Delivered;
            }
            counted.fetch_add(1, Ordering::SeqCst);
            fate
        });
        let mut phone = clusters.seoul.server().client();
        let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
        let waits = thread::spawn(move || {
            let head = format!("GET {}?{query} HTTP/1.1\r\nHost: em\r\n\r\n", support::phone::PATH);
            phone.exchange(head.as_bytes()).map(|answer| answer.body)
        });
        support::until("home is asked", || asked.load(Ordering::SeqCst) > 0);
        if fate == Fate::AnswerLost {
            support::until("home has the user", || clusters.busan.phones_of("rak") == [LOBBY]);
        }
        clusters.seoul.kill();
        let answer = waits.join().unwrap();
        assert!(
            answer.is_none_or(|body| body.contains(NO_ANSWER)),
            "the phone got no confirmation"
        );
        to_busan.heal();
        to_busan.let_go();
        clusters.seoul.start_again();
        to_seoul.redirect(clusters.seoul.server().https);
        clusters.agree(&[]);
        assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
        clusters.agree(&[LOBBY]);
    }
}

#[test]
fn the_home_cluster_crashes_with_the_question_and_after_its_commit() {
    let (mut clusters, to_busan, _to_seoul) = Clusters::with_relays();
    // The relay holds the question while the home cluster crashes and starts again.
    to_busan.plan(first("homeLogin", Fate::Held));
    let seoul = clusters.seoul.server().client();
    let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
    let mut phone = seoul;
    let waits = thread::spawn(move || phone.screen(&query).text("Text").to_owned());
    to_busan.held(1);
    clusters.busan.kill();
    clusters.busan.start_again();
    to_busan.redirect(clusters.busan.server().https);
    to_busan.let_go();
    assert_eq!(waits.join().unwrap(), "Login successful: rak");
    clusters.agree(&[LOBBY]);
    // The home cluster crashes with the stay open, and misses a log-out.
    clusters.busan.kill();
    assert_eq!(clusters.seoul.log_out(LOBBY), "Logout successful");
    clusters.busan.start_again();
    to_busan.redirect(clusters.busan.server().https);
    clusters.agree(&[]);
}

/// Reconcile heals the loss of one cluster's rows.
#[test]
fn stays_lost_by_one_side_are_found_and_ended() {
    let (mut clusters, _to_busan, to_seoul) = Clusters::with_relays();
    behavior(clusters.busan.folder.path(), "Multiple Logins Allowed");
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(clusters.seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    clusters.agree(&[LOBBY, DESK]);
    clusters.seoul.kill();
    let forget = "UPDATE logins SET ended_ms = from_ms, cause = 'other' \
                  WHERE phone_key LIKE '%F8A5C59E1126' RETURNING phone";
    assert_eq!(support::sql(clusters.seoul.folder.path(), forget), [LOBBY]);
    let forget = "UPDATE logins SET ended_ms = from_ms, cause = 'other' \
                  WHERE phone_key LIKE '%B000B4BA01F1' RETURNING phone";
    assert_eq!(support::sql(clusters.busan.folder.path(), forget), [DESK]);
    clusters.seoul.start_again();
    to_seoul.redirect(clusters.seoul.server().https);
    clusters.agree(&[]);
}

/// A peer of another make sends only the messages of the original.
#[test]
fn a_log_out_without_login_id_ends_the_login_at_the_phone() {
    let (clusters, to_busan, to_seoul) = Clusters::with_relays();
    let Clusters { seoul, busan } = &clusters;
    let is_log_out = |xml: &str| xml.contains("<homeLogout>") || xml.contains("<visitingLogout>");
    for relay in [&to_busan, &to_seoul] {
        relay.plan(move |xml| if is_log_out(xml) { Fate::Bare } else { Fate::Delivered });
    }
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
    assert_eq!(seoul.log_in("rak", "12345", DESK), "Login successful: rak");
    let all = busan.server().client().ask_as("emproxy", "emproxy", "request", "<logoutAll/>");
    assert!(all.unwrap().contains("<success/>"));
    clusters.agree(&[]);
}

/// A peer of another make answers the messages `update` and `stays` with error 1.
#[test]
fn a_peer_without_the_update_message_still_takes_logins() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    let seoul = &clusters.seoul;
    let is_ours = |xml: &str| xml.contains("<update>") || xml.contains("<stays>");
    to_busan.plan(move |xml| if is_ours(xml) { Fate::NotKnown } else { Fate::Delivered });
    let before = to_busan.seen("update").len();
    support::until("the update is requested again", || to_busan.seen("update").len() > before + 1);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
}

#[test]
fn a_log_out_by_another_cluster_ends_no_stay_of_this_one() {
    let (clusters, _to_busan, _to_seoul) = Clusters::with_relays();
    let seoul = &clusters.seoul;
    let daegu = support::between::Identity::of("daegu");
    seoul.knows("daegu", clusters.busan.server().https, &daegu.pem);
    let https = seoul.server().https;
    let log_out = format!(
        "<emcc><visitingLogout><requestNum>117</requestNum><deviceName>{LOBBY}</deviceName>\
         <clusterId>daegu</clusterId></visitingLogout></emcc>"
    );
    let ask = |xml: &str| support::between::ask(&daegu, https, xml);
    support::until("seoul knows daegu", || {
        ask(&log_out).is_some_and(|xml| xml.contains("<success/>"))
    });
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert!(ask(&log_out).unwrap().contains("<success/>"), "no user of daegu is at the phone");
    clusters.agree(&[LOBBY]);
    // The same log-out, in the name of the user's home cluster.
    let as_busan = log_out.replace("daegu", "busan");
    assert_eq!(code(&ask(&as_busan).unwrap()), 42);
}
