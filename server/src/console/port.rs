//! The app's port `Console`: each call goes to the part of the console that answers it.

use app::api::{
    ActOutcome, ActPreview, ActQuery, ActiveLogins, AdministratorPage, ArchiveQuery, Audit,
    Confirmed, Console, DirectoryPage, DirectoryQuery, FirstAdministrator, Found, History,
    ImportIntent, ImportPage, ImportShow, JobView, LockView, LogInAnswer, LogInWish, LogOutOutcome,
    LogOutPreview, LogOutScope, LoginQuery, NewPassword, ParameterHistory, ParameterPage,
    PeopleIntent, PeopleOutcome, PhoneNews, PhonePage, PhoneScreen, Press, Preview, RecordAct,
    RecordOutcome, RecordPage, RecordTexts, Refusals, Refused, RefusedLogOut, RemoteAnswer,
    RemoteCluster, RemoteClusters, RemoteForm, RemoteOutcome, RetentionNow, Returned, Save,
    SaveOutcome, SettingsForm, SettingsOutcome, SettingsPage, Shown, SignInAnswer, SignInProblem,
    SimulatorPage, Tiles, TraceEnd, TraceQuery, UnansweredPhone, UsedBy, UserPage,
};
use async_trait::async_trait;
use terms::{RecordKind, Role, saving::Typed};

use super::{
    cookie::forgotten,
    flash::{FLASH, Flash},
    request::{ConsoleRequest, refused, set_cookie},
    session_cookie,
};
use crate::edge::sampled_error;

#[async_trait]
impl Console for ConsoleRequest {
    fn is_form(&self) -> bool {
        self.is_form
    }

    async fn trace(&self, query: TraceQuery, grown: &str) -> Result<Option<TraceEnd>, Refused> {
        self.trace(query, grown).await
    }

    async fn own_role(&self) -> Result<Role, Refused> {
        Ok(self.caller().await?.role())
    }

    async fn sign_in(&self, name: String, password: String) -> Result<(), SignInProblem> {
        let result = self.try_sign_in(&name, &password).await;
        if let Err(problem) = result
            && self.is_form
        {
            let flash = Flash::SignIn { problem, name: kept_name(&name) };
            set_cookie(FLASH.keep(self.admin.cluster_id(), &flash));
        }
        result
    }

    async fn sign_in_answer(&self) -> SignInAnswer {
        let (problem, name) = match &self.flash {
            Some(Flash::SignIn { problem, name }) => (Some(*problem), name.clone()),
            _ => (None, String::new()),
        };
        SignInAnswer { problem, name, had_session: self.had_session, to: self.wanted.clone() }
    }

    async fn sign_out(&self) -> Result<(), Refused> {
        // Without a caller there is no sign-out to write to the audit.
        if let Ok(caller) = self.caller().await {
            self.admin.sign_out(&caller).await.map_err(refused)?;
        }
        self.session.flush().await.map_err(|error| {
            sampled_error!(%error, "a session could not be ended");
            Refused::Unavailable
        })?;
        // Browsers ignore the library's own removal: it lacks `Secure`, which the cookie's name
        // (`__Host-`) requires.
        set_cookie(forgotten(&session_cookie(self.admin.cluster_id())));
        Ok(())
    }

    async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused> {
        self.active_logins(query).await
    }

    async fn tiles(&self) -> Result<Tiles, Refused> {
        self.tiles().await
    }

    async fn log_out_preview(&self, scope: LogOutScope) -> Result<LogOutPreview, Refused> {
        self.log_out_preview(scope).await
    }

    async fn log_out(
        &self,
        scope: LogOutScope,
        reason: String,
        confirmed: Confirmed,
    ) -> Result<LogOutOutcome, Refused> {
        self.log_out(scope, reason, confirmed).await
    }

    async fn refused_log_out(&self, scope: LogOutScope) -> Result<Option<RefusedLogOut>, Refused> {
        self.refused_log_out(scope).await
    }

    async fn log_in(&self, wish: LogInWish) -> Result<String, Refused> {
        self.log_in(wish).await
    }

    async fn log_in_answer(&self, phone: String) -> Result<Option<LogInAnswer>, Refused> {
        self.log_in_answer(&phone).await
    }

    async fn job(&self, id: String) -> Result<JobView, Refused> {
        self.job(&id).await
    }

    async fn running_jobs(&self) -> Result<Vec<JobView>, Refused> {
        self.running_jobs().await
    }

    async fn cancel_job(&self, id: String) -> Result<JobView, Refused> {
        self.cancel_job(&id).await
    }

    async fn parameters(&self) -> Result<ParameterPage, Refused> {
        self.parameters().await
    }

    async fn parameters_anew(&self) -> Result<ParameterPage, Refused> {
        self.parameters_anew().await
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
        note: String,
    ) -> Result<Returned, Refused> {
        self.return_parameter(number, seen, shown, note).await
    }

