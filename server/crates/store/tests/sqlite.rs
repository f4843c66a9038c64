//! Tests for SQLite alone: opening files, and full disks.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a test's message")]

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use engine::{
    Actor, Admitted, ConfigurationChange, DirectoryOrder, DirectoryQuery, EndedLogin, ListQuery,
    LoginId, LoginRequest, LogoutRequest, PhoneEntry, ProfileEntry, ProfileRight,
    RequestedDuration, UserEntry, UtcMillis,
    ports::{Directory, Lifecycle, LoginAttempt, LogoutAttempt, Lookups, Outcome, StoreError},
};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use store::{Limits, OpenError, SqliteStore};
use terms::{ErrorCode, LoginFilter};

async fn open(file: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(file, Limits::default()).await
}

async fn execute(file: &Path, sql: &'static str) {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_damaged_database_is_refused_and_left_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    open(&file).await.unwrap().close().await;
    let good = fs::read(&file).unwrap();
    // A file that is no database, a truncated database, and a database with an overwritten page.
    let mut overwritten = good.clone();
    overwritten[4096..8192].fill(0x5a);
    for bad in [
        b"no database, but long enough to be taken for one".to_vec(),
        good[..6000].to_vec(),
        overwritten,
    ] {
        fs::write(&file, &bad).unwrap();
        let error = open(&file).await.err().expect("the database is damaged");
        assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");
        assert_eq!(fs::read(&file).unwrap(), bad, "opening has changed the file");
    }
    fs::write(&file, &good).unwrap();
    open(&file).await.unwrap().close().await;
}

/// Overwrites an index's page, as a lost write would.
async fn damage(file: &Path) {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let (page, size): (i64, i64) = sqlx::query_as(
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema
         WHERE type = 'index' AND tbl_name = 'logins' ORDER BY rootpage DESC LIMIT 1",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let mut bytes = fs::read(file).unwrap();
    let (page, size) = (usize::try_from(page).unwrap(), usize::try_from(size).unwrap());
    bytes[(page - 1) * size..page * size].fill(0x5a);
    fs::write(file, bytes).unwrap();
}

/// A copy of the files of an open database, as a crash would leave them.
fn after_a_crash(file: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for ending in ["", "-wal", "-open"] {
        let name = format!("sojourn.db{ending}");
        fs::copy(file.with_file_name(&name), copy.path().join(&name)).unwrap();
    }
    copy
}

#[tokio::test]
async fn a_database_is_checked_after_an_unclean_stop_alone_and_damage_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let store = open(&file).await.unwrap();
    assert!(store.check_due().is_none(), "a new database needs no check");
    store.version().await.unwrap();
    let crashed = after_a_crash(&file);
    store.close().await;
    let store = open(&file).await.unwrap();
    assert!(store.check_due().is_none(), "a database that was closed needs no check");
    store.close().await;

    let file = crashed.path().join("sojourn.db");
    // A command in between closes the database, and leaves the check to the next server.
    SqliteStore::open_as_it_is(&file, Limits::default()).await.unwrap().close().await;
    let store = open(&file).await.unwrap();
    assert!(store.check_due().is_some());
    store.close().await;
    let store = open(&file).await.unwrap();
    store.check_due().expect("no check has been made").run().await.unwrap();
    store.close().await;
    assert_eq!(names(crashed.path()), ["sojourn.db"]);
    let good = fs::read(&file).unwrap();

    damage(&file).await;
    fs::write(crashed.path().join("sojourn.db-wal"), "the last write").unwrap();
    let store = open(&file).await.unwrap();
    let found = store.check_due().unwrap().run().await;
    assert!(matches!(found, Err(OpenError::Corrupt { .. })), "{found:?}");
    store.close().await;
    let error = open(&file).await.err().expect("the damage is remembered");
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error}");
    let command = SqliteStore::open_as_it_is(&file, Limits::default()).await.err().unwrap();
    assert!(matches!(command, OpenError::Corrupt { .. }), "{command}");
    fs::write(&file, &good).unwrap();
    let store = open(&file).await.unwrap();
    store.check_due().unwrap().run().await.unwrap();
    store.close().await;
    assert_eq!(
        names(crashed.path()),
        ["sojourn.db"],
        "a repaired database keeps no mark of the damage"
    );
    // A database that is begun anew is not the damaged one.
    fs::write(crashed.path().join("sojourn.db-damaged"), "page 7").unwrap();
    fs::remove_file(&file).unwrap();
    open(&file).await.unwrap().close().await;
    assert_eq!(names(crashed.path()), ["sojourn.db"]);
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_full_disk_at_the_start_is_not_called_damage() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let full = SqliteStore::open(&file, Limits { max_pages: Some(3) }).await.err().unwrap();
    assert!(matches!(full, OpenError::Full(_)), "{full}");
}

