//! app's port `Console`, for one request.

use std::sync::Arc;

use app::api::{ActiveLogins, Console, LoginQuery, PAGE_ROWS, Refused, SignInProblem, Viewer};
use async_trait::async_trait;
use engine::{ListQuery, ports::Lookups};
use terms::LoginFilter;
use tower_sessions::Session;

use super::{
    session_store::Sessions,
    views::{login_row, order},
};
use crate::{
    admin::{self, AdministratorError},
    cluster::{Cluster, PasswordError},
};

/// The administrator's name, in the session.
const ADMINISTRATOR: &str = "administrator";
/// What a form without JavaScript is told on the page that answers it.
const SIGN_IN_PROBLEM: &str = "sign-in-problem";

/// One request of the console.
pub(super) struct ConsoleRequest {
    pub(super) cluster: Arc<Cluster>,
    pub(super) session: Session,
    /// Whether a browser without JavaScript sent it.
    pub(super) is_form: bool,
}

/// The name of the administrator whose session this is.
pub(crate) async fn signed_in(session: &Session) -> Option<String> {
    match session.get::<String>(ADMINISTRATOR).await {
        Ok(name) => name,
        Err(error) => {
            tracing::error!(%error, "a session could not be read");
            None
        }
    }
}

/// Whether a session that was signed in still is: asked of the store, not of the request that
/// opened it.
pub(crate) async fn still_signed_in(cluster: &Arc<Cluster>, session: &Session) -> bool {
    let fresh = Session::new(session.id(), Arc::new(Sessions::new(cluster)), None);
    signed_in(&fresh).await.is_some()
}

#[async_trait]
impl Console for ConsoleRequest {
    async fn viewer(&self) -> Result<Viewer, Refused> {
        let name = signed_in(&self.session).await.ok_or(Refused::SignedOut)?;
        Ok(Viewer { name, cluster: self.cluster.id.clone() })
    }

    async fn sign_in(&self, name: String, password: String) -> Result<(), SignInProblem> {
        let result = self.try_sign_in(&name, &password).await;
        if let Err(problem) = result
            && self.is_form
            && let Err(error) = self.session.insert(SIGN_IN_PROBLEM, problem).await
        {
            tracing::error!(%error, "a session could not be written");
        }
        result
    }

    async fn sign_in_problem(&self) -> Option<SignInProblem> {
        self.session.remove(SIGN_IN_PROBLEM).await.ok().flatten()
    }

    async fn sign_out(&self) -> Result<(), Refused> {
        self.session.flush().await.map_err(|error| unavailable(&error))
    }

    async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused> {
        self.viewer().await?;
        let list = ListQuery {
            filter: LoginFilter::new(&query.find),
            order: order(query.sort),
            offset: query.page.saturating_mul(PAGE_ROWS),
            limit: PAGE_ROWS,
        };
        let page =
            self.cluster.store.active_logins(&list).await.map_err(|error| unavailable(&error))?;
        Ok(ActiveLogins {
            rows: page.rows.iter().map(login_row).collect(),
            matching: page.matching,
            open: page.open,
            as_of: page.as_of,
            now_ms: self.cluster.clock.now().0,
        })
    }
}

impl ConsoleRequest {
    async fn try_sign_in(&self, name: &str, password: &str) -> Result<(), SignInProblem> {
        let Cluster { store, passwords, .. } = &*self.cluster;
        let verified = admin::verify(store, passwords, name, password).await;
        let name = match verified {
            Ok(Some(name)) => name,
            Ok(None) => return Err(SignInProblem::Wrong),
            Err(AdministratorError::Hash(PasswordError::Busy)) => return Err(SignInProblem::Busy),
            Err(error) => {
                tracing::error!(%error, "somebody could not sign in");
                return Err(SignInProblem::Failed);
            }
        };
        let failed = |error: tower_sessions::session::Error| {
            tracing::error!(%error, "a session could not be written");
            SignInProblem::Failed
        };
        // A new id: one that was known before signing in must not become good by it.
        self.session.cycle_id().await.map_err(failed)?;
        self.session.insert(ADMINISTRATOR, name).await.map_err(failed)?;
        // Saved here and now, so that what can't be kept is said here.
        self.session.save().await.map_err(failed)
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> Refused {
    tracing::error!(%error, "the console could not be answered");
    Refused::Unavailable
}
