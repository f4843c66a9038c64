//! Ending logins, and the jobs that do it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginFilter, LoginType};

#[cfg(feature = "ssr")]
use super::console;
use super::{By, Json, Refused};

/// From this many logins on, whoever ends them has to type how many.
pub const TYPED_COUNT_FROM: u64 = 10;
/// So many logins are named before they are ended.
pub const NAMED_LOGINS: usize = 10;

/// How a job that ends logins stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// Its identity.
    pub id: String,
    /// How many logins it was to end.
    pub total: u64,
    /// How many it has ended.
    pub ended: u64,
    /// Whether it goes on.
    pub running: bool,
    /// Whether somebody stopped it.
    pub cancelled: bool,
    /// With which cause.
    pub cause: EndCause,
    /// The reason that was given.
    pub reason: String,
    /// Who wanted it.
    pub by: By,
    /// When: UTC, milliseconds since 1970.
    pub made_ms: i64,
}

/// Which logins to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOutScope {
    /// These, by identity.
    Selected(Vec<String>),
    /// All that match.
    Matching(LoginFilter),
}

impl LogOutScope {
    /// Whether a form for `self` may have come from the page for `page`: some of the logins that a
    /// page names may have ended before.
    #[must_use]
    pub fn is_from(&self, page: &Self) -> bool {
        match (self, page) {
            (Self::Matching(filter), Self::Matching(shown)) => filter == shown,
            (Self::Selected(ids), Self::Selected(shown)) => ids.iter().all(|id| shown.contains(id)),
            _ => false,
        }
    }

    /// What a form means. Without `all` it is the named logins, were it none.
    #[must_use]
    pub fn from_form(ids: &str, all: &str, find: &str, only: &str) -> Self {
        if all.is_empty() {
            Self::Selected(split_ids(ids))
        } else {
            Self::Matching(LoginFilter::new(find, LoginType::from_name(only)))
        }
    }
}

/// The logins that somebody is about to end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogOutPreview {
    /// How many there are.
    pub count: u64,
    /// The first of them: user and phone.
    pub first: Vec<(String, String)>,
    /// The identities of all of them, unless they are too many to be told one by one.
    pub ids: Vec<String>,
}

/// The confirmation of a log-out: what the administrator was shown and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// How many logins they were shown.
    pub shown: u64,
    /// The identities of all of them, unless they were too many.
    pub ids: Vec<String>,
    /// The number that they typed.
    pub typed: String,
}

/// What became of a wish to end logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOutOutcome {
    /// A job does it.
    Begun(JobView),
    /// The number that was typed is not the one that was shown.
    CountWrong {
        /// How many there are.
        count: u64,
    },
    /// More logins match than those that were shown.
    LookAgain(LogOutPreview),
    /// The reason is too long.
    ReasonWrong,
    /// None of them is open any more.
    NothingOpen,
}

/// What a form without JavaScript was answered that ended nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLogOut {
    /// What became of it.
    pub outcome: LogOutOutcome,
    /// The reason that was typed.
    pub reason: String,
}

/// The logins that a scope would end now.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "log-out-preview", input = Json, output = Json)]
pub async fn read_log_out_preview(scope: LogOutScope) -> Result<LogOutPreview, Refused> {
    console().log_out_preview(scope).await
}

/// Ends logins: those of `ids` (identities with a comma between them), or with `all` every one that
/// matches, of which `ids` are those that were shown. From a form without JavaScript it goes on to the job's page.
///
/// # Errors
/// When nobody is signed in, the role is too small, or the server can't.
#[server(prefix = "/call", endpoint = "log-out", output = Json)]
pub async fn log_out_logins(
    /// Identities with a comma between them.
    #[server(default)]
    ids: String,
    /// Anything: all that match `find` and `only`. Nothing names nobody, and not everybody.
    #[server(default)]
    all: String,
    /// What to find.
    #[server(default)]
    find: String,
    /// The type by name.
    #[server(default)]
    only: String,
    /// Why.
    #[server(default)]
    reason: String,
    /// How many were shown to whoever asks.
    #[server(default)]
    shown: String,
    /// How many they typed who end more than a few.
    #[server(default)]
    count: String,
) -> Result<LogOutOutcome, Refused> {
    let scope = LogOutScope::from_form(&ids, &all, &find, &only);
    let ids = split_ids(&ids);
    let confirmed = Confirmed { shown: shown.parse().unwrap_or_default(), ids, typed: count };
    let outcome = console().log_out(scope, reason, confirmed).await?;
    if let LogOutOutcome::Begun(job) = &outcome
        && console().is_form()
    {
        leptos_axum::redirect(&format!("/jobs/{}", job.id));
    }
    Ok(outcome)
}

/// What a form without JavaScript was answered when it wanted to end logins of this scope; says it
/// once.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "refused-log-out", input = Json, output = Json)]
pub async fn take_refused_log_out(scope: LogOutScope) -> Result<Option<RefusedLogOut>, Refused> {
    console().refused_log_out(scope).await
}

/// Jobs that end logins now, the oldest first.
///
/// # Errors
/// As [`read_active_logins`].
#[server(prefix = "/call", endpoint = "jobs", output = Json)]
pub async fn read_running_jobs() -> Result<Vec<JobView>, Refused> {
    console().running_jobs().await
}

/// A job.
///
/// # Errors
/// When nobody is signed in, or there is no such job.
#[server(prefix = "/call", endpoint = "job", output = Json)]
pub async fn read_job(id: String) -> Result<JobView, Refused> {
    console().job(id).await
}

/// Stops a job.
///
/// # Errors
/// When nobody is signed in, the role is too small, or there is no such job.
#[server(prefix = "/call", endpoint = "cancel-job", output = Json)]
pub async fn cancel_job(
    /// The job's identity.
    id: String,
) -> Result<JobView, Refused> {
    console().cancel_job(id).await
}

fn split_ids(ids: &str) -> Vec<String> {
    ids.split(',').filter(|id| !id.is_empty()).map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_names_nobody_is_not_about_everybody() {
        let nobody = LogOutScope::Selected(Vec::new());
        assert_eq!(LogOutScope::from_form("", "", "", ""), nobody);
        assert_eq!(LogOutScope::from_form(",", "", "john", "em"), nobody);
        let all = LogOutScope::Matching(LoginFilter::default());
        assert_eq!(LogOutScope::from_form("", "1", "", ""), all);
        let two = LogOutScope::Selected(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(LogOutScope::from_form("a,b", "", "", ""), two);
    }
}
