//! Administrators and their sessions.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::Role;

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// An administrator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AdministratorRow {
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub enabled: bool,
    /// Whether it is who looks.
    pub own: bool,
    /// Open sessions.
    pub sessions: Vec<SessionView>,
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionView {
    /// From where somebody signed in.
    pub address: String,
    /// When: UTC, milliseconds since 1970.
    pub signed_in_ms: i64,
    /// Whether it is this one.
    pub this: bool,
}

/// What the page of administrators shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdministratorPage {
    /// All of them by name; who may not manage them sees only their own line.
    pub rows: Vec<AdministratorRow>,
    /// Whether who looks may change them.
    pub manages: bool,
    /// What a form without JavaScript was answered.
    pub answered: Option<PeopleAnswer>,
}

/// What a form without JavaScript was answered, with what was typed of one who was not added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleAnswer {
    /// The answer.
    pub outcome: PeopleOutcome,
    /// Name and role.
    pub not_added: Option<(String, Option<Role>)>,
}

/// What to do with an administrator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleIntent {
    /// Add one with name, password and role.
    #[default]
    Add,
    /// Give one another role.
    Role,
    /// Set a password.
    Password,
    /// Let one sign in again.
    Enable,
    /// Let one sign in no more.
    Disable,
    /// Remove one.
    Remove,
    /// End all sessions of one, but this.
    SignOutEverywhere,
}

/// A password to set.
#[derive(Clone, Default)]
pub struct NewPassword {
    /// The current one, from whoever sets their own.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeopleOutcome {
    /// Done.
    Done {
        /// What.
        intent: PeopleIntent,
        /// With whom.
        name: String,
    },
    /// The name does not do or is taken.
    NameWrong,
    /// The password does not do.
    PasswordWrong,
    /// It is not the current password of whoever changes their own.
    CurrentPasswordWrong,
    /// Too many wrong ones: not before so many seconds.
    Wait(u32),
    /// Nobody would be left who may do everything.
    LastAdministrator,
    /// There is none of this name.
    Unknown,
}

/// All administrators.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "administrators", output = Json)]
pub async fn read_administrators() -> Result<AdministratorPage, Refused> {
    console().administrators().await
}

/// Changes an administrator.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "change-administrator", output = Json)]
pub async fn change_administrator(
    /// What to do.
    intent: PeopleIntent,
    /// Whom.
    name: String,
    /// The role, by name.
    #[server(default)]
    role: String,
    /// The current password, of whoever sets their own.
    #[server(default)]
    current: String,
    /// The password.
    #[server(default)]
    password: String,
) -> Result<PeopleOutcome, Refused> {
    let passwords = NewPassword { current, password };
    console().change_administrator(intent, name, Role::from_name(&role), passwords).await
}

/// Adds the first administrator with the one-time link, and signs in.
///
/// # Errors
/// [`Refused::NotFound`] when the link does not do (any more).
#[server(prefix = "/call", endpoint = "first-administrator", output = Json)]
pub async fn add_first_administrator(
    /// The link's code.
    code: String,
    /// The name.
    name: String,
    /// The password.
    password: String,
) -> Result<PeopleOutcome, Refused> {
    let outcome = console().add_first_administrator(code, name, password).await?;
    if matches!(outcome, PeopleOutcome::Done { .. }) {
        leptos_axum::redirect("/");
    }
    Ok(outcome)
}

/// What the form of the first administrator was answered.
///
/// # Errors
/// With why it was refused, as when the link does not do (any more).
#[server(prefix = "/call", endpoint = "first-problem", output = Json)]
pub async fn take_first_problem() -> Result<Option<PeopleOutcome>, Refused> {
    console().first_problem().await
}
