//! Promises about sessions, on a clock that a test moves.

use std::sync::Arc;

use app::api::{Console, MaxLogin, Refused, SignInProblem, UserHome};
use axum::extract::Request;
use engine::{Actor, AdministratorChange, AuditQuery};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use terms::Role;
use tokio::sync::OnceCell;
use tower_sessions::{
    Session,
    session::{Id, Record},
};

use super::{
    IDLE_MINUTES,
    imports::Imports,
    relay::{Asked, Relay},
    request::{ConsoleRequest, still_signed_in, used},
    session_store::{self, Sessions},
};
use crate::{
    admin::{Admin, AdminError, Caller, NotSignedIn},
    cluster::{TestCluster, database},
};

const MINUTE_MS: i64 = 60_000;
const PASSWORD: &str = "correct horse";

/// A cluster with the administrator kim.
struct House {
    cluster: TestCluster,
    admin: Admin,
    sessions: Sessions,
}

impl House {
    async fn new() -> Self {
        let cluster = TestCluster::start("seoul").await;
        let (admin, by) = (Admin::of(Arc::clone(&cluster)), Caller::command_line("admin add"));
        let administrators = admin.administrators();
        administrators.add(&by, "kim", PASSWORD, Role::Administrator).await.unwrap();
        let sessions = Sessions::new(&cluster);
        Self { cluster, admin, sessions }
    }

    fn pass(&self, minutes: i64) {
        self.cluster.advance(minutes * MINUTE_MS);
    }

    /// A request with this session id in its cookie.
    async fn request(&self, id: Option<Id>) -> ConsoleRequest {
        let session = Session::new(id, Arc::new(self.sessions.clone()), None);
        ConsoleRequest {
            admin: self.admin.clone(),
            signed_in: Caller::of_session(&self.admin, &session, "192.0.2.1", "/call/x").await,
            session,
            is_form: false,
            address: "192.0.2.1".into(),
            had_session: false,
            wanted: "/".into(),
            flash: None,
            unsaved: None,
            place: OnceCell::new(),
            relay: Relay::to(axum::Router::new()),
            asked: Asked::of(&Request::default()),
            imports: Imports::default(),
        }
    }

    async fn sign_in(&self) -> Id {
        let request = self.request(None).await;
        request.try_sign_in("kim", PASSWORD).await.unwrap();
        request.session.id().unwrap()
    }

    /// Uses the console with a session; returns the name of the caller.
    async fn use_it(&self, id: Id) -> Result<String, Refused> {
        let request = self.request(Some(id)).await;
        let caller = request.caller().await?;
        used(self.admin.now(), &request.session).await;
        answered(&request.session).await;
        Ok(caller.name().to_owned())
    }
}

