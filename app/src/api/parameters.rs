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

/// The author and time of a value's last change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// The author.
    pub by: By,
    /// The time: UTC, milliseconds since 1970.
    pub at_ms: i64,
    /// Why the author made the change; empty without a note.
    pub note: String,
}

/// The content of the page of service parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterPage {
    /// The values in force, in the form in which an administrator types values.
    pub values: Typed,
    /// The last change of each value that an administrator has set.
    pub last: BTreeMap<Parameter, LastChange>,
    /// The name of this server.
    pub server: String,
    /// The viewer's name.
    pub viewer: String,
    /// Whether the viewer may change the values.
    pub may_change: bool,
    /// The answer to a form without JavaScript.
    pub answered: Option<Answered>,
    /// The number of the last event that the page includes.
    pub as_of: u64,
}

/// The answer to a form without JavaScript, with the unsaved values of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The answer.
    pub outcome: SaveOutcome,
    /// The typed values that differ from the seen values.
    pub typed: Typed,
    /// The seen values of the same parameters.
    /// A seen value is not the value in force once another administrator has saved.
    pub seen: Typed,
    /// The typed note of a save that has not saved.
    pub note: String,
}

/// The intent of a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Save the typed values, after the administrator has seen the impact.
    #[default]
    Save,
    /// Show what Set to Default would change.
    Default,
    /// Set to Default.
    DefaultConfirmed,
    /// Choose a value in a conflict with another administrator's save, and save nothing yet.
    Settle,
    /// Show or hide the hidden parameters.
    Advanced,
    /// Continue without an answer to the question.
    Cancel,
    /// Discard the typed values.
    Discard,
}

/// A value that another administrator has changed since the value was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The parameter.
    pub parameter: Parameter,
    /// The value in force.
    pub current: String,
    /// The last change of the value.
    pub last: Option<LastChange>,
}

/// The impact of a save on the logins that are open now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactView {
    /// Some users who are logged in at more than one phone, with the number of phones.
    pub several: Vec<(String, u64)>,
    /// The number of users who are logged in at more than one phone.
    pub several_users: u64,
    /// The number of logins beyond one for each user.
    pub extra_logins: u64,
    /// Some logins that would be past the time limit, as user and phone.
    pub past: Vec<(String, String)>,
    /// The number of logins that would be past the time limit.
    pub past_logins: u64,
}

/// Changes, and the impact of saving the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The changes.
    pub changes: Typed,
    /// Whether logins within the cluster have a time limit after the save.
    pub limited: bool,
    /// The impact on the logins that are open now.
    pub impact: ImpactView,
}

/// The impact that a form has shown, and the boxes that were ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// The changes whose impact was shown, as [`fingerprint`] writes them.
    pub changes: String,
    /// Present if logins beyond one for each user are to end now.
    pub end_extra: Option<String>,
    /// Present if logins past the new limit are to end now.
    pub end_past: Option<String>,
}

/// The choice of a form in a conflict with another administrator's save.
/// Parameters are given by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settle {
    /// The other administrator's values that the form has shown.
    pub theirs: BTreeMap<String, String>,
    /// The parameter that keeps the own value.
    pub keep: Option<String>,
    /// The parameter that takes the other administrator's value.
    pub take: Option<String>,
}

/// The page on which a form stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormPage {
    /// Present if the hidden parameters are shown.
    pub advanced: Option<String>,
    /// The administrator whom the page shows as signed in; empty where the form does not name one.
    pub viewer: String,
}

/// The result of a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveOutcome {
    /// Saved.
    Saved {
        /// The parameters that changed.
        changed: Vec<Parameter>,
        /// The jobs that end logins.
        jobs: Vec<JobView>,
    },
    /// There is nothing to save.
    Nothing,
    /// Values that are not valid.
    Invalid(Vec<Parameter>),
    /// The note is too long or has control characters; nothing was saved.
    NoteWrong,
    /// Another administrator saved first; nothing was saved.
    Conflict(Vec<Conflict>),
    /// All conflicts are settled; nothing was saved yet.
    Settled,
    /// Nothing was saved yet: the impact of the save.
    Preview(Preview),
    /// Nothing was saved yet: the changes of Set to Default and their impact.
    Default {
        /// The values in force of the parameters that would change.
        from: Typed,
        /// The changes and their impact.
        preview: Preview,
    },
    /// Nothing was saved: the session has ended.
    SignedOut,
    /// Nothing was to be saved: the typed values stay.
    GoOn,
}

