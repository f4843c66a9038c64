//! Users of this cluster at phones of other clusters.

use engine::{
    ConfigurationChange, EventKind, HomeLogin, LimitSource, ListQuery, PhoneEntry, Selection,
    UserEntry, UtcMillis, Version, ports::Outcome,
};
use terms::{EndCause, LoginFilter, LoginType, Release};

use super::{
    Database, Node,
    fixture::{apply, behavior, done, log_in, log_out, open, refused, set},
    stay_fixture::{
        ask_home, change_users, come_back, entry, farewell, farewells, go, home_login,
        open_to_others, stay, visit,
    },
};

const MINUTE: i64 = 60_000;

pub async fn refusals_of_home_logins_come_in_their_order(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    let code =
        async |number, user: &str, phone: &str| refused(&go(&node, 0, number, user, phone).await);
    assert_eq!(code(1, "nobody", "SEP1").await, 23);
    assert_eq!(
        code(2, "bare", "SEP1").await,
        31,
        "the missing right comes before the missing profile"
    );
    change_users(&node, vec![UserEntry { emcc: Some(true), ..entry("bare") }]).await;
    assert_eq!(code(3, "bare", "sep1").await, 37, "a local phone has the name");
    assert_eq!(code(4, "bare", "FAR1").await, 12);
    let with_profile = async |number, name: &str| {
        let profile = Some(name.to_owned());
        ask_home(&node, 0, "busan", HomeLogin { profile, ..home_login(number, "john", "FAR1") })
            .await
    };
    assert_eq!(refused(&with_profile(5, "jane-1").await), 12);
    assert_eq!(refused(&with_profile(5, "john-1").await), 38, "a repeated request stays refused");
    assert_eq!(done(with_profile(6, "JOHN-2").await).login.profile, "john-2");
    assert_eq!(code(7, "john", "FAR2").await, 25);
    // The PIN was right under another version of the configuration.
    let moved = home_login(8, "Jane", "FAR2");
    let moved = engine::home_log_in(&*node, "busan".into(), moved, Version(0), UtcMillis(0)).await;
    assert_eq!(moved, Ok(Outcome::ConfigurationMoved));
    let disabled = UserEntry { enabled: Some(false), ..entry("Jane") };
    change_users(&node, vec![disabled]).await;
    assert_eq!(code(9, "Jane", "FAR2").await, 23);
}