/// Saves a session as the layer around a request does at its end.
async fn answered(session: &Session) {
    if session.is_modified() {
        session.save().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_after_an_hour() {
    let house = House::new().await;
    let id = house.sign_in().await;
    house.pass(IDLE_MINUTES - 1);
    assert_eq!(house.use_it(id).await, Ok("kim".into()));
    house.pass(IDLE_MINUTES - 1);
    assert_eq!(house.use_it(id).await, Ok("kim".into()), "use makes it last");
    house.pass(IDLE_MINUTES);
    assert_eq!(house.use_it(id).await, Err(Refused::SignedOut));
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let house = House::new().await;
    let id = house.sign_in().await;
    for _ in 0..23 {
        house.pass(30);
        assert_eq!(house.use_it(id).await, Ok("kim".into()));
    }
    house.pass(30);
    assert_eq!(house.use_it(id).await, Err(Refused::SignedOut));
}

#[tokio::test]
async fn signing_in_makes_a_new_id_and_the_old_one_is_good_for_nothing() {
    let house = House::new().await;
    // A session whose id an attacker may know.
    let before = house.request(None).await;
    before.session.insert("something", 1).await.unwrap();
    answered(&before.session).await;
    let old = before.session.id().unwrap();
    let request = house.request(Some(old)).await;
    request.try_sign_in("kim", PASSWORD).await.unwrap();
    let new = request.session.id().unwrap();
    assert_ne!(old, new);
    assert_eq!(house.use_it(new).await, Ok("kim".into()));
    assert_eq!(house.use_it(old).await, Err(Refused::SignedOut));
}

#[tokio::test]
async fn sign_out_everywhere_ends_all_sessions_but_this() {
    let house = House::new().await;
    let (this, other) = (house.sign_in().await, house.sign_in().await);
    let request = house.request(Some(this)).await;
    let caller = request.caller().await.unwrap();
    let keep = request.session_hash();
    house.admin.administrators().sign_out_everywhere(&caller, "KIM", keep).await.unwrap();
    assert_eq!(house.use_it(this).await, Ok("kim".into()));
    assert_eq!(house.use_it(other).await, Err(Refused::SignedOut));
}

#[tokio::test]
async fn a_request_on_its_way_does_not_bring_an_ended_session_back() {
    let house = House::new().await;
    let id = house.sign_in().await;
    let slow = house.request(Some(id)).await;
    assert!(slow.caller().await.is_ok());
    house.request(Some(id)).await.session.flush().await.unwrap();
    slow.session.insert("something", 1).await.unwrap();
    answered(&slow.session).await;
    assert_eq!(house.use_it(id).await, Err(Refused::SignedOut));
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_what_is_on_its_way_in_them() {
    let house = House::new().await;
    let (own, other) = (house.sign_in().await, house.sign_in().await);
    let slow = house.request(Some(other)).await;
    assert!(slow.caller().await.is_ok());
    let request = house.request(Some(own)).await;
    let change = AdministratorChange {
        password_hash: Some(house.cluster.passwords.hash("another horse".into()).await.unwrap()),
        ..AdministratorChange::default()
    };
    let (store, now) = (&*house.cluster.store, house.admin.now());
    let changed = engine::change_administrator(store, "kim".into(), change, Actor::SYSTEM, now);
    changed.await.unwrap();
    // An administrator who changes their own password continues with a new session.
    request.begin_session("kim").await.unwrap();
    slow.session.insert("something", 1).await.unwrap();
    answered(&slow.session).await;
    assert_eq!(house.use_it(other).await, Err(Refused::SignedOut));
    assert_eq!(house.use_it(own).await, Err(Refused::SignedOut), "its id is another now");
    assert_eq!(house.use_it(request.session.id().unwrap()).await, Ok("kim".into()));
}

#[tokio::test]
async fn who_reads_the_database_can_not_use_a_session() {
    let house = House::new().await;
    let id = house.sign_in().await;
    let file = SqliteConnectOptions::new().filename(database(house.cluster.folder()));
    let mut connection = file.read_only(true).connect().await.unwrap();
    let sql = "SELECT id_hash, body FROM sessions";
    let rows: Vec<(Vec<u8>, String)> =
        sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap();
    let [(stored, body)] = rows.as_slice() else { panic!("one session: {rows:?}") };
    assert_eq!(stored, &session_store::hash(&id));
    assert_ne!(stored.as_slice(), id.0.to_le_bytes());
    assert!(!body.contains(&id.to_string()));
}

#[tokio::test]
async fn a_store_that_can_not_be_read_signs_nobody_out() {
    let house = House::new().await;
    let id = house.sign_in().await;
    let before = house.request(Some(id)).await;
    house.cluster.store.close().await;
    let request = house.request(Some(id)).await;
    assert_eq!(request.caller().await.err(), Some(Refused::Unavailable));
    assert_eq!(
        still_signed_in(&house.admin, &house.sessions, &before.session).await,
        Err(NotSignedIn::Unavailable),
        "a live tab asks again"
    );
}

#[tokio::test]
async fn a_stranger_who_fails_to_sign_in_leaves_nothing_in_the_store() {
    let house = House::new().await;
    let mut request = house.request(None).await;
    request.is_form = true;
    let answer = request.sign_in("kim".into(), "wrong".into()).await;
    assert_eq!(answer, Err(SignInProblem::Wrong));
    assert!(!request.session.is_modified(), "what the layer would write");
    assert!(request.session.is_empty().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tries_at_once_wait_for_each_other() {
    let house = Arc::new(House::new().await);
    let tries = (0..32).map(|_| {
        let house = Arc::clone(&house);
        tokio::spawn(async move { house.request(None).await.try_sign_in("kim", "wrong").await })
    });
    let tries: Vec<_> = tries.collect();
    let mut wrong = 0;
    for one in tries {
        match one.await.unwrap() {
            Err(SignInProblem::Wrong) => wrong += 1,
            Err(SignInProblem::Wait(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wrong, 4, "three are free, and the next waits from the fourth on");
}

#[tokio::test]
async fn the_layers_records_come_back_as_they_were_kept() {
    use tower_sessions::SessionStore;
    let house = House::new().await;
    let sessions = Sessions::new(&house.cluster);
    let expiry_date = time::OffsetDateTime::UNIX_EPOCH;
    let mut record = Record { id: Id(7), data: [("a".into(), 1.into())].into(), expiry_date };
    sessions.create(&mut record).await.unwrap();
    let kept = sessions.load(&Id(7)).await.unwrap().unwrap();
    assert_eq!(kept.data, record.data);
    sessions.delete(&Id(7)).await.unwrap();
    sessions.save(&record).await.unwrap();
    assert!(sessions.load(&Id(7)).await.unwrap().is_none());
}

#[tokio::test]
async fn the_audit_has_refused_sign_ins_sampled_and_sign_outs() {
    let house = House::new().await;
    let long = "x".repeat(300);
    for name in [long.as_str(), "kim", "kim"] {
        let stranger = house.request(None).await;
        assert!(stranger.try_sign_in(name, "wrong horse").await.is_err());
    }
    let id = house.sign_in().await;
    Console::sign_out(&house.request(Some(id)).await).await.unwrap();
    assert_eq!(house.use_it(id).await, Err(Refused::SignedOut));
    // The second sign-out has no caller.
    Console::sign_out(&house.request(Some(id)).await).await.unwrap();
    let query = AuditQuery { limit: 10, ..AuditQuery::default() };
    let rows = house.cluster.store.audit(&query).await.unwrap().rows;
    let rows: Vec<_> = rows.into_iter().map(|row| (row.action, row.subject)).rev().collect();
    let cut = format!("{}…", "x".repeat(64));
    let expected = [
        ("add_administrator", "kim"),
        ("sign_in_refused", &*cut),
        ("sign_in", "kim"),
        ("sign_out", "kim"),
    ];
    assert_eq!(rows, expected.map(|(action, subject)| (action.to_owned(), subject.to_owned())));
}

#[tokio::test]
async fn the_audit_has_refused_rights_sampled() {
    let house = House::new().await;
    let by = Caller::command_line("admin add");
    house.admin.administrators().add(&by, "lee", PASSWORD, Role::Viewer).await.unwrap();
    let request = house.request(None).await;
    request.try_sign_in("lee", PASSWORD).await.unwrap();
    answered(&request.session).await;
    let request = house.request(request.session.id()).await;
    for _ in 0..3 {
        let cleared = Console::clear_lock(&request, "user".into(), "john".into(), String::new());
        assert_eq!(cleared.await, Err(Refused::NotAllowed));
        let caller = request.caller().await.unwrap();
        let all = house.admin.administrators().all(&caller).await;
        assert!(matches!(all, Err(AdminError::NotAllowed(Role::Administrator))));
    }
    // The page of administrators shows a viewer its own account: that is no refused right.
    let caller = request.caller().await.unwrap();
    assert_eq!(house.admin.administrators().seen_by(&caller).await.unwrap().len(), 1);
    let query =
        AuditQuery { limit: 10, find: vec!["right_refused".into()], ..AuditQuery::default() };
    let refused = loop {
        let rows = house.cluster.store.audit(&query).await.unwrap().rows;
        if !rows.is_empty() {
            break rows;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!((&*refused[0].by.name, &*refused[0].subject), ("lee", "/call/x"));
    assert_eq!(refused[0].detail, "needs the role operator; 1 since the last line");
}

#[tokio::test]
async fn users_are_shown_and_found_for_the_signed_in_alone() {
    let house = House::new().await;
    let people = r#"
        [[device_profiles]]
        name = "desk"
        model = "Cisco 8861"
        [[users]]
        id = "John"
        pin = "12345"
        profiles = ["desk"]
        max_login_minutes = 30
        [[phones]]
        name = "SEP1 50%"
        model = "Cisco 8861"
        "#;
    house.cluster.apply(people).await;
    house.cluster.log_in("john", "SEP1 50%").await;
    let stranger = house.request(None).await;
    assert_eq!(Console::user(&stranger, "john".into()).await, Err(Refused::SignedOut));
    assert_eq!(Console::find_names(&stranger, "john".into()).await, Err(Refused::SignedOut));
    let by = Caller::command_line("admin add");
    house.admin.administrators().add(&by, "lee", PASSWORD, Role::Viewer).await.unwrap();
    let request = house.request(None).await;
    request.try_sign_in("lee", PASSWORD).await.unwrap();
    answered(&request.session).await;
    let viewer = house.request(request.session.id()).await;
    let page = Console::user(&viewer, "JOHN".into()).await.unwrap().unwrap();
    assert_eq!((&*page.name, page.logins.len(), page.may_end), ("John", 1, false));
    let UserHome::Here(settings) = page.home else { panic!("{:?}", page.home) };
    assert_eq!(settings.max_login, MaxLogin::Own(30));
    assert_eq!(settings.profiles, [("desk".to_owned(), Some("Cisco 8861".to_owned()))]);
    assert_eq!(Console::user(&viewer, "nobody".into()).await, Ok(None));
    let found = Console::find_names(&viewer, "jo".into()).await.unwrap();
    let users = found.users.iter().map(|user| (&*user.name, &*user.to)).collect::<Vec<_>>();
    assert_eq!((users, found.phones.len()), (vec![("John", "/users/John")], 0));
    let found = Console::find_names(&viewer, "50%".into()).await.unwrap();
    assert_eq!(found.phones[0].to, "/phones/SEP1%2050%25");
}