#[tokio::test]
async fn a_database_opened_to_read_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let missing = SqliteStore::open_to_read(&file).await.err().unwrap();
    assert!(matches!(missing, OpenError::Older { .. }), "{missing}");
    let server = open(&file).await.unwrap();
    apply(&server, one_user(1)).await;
    // A reader beside a server sees the server's commits.
    let reading = SqliteStore::open_to_read(&file).await.unwrap();
    assert!(reading.phones(&["SEP0".to_owned()]).await.unwrap().1[0].is_some());
    reading.close().await;
    server.close().await;
    let before = fs::read(&file).unwrap();
    let reading = SqliteStore::open_to_read(&file).await.unwrap();
    assert!(reading.phones(&["SEP0".to_owned()]).await.unwrap().1[0].is_some());
    assert_eq!(names(folder.path()), ["sojourn.db"], "opening to read creates no file");
    reading.close().await;
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_database_that_needs_a_newer_program_is_refused_and_left_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    open(&file).await.unwrap().close().await;
    execute(&file, "UPDATE configuration SET minimum_program = '999.0.0'").await;
    let before = fs::read(&file).unwrap();
    let error = open(&file).await.err().expect("the database is too new");
    assert!(error.to_string().contains("needs Sojourn 999.0.0 or newer"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_newer_database_that_this_program_may_open_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    open(&file).await.unwrap().close().await;
    execute(&file, "CREATE TABLE later (a TEXT)").await;
    execute(&file, "INSERT INTO _sqlx_migrations VALUES (9000, 'later', 0, TRUE, x'00', 0)").await;
    open(&file).await.unwrap().close().await;
}

#[tokio::test]
async fn the_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    options.connect().await.unwrap().close().await.unwrap();
    execute(&file, "CREATE TABLE recipes (a TEXT)").await;
    assert!(matches!(open(&file).await.err(), Some(OpenError::Foreign(_))));
}

