//! Administrators.

use app::api::{
    AdministratorPage, AdministratorRow, PeopleIntent, PeopleOutcome, Refused, SessionView,
};
use engine::{Actor, ports::StoreError};
use store::{Administrator, ConsoleStore};
use terms::{LoginFilter, Role};

use super::request::{ConsoleRequest, refused, store_refused};
use crate::admin::{AdminError, Caller};

/// What a form without JavaScript was answered.
const PAGE: &str = "administrators";
const FIRST: &str = "first-administrator";

fn same(one: &str, other: &str) -> bool {
    LoginFilter::fold(one) == LoginFilter::fold(other)
}

impl ConsoleRequest {
    pub(super) async fn people(&self) -> Result<AdministratorPage, Refused> {
        let caller = self.caller().await?;
        let manages = caller.role == Role::Administrator;
        let all = self.cluster.store.administrators().await.map_err(store_refused)?;
        let mut rows = Vec::new();
        for one in all {
            let own = same(&one.name, &caller.actor.name);
            if manages || own {
                rows.push(self.row(one, own).await?);
            }
        }
        Ok(AdministratorPage { rows, manages, answered: self.answered(PAGE).await })
    }

    async fn row(&self, one: Administrator, own: bool) -> Result<AdministratorRow, Refused> {
        let this = self.session_hash();
        let now = self.cluster.clock.now();
        let sessions = self.cluster.store.sessions_of(&one.name, now).await;
        let sessions = sessions.map_err(store_refused)?.into_iter().map(|session| SessionView {
            this: this.is_some_and(|this| session.id_hash == this),
            address: session.address,
            signed_in_ms: session.signed_in.0,
        });
        let sessions = sessions.collect();
        Ok(AdministratorRow { name: one.name, role: one.role, enabled: one.enabled, own, sessions })
    }

    pub(super) async fn change_person(
        &self,
        intent: PeopleIntent,
        name: String,
        role: Option<Role>,
        password: &str,
    ) -> Result<PeopleOutcome, Refused> {
        let caller = self.caller().await?;
        let changed = self.try_change(&caller, intent, &name, role, password).await;
        let own = same(&name, &caller.actor.name);
        if changed.is_ok() && own && intent == PeopleIntent::Password {
            // The new password ended this session too: go on with a new one.
            self.begin_session(&caller.actor.name).await.map_err(|_| Refused::Unavailable)?;
        }
        let outcome = outcome(intent, name, changed)?;
        self.answer_form(PAGE, &outcome).await;
        Ok(outcome)
    }

    async fn try_change(
        &self,
        caller: &Caller,
        intent: PeopleIntent,
        name: &str,
        role: Option<Role>,
        password: &str,
    ) -> Result<(), AdminError> {
        let administrators = self.administrators();
        match intent {
            PeopleIntent::Add => {
                administrators.add(caller, name, password, role.unwrap_or(Role::Viewer)).await
            }
            PeopleIntent::Role => administrators.change(caller, name, role, None).await,
            PeopleIntent::Password => administrators.set_password(caller, name, password).await,
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
        password: &str,
    ) -> Result<PeopleOutcome, Refused> {
        if !self.cluster.invitation.accepts(code) {
            return Err(Refused::NotFound);
        }
        let actor = Actor::administrator(name.trim(), &self.address);
        let caller = Caller { actor, role: Role::Administrator };
        let added = self.administrators().add_first(&caller, name, password).await;
        if added.is_ok() {
            self.cluster.invitation.use_up();
            self.begin_session(name.trim()).await.map_err(|_| Refused::Unavailable)?;
        }
        let outcome = outcome(PeopleIntent::Add, name.trim().to_owned(), added)?;
        self.answer_form(FIRST, &outcome).await;
        Ok(outcome)
    }

    pub(super) async fn first_answer(&self) -> Option<PeopleOutcome> {
        self.answered(FIRST).await
    }
}

fn outcome(
    intent: PeopleIntent,
    name: String,
    changed: Result<(), AdminError>,
) -> Result<PeopleOutcome, Refused> {
    Ok(match changed {
        Ok(()) => PeopleOutcome::Done { intent, name },
        Err(AdminError::Password) => PeopleOutcome::PasswordWrong,
        Err(AdminError::Name) => PeopleOutcome::NameWrong,
        Err(AdminError::Store(StoreError::Invalid(_))) => match intent {
            PeopleIntent::Add => PeopleOutcome::NameWrong,
            PeopleIntent::Role | PeopleIntent::Disable | PeopleIntent::Remove => {
                PeopleOutcome::LastAdministrator
            }
            _ => PeopleOutcome::Unknown,
        },
        Err(error) => return Err(refused(error)),
    })
}
