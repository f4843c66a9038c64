//! Ending logins, and the jobs that end them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{EndCause, LoginFilter, LoginType, Named};

#[cfg(feature = "ssr")]
use super::console;
use super::{By, Json, Refused};

/// The number of logins from which the administrator must type the number to confirm a log-out.
pub const TYPED_COUNT_FROM: u64 = 10;
/// The most logins that a confirmation names.
pub const NAMED_LOGINS: usize = 10;

/// The state of a job that ends logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// The job's identity.
    pub id: String,
    /// The number of logins to end.
    pub total: u64,
    /// The number of logins that the job has ended.
    pub ended: u64,
    /// Whether the job is running.
    pub running: bool,
    /// Whether an administrator stopped the job.
    pub cancelled: bool,
    /// The cause that ended logins get.
    pub cause: EndCause,
    /// The reason that the administrator gave.
    pub reason: String,
    /// Who started the job.
    pub by: By,
    /// The start of the job: UTC, milliseconds since 1970.
    pub made_ms: i64,
}

/// The logins to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOutScope {
    /// The logins with these identities.
    Selected(Vec<String>),
    /// All logins that match the filter.
    Matching(LoginFilter),
}

impl LogOutScope {
    /// Whether a form for `self` may have come from the page for `page`.
    /// Some of the logins that the page names may have ended before the form was sent.
    #[must_use]
    pub fn is_from(&self, page: &Self) -> bool {
        match (self, page) {
            (Self::Matching(filter), Self::Matching(shown)) => filter == shown,
            (Self::Selected(ids), Self::Selected(shown)) => ids.iter().all(|id| shown.contains(id)),
            _ => false,
        }
    }

    /// The scope of a form.
    /// Without `all` the scope is the logins in `ids`, even if `ids` is empty.
    #[must_use]
    pub fn from_form(ids: &str, all: &str, find: &str, only: &str) -> Self {
        if all.is_empty() {
            Self::Selected(split_ids(ids))
        } else {
            Self::Matching(LoginFilter::new(find, LoginType::from_name(only)))
        }
    }
}

/// The logins that a confirmed log-out would end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogOutPreview {
    /// The number of logins.
    pub count: u64,
    /// The first logins: user and phone.
    pub first: Vec<(String, String)>,
    /// The identities of all logins; empty when the logins are too many to list.
    pub ids: Vec<String>,
}

/// The confirmation of a log-out: the values that the administrator was shown and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// The number of logins that the administrator was shown.
    pub shown: u64,
    /// The identities of all logins shown; empty when the logins were too many to list.
    pub ids: Vec<String>,
    /// The number that the administrator typed.
    pub typed: String,
}

/// The result of a request to end logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogOutOutcome {
    /// A job ends the logins.
    Begun(JobView),
    /// The typed number is not the number that was shown.
    CountWrong {
        /// The number of logins.
        count: u64,
    },
    /// More logins match than the page showed.
    LookAgain(LogOutPreview),
    /// The reason is too long.
    ReasonWrong,
    /// None of the logins is open any more.
    NothingOpen,
}

/// The answer to a form without JavaScript that ended nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLogOut {
    /// The result.
    pub outcome: LogOutOutcome,
    /// The typed reason.
    pub reason: String,
}

/// The logins that a scope would end now.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't read the logins.
#[server(prefix = "/call", endpoint = "log-out-preview", input = Json, output = Json)]
pub async fn read_log_out_preview(scope: LogOutScope) -> Result<LogOutPreview, Refused> {
    console().log_out_preview(scope).await
}

/// Ends the logins in `ids` (identities with a comma between them), or with `all` every login that matches.
/// With `all`, `ids` are the logins that were shown. A form without JavaScript is redirected to the job's page.
///
/// # Errors
/// When nobody is signed in, the role is too low, or the server can't end logins.
#[server(prefix = "/call", endpoint = "log-out", output = Json)]
pub async fn log_out_logins(
    /// Identities with a comma between them.
    #[server(default)]
    ids: String,
    /// Any text selects all logins that match `find` and `only`. An empty text selects only the logins in
    /// `ids`.
    #[server(default)]
    all: String,
    /// The text to find.
    #[server(default)]
    find: String,
    /// The login type by name.
    #[server(default)]
    only: String,
    /// The reason.
    #[server(default)]
    reason: String,
    /// The number of logins that the page showed.
    #[server(default)]
    shown: String,
    /// The typed number, from [`TYPED_COUNT_FROM`] logins on.
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

/// The answer to a form without JavaScript that asked to end the logins of this scope.
/// The answer is returned once.
///
/// # Errors
/// When nobody is signed in.
#[server(prefix = "/call", endpoint = "refused-log-out", input = Json, output = Json)]
pub async fn take_refused_log_out(scope: LogOutScope) -> Result<Option<RefusedLogOut>, Refused> {
    console().refused_log_out(scope).await
}

/// The running jobs that end logins, the oldest first.
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
/// When nobody is signed in, the role is too low, or there is no such job.
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