pub async fn a_stay_is_at_the_phone_of_the_visiting_cluster(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    let admitted = done(go(&node, 0, 1, "JOHN", "FAR1").await);
    let login = &admitted.login;
    assert_eq!((login.id, login.login_type), (stay(1), LoginType::Elsewhere));
    assert_eq!(
        (login.user.to_string(), login.phone.to_string()),
        ("john".into(), "FAR1 (busan)".into())
    );
    assert_eq!((login.profile.as_str(), login.model.as_str()), ("john-1", "Cisco 8861"));
    assert_eq!(login.until, Some(UtcMillis(600 * MINUTE)), "Inter-cluster Maximum Login Time");
    let page = node.active_logins(&ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    assert_eq!((page.rows, page.open.elsewhere), (vec![login.clone()], 1));
    // A phone of seoul with the same name is a different phone.
    let jane = ask_home(&node, 0, "seoul", home_login(2, "Jane", "FAR1")).await;
    assert_eq!(done(jane).ended, []);
    assert_eq!(farewells(&node).await, []);
}

pub async fn a_stay_has_the_users_own_limit_or_the_parameters(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    set(&node, "Intra-cluster Maximum Login Time", "1:00").await;
    let by = |source| Selection { limit_source: Some(source), ..Selection::default() };
    for (number, own, parameter, until) in [
        (1, None, "8:00", Some(480)),
        (2, None, "0", None),
        (3, Some(5), "8:00", Some(5)),
        (4, Some(0), "8:00", None),
    ] {
        set(&node, "Inter-cluster Maximum Login Time", parameter).await;
        let max_login_minutes = Some(own);
        change_users(&node, vec![UserEntry { max_login_minutes, ..entry("john") }]).await;
        let admitted = done(go(&node, 0, number, "john", &format!("FAR{number}")).await);
        let until = until.map(|minutes: i64| UtcMillis(minutes * MINUTE));
        assert_eq!(admitted.login.until, until, "{number}");
    }
    assert_eq!(node.open_in(&by(LimitSource::Inter)).await, Ok(2));
    assert_eq!(node.open_in(&by(LimitSource::User)).await, Ok(2));
    assert_eq!(engine::end_due(&*node, UtcMillis(5 * MINUTE), 9).await, Ok(1));
    let expired = farewell(false, 3, "FAR3", Some(EndCause::Expired));
    assert_eq!(farewells(&node).await, [expired]);
}

pub async fn the_end_of_a_stay_is_sent_unless_the_peer_reported_it(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    done(go(&node, 0, 1, "john", "FAR1").await);
    behavior(&node, "Auto Logout").await;
    let admitted = done(log_in(&node, 0, "john", "SEP1").await);
    assert_eq!(admitted.ended[0].id, stay(1));
    assert_eq!(farewells(&node).await, [farewell(false, 1, "FAR1", Some(EndCause::AutoLogout))]);
    assert_eq!(refused(&go(&node, 0, 1, "john", "FAR1").await), 38, "the stay is over");
    let (posted, _) = node.farewells(Some("busan"), 0, 9).await.unwrap();
    engine::acknowledged(&*node, posted[0].number).await.unwrap();
    assert_eq!(farewells(&node).await, []);
    assert_eq!(
        refused(&go(&node, 0, 1, "john", "FAR1").await),
        38,
        "the stay is over also without the farewell"
    );
    done(go(&node, 0, 2, "john", "FAR1").await);
    assert_eq!(come_back(&node, 0, Some(2), "far1").await.unwrap().cause, EndCause::Remote);
    assert_eq!(farewells(&node).await, []);
    assert_eq!(refused(&go(&node, 0, 2, "john", "FAR1").await), 38);
    done(go(&node, 0, 3, "john", "FAR1").await);
    assert_eq!(come_back(&node, 0, None, "FAR1").await.unwrap().id, stay(3));
    assert_eq!(come_back(&node, 0, None, "FAR1").await, None);
    assert_eq!(open(&node).await, []);
}

/// The number of begun logins, by the events.
async fn begun(node: &Node) -> usize {
    let events = node.events_after(0, 1_000).await.unwrap().events;
    events.iter().filter(|event| matches!(event.kind, EventKind::LoggedIn(_))).count()
}

pub async fn a_repeated_or_late_question_begins_no_stay(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    let first = done(go(&node, 0, 5, "john", "FAR1").await).login;
    let again = done(go(&node, MINUTE, 5, "john", "far1").await);
    let answered = (again.login.id, again.login.user, again.login.profile, again.login.until);
    assert_eq!(answered, (first.id, first.user, first.profile, first.until));
    assert_eq!((again.ended, begun(&node).await, open(&node).await.len()), (vec![], 1, 1));
    assert_eq!(
        refused(&go(&node, 0, 4, "Jane", "FAR1").await),
        38,
        "the request is older than john's stay"
    );
    // The end of stay 7 comes before its request.
    assert_eq!(come_back(&node, 0, Some(7), "FAR2").await, None);
    assert_eq!(refused(&go(&node, 0, 7, "Jane", "FAR2").await), 38);
    let of_seoul = ask_home(&node, 0, "seoul", home_login(7, "Jane", "FAR2")).await;
    assert_eq!(done(of_seoul).login.id, stay(7), "seoul's stay 7 is another one");
    // Busan's request says that the phone is free, so the stay at the phone is over.
    let admitted = done(go(&node, 0, 6, "john", "FAR1").await);
    assert_eq!((admitted.ended[0].id, admitted.ended[0].cause), (stay(5), EndCause::Remote));
    // Busan gets a farewell: if a clock was set back, busan's request may be older than the stay.
    assert_eq!(farewells(&node).await, [farewell(false, 5, "FAR1", Some(EndCause::Remote))]);
    assert_eq!(refused(&go(&node, 0, 5, "john", "FAR1").await), 38);
}

pub async fn multiple_login_behavior_counts_logins_and_stays(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    behavior(&node, "Multiple Logins Not Allowed").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    assert_eq!(refused(&go(&node, 0, 1, "john", "FAR1").await), 25);
    done(log_out(&node, 0, "SEP1").await);
    done(go(&node, 0, 2, "john", "FAR1").await);
    assert_eq!(refused(&log_in(&node, 0, "john", "SEP1").await), 25);
    assert_eq!(refused(&go(&node, 0, 3, "john", "FAR2").await), 25);
    behavior(&node, "Auto Logout").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    let told = farewell(false, 2, "FAR1", Some(EndCause::AutoLogout));
    assert_eq!(farewells(&node).await, vec![told.clone()]);
    let ended = done(go(&node, 0, 4, "john", "FAR1").await).ended;
    assert_eq!((ended.len(), ended[0].cause), (1, EndCause::AutoLogout));
    done(go(&node, 0, 5, "john", "FAR2").await);
    let also = farewell(false, 4, "FAR1", Some(EndCause::AutoLogout));
    assert_eq!(farewells(&node).await, [told, also], "a login at SEP1 needs no farewell");
    behavior(&node, "Multiple Logins Allowed").await;
    done(log_in(&node, 0, "john", "SEP1").await);
    done(go(&node, 0, 6, "john", "FAR1").await);
    let all = ["FAR1", "FAR2", "SEP1"].map(|phone| (phone.to_owned(), "john".to_owned()));
    assert_eq!(open(&node).await, all);
    assert_eq!(farewells(&node).await.len(), 2);
}

pub async fn before_release_12_5_stays_neither_count_nor_are_ended(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    let release = Some(Release { major: 12, minor: 0 });
    apply(&node, ConfigurationChange { release, ..Default::default() }).await.unwrap();
    for (value, number) in [("Multiple Logins Not Allowed", 1), ("Auto Logout", 3)] {
        behavior(&node, value).await;
        assert_eq!(done(go(&node, 0, number, "john", "FAR1").await).ended, []);
        assert_eq!(done(log_in(&node, 0, "john", "SEP1").await).ended, []);
        assert_eq!(done(go(&node, 0, number + 1, "john", "FAR2").await).ended, []);
        assert_eq!(open(&node).await.len(), 3, "{value}");
        done(log_out(&node, 0, "SEP1").await);
        come_back(&node, 0, None, "FAR1").await.unwrap();
        come_back(&node, 0, None, "FAR2").await.unwrap();
    }
    assert_eq!(farewells(&node).await, []);
}

pub async fn a_user_who_loses_the_right_is_logged_out_elsewhere(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    behavior(&node, "Multiple Logins Allowed").await;
    done(go(&node, 0, 1, "john", "FAR1").await);
    done(go(&node, 0, 2, "Jane", "FAR2").await);
    done(log_in(&node, 0, "john", "SEP1").await);
    change_users(&node, vec![UserEntry { emcc: Some(false), ..entry("john") }]).await;
    let called_back = farewell(false, 1, "FAR1", Some(EndCause::EmccDisabled));
    assert_eq!(farewells(&node).await, vec![called_back.clone()]);
    let left = [("FAR2", "Jane"), ("SEP1", "john")];
    assert_eq!(open(&node).await, left.map(|(phone, user)| (phone.to_owned(), user.to_owned())));
    assert_eq!(refused(&go(&node, 0, 3, "john", "FAR1").await), 31);
    let disabled = |id: &str| UserEntry { enabled: Some(false), ..entry(id) };
    change_users(&node, vec![disabled("john"), disabled("Jane")]).await;
    assert_eq!(open(&node).await, []);
    let disabled = farewell(false, 2, "FAR2", Some(EndCause::UserDisabled));
    assert_eq!(farewells(&node).await, [called_back, disabled]);
}

pub async fn logins_are_found_by_the_other_cluster(database: &impl Database) {
    let node = database.node().await;
    open_to_others(&node).await;
    done(go(&node, 0, 1, "john", "FAR1").await);
    visit(&node, 1, 2, "kim", "SEP1", None).await;
    let found = async |find: &str| {
        let filter = LoginFilter::new(find, None).at(0);
        let query = ListQuery { filter, limit: 9, ..ListQuery::default() };
        let page = node.active_logins(&query).await.unwrap();
        page.rows.iter().map(|login| login.user.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("BUSAN").await, ["kim", "john"]);
    assert_eq!(found("far1 (bus").await, ["john"]);
    assert_eq!(found("kim (busan").await, ["kim"]);
    assert_eq!(found("daegu").await, Vec::<String>::new());
    let phones = vec![PhoneEntry { name: "Sep1".into(), ..PhoneEntry::default() }];
    apply(&node, ConfigurationChange { phones, ..ConfigurationChange::default() }).await.unwrap();
    assert_eq!(found("kim (busan").await, ["kim"], "the phone has another spelling");
    let counts = node.stay_counts().await.unwrap();
    let counts: Vec<_> = counts.iter().map(|(id, n)| (&**id, n.visiting, n.elsewhere)).collect();
    assert_eq!(counts, [("busan", 1, 1)]);
}
