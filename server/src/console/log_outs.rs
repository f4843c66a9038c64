//! Ending logins: the preview that names them, and the log-outs.

use std::collections::HashSet;

use app::api::{
    Confirmed, LogOutOutcome, LogOutPreview, LogOutScope, NAMED_LOGINS, Refused, RefusedLogOut,
    TYPED_COUNT_FROM,
};
use engine::{LoginId, Scope};
use terms::EndCause;
use uuid::Uuid;

use super::{
    logins::filter,
    request::{ConsoleRequest, refused},
    views,
};
use crate::admin::{AdminError, Caller};

/// The name under which a session keeps the answer to a form without JavaScript.
const LOG_OUT: &str = "log-out";

impl ConsoleRequest {
    /// Names the logins in a scope, for a caller who may end them.
    pub(super) async fn log_out_preview(
        &self,
        scope: LogOutScope,
    ) -> Result<LogOutPreview, Refused> {
        let caller = self.caller().await?;
        self.preview(&caller, &into_scope(scope)).await
    }

    async fn preview(&self, caller: &Caller, scope: &Scope) -> Result<LogOutPreview, Refused> {
        let (count, logins) = self.admin.open_in(caller, scope).await.map_err(refused)?;
        let names = logins.iter().map(|login| (login.user.to_string(), login.phone.to_string()));
        let all_are_here = count <= logins.len() as u64;
        let ids = logins.iter().map(|login| login.id.0.to_string());
        Ok(LogOutPreview {
            count,
            first: names.take(NAMED_LOGINS).collect(),
            ids: if all_are_here { ids.collect() } else { Vec::new() },
        })
    }

    pub(super) async fn log_out(
        &self,
        scope: LogOutScope,
        reason: String,
        confirmed: Confirmed,
    ) -> Result<LogOutOutcome, Refused> {
        let caller = self.caller().await?;
        let asked = scope.clone();
        let scope = into_scope(scope);
        let (open, logins) = self.admin.open_in(&caller, &scope).await.map_err(refused)?;
        // The job ends the logins that the form named and that still match.
        let named = match &scope {
            Scope::Matching { .. } if !confirmed.ids.is_empty() => {
                let match_now: HashSet<_> = logins.iter().map(|login| login.id).collect();
                let ids = ids(&confirmed.ids).filter(|id| match_now.contains(id));
                Scope::Selected { ids: ids.collect() }
            }
            scope => scope.clone(),
        };
        let named_open = self.admin.count_in(&caller, &named).await.map_err(refused)?;
        let matching = matches!(scope, Scope::Matching { .. });
        let outcome = if open == 0 {
            LogOutOutcome::NothingOpen
        } else if matching && has_more(&confirmed, open, named_open) {
            LogOutOutcome::LookAgain(self.preview(&caller, &scope).await?)
        } else if !is_typed(&confirmed, named_open) {
            LogOutOutcome::CountWrong { count: named_open }
        } else {
            let begun = self.admin.begin_log_outs(&caller, named, EndCause::Forced, &reason);
            match begun.await {
                Ok(job) => LogOutOutcome::Begun(views::job_view(&job)),
                Err(AdminError::Invalid(_)) => LogOutOutcome::ReasonWrong,
                Err(error) => return Err(refused(error)),
            }
        };
        if !matches!(outcome, LogOutOutcome::Begun(_)) {
            let refused = RefusedLogOut { outcome: outcome.clone(), reason };
            self.answer_form(LOG_OUT, &(asked, refused)).await;
        }
        Ok(outcome)
    }

    /// The answer to a form that asked for the logins of this page.
    /// An answer to another form belongs to a page that was never shown: it is dropped.
    pub(super) async fn refused_log_out(
        &self,
        page: LogOutScope,
    ) -> Result<Option<RefusedLogOut>, Refused> {
        self.caller().await?;
        let answered: Option<(LogOutScope, RefusedLogOut)> = self.answered(LOG_OUT).await;
        Ok(answered.filter(|(asked, _)| asked.is_from(&page)).map(|(_, refused)| refused))
    }
}

/// Whether more logins match than were shown.
/// More than [`Scope::MAX_SELECTED`] logins are not named one by one, and come and go while the
/// administrator reads and types: up to a tenth more of them is accepted.
fn has_more(confirmed: &Confirmed, open: u64, named_open: u64) -> bool {
    let Confirmed { shown, ids, .. } = confirmed;
    if ids.is_empty() {
        let slack = if *shown > u64::from(Scope::MAX_SELECTED) { shown / 10 } else { 0 };
        open > shown.saturating_add(slack)
    } else {
        open > named_open
    }
}

/// Whether the administrator has typed the number of shown logins, which is needed from [`TYPED_COUNT_FROM`]
/// open logins on.
fn is_typed(confirmed: &Confirmed, open: u64) -> bool {
    let Confirmed { shown, typed, .. } = confirmed;
    open < TYPED_COUNT_FROM || typed.trim().replace([',', '.', ' '], "") == shown.to_string()
}

fn into_scope(scope: LogOutScope) -> Scope {
    match scope {
        LogOutScope::Matching(wanted) => Scope::Matching { filter: filter(&wanted) },
        LogOutScope::Selected(ids) => selected(&ids),
    }
}

fn selected(texts: &[String]) -> Scope {
    Scope::Selected { ids: ids(texts).take(Scope::MAX_SELECTED as usize).collect() }
}

fn ids(texts: &[String]) -> impl Iterator<Item = LoginId> {
    texts.iter().filter_map(|id| id.parse::<Uuid>().ok()).map(LoginId)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(shown: u64, typed: &str, ids: usize) -> Confirmed {
        Confirmed { shown, typed: typed.to_owned(), ids: vec![String::from("1"); ids] }
    }

    #[test]
    fn from_ten_on_the_number_that_was_shown_is_typed() {
        assert!(is_typed(&seen(9, "", 9), 9));
        assert!(!is_typed(&seen(10, "", 10), 10));
        assert!(!is_typed(&seen(10, "9", 10), 10));
        assert!(is_typed(&seen(10, "10", 10), 10));
        assert!(is_typed(&seen(12_000, " 12,000 ", 0), 12_700));
        assert!(is_typed(&seen(60, "", 60), 5), "the others have left meanwhile");
        assert!(!is_typed(&seen(3, "", 0), 12), "whatever was shown");
    }

    #[test]
    fn one_that_was_not_shown_is_asked_about() {
        assert!(!has_more(&seen(60, "60", 60), 60, 60));
        assert!(!has_more(&seen(60, "60", 60), 57, 57), "some have left meanwhile");
        assert!(has_more(&seen(60, "60", 60), 61, 60));
        assert!(has_more(&seen(60, "60", 60), 60, 59), "one has left, another one has come");
        assert!(has_more(&seen(0, "", 0), 1, 1), "nobody was shown anything");
        assert!(has_more(&seen(499, "499", 0), 500, 500), "so few are told one by one");
    }

    #[test]
    fn a_tenth_more_of_very_many_is_what_was_meant() {
        assert!(!has_more(&seen(12_000, "12000", 0), 13_200, 13_200));
        assert!(has_more(&seen(12_000, "12000", 0), 13_201, 13_201));
    }
}
