//! One request of the console: its caller, its client's address, and the answer to a form without JavaScript.

use std::sync::Arc;

use app::api::{Refused, SignInProblem};
use axum::http::{HeaderValue, StatusCode, header};
use engine::UtcMillis;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::OnceCell;
use tower_sessions::Session;

use super::{
    flash::Flash,
    imports::Imports,
    relay::{Asked, Relay},
    session_store::{self, Sessions},
    unsaved::Unsaved,
};
use crate::{
    admin::{ADDRESS, ADMINISTRATOR, Admin, AdminError, Caller, NotSignedIn, SIGNED_IN_MS},
    cluster::{PasswordError, Place},
    edge::sampled_error,
};

/// The session key of the time of the last use.
const USED_MS: &str = "used_ms";
/// The precision of the time of the last use, in milliseconds: not every request writes.
const USED_EVERY_MS: u64 = 60_000;

/// One request of the console.
pub(super) struct ConsoleRequest {
    pub(super) admin: Admin,
    /// The caller.
    pub(super) signed_in: Result<Caller, NotSignedIn>,
    pub(super) session: Session,
    /// Whether a browser without JavaScript sent the request.
    pub(super) is_form: bool,
    /// The client's address.
    pub(super) address: String,
    /// Whether the browser sent a session's cookie, valid or not.
    pub(super) had_session: bool,
    /// The path of the page that the address of the sign-in page names.
    pub(super) wanted: String,
    /// The answer to a form without JavaScript that this page shows.
    pub(super) flash: Option<Flash>,
    /// The values that were typed on the parameter page before the session ended.
    pub(super) unsaved: Option<Unsaved>,
    /// The permit of this request, taken once the caller is known.
    pub(super) place: OnceCell<Place>,
    /// The relay to this cluster's phone services.
    pub(super) relay: Relay,
    /// The part of this request that a phone in the browser passes on.
    pub(super) asked: Asked,
    /// The files that administrators import.
    pub(super) imports: Imports,
}

/// Checks in the store that the session is still signed in.
/// `session` itself holds the state at the request that opened it.
pub(crate) async fn still_signed_in(
    admin: &Admin,
    sessions: &Sessions,
    session: &Session,
) -> Result<(), NotSignedIn> {
    let fresh = Session::new(session.id(), Arc::new(sessions.clone()), None);
    Caller::of_session(admin, &fresh, "", "").await.map(drop)
}

impl From<NotSignedIn> for Refused {
    fn from(problem: NotSignedIn) -> Self {
        match problem {
            NotSignedIn::Nobody => Self::SignedOut,
            NotSignedIn::Unavailable => Self::Unavailable,
        }
    }
}

/// The status of an answer that is no page.
pub(crate) fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::SignedOut => StatusCode::UNAUTHORIZED,
        Refused::NotAllowed => StatusCode::FORBIDDEN,
        Refused::NotFound => StatusCode::NOT_FOUND,
        // The request is no valid call of a server function.
        Refused::Transport(_) => StatusCode::BAD_REQUEST,
        Refused::OtherBuild => StatusCode::CONFLICT,
        Refused::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Sets a cookie in the answer to the current request.
pub(super) fn set_cookie(cookie: Option<HeaderValue>) {
    if let Some(response) = use_context::<ResponseOptions>()
        && let Some(cookie) = cookie
    {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// Notes the use of a session, which extends the session.
pub(super) async fn used(now: UtcMillis, session: &Session) {
    let used = session.get::<i64>(USED_MS).await.ok().flatten().map_or(UtcMillis(0), UtcMillis);
    if now.millis_since(used) >= USED_EVERY_MS
        && let Err(error) = session.insert(USED_MS, now.0).await
    {
        sampled_error!(%error, "a session could not be written");
    }
}

impl ConsoleRequest {
    /// The caller.
    /// On the page that answers a refused form without JavaScript, the refusal: such a page shows it in
    /// place of its content.
    pub(super) async fn caller(&self) -> Result<Caller, Refused> {
        if let Some(Flash::Refused(refused)) = &self.flash {
            return Err(refused.clone());
        }
        let caller = self.signed_in.clone()?;
        self.place(caller.name()).await?;
        Ok(caller)
    }

    /// Takes a permit for the duration of this request.
    async fn place(&self, administrator: &str) -> Result<(), Refused> {
        let queries = &self.admin.viewers().queries;
        let place = async || queries.wait(administrator).await.ok_or(Refused::Unavailable);
        self.place.get_or_try_init(place).await.map(drop)
    }

    /// Keeps an answer for the page to which a form without JavaScript is redirected.
    pub(super) async fn answer_form<T: Serialize + Sync>(&self, page: &str, answer: &T) {
        if self.is_form
            && let Err(error) = self.session.insert(page, answer).await
        {
            sampled_error!(%error, "a session could not be written");
        }
    }

    /// The answer to the form that this page shows; it is returned once.
    pub(super) async fn answered<T: DeserializeOwned>(&self, page: &str) -> Option<T> {
        // Removing a key writes the session, even if the key is absent.
        self.session.get_value(page).await.ok().flatten()?;
        self.session.remove(page).await.ok().flatten()
    }

    /// The hash of this session's id.
    pub(super) fn session_hash(&self) -> Option<[u8; 32]> {
        self.session.id().as_ref().map(session_store::hash)
    }

    pub(super) async fn try_sign_in(
        &self,
        name: &str,
        password: &str,
    ) -> Result<(), SignInProblem> {
        match self.admin.sign_in(name, password, &self.address).await {
            Ok(Some(name)) => self.begin_session(&name).await,
            Ok(None) => Err(SignInProblem::Wrong),
            Err(AdminError::Wait(seconds)) => Err(SignInProblem::Wait(seconds)),
            Err(AdminError::Hash(PasswordError::Busy)) => Err(SignInProblem::Busy),
            Err(error) => {
                sampled_error!(%error, "somebody could not sign in");
                Err(SignInProblem::Failed)
            }
        }
    }

    /// Begins a session for an administrator, with a new id.
    /// An id that was known before the sign-in must not become valid.
    pub(super) async fn begin_session(&self, name: &str) -> Result<(), SignInProblem> {
        let begin = async {
            self.session.cycle_id().await?;
            let now = self.admin.now().0;
            self.session.insert(ADMINISTRATOR, name).await?;
            self.session.insert(ADDRESS, &self.address).await?;
            self.session.insert(SIGNED_IN_MS, now).await?;
            self.session.insert(USED_MS, now).await?;
            // Save the session now, so that a failure is reported here.
            self.session.save().await
        };
        begin.await.map_err(|error: tower_sessions::session::Error| {
            sampled_error!(%error, "a session could not be written");
            SignInProblem::Failed
        })
    }
}

/// The console's error for an error of `admin`.
pub(super) fn refused(error: AdminError) -> Refused {
    match error {
        AdminError::NotAllowed(_) => Refused::NotAllowed,
        error => unavailable(&error),
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> Refused {
    sampled_error!(%error, "the console could not be answered");
    Refused::Unavailable
}
