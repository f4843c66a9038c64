//! Administrators and their sessions.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use terms::Named;
use terms::Role;

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// An administrator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AdministratorRow {
    /// The name.
    pub name: String,
    /// The administrator's role.
    pub role: Role,
    /// Whether the administrator may sign in.
    pub enabled: bool,
    /// Whether the row is the viewer's own.
    pub own: bool,
    /// The administrator's open sessions.
    pub sessions: Vec<SessionView>,
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionView {
    /// The source address of the sign-in.
    pub address: String,
    /// The time of the sign-in: UTC, milliseconds since 1970.
    pub signed_in_ms: i64,
    /// Whether the session is the viewer's present session.
    pub this: bool,
}

/// The content of the page of administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdministratorPage {
    /// All administrators by name; a viewer who may not manage administrators gets only their own row.
    pub rows: Vec<AdministratorRow>,
    /// Whether the viewer may change administrators.
    pub manages: bool,
    /// The answer to a form without JavaScript.
    pub answered: Option<PeopleAnswer>,
}

/// The answer to a form without JavaScript, with the typed values of an administrator who was not added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleAnswer {
    /// The answer.
    pub outcome: PeopleOutcome,
    /// Name and role.
    pub not_added: Option<(String, Option<Role>)>,
}

/// An operation on an administrator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleIntent {
    /// Add an administrator with name, password and role.
    #[default]
    Add,
    /// Change the role.
    Role,
    /// Set a password.
    Password,
    /// Enable the administrator's sign-in.
    Enable,
    /// Disable the administrator's sign-in.
    Disable,
    /// Remove the administrator.
    Remove,
    /// End all sessions of the administrator except the present session.
    SignOutEverywhere,
}

/// A password to set.
#[derive(Clone, Default)]
pub struct NewPassword {
    /// The current password, from an administrator who sets their own.
    pub current: String,
    /// The new password.
    pub password: String,
    /// The new password once more; empty when it was asked for once.
    pub again: String,
}

impl NewPassword {
    /// Whether the password was typed twice, and not the same.
    #[must_use]
    pub fn differs(&self) -> bool {
        !self.again.is_empty() && self.again != self.password
    }
}

/// The result of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeopleOutcome {
    /// Done.
    Done {
        /// The operation.
        intent: PeopleIntent,
        /// The administrator's name.
        name: String,
    },
    /// The name has characters that a name can't have.
    NameWrong,
    /// Another administrator has the name.
    NameTaken,
    /// The password is too short, too long, or easy to guess.
    PasswordWrong,
    /// The password was typed twice, and not the same.
    PasswordsDiffer,
    /// The given current password is wrong, for an administrator who changes their own password.
    CurrentPasswordWrong,
    /// Too many wrong passwords: the next attempt is possible after this number of seconds.
    Wait(u32),
    /// The operation would leave no enabled administrator with all rights.
    LastAdministrator,
    /// No administrator has the name.
    Unknown,
}

/// All administrators.
///
/// # Errors
/// When nobody is signed in or the server can't read the administrators.
#[server(prefix = "/call", endpoint = "administrators", output = Json)]
pub async fn read_administrators() -> Result<AdministratorPage, Refused> {
    console().administrators().await
}

/// Changes an administrator.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't.
#[server(prefix = "/call", endpoint = "change-administrator", output = Json)]
pub async fn change_administrator(
    /// The operation.
    intent: PeopleIntent,
    /// The administrator's name.
    name: String,
    /// The role, by name.
    #[server(default)]
    role: String,
    /// The current password, from an administrator who sets their own.
    #[server(default)]
    current: String,
    /// The password.
    #[server(default)]
    password: String,
    /// The password once more.
    #[server(default)]
    again: String,
) -> Result<PeopleOutcome, Refused> {
    let passwords = NewPassword { current, password, again };
    console().change_administrator(intent, name, Role::from_name(&role), passwords).await
}

/// Adds the first administrator with the one-time link, and signs in.
///
/// # Errors
/// [`Refused::NotFound`] when the link is not valid (any more).
#[server(prefix = "/call", endpoint = "first-administrator", output = Json)]
pub async fn add_first_administrator(
    /// The link's code.
    code: String,
    /// The name.
    name: String,
    /// The password.
    password: String,
    /// The password once more.
    #[server(default)]
    again: String,
) -> Result<PeopleOutcome, Refused> {
    let password = NewPassword { password, again, ..NewPassword::default() };
    let outcome = console().add_first_administrator(code, name, password).await?;
    if matches!(outcome, PeopleOutcome::Done { .. }) {
        leptos_axum::redirect("/");
    }
    Ok(outcome)
}

/// The content of the page of the one-time link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstAdministrator {
    /// Whether the link is valid.
    pub is_open: bool,
    /// The answer to the form.
    pub answered: Option<PeopleOutcome>,
}

/// The page of the one-time link of this code, with the answer to its form, which is returned once.
///
/// # Errors
/// When the server can't.
#[server(prefix = "/call", endpoint = "read-first-administrator", output = Json)]
pub async fn read_first_administrator(code: String) -> Result<FirstAdministrator, Refused> {
    console().first_administrator(code).await
}
