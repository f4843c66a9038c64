//! Messages between two clusters get lost, late and doubled, and either dies: afterwards both agree.

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

/// Lets the first message with this element have a fate, and delivers all others.
fn first(element: &'static str, fate: Fate) -> impl FnMut(&str) -> Fate + Send + 'static {
    let mut is_over = false;
    move |xml| {
        let is_it = !is_over && xml.contains(&format!("<{element}>"));
        is_over |= is_it;
        if is_it { fate } else { Fate::Delivered }
    }
}

/// As of a wrong PIN: nobody has said that the PIN is right.
const NO_ANSWER: &str = "Please try to login again (201)";

#[test]
fn home_says_yes_and_the_answer_is_lost() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::AnswerLost));
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), NO_ANSWER);
    clusters.agree(&[]);
    assert_eq!(to_busan.seen("homeLogout").len(), 1, "home is told once");
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
}

#[test]
fn a_question_that_comes_twice_is_answered_twice_and_done_once() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::Doubled));
    assert_eq!(clusters.seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
    to_busan.plan(first("homeLogout", Fate::Doubled));
    assert_eq!(clusters.seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
}

/// The undo overtakes the login that it undoes.
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
    // Home knows by the new login that the phone is free.
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
    // Both sides act at once: the phone is logged out here, and all of the user's logins at home.
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    let all = busan.server().client().ask_as("emproxy", "emproxy", "request", "<logoutAll/>");
    assert!(all.unwrap().contains("<success/>"));
    assert_eq!(seoul.at(DESK), (Some("rak".to_owned()), true));
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), NO_ANSWER);
    assert!(seoul.server().refused(40) > 0, "home does not answer");
    let healed = std::time::Instant::now();
    to_busan.heal();
    to_seoul.heal();
    clusters.agree(&[]);
    assert!(healed.elapsed().as_secs() < 10, "{:?}", healed.elapsed());
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    clusters.agree(&[LOBBY]);
}

/// Home dies behind its commit, before its answer is there.
#[test]
fn home_dies_between_its_commit_and_its_answer() {
    let (mut clusters, to_busan, _to_seoul) = Clusters::with_relays();
    to_busan.plan(first("homeLogin", Fate::AnswerHeld));
    let mut phone = clusters.seoul.server().client();
    let query = format!("device={LOBBY}&EMCC=true&userid=rak&seq=12345");
    let asked = thread::spawn(move || phone.screen(&query).text("Text").to_owned());
    to_busan.held(1);
    assert_eq!(clusters.busan.phones_of("rak"), [LOBBY]);
    clusters.busan.kill();
    // The answer is on its way: the visit begins while home is away.
    to_busan.let_go();
    assert_eq!(asked.join().unwrap(), "Login successful: rak");
    clusters.busan.start_again();
    to_busan.redirect(clusters.busan.server().https);
    clusters.agree(&[LOBBY]);
}

/// Home ends the stay before its answer is there: the log-out overtakes it.
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

/// The visiting cluster has the answer, and dies before it has written what follows from it.
#[test]
fn the_visiting_cluster_dies_between_the_answer_and_its_commit() {
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
    assert_eq!(asked.join().unwrap(), None, "nobody was told that it is done");
    clusters.seoul.start_again();
    to_seoul.redirect(clusters.seoul.server().https);
    clusters.agree(&[]);
}

/// A log-out that home refuses waits, and holds up neither another log-out nor a log-in.
#[test]
fn a_log_out_that_is_refused_holds_up_nothing() {
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
    // A user whose home is not remembered: the cluster counts as one that answers. It alone can say this.
    assert_eq!(seoul.log_in("choi", "12345", DESK), "Login is unavailable(31)");
    to_busan.heal();
    support::until("it is sent again", || {
        support::sql(seoul.folder.path(), "SELECT phone FROM farewells").is_empty()
    });
    clusters.agree(&[]);
}

/// Durations cross, never times of day.
#[test]
fn clocks_that_are_an_hour_apart_make_no_difference() {
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
        // The clusters compare their stays, and find no difference.
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

/// The visiting cluster dies while home is asked: before home has the question, and behind its answer.
#[test]
fn the_visiting_cluster_dies_behind_its_intent() {
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
            "nobody was told that it is done"
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
fn home_dies_with_the_question_and_behind_its_commit() {
    let (mut clusters, to_busan, _to_seoul) = Clusters::with_relays();
    // The question is held while home dies and comes back.
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
    // It dies with the stay open, and with a log-out that nobody could tell it.
    clusters.busan.kill();
    assert_eq!(clusters.seoul.log_out(LOBBY), "Logout successful");
    clusters.busan.start_again();
    to_busan.redirect(clusters.busan.server().https);
    clusters.agree(&[]);
}

/// A comparison of stays heals the loss of one database.
#[test]
fn stays_that_one_side_has_lost_are_found_and_ended() {
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

/// A peer of another make sends the messages of the original alone.
#[test]
fn a_log_out_without_our_additions_ends_whoever_is_there() {
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

/// And does not know how clusters keep up with each other.
#[test]
fn a_peer_that_knows_no_update_answers_all_the_same() {
    let (clusters, to_busan, _to_seoul) = Clusters::with_relays();
    let seoul = &clusters.seoul;
    let is_ours = |xml: &str| xml.contains("<update>") || xml.contains("<stays>");
    to_busan.plan(move |xml| if is_ours(xml) { Fate::NotKnown } else { Fate::Delivered });
    let before = to_busan.seen("update").len();
    support::until("it was asked", || to_busan.seen("update").len() > before + 1);
    assert_eq!(seoul.log_in("rak", "12345", LOBBY), "Login successful: rak");
    assert_eq!(seoul.log_out(LOBBY), "Logout successful");
    clusters.agree(&[]);
}

#[test]
fn a_log_out_by_another_cluster_ends_nobody_of_this_one() {
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
    assert!(ask(&log_out).unwrap().contains("<success/>"), "nobody of daegu is there");
    clusters.agree(&[LOBBY]);
    // And as home of the user.
    let as_busan = log_out.replace("daegu", "busan");
    assert_eq!(code(&ask(&as_busan).unwrap()), 42);
}