    async fn history(&self, query: ArchiveQuery) -> Result<History, Refused> {
        self.history(query).await
    }

    async fn audit(&self, query: ArchiveQuery) -> Result<Audit, Refused> {
        self.audit(query).await
    }

    async fn refusals(&self, query: ArchiveQuery) -> Result<Refusals, Refused> {
        self.refusals(query).await
    }

    async fn retention(&self) -> Result<RetentionNow, Refused> {
        self.retention_now().await
    }

    async fn settings(&self) -> Result<SettingsPage, Refused> {
        self.settings_page().await
    }

    async fn save_settings(&self, form: SettingsForm) -> Result<SettingsOutcome, Refused> {
        self.take_settings(form).await
    }

    async fn phone(&self, name: String) -> Result<Option<PhonePage>, Refused> {
        self.phone(&name).await
    }

    async fn find_names(&self, find: String) -> Result<Found, Refused> {
        self.find_names(&find).await
    }

    async fn user(&self, name: String) -> Result<Option<UserPage>, Refused> {
        self.user(&name).await
    }

    async fn directory(&self, query: DirectoryQuery) -> Result<DirectoryPage, Refused> {
        self.directory(query).await
    }

    async fn record(&self, kind: RecordKind, name: String) -> Result<RecordPage, Refused> {
        self.record(kind, &name).await
    }

    async fn edit_record(
        &self,
        kind: RecordKind,
        name: String,
        values: RecordTexts,
        seen: RecordTexts,
    ) -> Result<RecordOutcome, Refused> {
        self.edit_record(kind, name, values, seen).await
    }

    async fn import(&self, kind: RecordKind, show: ImportShow) -> Result<ImportPage, Refused> {
        self.import(kind, show).await
    }

    async fn change_import(&self, kind: RecordKind, intent: ImportIntent) -> Result<(), Refused> {
        self.change_import(kind, intent).await
    }

    async fn act_preview(&self, query: ActQuery) -> Result<ActPreview, Refused> {
        self.act_preview(query).await
    }

    async fn act_on_records(
        &self,
        kind: RecordKind,
        act: RecordAct,
        names: Vec<String>,
        seen: UsedBy,
        count: String,
    ) -> Result<ActOutcome, Refused> {
        self.act_on_records(kind, act, names, seen, &count).await
    }

    async fn locks(&self) -> Result<Vec<LockView>, Refused> {
        self.locks().await
    }

    async fn clear_lock(&self, kind: String, name: String, source: String) -> Result<(), Refused> {
        self.clear_lock(&kind, &name, &source).await
    }

    async fn unanswered_phones(&self) -> Result<Vec<UnansweredPhone>, Refused> {
        self.unanswered_phones().await
    }

    async fn simulator(&self, find: String) -> Result<SimulatorPage, Refused> {
        self.simulator(&find).await
    }

    async fn phone_news(&self, phone: String, seen: String) -> Result<PhoneNews, Refused> {
        self.phone_news(&phone, &seen).await
    }

    async fn press(&self, press: Press) -> Result<PhoneScreen, Refused> {
        self.press(press).await
    }

    async fn remote_clusters(&self) -> Result<RemoteClusters, Refused> {
        self.remote_clusters().await
    }

    async fn remote_cluster(&self, id: String) -> Result<RemoteCluster, Refused> {
        self.remote_cluster(&id).await
    }

    async fn change_remote_cluster(&self, form: RemoteForm) -> Result<RemoteOutcome, Refused> {
        self.change_remote_cluster(form).await
    }

    async fn remote_answer(&self, page: String) -> Result<Option<RemoteAnswer>, Refused> {
        self.remote_answer(&page).await
    }

    async fn administrators(&self) -> Result<AdministratorPage, Refused> {
        self.people().await
    }

    async fn change_administrator(
        &self,
        intent: PeopleIntent,
        name: String,
        role: Option<Role>,
        passwords: NewPassword,
    ) -> Result<PeopleOutcome, Refused> {
        self.change_person(intent, name, role, passwords).await
    }

    async fn add_first_administrator(
        &self,
        code: String,
        name: String,
        password: NewPassword,
    ) -> Result<PeopleOutcome, Refused> {
        self.first(&code, &name, &password).await
    }

    async fn first_administrator(&self, code: String) -> Result<FirstAdministrator, Refused> {
        match &self.flash {
            // A refused code is one that is not valid, which the page says itself.
            Some(Flash::Refused(refused)) if *refused != Refused::NotFound => Err(refused.clone()),
            _ => Ok(self.first_page(&code).await),
        }
    }
}

/// A typed name, cut to the length that its field takes.
fn kept_name(name: &str) -> String {
    const MAX_CHARS: usize = 256;
    name.chars().take(MAX_CHARS).collect()
}
