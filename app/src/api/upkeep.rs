//! How long what is kept, and how fast many logins end.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// How long what is kept, and how fast many logins end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upkeep {
    /// Days for which logins are kept after their end.
    pub history_days: u32,
    /// Days for which the audit is kept.
    pub audit_days: u32,
    /// Days for which events are kept.
    pub event_days: u32,
    /// Days for which refusals are kept.
    pub refusal_days: u32,
    /// Logins that end in a second when somebody ends many.
    pub log_outs_per_second: u32,
}

impl Upkeep {
    /// The numbers in one field, for a form that says what its page showed.
    #[must_use]
    pub fn seen(&self) -> String {
        let Self { history_days, audit_days, event_days, refusal_days, log_outs_per_second } = self;
        format!("{history_days},{audit_days},{event_days},{refusal_days},{log_outs_per_second}")
    }

    /// The numbers of such a field.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn from_seen(text: &str) -> Option<Self> {
        let numbers: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
        let [history_days, audit_days, event_days, refusal_days, log_outs_per_second] =
            numbers.ok()?.try_into().ok()?;
        Some(Self { history_days, audit_days, event_days, refusal_days, log_outs_per_second })
    }
}

/// What history and audit show of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpkeepPage {
    /// What is in force.
    pub now: Upkeep,
    /// The longest time that anything can be kept.
    pub max_days: u32,
    /// The highest rate of ending logins.
    pub max_per_second: u32,
    /// Whether who looks may change it.
    pub may_change: bool,
    /// What a form without JavaScript was answered.
    pub answered: Option<UpkeepOutcome>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpkeepOutcome {
    /// Saved.
    Saved,
    /// Nothing was different.
    Nothing,
    /// A number does not do.
    Wrong,
}

/// How long what is kept.
///
/// # Errors
/// When nobody is signed in or the server can't read it.
#[server(prefix = "/call", endpoint = "upkeep", output = Json)]
pub async fn read_upkeep() -> Result<UpkeepPage, Refused> {
    console().upkeep().await
}

/// Changes it.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "save-upkeep", output = Json)]
pub async fn save_upkeep(
    /// Days for which logins are kept after their end.
    history_days: u32,
    /// Days for which the audit is kept.
    audit_days: u32,
    /// Days for which events are kept.
    event_days: u32,
    /// Days for which refusals are kept.
    refusal_days: u32,
    /// Logins that end in a second when somebody ends many.
    log_outs_per_second: u32,
    /// The values that the form's page showed, from [`Upkeep::seen`]. Only values that differ from them
    /// change.
    #[server(default)]
    seen: String,
) -> Result<UpkeepOutcome, Refused> {
    let upkeep = Upkeep { history_days, audit_days, event_days, refusal_days, log_outs_per_second };
    console().save_upkeep(upkeep, Upkeep::from_seen(&seen)).await
}
