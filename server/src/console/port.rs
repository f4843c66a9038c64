//! app's port `Console`: each call goes to the part of the console that answers it.

use app::api::{
    ActiveLogins, AdministratorPage, ArchiveQuery, Audit, Console, History, JobView, LogOutOutcome,
    LogOutScope, LoginQuery, ParameterHistory, ParameterPage, PeopleIntent, PeopleOutcome,
    PhonePage, Preview, Refused, Returned, Save, SaveOutcome, Shown, SignInProblem, Tiles, Viewer,
};
use async_trait::async_trait;
use terms::{Role, saving::Typed};

use super::request::ConsoleRequest;

/// What a form without JavaScript is told on the page that answers it.
const SIGN_IN_PROBLEM: &str = "sign-in-problem";

#[async_trait]
impl Console for ConsoleRequest {
    fn is_form(&self) -> bool {
        self.is_form
    }

    async fn viewer(&self) -> Result<Viewer, Refused> {
        self.viewer().await
    }

    async fn sign_in(&self, name: String, password: String) -> Result<(), SignInProblem> {
        let result = self.try_sign_in(&name, &password).await;
        if let Err(problem) = &result {
            self.answer_form(SIGN_IN_PROBLEM, problem).await;
        }
        result
    }

    async fn sign_in_problem(&self) -> Option<SignInProblem> {
        self.answered(SIGN_IN_PROBLEM).await
    }

    async fn sign_out(&self) -> Result<(), Refused> {
        self.session.flush().await.map_err(|error| {
            tracing::error!(%error, "a session could not be ended");
            Refused::Unavailable
        })
    }

    async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused> {
        self.active_logins(query).await
    }

    async fn tiles(&self) -> Result<Tiles, Refused> {
        self.tiles().await
    }

    async fn count_open(&self, scope: LogOutScope) -> Result<u64, Refused> {
        self.count_open(scope).await
    }

    async fn log_out(
        &self,
        scope: LogOutScope,
        reason: String,
        count: String,
    ) -> Result<LogOutOutcome, Refused> {
        self.log_out(scope, reason, count).await
    }

    async fn log_out_problem(&self) -> Result<Option<LogOutOutcome>, Refused> {
        self.log_out_problem().await
    }

    async fn job(&self, id: String) -> Result<JobView, Refused> {
        self.job(&id).await
    }

    async fn cancel_job(&self, id: String) -> Result<JobView, Refused> {
        self.cancel_job(&id).await
    }

    async fn parameters(&self) -> Result<ParameterPage, Refused> {
        self.parameters().await
    }

    async fn save_parameters(&self, save: Save) -> Result<SaveOutcome, Refused> {
        self.save_parameters(save).await
    }

    async fn impact(&self, typed: Typed, seen: Typed) -> Result<Preview, Refused> {
        self.impact(typed, seen).await
    }

    async fn parameter_history(&self, page: u32) -> Result<ParameterHistory, Refused> {
        self.parameter_history(page).await
    }

    async fn return_parameter(
        &self,
        number: u64,
        seen: String,
        shown: Shown,
    ) -> Result<Returned, Refused> {
        self.return_parameter(number, seen, shown).await
    }

    async fn history(&self, query: ArchiveQuery) -> Result<History, Refused> {
        self.history(query).await
    }

    async fn audit(&self, query: ArchiveQuery) -> Result<Audit, Refused> {
        self.audit(query).await
    }

    async fn phone(&self, name: String) -> Result<Option<PhonePage>, Refused> {
        self.phone(&name).await
    }

    async fn administrators(&self) -> Result<AdministratorPage, Refused> {
        self.people().await
    }

    async fn change_administrator(
        &self,
        intent: PeopleIntent,
        name: String,
        role: Option<Role>,
        password: String,
    ) -> Result<PeopleOutcome, Refused> {
        self.change_person(intent, name, role, &password).await
    }

    async fn add_first_administrator(
        &self,
        code: String,
        name: String,
        password: String,
    ) -> Result<PeopleOutcome, Refused> {
        self.first(&code, &name, &password).await
    }

    async fn first_problem(&self) -> Option<PeopleOutcome> {
        self.first_answer().await
    }
}
