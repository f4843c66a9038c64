//! Service parameters: reading, saving, history.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{Parameter, saving::Typed};

#[cfg(feature = "ssr")]
use super::console;
use super::{By, JobView, Refused};

/// Who set a value, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// Who.
    pub by: By,
    /// When: UTC, milliseconds since 1970.
    pub at_ms: i64,
}

/// What the page of service parameters shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterPage {
    /// The values in force, as typed.
    pub values: Typed,
    /// Who set them last, for those that somebody has set.
    pub last: BTreeMap<Parameter, LastChange>,
    /// The name of this server.
    pub server: String,
    /// Whether who looks may change them.
    pub may_change: bool,
    /// What a form without JavaScript was answered, with what it had sent.
    pub answered: Option<(SaveOutcome, Typed)>,
}

/// What a person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Save what is typed, once it is seen what it means.
    #[default]
    Save,
    /// See what Set to Default would change.
    Default,
    /// Set to Default.
    DefaultConfirmed,
    /// Show or hide the hidden parameters.
    Advanced,
}

/// A value that is not what somebody who wants to change it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Which.
    pub parameter: Parameter,
    /// Its value now.
    pub current: String,
    /// Who set it.
    pub last: Option<LastChange>,
}

/// What a save would mean for the logins that are open now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactView {
    /// Some users who are on more than one phone, with how many.
    pub several: Vec<(String, u64)>,
    /// How many users are.
    pub several_users: u64,
    /// How many logins that is beyond one for each.
    pub extra_logins: u64,
    /// Some logins that would be past their time, as user and phone.
    pub past: Vec<(String, String)>,
    /// How many those are.
    pub past_logins: u64,
}

/// What became of a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveOutcome {
    /// Saved.
    Saved {
        /// What changed.
        changed: Vec<Parameter>,
        /// Jobs that end logins.
        jobs: Vec<JobView>,
    },
    /// There is nothing to save.
    Nothing,
    /// Values that do not do.
    Invalid(Vec<Parameter>),
    /// Somebody else was faster; nothing was saved.
    Conflict(Vec<Conflict>),
    /// Nothing was saved yet: this is what it would mean.
    Preview(ImpactView),
    /// What Set to Default would change.
    Default(Typed),
    /// The hidden parameters are shown or hidden, nothing else.
    Advanced,
}

/// One change in the history of the service parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterChangeRow {
    /// Its number.
    pub number: u64,
    /// Which.
    pub parameter: Parameter,
    /// The value before.
    pub from: String,
    /// The value since.
    pub to: String,
    /// The value now.
    pub current: String,
    /// Who and when.
    pub last: LastChange,
}

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterHistory {
    /// The latest first.
    pub rows: Vec<ParameterChangeRow>,
    /// How many there are.
    pub total: u64,
    /// Whether who looks may bring values back.
    pub may_change: bool,
    /// What the last return, by a form without JavaScript, came to.
    pub answered: Option<SaveOutcome>,
}

/// The page of service parameters.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "parameters")]
pub async fn read_parameters() -> Result<ParameterPage, Refused> {
    console().parameters().await
}

/// Saves, or says what saving means first. Parameters go by their names.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "save-parameters")]
pub async fn save_parameters(
    /// What is typed.
    #[server(default)]
    value: BTreeMap<String, String>,
    /// What was there when the page was read.
    #[server(default)]
    seen: BTreeMap<String, String>,
    /// What is wanted.
    #[server(default)]
    intent: Intent,
    /// The changes whose meaning was shown, as [`fingerprint`] writes them.
    #[server(default)]
    previewed: String,
    /// Whether to end logins beyond one for each user now.
    #[server(default)]
    end_extra: Option<String>,
    /// Whether to end logins past the new limit now.
    #[server(default)]
    end_past: Option<String>,
    /// Whether the hidden parameters are shown.
    #[server(default)]
    advanced: Option<String>,
) -> Result<SaveOutcome, Refused> {
    let save = Save {
        typed: by_parameter(value),
        seen: by_parameter(seen),
        intent,
        previewed,
        end_extra: end_extra.is_some(),
        end_past: end_past.is_some(),
    };
    let outcome = console().save_parameters(save).await?;
    if console().is_form() {
        let shown = advanced.is_some() != (intent == Intent::Advanced);
        leptos_axum::redirect(if shown {
            "/service-parameters?advanced=1"
        } else {
            "/service-parameters"
        });
    }
    Ok(outcome)
}

/// What saving these values would mean now.
///
/// # Errors
/// As [`read_parameters`].
#[server(prefix = "/call", endpoint = "impact", input = server_fn::codec::Json)]
pub async fn read_impact(
    /// What is typed.
    typed: Typed,
    /// What was there when the page was read.
    seen: Typed,
) -> Result<ImpactView, Refused> {
    console().impact(typed, seen).await
}

/// A page of the history, from 0.
///
/// # Errors
/// As [`read_parameters`].
#[server(prefix = "/call", endpoint = "parameter-history")]
pub async fn read_parameter_history(page: u32) -> Result<ParameterHistory, Refused> {
    console().parameter_history(page).await
}

/// Brings back the value that a parameter had before a change.
///
/// # Errors
/// As [`save_parameters`].
#[server(prefix = "/call", endpoint = "return-parameter")]
pub async fn return_parameter(
    /// The number of the change.
    number: u64,
    /// The value that the page showed as the one now.
    #[server(default)]
    seen: String,
) -> Result<SaveOutcome, Refused> {
    console().return_parameter(number, seen).await
}

/// A save, as the port takes it.
#[derive(Clone, Debug)]
pub struct Save {
    /// What is typed.
    pub typed: Typed,
    /// What was there when the page was read.
    pub seen: Typed,
    /// What is wanted.
    pub intent: Intent,
    /// The changes whose meaning was shown.
    pub previewed: String,
    /// Whether to end logins beyond one for each user now.
    pub end_extra: bool,
    /// Whether to end logins past the new limit now.
    pub end_past: bool,
}

/// Names the changes whose meaning is shown before they are saved.
#[must_use]
pub fn fingerprint(changes: &Typed) -> String {
    let shown = changes.iter().filter(|(parameter, _)| {
        let one = [(**parameter, String::new())].into();
        terms::saving::has_impact(&one)
    });
    let shown = shown.map(|(parameter, value)| format!("{}={value}", parameter.name()));
    shown.collect::<Vec<_>>().join(";")
}

#[cfg(feature = "ssr")]
fn by_parameter(by_name: BTreeMap<String, String>) -> Typed {
    by_name
        .into_iter()
        .filter_map(|(name, value)| Some((Parameter::from_name(&name)?, value)))
        .collect()
}
