//! Names that are locked after wrong passwords or PINs, and phones that do not answer.

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
    /// The source address of the lock; empty for the lock at all source addresses not known for the name.
    pub source: String,
    /// When the lock ends: UTC, milliseconds since 1970.
    pub until_ms: i64,
    /// Whether the viewer may end the lock.
    pub may_clear: bool,
}

/// The names that are locked now, the latest end of a lock first.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "locks", output = Json)]
pub async fn read_locks() -> Result<Vec<LockView>, Refused> {
    console().locks().await
}

/// Ends a lock.
/// A form without JavaScript is redirected to the audit.
///
/// # Errors
/// When nobody is signed in, or the role is too low.
#[server(prefix = "/call", endpoint = "clear-lock", output = Json)]
pub async fn clear_lock(
    /// The kind of name.
    kind: String,
    /// The name.
    name: String,
    /// The source address of the lock.
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
    /// The phone's name.
    pub phone: String,
    /// The time of the last push: UTC, milliseconds since 1970.
    pub at_ms: i64,
}

/// The phones that did not take their last push, the latest push first.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "unanswered", output = Json)]
pub async fn read_unanswered() -> Result<Vec<UnansweredPhone>, Refused> {
    console().unanswered_phones().await
}
