//! Fills a database by SQL with rows as the store writes them: a million single log-ins would take
//! minutes.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap()
}

/// The yardstick: count(*) of the ended logins.
pub async fn count(file: &Path) -> u64 {
    let sql = "SELECT count(*) FROM logins WHERE ended_ms IS NOT NULL";
    let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut connect(file).await).await.unwrap();
    count.unsigned_abs()
}

/// Fills a new database.
pub async fn fill(file: &Path, open: u32, ended: u32) {
    let login = |rows: u32, first_digit: u32, ended: &str, cause: &str| {
        format!(
            "INSERT INTO logins (id, user, user_key, phone, phone_key, model, description, profile, type,
                    from_ms, until_ms, limit_source, search, began_by_kind, began_by,
                    began_by_address, ended_ms, cause, ended_by_kind, ended_by, ended_by_address)
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows} - 1)
             SELECT printf('{first_digit}0000000-0000-4000-8000-%012d', i), 'user' || i, 'user' || i,
                    printf('SEP%012d', i), printf('sep%012d', i), 'Cisco 8861', 'Desk ' || i, 'user' || i || '-UDP', 'em',
                    i * 1000, NULL, 'system',
                    printf('user%d%ssep%012d%suser%d-udp', i, char(10), i, char(10), i),
                    'application_user', 'emproxy', '192.0.2.1',
                    {ended}, {cause}, 'administrator', 'kim', '192.0.2.7' FROM n"
        )
    };
    let audit = format!(
        "INSERT INTO audit (at_ms, actor_kind, actor, address, action, subject, detail, search)
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {ended} - 1)
         SELECT i * 500, CASE WHEN i % 50 = 0 THEN 'administrator' ELSE 'application_user' END,
                'emproxy', '192.0.2.1', 'log_in', printf('SEP%012d', i), 'user' || i,
                printf('emproxy%s192.0.2.1%slog_in%ssep%012d%suser%d',
                       char(10), char(10), char(10), i, char(10), i)
           FROM n"
    );
    let mut connection = connect(file).await;
    directory(&mut connection, open).await;
    let cause = "CASE WHEN i % 50 = 0 THEN 'forced' ELSE 'logout' END";
    let logins = [login(open, 1, "NULL", "NULL"), login(ended, 2, "i * 1000 + 500", cause)];
    for sql in logins.into_iter().chain([audit]) {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// Adds users, phones and device profiles, `rows` of each, whose names are those of the open logins.
async fn directory(connection: &mut SqliteConnection, rows: u32) {
    let numbers = format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows} - 1)"
    );
    // The marks of the fields, as `LoginTexts::searched` sets them.
    let searched = |fields: [&str; 7]| {
        let marked =
            fields.iter().enumerate().map(|(at, text)| format!("char({}) || {text}", at + 1));
        marked.chain(["char(8)".to_owned()]).collect::<Vec<_>>().join(" || ")
    };
    let none = "''";
    let users = searched(["'user' || i", none, "'user' || i || '-udp'", none, none, none, none]);
    let phone = "printf('sep%012d', i)";
    let phones = searched([none, phone, none, "'cisco 8861'", "'desk ' || i", none, none]);
    let profiles =
        searched([none, none, "'user' || i || '-udp'", "'cisco 8861'", none, none, none]);
    for sql in [
        format!(
            "INSERT INTO users (key, id, pin_hash, enabled, emcc, profiles, search) {numbers}
             SELECT 'user' || i, 'user' || i, printf('%0100d', i), 1, 0, json_array('user' || i || '-UDP'), {users}
               FROM n"
        ),
        format!(
            "INSERT INTO phones (key, name, model, description, extension_mobility, lines, speed_dials, search)
             {numbers} SELECT {phone}, printf('SEP%012d', i), 'Cisco 8861', 'Desk ' || i, 1, '[]', '[]', {phones} FROM n"
        ),
        format!(
            "INSERT INTO device_profiles (key, name, model, lines, speed_dials, search) {numbers}
             SELECT 'user' || i || '-udp', 'user' || i || '-UDP', 'Cisco 8861', '[]', '[]', {profiles} FROM n"
        ),
    ] {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await.unwrap();
    }
}
