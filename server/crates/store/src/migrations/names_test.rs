use std::path::{Path, PathBuf};

use engine::{
    AuditQuery, EndedLogin, HistoryQuery, JobId, JobState, ListQuery, LoginId, LoginRequest,
    ProfileRight, RequestedDuration, UtcMillis,
    ports::{
        Archive, ConsoleStore, EventStore, JobStore, LoginAttempt, Lookups, Outcome, StoreError,
    },
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use terms::{EndCause, ErrorCode, LoginFilter};
use uuid::Uuid;

use crate::{Limits, SqliteStore, migrations::migrator, open::writing};

/// Makes a database with the first `count` migrations, and returns the connection to fill it.
async fn database(file: &Path, count: usize) -> SqliteConnection {
    let mut connection = writing(file, Limits::default()).connect().await.unwrap();
    migrator(count).run(&mut connection).await.unwrap();
    connection
}

async fn fill(connection: &mut SqliteConnection, rows: &[String]) {
    for sql in rows {
        sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut *connection).await.unwrap();
    }
}

fn id(number: u32) -> String {
    format!("01890000-0000-7000-8000-{number:012}")
}

/// A login as programs of migrations 1 to 3 write it.
fn login(number: u32, (user, phone, profile): (&str, &str, &str), ended: Option<u32>) -> String {
    let (key, text) = (user.to_lowercase(), format!("{user}\n{phone}\n{profile}").to_lowercase());
    let sole = if number.is_multiple_of(2) { format!("'{key}'") } else { "NULL".to_owned() };
    let ended = ended.map_or_else(|| "NULL, NULL".to_owned(), |at| format!("{at}, 'logout'"));
    let by = if ended.contains("NULL") { "NULL, NULL" } else { "'system', ''" };
    format!(
        "INSERT INTO logins (id, user, user_key, phone, model, profile, from_ms, sole_user, search,
                             began_by_kind, began_by, ended_ms, cause, ended_by_kind, ended_by)
         VALUES ('{}', '{user}', '{key}', '{phone}', 'M', '{profile}', {number}, {sole}, '{text}',
                 'application_user', 'EMproxy', {ended}, {by})",
        id(number)
    )
}

fn phone(name: &str, model: &str) -> String {
    format!(
        "INSERT INTO phones (name, model, extension_mobility, address, lines, speed_dials)
         VALUES ('{name}', '{model}', 1, NULL, '[]', '[]')"
    )
}

fn profile(name: &str, model: &str) -> String {
    format!("INSERT INTO device_profiles VALUES ('{name}', '{model}', '[]', '[]')")
}

fn user(id: &str, profiles: &str) -> String {
    format!(
        "INSERT INTO users VALUES ('{}', '{id}', '$', 1, 0, NULL, '{profiles}')",
        id.to_lowercase()
    )
}

fn app_user(id: &str, hash: &str) -> String {
    format!("INSERT INTO app_users VALUES ('{id}', '{hash}', 1)")
}

/// Kim's id in its composed and decomposed forms: programs before migration 4 store two rows.
const KIM: [&str; 2] = ["김", "\u{1100}\u{1175}\u{11b7}"];

