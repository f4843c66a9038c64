//! Settings: the retention, the pace of log-outs, and the settings of the program.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};

/// A kind of row that has a retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptKind {
    /// Ended logins.
    History,
    /// Lines of the audit.
    Audit,
    /// Events.
    Events,
    /// Refusals.
    Refusals,
}

impl KeptKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::History, Self::Audit, Self::Events, Self::Refusals];
}

/// The retention of each kind of row, in days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionDays {
    /// Days for which logins are kept after their end.
    pub history: u32,
    /// Days for which the audit is kept.
    pub audit: u32,
    /// Days for which events are kept.
    pub events: u32,
    /// Days for which refusals are kept.
    pub refusals: u32,
}

impl RetentionDays {
    /// The retention of a kind of row, in days.
    #[must_use]
    pub const fn of(&self, kind: KeptKind) -> u32 {
        match kind {
            KeptKind::History => self.history,
            KeptKind::Audit => self.audit,
            KeptKind::Events => self.events,
            KeptKind::Refusals => self.refusals,
        }
    }

    /// The numbers as one text, for a form that tells what its page showed.
    #[must_use]
    pub fn seen(&self) -> String {
        let Self { history, audit, events, refusals } = self;
        format!("{history},{audit},{events},{refusals}")
    }

    /// Reads the text of [`RetentionDays::seen`].
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn from_seen(text: &str) -> Option<Self> {
        let numbers: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
        let [history, audit, events, refusals] = numbers.ok()?.try_into().ok()?;
        Some(Self { history, audit, events, refusals })
    }
}

/// The retention, for the line below a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionNow {
    /// The retention in force.
    pub days: RetentionDays,
    /// Whether the viewer may change the retention.
    pub may_change: bool,
}

/// The settings, with their defaults and bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsPage {
    /// The retention in force.
    pub days: RetentionDays,
    /// The retention of a new cluster.
    pub default_days: RetentionDays,
    /// The longest retention period, in days.
    pub max_days: u32,
    /// How rows past their retention are deleted.
    pub deletion: Deletion,
    /// The number of logins that a job ends per second.
    pub per_second: u32,
    /// The rate of a new cluster.
    pub default_per_second: u32,
    /// The highest rate.
    pub max_per_second: u32,
    /// Whether the viewer may change the settings.
    pub may_change: bool,
    /// The names of all time zones.
    pub zones: Vec<String>,
    /// The settings of the program; `None` for a viewer who may not see them.
    pub program: Option<Vec<ProgramRow>>,
    /// The answer to a form without JavaScript.
    pub answered: Option<SettingsAnswer>,
}

/// The pace at which rows past their retention are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// Minutes between two runs.
    pub every_minutes: u64,
    /// The most rows of each kind in one transaction.
    pub rows: u32,
    /// The most transactions of a run, per second.
    pub per_second: u64,
}

/// A setting of the running program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramRow {
    /// The name.
    pub name: String,
    /// What the setting does, in English: the help of the command.
    pub help: String,
    /// The value without secrets; `None` for a setting that is not set.
    pub value: Option<String>,
    /// Where the value was set.
    pub source: ProgramSource,
}

/// Where a setting of the program was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProgramSource {
    /// By this flag.
    Flag(String),
    /// By this environment variable.
    Variable(String),
    /// In the settings file with this path.
    File(String),
    /// Nowhere: the value is the program's default.
    Default,
    /// By this command, which fixes the value.
    Command(String),
}

/// The button of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsIntent {
    /// Save the retention, or count first what a shorter period would delete.
    #[default]
    Retention,
    /// Save the retention whose deletions were counted.
    Delete,
    /// Save nothing.
    Cancel,
    /// Save the pace of log-outs.
    Pace,
}

/// A form of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsForm {
    /// The button.
    pub intent: SettingsIntent,
    /// The typed retention.
    pub days: RetentionDays,
    /// The typed rate of log-outs.
    pub per_second: u32,
    /// The values that the form's page showed. Only values that differ are changed.
    pub seen: String,
    /// The shorter periods whose deletions were counted, from [`Cuts::counted`].
    pub counted: String,
}

/// The result of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingsOutcome {
    /// The retention is saved.
    Saved,
    /// The pace of log-outs is saved.
    PaceSaved,
    /// The form changed nothing.
    Nothing,
    /// The administrator saved nothing.
    Cancelled,
    /// A period is not valid.
    WrongDays,
    /// The rate is not valid.
    WrongPace,
    /// Nothing is saved yet: shorter periods would delete these rows.
    Cuts(Cuts),
}

/// What shorter periods would delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cuts {
    /// The shorter periods, as one text for the form that confirms them.
    pub counted: String,
    /// The rows, by kind.
    pub kinds: Vec<Cut>,
}

/// What a shorter period would delete now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The kind of row.
    pub kind: KeptKind,
    /// The period in force, in days.
    pub from_days: u32,
    /// The shorter period, in days.
    pub to_days: u32,
    /// The number of rows.
    pub rows: u64,
    /// Whether there are more rows than `rows`.
    pub more: bool,
    /// The time of the oldest row; `None` without rows.
    pub oldest_ms: Option<i64>,
}

/// The answer to a form without JavaScript, with the typed values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsAnswer {
    /// The answer.
    pub outcome: SettingsOutcome,
    /// The typed values.
    pub typed: SettingsForm,
}

/// The retention in force.
///
/// # Errors
/// When nobody is signed in or the server can't read the values.
#[server(prefix = "/call", endpoint = "retention", output = Json)]
pub async fn read_retention() -> Result<RetentionNow, Refused> {
    console().retention().await
}

/// The settings.
///
/// # Errors
/// As [`read_retention`].
#[server(prefix = "/call", endpoint = "settings", output = Json)]
pub async fn read_settings() -> Result<SettingsPage, Refused> {
    console().settings().await
}

/// Changes the retention or the pace of log-outs, or counts first what the change would delete.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't.
#[server(prefix = "/call", endpoint = "save-settings", output = Json)]
pub async fn save_settings(
    /// The button.
    intent: SettingsIntent,
    /// The typed retention.
    #[server(default)]
    days: RetentionDays,
    /// The rate at which jobs end logins, per second.
    #[server(default)]
    log_outs_per_second: u32,
    /// The values that the form's page showed.
    #[server(default)]
    seen: String,
    /// The shorter periods whose deletions were counted.
    #[server(default)]
    counted: String,
) -> Result<SettingsOutcome, Refused> {
    let form = SettingsForm { intent, days, per_second: log_outs_per_second, seen, counted };
    console().save_settings(form).await
}
