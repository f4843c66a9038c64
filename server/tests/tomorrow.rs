//! A database with values of a newer program: this program serves it, and keeps the values.

mod support;

use std::fs::{self, File};

use support::{
    Server, apply,
    console::{add_administrator, call, page, sign_in},
    people, sojourn, sql,
};

#[test]
fn a_database_of_a_newer_program_is_served_and_keeps_unknown_values() {
    let folder = tempfile::tempdir().unwrap();
    assert!(apply(folder.path(), &people(&["john", "jane"], &["SEP1", "SEP2"])).status.success());
    add_administrator(folder.path(), "kim", "administrator");
    add_administrator(folder.path(), "lee", "administrator");
    let server = Server::start(folder.path());
    assert!(server.client().log_in("jane", "SEP2").unwrap().contains("<success/>"));
    server.client().log_out("SEP2").unwrap();
    assert!(server.client().log_in("john", "SEP1").unwrap().contains("<success/>"));
    server.stop();
    for statement in [
        "UPDATE logins SET type = 'roaming', cause = iif(ended_ms IS NULL, NULL, 'teleported'),
                ended_by_kind = iif(ended_ms IS NULL, NULL, 'robot'), began_by_kind = 'robot'",
        "UPDATE audit SET actor_kind = 'robot', action = 'teleport'",
        "UPDATE administrators SET role = 'auditor' WHERE name = 'lee'",
        "INSERT INTO service_parameters VALUES ('Headset-based Extension Mobility', 'True')",
        "INSERT INTO service_parameters VALUES ('Multiple Login Behavior', 'Ask the User')",
        "INSERT INTO events (at_ms, body) VALUES (1, '{\"event\":\"teleported\",\"to\":\"mars\"}')",
        "INSERT INTO events (at_ms, body)
         SELECT at_ms, json_set(body, '$.type', json('{}')) FROM events WHERE body ->> 'event' = 'logged_in'",
        "ALTER TABLE logins ADD COLUMN headset TEXT",
        "ALTER TABLE users ADD COLUMN wishes TEXT NOT NULL DEFAULT 'none'",
        "CREATE TABLE wishes (wish TEXT)",
    ] {
        sql(folder.path(), statement);
    }
    let log = folder.path().join("log");
    let mut program = sojourn();
    program.stderr(File::create(&log).unwrap());
    let server = Server::run(program, folder.path(), &[]);
    // The strictest behavior holds for an unknown value, and a login of an unknown type counts.
    assert!(server.client().log_in("john", "SEP2").unwrap().contains("code=\"25\""));
    assert!(server.client().log_in("jane", "SEP2").unwrap().contains("<success/>"));
    let cookie = sign_in(&server, "kim");
    for (path, shown) in [
        ("/", "john"),
        ("/login-history", "jane"),
        ("/audit", "teleport"),
        ("/administrators", "lee"),
        ("/service-parameters", "Multiple Login Behavior"),
        ("/phones/SEP1", "john"),
    ] {
        let page = page(&server, &cookie, path);
        assert!(page.starts_with("HTTP/1.1 200 ") && page.contains(shown), "{path}: {page}");
    }
    // An administrator with an unknown role has a viewer's rights.
    let lee = sign_in(&server, "lee");
    assert!(page(&server, &lee, "/").contains("john"));
    let ids = r#"{"scope":{"Selected":[]}}"#;
    assert!(call(&mut server.client(), "log-out-preview", &lee, ids).1.contains("NotAllowed"));
    // A log-out of the login of an unknown type keeps its other columns.
    server.client().log_out("SEP1").unwrap();
    server.stop();
    let text = fs::read_to_string(&log).unwrap();
    assert_eq!(text.matches("service parameters of a newer program").count(), 1, "{text}");
    assert_eq!(
        sql(folder.path(), "SELECT value FROM service_parameters ORDER BY name"),
        ["True", "Ask the User"]
    );
    assert_eq!(sql(folder.path(), "SELECT type FROM logins WHERE user = 'john'"), ["roaming"]);
    assert_eq!(
        sql(folder.path(), "SELECT role FROM administrators WHERE name = 'lee'"),
        ["auditor"]
    );
}
