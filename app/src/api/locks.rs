//! Names that are locked because of wrong passwords or PINs, and phones that do not answer.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::ActorKind;

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// A name that is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockView {
    /// The kind of name.
    pub kind: ActorKind,
    /// The name, in lower case.
    pub name: String,
    /// The address at which it is locked; empty where it is locked at all that do not know it.
    pub source: String,
    /// When the lock ends.
    pub until_ms: i64,
    /// Whether who looks may end it.
    pub may_clear: bool,
}

/// The names that are locked now, those that are locked longest first.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "locks", output = Json)]
pub async fn read_locks() -> Result<Vec<LockView>, Refused> {
    console().locks().await
}

/// Ends a lock; a form is sent back to the audit.
///
/// # Errors
/// When nobody is signed in, or the role is too small.
#[server(prefix = "/call", endpoint = "clear-lock", output = Json)]
pub async fn clear_lock(
    /// The kind of name.
    kind: String,
    /// The name.
    name: String,
    /// The address at which it is locked.
    #[server(default)]
    source: String,
) -> Result<(), Refused> {
    console().clear_lock(kind, name, source).await?;
    leptos_axum::redirect("/audit");
    Ok(())
}

/// A phone that did not take its last push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnansweredPhone {
    /// Its name.
    pub phone: String,
    /// When.
    pub at_ms: i64,
}

/// The phones that did not take their last push, the last ones first.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "unanswered", output = Json)]
pub async fn read_unanswered() -> Result<Vec<UnansweredPhone>, Refused> {
    console().unanswered_phones().await
}