impl SaveOutcome {
    /// The parameters that an administrator has to review before a save.
    #[must_use]
    pub fn in_question(&self) -> Vec<Parameter> {
        match self {
            Self::Invalid(which) => which.clone(),
            Self::Conflict(conflicts) => conflicts.iter().map(|one| one.parameter).collect(),
            _ => Vec::new(),
        }
    }
}

/// The page of service parameters.
///
/// # Errors
/// When nobody is signed in or the server can't read the parameters.
#[server(prefix = "/call", endpoint = "parameters", output = Json)]
pub async fn read_parameters() -> Result<ParameterPage, Refused> {
    console().parameters().await
}

/// As [`read_parameters`], read by an open page itself after another administrator's save; without an answer to a form.
///
/// # Errors
/// As [`read_parameters`].
#[server(prefix = "/call", endpoint = "parameters-anew", output = Json)]
pub async fn read_parameters_anew() -> Result<ParameterPage, Refused> {
    console().parameters_anew().await
}

/// Saves, or returns the impact of the save first.
/// Parameters are given by name.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't save.
#[server(prefix = "/call", endpoint = "save-parameters", output = Json)]
pub async fn save_parameters(
    /// The typed values.
    #[server(default)]
    value: BTreeMap<String, String>,
    /// The values at the time when the page was read.
    #[server(default)]
    seen: BTreeMap<String, String>,
    /// The intent.
    #[server(default)]
    intent: Intent,
    /// The impact that the form has shown.
    #[server(default)]
    shown: Shown,
    /// The choice in a conflict with another administrator's save.
    #[server(default)]
    settle: Settle,
    /// The page of the form.
    #[server(default)]
    page: FormPage,
    /// Why the administrator makes the changes.
    #[server(default)]
    note: String,
) -> Result<SaveOutcome, Refused> {
    let save = Save::new(by_parameter(value), by_parameter(seen), intent, shown, settle);
    let FormPage { advanced, viewer } = page;
    let save = Save { viewer, note, ..save };
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

/// The impact that a save of the values would have now.
///
/// # Errors
/// As [`read_parameters`].
#[server(prefix = "/call", endpoint = "impact", input = Json, output = Json)]
pub async fn read_impact(
    /// The typed values.
    typed: Typed,
    /// The values at the time when the page was read.
    seen: Typed,
) -> Result<Preview, Refused> {
    console().impact(typed, seen).await
}

/// A save, as the port takes it.
#[derive(Clone, Debug)]
pub struct Save {
    /// The typed values.
    pub typed: Typed,
    /// The values at the time when the page was read.
    pub seen: Typed,
    /// The intent.
    pub intent: Intent,
    /// The impact that the form has shown.
    pub shown: Shown,
    /// The administrator whom the page shows as signed in; empty where the form does not name one.
    pub viewer: String,
    /// The note as typed, for each change.
    pub note: String,
}

#[cfg(feature = "ssr")]
impl Save {
    /// A save as a form sends it.
    /// The choice of the form is applied to the typed and the seen values.
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
        let (viewer, note) = (String::new(), String::new());
        let Some((name, choice)) = chosen else {
            return Self { typed, seen, intent, shown, viewer, note };
        };
        if let (Some(parameter), Some(theirs)) = (Parameter::from_name(&name), theirs.get(&name)) {
            saving::settle(&mut typed, &mut seen, parameter, theirs, choice);
        }
        Self { typed, seen, intent: Intent::Settle, shown, viewer, note }
    }
}

/// A text that identifies changes shown before a save: each parameter with the value before and after.
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