fn one_user(phones: u32) -> ConfigurationChange {
    let profile = ProfileEntry { name: "p".into(), ..ProfileEntry::default() };
    ConfigurationChange {
        parameters: [("Multiple Login Behavior".into(), "Multiple Logins Allowed".into())].into(),
        users: vec![UserEntry {
            id: "john".into(),
            pin_hash: Some("$".into()),
            profiles: Some(vec!["p".into()]),
            ..UserEntry::default()
        }],
        profiles: vec![profile],
        phones: (0..phones)
            .map(|number| PhoneEntry { name: format!("SEP{number}"), ..PhoneEntry::default() })
            .collect(),
        ..ConfigurationChange::default()
    }
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

fn request(phone: u32) -> LoginRequest {
    LoginRequest {
        phone: format!("SEP{phone}"),
        user: "john".into(),
        profile: None,
        profile_right: ProfileRight::Own,
        duration: RequestedDuration::Unset,
        actor: Actor::SYSTEM,
        phone_address: None,
        authenticated_at: None,
    }
}

async fn apply(store: &SqliteStore, change: ConfigurationChange) {
    engine::apply(store, change, Actor::SYSTEM, &UtcMillis(0), &|_| {}).await.unwrap();
}

async fn log_in(store: &SqliteStore, phone: u32) -> Result<Outcome<Admitted>, StoreError> {
    ask(store, request(phone)).await
}

async fn ask(store: &SqliteStore, request: LoginRequest) -> Result<Outcome<Admitted>, StoreError> {
    let id = LoginId(uuid::Uuid::from_u128(NEXT_ID.fetch_add(1, Ordering::Relaxed).into()));
    engine::log_in(store, LoginAttempt { id, now: UtcMillis(0), request }).await
}

async fn log_out(store: &SqliteStore, phone: u32) -> Result<Outcome<EndedLogin>, StoreError> {
    let request = LogoutRequest {
        phone: format!("SEP{phone}"),
        only: None,
        actor: Actor::SYSTEM,
        phone_address: None,
        authenticated_at: None,
    };
    engine::log_out(store, LogoutAttempt { now: UtcMillis(1), request }).await
}

#[tokio::test]
async fn a_full_disk_refuses_writes_answers_reads_and_recovers() {
    const PHONES: u32 = 2_000;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let store = open(&file).await.unwrap();
    apply(&store, one_user(PHONES)).await;
    store.close().await;
    // The database may grow by 30 pages.
    let pages = u32::try_from(fs::metadata(&file).unwrap().len() / 4096).unwrap();
    let full = Limits { max_pages: Some(pages + 30) };
    let store = SqliteStore::open(&file, full).await.unwrap();
    let mut admitted: u64 = 0;
    let mut refused = None;
    for phone in 0..PHONES {
        match log_in(&store, phone).await {
            Ok(_) => admitted += 1,
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    assert_eq!(refused, Some(StoreError::Full));
    assert!(admitted > 0);
    // The store reports the failure, and a failed trial write keeps it.
    assert_eq!(store.last_write().outcome, Err(StoreError::Full));
    assert_eq!(store.try_write().await, Err(StoreError::Full));
    assert_eq!(store.last_write().outcome, Err(StoreError::Full));
    // Reads still work, and see exactly the acknowledged logins.
    let page = store.active_logins(&ListQuery { limit: 1, ..ListQuery::default() }).await.unwrap();
    assert_eq!(page.open.all(), admitted);
    // Each of 50 concurrent requests is refused.
    let many = futures::future::join_all((1_000..1_050).map(|phone| log_in(&store, phone))).await;
    assert!(many.iter().all(|one| *one == Err(StoreError::Full)), "{many:?}");
    // Deleted rows make space.
    execute(&file, "DELETE FROM phones WHERE name >= 'SEP5'").await;
    assert_eq!(store.try_write().await, Ok(()));
    assert_eq!(store.last_write().outcome, Ok(()));
    assert!(matches!(log_in(&store, 1_000).await, Ok(Outcome::Done(_))));
    assert!(matches!(log_out(&store, 0).await, Ok(Outcome::Done(_))));
}

/// A row that can't be decoded fails the requests that need it, and no other request of the batch.
#[tokio::test]
async fn a_bad_row_of_one_user_fails_no_other_request_of_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let store = open(&file).await.unwrap();
    apply(&store, one_user(4)).await;
    log_in(&store, 3).await.unwrap();
    execute(&file, "UPDATE logins SET id = 'nothing'").await;
    execute(&file, "INSERT INTO users (key, id, pin_hash, enabled, emcc, profiles) SELECT 'jane', 'jane', pin_hash, 1, 0, profiles FROM users").await;
    let jane = |phone: u32| LoginRequest { user: "jane".to_owned(), ..request(phone) };
    let (bad, good, also_good) =
        futures::join!(log_in(&store, 0), ask(&store, jane(1)), ask(&store, jane(2)));
    assert!(matches!(bad, Err(StoreError::BadRow(_))), "{bad:?}");
    assert!(matches!(good, Ok(Outcome::Done(_))), "{good:?}");
    assert!(matches!(also_good, Ok(Outcome::Done(_))), "{also_good:?}");
}

/// Requests that share a transaction see the changes of earlier ones, as if each had its own
/// transaction.
#[tokio::test]
async fn a_batch_has_the_effect_of_its_requests_in_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("sojourn.db")).await.unwrap();
    let parameters = [("Multiple Login Behavior".into(), "Auto Logout".into())].into();
    let change = ConfigurationChange { parameters, ..one_user(4) };
    apply(&store, change).await;
    // Only the facts prevent a stale answer here: no index would be violated.
    let (begun, ended, twice) =
        futures::join!(log_in(&store, 3), log_out(&store, 3), log_out(&store, 3));
    assert!(matches!(begun, Ok(Outcome::Done(_))), "{begun:?}");
    assert!(matches!(ended, Ok(Outcome::Done(_))), "{ended:?}");
    assert_eq!(twice, Ok(Outcome::Refused(ErrorCode::NobodyLoggedIn)));
    // The writer's task runs once all requests wait, so they form one batch, in this order.
    let (first, second, ended, again, out, last) = futures::join!(
        log_in(&store, 0),
        log_in(&store, 1),
        log_out(&store, 0),
        log_in(&store, 2),
        log_out(&store, 2),
        log_in(&store, 2),
    );
    let admitted = |outcome: Result<Outcome<Admitted>, StoreError>| match outcome {
        Ok(Outcome::Done(Admitted { login, ended, .. })) => {
            (login.phone.name, ended.into_iter().map(|ended| ended.phone.name).collect::<Vec<_>>())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(admitted(first), ("SEP0".to_owned(), vec![]));
    assert_eq!(admitted(second), ("SEP1".to_owned(), vec!["SEP0".to_owned()]));
    assert_eq!(ended, Ok(Outcome::Refused(ErrorCode::NobodyLoggedIn)));
    assert_eq!(admitted(again), ("SEP2".to_owned(), vec!["SEP1".to_owned()]));
    assert!(matches!(out, Ok(Outcome::Done(EndedLogin { phone, .. })) if phone.name == "SEP2"));
    assert_eq!(admitted(last), ("SEP2".to_owned(), vec![]));
    let page = store.active_logins(&ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    let open: Vec<_> = page.rows.iter().map(|login| login.phone.name.as_str()).collect();
    assert_eq!(open, ["SEP2"]);
}

#[tokio::test]
async fn rows_of_an_earlier_program_are_found_once_the_database_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let store = open(&file).await.unwrap();
    let phone = PhoneEntry {
        name: "SEP1".to_owned(),
        model: Some("Cisco 7841".to_owned()),
        description: Some("ÄRZTEHAUS".to_owned()),
        ..PhoneEntry::default()
    };
    let change = ConfigurationChange { phones: vec![phone], ..ConfigurationChange::default() };
    let by = Actor::application_user("emproxy", "192.0.2.1");
    engine::apply(&store, change, by, &UtcMillis(0), &|_| {}).await.unwrap();
    store.close().await;
    execute(&file, "UPDATE phones SET search = ''").await;
    // A row that can't be read does not keep the database from opening.
    let bad =
        "INSERT INTO phones (key, name, model, description, extension_mobility, lines, speed_dials)
               VALUES ('sep2', 'SEP2', '', '', 1, '[1]', '[]')";
    execute(&file, bad).await;
    let store = open(&file).await.unwrap();
    let query = DirectoryQuery {
        find: LoginFilter::words("ärztehaus"),
        filters: vec![],
        order: DirectoryOrder::Name,
        is_descending: false,
        offset: 0,
        limit: 1,
        after: None,
    };
    assert_eq!(store.list_phones(&query).await.unwrap().matching, 1);
    store.close().await;
}