fn pairs() -> Vec<String> {
    vec![
        // The rows differ in their spelling alone.
        phone("SEP1", "A"),
        phone("sep1", "A"),
        // Different content: the row with the open login keeps the name.
        phone("SEP2", "A"),
        phone("sep2", "B"),
        // Different content, and both rows have open logins.
        phone("SEP00112233AABB", "A"),
        phone("sep00:11:22:33:aa:bb", "B"),
        // Different content, never used, and another row has the new name of the second row.
        phone("SEP4", "A"),
        phone("sep4", "B"),
        phone("SEP4~2", "C"),
        phone("SEP5", "A"),
        profile("Desk", "A"),
        profile("desk", "B"),
        profile("Same", "A"),
        profile("same", "A"),
        user("john", r#"["desk","Desk","Same","same"]"#),
        user(KIM[0], r#"["Desk"]"#),
        user(KIM[1], r#"["same"]"#),
        app_user("EMproxy", "$one"),
        app_user("emproxy", "$two"),
        "INSERT INTO administrators (key, name, password_hash, created_ms)
         VALUES ('ｋｉｍ', 'Ｋｉｍ', '$', 1), ('kim', 'kim', '$$', 1)"
            .to_owned(),
        login(1, ("john", "SEP1", "Desk"), None),
        login(3, ("john", "sep1", "Desk"), None),
        login(5, ("john", "SEP2", "Desk"), Some(50)),
        login(7, ("john", "sep2", "desk"), None),
        login(8, (KIM[0], "SEP00112233AABB", "Desk"), None),
        login(10, (KIM[1], "sep00:11:22:33:aa:bb", "same"), None),
        login(9, ("john", "sep1", "Desk"), Some(20)),
    ]
}

/// Opens a database with the first `count` migrations, all of [`pairs`] and the rows of `more`.
async fn opened(folder: &Path, count: usize, more: &[String]) -> (SqliteStore, PathBuf) {
    let file = folder.join("sojourn.db");
    let mut connection = database(&file, count).await;
    fill(&mut connection, &pairs()).await;
    fill(&mut connection, more).await;
    connection.close().await.unwrap();
    (SqliteStore::open(&file, Limits::default()).await.unwrap(), file)
}

async fn rows(store: &SqliteStore, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(&store.readers).await.unwrap()
}

async fn ended_by_migration(store: &SqliteStore) -> Vec<EndedLogin> {
    let query = HistoryQuery { limit: 100, ..HistoryQuery::default() };
    let mut ended = store.history(&query).await.unwrap().rows;
    ended.retain(|login| login.ended > UtcMillis(1_000));
    ended.sort_by_key(|login| login.id);
    ended
}

#[tokio::test]
async fn rows_equal_but_for_their_spelling_become_one_or_one_is_set_aside() {
    for count in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = opened(folder.path(), count, &[]).await;
        assert_eq!(
            rows(
                &store,
                "SELECT name || ' ' || model || extension_mobility FROM phones ORDER BY 1"
            )
            .await,
            [
                "SEP00112233AABB~2 A0",
                "SEP2~2 A0",
                "SEP4 A1",
                "SEP4~2 C1",
                "SEP5 A1",
                "sep00:11:22:33:aa:bb B1",
                "sep1 A1",
                "sep2 B1",
                "sep4~2 B0",
            ]
            .map(|expected| expected.replace("sep4~2", "sep4~3"))
        );
        assert_eq!(
            rows(&store, "SELECT name FROM device_profiles ORDER BY 1").await,
            ["Desk", "desk~2", "same"]
        );
        assert_eq!(
            rows(&store, "SELECT id || enabled || profiles FROM users ORDER BY enabled, id").await,
            [
                format!("{}~20[\"Desk\"]", KIM[0]),
                "john1[\"desk~2\",\"Desk\",\"same\"]".to_owned(),
                format!("{}1[\"same\"]", KIM[1]),
            ]
        );
        // Logins show which application user is in use; the other application user is disabled.
        let app_user = store.credentials("emProxy").await.unwrap().1.app_user;
        let app_user = app_user.unwrap();
        assert_eq!((app_user.id.as_str(), app_user.password_hash.as_str()), ("EMproxy", "$one"));
        let other = store.credentials("EMPROXY~2").await.unwrap().1.app_user;
        let other = other.unwrap();
        assert!(!other.proxy && other.password_hash.starts_with("$argon2id$v=19$"));
        let names: Vec<_> = store.administrators().await.unwrap();
        let names: Vec<_> = names.iter().map(|one| (one.name.as_str(), one.enabled)).collect();
        assert_eq!(names, [("kim", true), ("Ｋｉｍ~2", false)]);
        store.close().await;
    }
}

#[tokio::test]
async fn open_logins_of_what_is_set_aside_end_with_event_and_audit() {
    for count in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = opened(folder.path(), count, &[]).await;
        let page =
            store.active_logins(&ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
        let open: Vec<_> = page.rows.iter().map(|row| (&*row.phone.name, &*row.profile)).collect();
        assert_eq!(open, [("sep00:11:22:33:aa:bb", "same"), ("sep2", "desk~2"), ("sep1", "Desk")]);
        let ended = ended_by_migration(&store).await;
        let said: Vec<_> =
            ended.iter().map(|one| (&*one.phone.name, &*one.user.id, one.cause)).collect();
        let kim = format!("{}~2", KIM[0]);
        assert_eq!(
            said,
            [
                ("sep1", "john", EndCause::PhoneRemoved),
                ("SEP00112233AABB~2", &*kim, EndCause::PhoneRemoved),
            ]
        );
        assert!(ended.iter().all(|one| one.by == engine::Actor::SYSTEM));
        let events = store.events_after(0, 100).await.unwrap().events;
        let mut of_ends: Vec<_> = events
            .iter()
            .filter_map(|event| match &event.kind {
                engine::EventKind::LoggedOut(ended) => Some(ended.id),
                _ => None,
            })
            .collect();
        of_ends.sort();
        assert_eq!(of_ends, ended.iter().map(|one| one.id).collect::<Vec<_>>());
        let query = AuditQuery { limit: 100, ..AuditQuery::default() };
        let audit = store.audit(&query).await.unwrap().rows;
        let actions = |action: &str| audit.iter().filter(|row| row.action == action).count();
        // Three phones, a profile, a user, an application user and an administrator were set aside;
        // a phone and a profile merged.
        assert_eq!((actions("configure"), actions("log_out")), (9, 2), "{audit:?}");
        let found = store
            .audit(&AuditQuery { find: vec!["kept, disabled, as sep2~2".into()], ..query })
            .await
            .unwrap();
        assert_eq!(found.matching, 1);
        store.close().await;
    }
}

/// Any spelling finds open logins and keeps them apart; the history follows its phone.
#[tokio::test]
async fn a_database_that_was_brought_up_to_date_keeps_the_promise() {
    let folder = tempfile::tempdir().unwrap();
    let (store, file) = opened(folder.path(), 3, &[]).await;
    let request = |user: &str, phone: &str| LoginRequest {
        phone: phone.to_owned(),
        user: user.to_owned(),
        profile: None,
        profile_right: ProfileRight::Own,
        duration: RequestedDuration::Unset,
        actor: engine::Actor::SYSTEM,
        phone_address: None,
        authenticated_at: None,
    };
    let code = async |user: &str, phone: &str| -> Result<Option<ErrorCode>, StoreError> {
        let (id, now) = (LoginId(Uuid::from_u128(99)), UtcMillis(100));
        let attempt = LoginAttempt { id, now, request: request(user, phone) };
        Ok(match engine::log_in(&store, attempt).await? {
            Outcome::Refused(code) => Some(code),
            _ => None,
        })
    };
    assert_eq!(code("john", "SEP1").await, Ok(Some(ErrorCode::DeviceTaken)));
    assert_eq!(code("JOHN", "sep5").await, Ok(Some(ErrorCode::LoggedInElsewhere)));
    assert_eq!(code(KIM[0], "sep5").await, Ok(Some(ErrorCode::LoggedInElsewhere)));
    assert_eq!(code("john", "sep2~2").await, Ok(Some(ErrorCode::LoginDisabled)));
    let ended = store.ended_on_phone("SEP1", 10).await.unwrap();
    assert_eq!(ended.len(), 2, "its own, and that of the other spelling");
    let filter = LoginFilter::new("00-11-22-33-AA-BB", None).at(0);
    let found = ListQuery { filter, limit: 9, ..ListQuery::default() };
    assert_eq!(store.active_logins(&found).await.unwrap().matching, 1);
    // A second start changes nothing.
    store.close().await;
    let again = SqliteStore::open(&file, Limits::default()).await.unwrap();
    let query = AuditQuery { limit: 100, ..AuditQuery::default() };
    assert_eq!(again.audit(&query).await.unwrap().matching, 11);
    again.close().await;
}

#[tokio::test]
async fn a_running_job_goes_on() {
    for count in 2..=3 {
        let folder = tempfile::tempdir().unwrap();
        let job = |number: u32, scope: &str| {
            format!(
                "INSERT INTO jobs VALUES ('{}', 1000, '{scope}', 'forced', 'move', 'administrator',
                                          'kim', '', 2, 0, 'running')",
                id(number)
            )
        };
        let ids = format!(r#"{{"scope":"selected","ids":["{}","{}"]}}"#, id(8), id(10));
        let find = r#"{"scope":"matching","filter":{"find":"SEP1","login_type":null}}"#;
        let (store, _) = opened(folder.path(), count, &[job(71, &ids), job(72, find)]).await;
        assert_eq!(store.running_jobs(9).await.unwrap().len(), 2);
        for (number, ended) in [(71, 1), (72, 1)] {
            let id = JobId(id(number).parse().unwrap());
            let (job, step) =
                engine::step_job(&store, id, UtcMillis(2_000), 100).await.unwrap().unwrap();
            assert_eq!((job.state, step), (JobState::Done, ended), "job {number}");
        }
        store.close().await;
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    let mut connection = database(&file, 3).await;
    fill(&mut connection, &pairs()).await;
    // The last statement of the migration fails.
    fill(
        &mut connection,
        &["CREATE TRIGGER stop BEFORE UPDATE OF version ON configuration
            WHEN (SELECT count(*) FROM pragma_table_info('phones') WHERE name = 'key') > 0
           BEGIN SELECT RAISE(ABORT, 'stop'); END"
            .to_owned()],
    )
    .await;
    connection.close().await.unwrap();
    assert!(SqliteStore::open(&file, Limits::default()).await.is_err());
    let mut connection = writing(&file, Limits::default()).connect().await.unwrap();
    let mut count = async |sql: &'static str| -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM phones WHERE extension_mobility = 1").await, 10);
    assert_eq!(count("SELECT count(*) FROM logins WHERE ended_ms IS NULL").await, 5);
    assert_eq!(count("SELECT max(version) FROM _sqlx_migrations").await, 3);
    fill(&mut connection, &["DROP TRIGGER stop".to_owned()]).await;
    connection.close().await.unwrap();
    SqliteStore::open(&file, Limits::default()).await.unwrap().close().await;
}

#[tokio::test]
async fn of_rows_that_nobody_used_the_one_written_last_keeps_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let audit = |subject: &str| {
        format!(
            "INSERT INTO audit (at_ms, actor_kind, actor, action, subject, detail)
             VALUES (1, 'command_line', 'apply', 'configure', '{subject}', '')"
        )
    };
    let more = [
        phone("SEP7", "A"),
        phone("sep7", "B"),
        audit("phone SEP7"),
        audit("phone sep7"),
        audit("phone SEP7 model"),
        audit("phone sep70"),
        phone("SEP8", "A"),
        phone("sep8", "B"),
        "UPDATE phones SET last_user = 'john' WHERE name = 'sep8'".to_owned(),
        audit("phone SEP8"),
    ];
    let (store, _) = opened(folder.path(), 3, &more).await;
    let kept = "SELECT name FROM phones WHERE key IN ('sep7', 'sep8') ORDER BY key";
    assert_eq!(rows(&store, kept).await, ["SEP7", "sep8"]);
    store.close().await;
}

#[tokio::test]
async fn a_program_without_keys_does_not_open_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = opened(folder.path(), 3, &[]).await;
    let minimum = rows(&store, "SELECT minimum_program FROM configuration").await;
    assert_eq!(minimum, ["0.2.0"]);
    store.close().await;
}

/// A row that is set aside gets a name of allowed length that no other row has.
#[tokio::test]
async fn a_name_is_cut_for_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let [upper, lower] = ["É".repeat(256), "é".repeat(256)];
    let [cut, aside] = ["~2", "~3"].map(|number| "é".repeat(254) + number);
    let more = [phone(&upper, "A"), phone(&lower, "B"), phone(&cut, "C")];
    let (store, _) = opened(folder.path(), 3, &more).await;
    let long = "SELECT name || ' ' || model FROM phones WHERE length(name) > 99 ORDER BY model";
    assert_eq!(rows(&store, long).await, [upper + " A", aside + " B", cut + " C"]);
    store.close().await;
}
