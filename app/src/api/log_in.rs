//! Logging a user in at a phone, for an administrator.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// Who is to be logged in, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogInWish {
    /// The phone's name.
    pub phone: String,
    /// The user's id.
    pub user: String,
    /// The device profile; empty for the user's first.
    pub profile: String,
    /// The identities of the logins that end for the new one, separated by commas.
    pub named: String,
}

/// A login that has to end before the user can be logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InTheWay {
    /// The login's identity.
    pub id: String,
    /// The login's user.
    pub user: String,
    /// The login's phone.
    pub phone: String,
}

/// The result of a log-in request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogInOutcome {
    /// The user is logged in.
    Done,
    /// These logins are in the way: the administrator has to name them.
    InTheWay(Vec<InTheWay>),
    /// The rules refuse with this error.
    Refused(u16),
}

/// The answer to the form on a phone's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogInAnswer {
    /// The request.
    pub wish: LogInWish,
    /// The result.
    pub outcome: LogInOutcome,
}

/// Logs a user in at a phone; then the browser shows the phone's page, with the answer.
///
/// # Errors
/// When nobody is signed in, or the role is too low.
#[server(prefix = "/call", endpoint = "log-in", output = Json)]
pub async fn log_in_at(
    /// The phone's name.
    phone: String,
    /// The user's id.
    user: String,
    /// The device profile.
    #[server(default)]
    profile: String,
    /// The identities of the logins that end for the new one.
    #[server(default)]
    named: String,
) -> Result<(), Refused> {
    let page = console().log_in(LogInWish { phone, user, profile, named }).await?;
    leptos_axum::redirect(&page);
    Ok(())
}

/// The answer to the form on this phone's page.
/// The answer is returned once.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "log-in-answer", output = Json)]
pub async fn take_log_in_answer(
    /// The phone's name.
    phone: String,
) -> Result<Option<LogInAnswer>, Refused> {
    console().log_in_answer(phone).await
}
