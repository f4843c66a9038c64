//! The retention periods, and the rate at which jobs end logins.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// The retention periods, and the rate at which jobs end logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionView {
    /// Days for which logins are kept after their end.
    pub history_days: u32,
    /// Days for which the audit is kept.
    pub audit_days: u32,
    /// Days for which events are kept.
    pub event_days: u32,
    /// Days for which refusals are kept.
    pub refusal_days: u32,
    /// The rate at which jobs end logins, per second.
    pub log_outs_per_second: u32,
}

impl RetentionView {
    /// The numbers as one text, for a form that tells what its page showed.
    #[must_use]
    pub fn seen(&self) -> String {
        let Self { history_days, audit_days, event_days, refusal_days, log_outs_per_second } = self;
        format!("{history_days},{audit_days},{event_days},{refusal_days},{log_outs_per_second}")
    }

    /// Reads the text of [`RetentionView::seen`].
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn from_seen(text: &str) -> Option<Self> {
        let numbers: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
        let [history_days, audit_days, event_days, refusal_days, log_outs_per_second] =
            numbers.ok()?.try_into().ok()?;
        Some(Self { history_days, audit_days, event_days, refusal_days, log_outs_per_second })
    }
}

/// The part of the retention settings that history and audit show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionPage {
    /// The values in force.
    pub now: RetentionView,
    /// The longest retention period, in days.
    pub max_days: u32,
    /// The highest rate of ending logins, per second.
    pub max_per_second: u32,
    /// Whether the viewer may change the values.
    pub may_change: bool,
    /// The answer to a form without JavaScript.
    pub answered: Option<RetentionOutcome>,
}

/// The result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RetentionOutcome {
    /// Saved.
    Saved,
    /// The form changed nothing.
    Nothing,
    /// A number is not valid.
    Wrong,
}

/// The retention periods.
///
/// # Errors
/// When nobody is signed in or the server can't read the values.
#[server(prefix = "/call", endpoint = "retention", output = Json)]
pub async fn read_retention() -> Result<RetentionPage, Refused> {
    console().retention().await
}

/// Changes the retention periods and the rate.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't.
#[server(prefix = "/call", endpoint = "save-retention", output = Json)]
pub async fn save_retention(
    /// Days for which logins are kept after their end.
    history_days: u32,
    /// Days for which the audit is kept.
    audit_days: u32,
    /// Days for which events are kept.
    event_days: u32,
    /// Days for which refusals are kept.
    refusal_days: u32,
    /// The rate at which jobs end logins, per second.
    log_outs_per_second: u32,
    /// The values that the form's page showed, from [`RetentionView::seen`]. Only values that differ are changed.
    #[server(default)]
    seen: String,
) -> Result<RetentionOutcome, Refused> {
    let retention =
        RetentionView { history_days, audit_days, event_days, refusal_days, log_outs_per_second };
    console().save_retention(retention, RetentionView::from_seen(&seen)).await
}
