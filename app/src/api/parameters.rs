//! Service parameters: reading, saving, history.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use terms::saving::{self, Choice};
use terms::{Parameter, saving::Typed};

#[cfg(feature = "ssr")]
use super::console;
use super::{By, JobView, Json, Refused};

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
    /// The name of who looks.
    pub viewer: String,
    /// Whether who looks may change them.
    pub may_change: bool,
    /// What a form without JavaScript was answered.
    pub answered: Option<Answered>,
}

/// What a form without JavaScript was answered, with what it had sent and is not saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The answer.
    pub outcome: SaveOutcome,
    /// What was typed, where it differs from what was seen.
    pub typed: Typed,
    /// What was seen of the same parameters. It is not what is in force once somebody else has saved.
    pub seen: Typed,
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
    /// Choose a value where somebody else was faster, and save nothing yet.
    Settle,
    /// Show or hide the hidden parameters.
    Advanced,
    /// Go on as if nothing was asked.
    Cancel,
    /// Forget what is typed.
    Discard,
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

/// Changes, and what saving them would mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The changes.
    pub changes: Typed,
    /// Whether logins within the cluster have a time limit then.
    pub limited: bool,
    /// What it would mean for the logins that are open now.
    pub impact: ImpactView,
}

/// What a form has shown of what saving means, and what was ticked there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// The changes whose meaning was shown, as [`fingerprint`] writes them.
    pub changes: String,
    /// There if logins beyond one for each user are to end now.
    pub end_extra: Option<String>,
    /// There if logins past the new limit are to end now.
    pub end_past: Option<String>,
}

/// What a form chooses where somebody else was faster. Parameters go by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settle {
    /// The others' values that were shown.
    pub theirs: BTreeMap<String, String>,
    /// The parameter of which the own value holds.
    pub keep: Option<String>,
    /// The parameter of which the other's value holds.
    pub take: Option<String>,
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
    /// Every conflict is settled; nothing was saved yet.
    Settled,
    /// Nothing was saved yet: this is what it would mean.
    Preview(Preview),
    /// Nothing was saved yet: this is what Set to Default would change and mean.
    Default {
        /// The values in force of what it would change.
        from: Typed,
        /// What it would change and mean.
        preview: Preview,
    },
    /// Nothing was saved: the session had ended.
    SignedOut,
    /// Nothing was to be saved: what is typed goes on.
    GoOn,
}

impl SaveOutcome {
    /// The parameters that somebody has to look at before they can be saved.
    #[must_use]
    pub fn in_question(&self) -> Vec<Parameter> {
        match self {
            Self::Invalid(which) => which.clone(),
            Self::Conflict(conflicts) => conflicts.iter().map(|one| one.parameter).collect(),
            _ => Vec::new(),
        }
    }
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
    pub answered: Option<Returned>,
}

/// What bringing back a value came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The number of the change that was to be undone.
    pub number: u64,
    /// Which parameter.
    pub parameter: Parameter,
    /// The value that was to come back.
    pub value: String,
    /// The value that was shown as the one now.
    pub seen: String,
    /// What became of it.
    pub outcome: SaveOutcome,
}

/// The page of service parameters.
///
/// # Errors
/// When nobody is signed in or the server can't read them.
#[server(prefix = "/call", endpoint = "parameters", output = Json)]
pub async fn read_parameters() -> Result<ParameterPage, Refused> {
    console().parameters().await
}

/// Saves, or says what saving means first. Parameters go by their names.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "save-parameters", output = Json)]
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
    /// What was shown of what saving means.
    #[server(default)]
    shown: Shown,
    /// What is chosen where somebody else was faster.
    #[server(default)]
    settle: Settle,
    /// Whether the hidden parameters are shown.
    #[server(default)]
    advanced: Option<String>,
    /// Whom the page shows as signed in.
    #[server(default)]
    viewer: String,
) -> Result<SaveOutcome, Refused> {
    let save = Save::new(by_parameter(value), by_parameter(seen), intent, shown, settle);
    let save = Save { viewer, ..save };
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
#[server(prefix = "/call", endpoint = "impact", input = Json, output = Json)]
pub async fn read_impact(
    /// What is typed.
    typed: Typed,
    /// What was there when the page was read.
    seen: Typed,
) -> Result<Preview, Refused> {
    console().impact(typed, seen).await
}

/// A page of the history, from 0.
///
/// # Errors
/// As [`read_parameters`].
#[server(prefix = "/call", endpoint = "parameter-history", output = Json)]
pub async fn read_parameter_history(page: u32) -> Result<ParameterHistory, Refused> {
    console().parameter_history(page).await
}

/// Brings back the value that a parameter had before a change.
///
/// # Errors
/// As [`save_parameters`].
#[server(prefix = "/call", endpoint = "return-parameter", output = Json)]
pub async fn return_parameter(
    /// The number of the change.
    number: u64,
    /// The value that the page showed as the one now.
    #[server(default)]
    seen: String,
    /// What was shown of what it means.
    #[server(default)]
    shown: Shown,
) -> Result<Returned, Refused> {
    console().return_parameter(number, seen, shown).await
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
    /// What was shown of what it means.
    pub shown: Shown,
    /// Whom the page shows as signed in; empty where it does not say.
    pub viewer: String,
}

#[cfg(feature = "ssr")]
impl Save {
    /// A save as a form sends it: what it chooses is chosen in what is typed and seen.
    fn new(
        mut typed: Typed,
        mut seen: Typed,
        intent: Intent,
        shown: Shown,
        settle: Settle,
    ) -> Self {
        let Settle { theirs, keep, take } = settle;
        let chosen = match (keep, take) {
            (Some(name), _) => Some((name, Choice::Mine)),
            (None, Some(name)) => Some((name, Choice::Theirs)),
            (None, None) => None,
        };
        let viewer = String::new();
        let Some((name, choice)) = chosen else {
            return Self { typed, seen, intent, shown, viewer };
        };
        if let (Some(parameter), Some(theirs)) = (Parameter::from_name(&name), theirs.get(&name)) {
            saving::settle(&mut typed, &mut seen, parameter, theirs, choice);
        }
        Self { typed, seen, intent: Intent::Settle, shown, viewer }
    }
}

/// Names changes that are shown before they are saved: each with the value before and after.
#[must_use]
pub fn fingerprint(changes: &Typed, before: &Typed) -> String {
    let line = |(parameter, value): (&Parameter, &String)| {
        let from = before.get(parameter).map_or("", String::as_str);
        format!("{}: {from} > {value}", parameter.name())
    };
    changes.iter().map(line).collect::<Vec<_>>().join("; ")
}

#[cfg(feature = "ssr")]
fn by_parameter(by_name: BTreeMap<String, String>) -> Typed {
    by_name
        .into_iter()
        .filter_map(|(name, value)| Some((Parameter::from_name(&name)?, value)))
        .collect()
}
