//! Signing in and out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// Who looks at the console, and at which cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The administrator's name.
    pub name: String,
    /// What they may do.
    pub role: terms::Role,
    /// The cluster id.
    pub cluster: String,
    /// The cluster's release.
    pub release: String,
}

/// Why signing in did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInProblem {
    /// Name or password.
    Wrong,
    /// Too many failures: not before so many seconds.
    Wait(u32),
    /// Too many at a time.
    Busy,
    /// The database.
    Failed,
}

/// Who is signed in.
///
/// # Errors
/// [`Refused::SignedOut`] when nobody is.
#[server(prefix = "/call", endpoint = "viewer", output = Json)]
pub async fn who_am_i() -> Result<Viewer, Refused> {
    console().viewer().await
}

/// Signs in. The problem is a value and not an error, because an error would stand in the URL of a
/// browser without JavaScript.
///
/// # Errors
/// When the request does not arrive.
#[server(prefix = "/call", endpoint = "sign-in", output = Json)]
pub async fn sign_in(
    /// The administrator's name.
    name: String,
    /// The password.
    password: String,
) -> Result<Option<SignInProblem>, Refused> {
    match console().sign_in(name, password).await {
        Ok(()) => {
            leptos_axum::redirect("/");
            Ok(None)
        }
        Err(problem) => Ok(Some(problem)),
    }
}

/// What was wrong with the form that this page answers.
///
/// # Errors
/// When the request does not arrive.
#[server(prefix = "/call", endpoint = "sign-in-problem", output = Json)]
pub async fn take_sign_in_problem() -> Result<Option<SignInProblem>, Refused> {
    Ok(console().sign_in_problem().await)
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
