//! Signing in and out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// Why a sign-in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInProblem {
    /// The name or the password is wrong.
    Wrong,
    /// Too many failures: the next attempt is possible after this number of seconds.
    Wait(u32),
    /// Too many sign-ins run at the same time.
    Busy,
    /// The database failed.
    Failed,
}

/// The content of the sign-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInAnswer {
    /// The problem with the form that the page answers.
    pub problem: Option<SignInProblem>,
    /// The typed name.
    pub name: String,
    /// Whether the browser had a session that has ended.
    pub had_session: bool,
    /// The path of the requested page; `/` where none was named.
    pub to: String,
}

/// The path, if a redirect to the path stays on this console; else `/`.
/// No host is taken from the path: neither from `//host`, nor with characters that browsers read as a slash or
/// drop.
#[must_use]
pub fn local_path(path: &str) -> &str {
    let is_plain = path.bytes().all(|byte| matches!(byte, 0x21..=0x7e) && byte != b'\\');
    let is_local = path.starts_with('/') && !path.starts_with("//");
    let is_page = !["/call/", "/assets/", "/live"].iter().any(|other| path.starts_with(other));
    if is_plain && is_local && is_page && path.len() <= MAX_PATH_BYTES { path } else { "/" }
}

/// The longest path for a redirect back after the sign-in, in bytes.
const MAX_PATH_BYTES: usize = 2048;

/// The role of the administrator who is signed in.
///
/// # Errors
/// [`Refused::SignedOut`] when nobody is signed in.
#[server(prefix = "/call", endpoint = "own-role", output = Json)]
pub async fn own_role() -> Result<terms::Role, Refused> {
    console().own_role().await
}

/// Signs in.
/// The problem is a value and not an error, because an error would stand in the URL of a browser without
/// JavaScript.
///
/// # Errors
/// When the request does not arrive.
#[server(prefix = "/call", endpoint = "sign-in", output = Json)]
pub async fn sign_in(
    /// The administrator's name.
    name: String,
    /// The password.
    password: String,
    /// The path of the requested page.
    #[server(default)]
    to: String,
) -> Result<Option<SignInProblem>, Refused> {
    match console().sign_in(name, password).await {
        Ok(()) => {
            leptos_axum::redirect(local_path(&to));
            Ok(None)
        }
        Err(problem) => Ok(Some(problem)),
    }
}

/// The content of the sign-in page.
///
/// # Errors
/// When the request does not arrive.
#[server(prefix = "/call", endpoint = "sign-in-answer", output = Json)]
pub async fn take_sign_in_answer() -> Result<SignInAnswer, Refused> {
    Ok(console().sign_in_answer().await)
}

/// Signs out.
///
/// # Errors
/// When the session could not be ended.
#[server(prefix = "/call", endpoint = "sign-out", output = Json)]
pub async fn sign_out() -> Result<(), Refused> {
    console().sign_out().await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_sent_to_pages_of_this_console_alone() {
        for path in ["/", "/login-history?find=john%20d", "/phones/SEP1%2F2", "/?find=%EA%B9%80"] {
            assert_eq!(local_path(path), path);
        }
        let elsewhere = [
            "",
            "login-history",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\r\nSet-Cookie: a=b",
            "/a b",
            "/\u{7f}",
        ];
        for path in elsewhere {
            assert_eq!(local_path(path), "/", "{path:?}");
        }
        let long = format!("/?find={}", "a".repeat(MAX_PATH_BYTES));
        assert_eq!(local_path(&long), "/");
    }
}
