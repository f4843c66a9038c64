//! The console, as a script uses it.

use std::{io::Write, path::Path, process::Stdio};

use super::{Client, Server, sojourn};

/// Adds an administrator with the password "correct horse".
pub fn add_administrator(data_dir: &Path, name: &str, role: &str) {
    let mut add = sojourn()
        .args(["admin", "add", name, "--role", role, "--data-dir"])
        .arg(data_dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(b"correct horse").unwrap();
    assert!(add.wait().unwrap().success());
}

/// Signs in; the session's cookie.
pub fn sign_in(server: &Server, name: &str) -> String {
    let body = format!("name={name}&password=correct horse");
    let request = format!(
        "POST /call/sign-in HTTP/1.1\r\nHost: localhost\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = server.client().exchange(request.as_bytes()).unwrap();
    assert_eq!(answer.body, "null");
    let cookies = answer.head.lines().filter_map(|line| line.split_once(": "));
    let session = cookies
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .find(|(_, value)| value.contains("sojourn-"));
    session.unwrap().1.split(';').next().unwrap().to_owned()
}

/// Calls a server function: the status and body of the answer.
pub fn call(client: &mut Client, function: &str, cookie: &str, json: &str) -> (u16, String) {
    let request = format!(
        "POST /call/{function} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    );
    let answer = client.exchange(request.as_bytes()).unwrap();
    (answer.status(), answer.body)
}

/// A page: the whole HTTP answer.
pub fn page(server: &Server, cookie: &str, path: &str) -> String {
    let mut browser = server.client();
    browser.send(
        format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookie}\r\n\
             Connection: close\r\n\r\n"
        )
        .as_bytes(),
    );
    browser.rest()
}
