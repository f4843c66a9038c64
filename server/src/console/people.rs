//! Administrators.

use app::api::{
    AdministratorPage, AdministratorRow, FirstAdministrator, NewPassword, PeopleAnswer,
    PeopleIntent, PeopleOutcome, Refused, SessionView,
};
use engine::AdministratorError;
use terms::Role;

use super::request::{ConsoleRequest, refused};
use crate::admin::{AdminError, AdministratorSessions, Caller};

/// The names under which a session keeps the answers to forms without JavaScript.
const PAGE: &str = "administrators";
const FIRST: &str = "first-administrator";

impl ConsoleRequest {
    pub(super) async fn people(&self) -> Result<AdministratorPage, Refused> {
        let caller = self.caller().await?;
        let seen = self.admin.administrators().seen_by(&caller).await.map_err(refused)?;
        Ok(AdministratorPage {
            rows: seen.into_iter().map(|one| self.row(one)).collect(),
            manages: caller.may(Role::Administrator),
            answered: self.answered(PAGE).await,
        })
    }

    fn row(&self, seen: AdministratorSessions) -> AdministratorRow {
        let AdministratorSessions { administrator, own, sessions } = seen;
        let this = self.session_hash();
        let sessions = sessions.into_iter().map(|session| SessionView {
            this: this.is_some_and(|this| session.id_hash == this),
            address: session.address,
            signed_in_ms: session.signed_in.0,
        });
        let sessions = sessions.collect();
        let engine::Administrator { name, role, enabled, .. } = administrator;
        AdministratorRow { name, role, enabled, own, sessions }
    }

    pub(super) async fn change_person(
        &self,
        intent: PeopleIntent,
        name: String,
        role: Option<Role>,
        passwords: NewPassword,
    ) -> Result<PeopleOutcome, Refused> {
        let caller = self.caller().await?;
        let is_own_password = intent == PeopleIntent::Password && caller.is(&name);
        let changed = self.try_change(&caller, intent, &name, role, &passwords).await;
        if is_own_password && changed.is_ok() {
            // The new password ended this session too, so begin a new one. If that fails, the password
            // is changed all the same, and the next page asks for it.
            let _ = self.begin_session(caller.name()).await;
        }
        let typed = (name.clone(), role);
        let outcome = outcome(intent, name, changed)?;
        let is_done = matches!(outcome, PeopleOutcome::Done { .. });
        let not_added = (intent == PeopleIntent::Add && !is_done).then_some(typed);
        self.answer_form(PAGE, &PeopleAnswer { outcome: outcome.clone(), not_added }).await;
        Ok(outcome)
    }

    async fn try_change(
        &self,
        caller: &Caller,
        intent: PeopleIntent,
        name: &str,
        role: Option<Role>,
        passwords: &NewPassword,
    ) -> Result<(), AdminError> {
        let administrators = self.admin.administrators();
        if passwords.differs() {
            return Err(AdminError::PasswordsDiffer);
        }
        let NewPassword { current, password, .. } = passwords;
        match intent {
            PeopleIntent::Add => {
                administrators.add(caller, name, password, role.unwrap_or(Role::Viewer)).await
            }
            PeopleIntent::Role => administrators.change(caller, name, role, None).await,
            PeopleIntent::Password => {
                administrators.set_password(caller, name, current, password).await
            }
            PeopleIntent::Enable => administrators.change(caller, name, None, Some(true)).await,
            PeopleIntent::Disable => administrators.change(caller, name, None, Some(false)).await,
            PeopleIntent::Remove => administrators.remove(caller, name).await,
            PeopleIntent::SignOutEverywhere => {
                administrators.sign_out_everywhere(caller, name, self.session_hash()).await
            }
        }
    }

    pub(super) async fn first(
        &self,
        code: &str,
        name: &str,
        password: &NewPassword,
    ) -> Result<PeopleOutcome, Refused> {
        let name = name.trim();
        if password.differs() {
            self.answer_form(FIRST, &PeopleOutcome::PasswordsDiffer).await;
            return Ok(PeopleOutcome::PasswordsDiffer);
        }
        let added = self.admin.add_first(code, name, &password.password, &self.address).await;
        match added {
            Ok(false) => return Err(Refused::NotFound),
            Ok(true) => self.begin_session(name).await.map_err(|_| Refused::Unavailable)?,
            Err(_) => {}
        }
        let outcome = outcome(PeopleIntent::Add, name.to_owned(), added.map(drop))?;
        self.answer_form(FIRST, &outcome).await;
        Ok(outcome)
    }

    pub(super) async fn first_page(&self, code: &str) -> FirstAdministrator {
        let is_open = self.admin.invites(code);
        FirstAdministrator { is_open, answered: self.answered(FIRST).await }
    }
}

fn outcome(
    intent: PeopleIntent,
    name: String,
    changed: Result<(), AdminError>,
) -> Result<PeopleOutcome, Refused> {
    Ok(match changed {
        Ok(()) => PeopleOutcome::Done { intent, name },
        Err(AdminError::Wait(seconds)) => PeopleOutcome::Wait(seconds),
        Err(AdminError::Password | AdminError::EasyPassword) => PeopleOutcome::PasswordWrong,
        Err(AdminError::CurrentPassword) => PeopleOutcome::CurrentPasswordWrong,
        Err(AdminError::Name) => PeopleOutcome::NameWrong,
        Err(AdminError::PasswordsDiffer) => PeopleOutcome::PasswordsDiffer,
        Err(AdminError::Administrator(
            AdministratorError::Taken(_) | AdministratorError::NotTheFirst,
        )) => PeopleOutcome::NameTaken,
        Err(AdminError::Administrator(AdministratorError::Last)) => {
            PeopleOutcome::LastAdministrator
        }
        Err(AdminError::Administrator(AdministratorError::Unknown(_))) => PeopleOutcome::Unknown,
        Err(error) => return Err(refused(error)),
    })
}
