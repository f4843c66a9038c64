//! The caller of a request to the console: the administrator whose session it names.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use engine::{Actor, UtcMillis};
use tower_sessions::{Session, session};

use super::Caller;
use crate::{
    admin::running::Admin,
    cluster::Cluster,
    edge::{Client, sampled_error},
};

/// The session key of the administrator's name.
pub(crate) const ADMINISTRATOR: &str = "administrator";
/// The session key of the address from which the administrator signed in.
pub(crate) const ADDRESS: &str = "address";
/// The session key of the time of the sign-in.
pub(crate) const SIGNED_IN_MS: &str = "signed_in_ms";
/// The longest lifetime of a session, in milliseconds; use does not extend it.
const LONGEST_SESSION_MS: u64 = 12 * 60 * 60 * 1000;

/// Why a request has no caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSignedIn {
    /// No administrator is signed in, or the sign-in has ended.
    Nobody,
    /// The session or the administrator can't be read; the caller may still be signed in.
    Unavailable,
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::Nobody => StatusCode::UNAUTHORIZED.into_response(),
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Admin: FromRef<S>,
{
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, NotSignedIn> {
        let session = Session::from_request_parts(parts, state).await;
        let session = session.map_err(|(_, problem)| unavailable(&problem))?;
        let client = parts.extensions.get::<Client>();
        let address = client.map_or_else(String::new, |client| client.address.to_string());
        Self::of_session(&Admin::from_ref(state), &session, &address, parts.uri.path()).await
    }
}

impl Caller {
    /// The administrator whose session this is, if that administrator exists and is enabled.
    ///
    /// # Errors
    /// When no administrator is signed in, or the session or the administrator can't be read.
    pub(crate) async fn of_session(
        admin: &Admin,
        session: &Session,
        address: &str,
        path: &str,
    ) -> Result<Self, NotSignedIn> {
        let Cluster { store, clock, .. } = &**admin.gate.open_to_strangers();
        let name = name_in(session, clock.now()).await.map_err(|error| unavailable(&error))?;
        let name = name.ok_or(NotSignedIn::Nobody)?;
        let found = store.administrator(&name).await.map_err(|error| unavailable(&error))?;
        let found = found.filter(|one| one.enabled).ok_or(NotSignedIn::Nobody)?;
        let actor = Actor::administrator(found.name, address);
        Ok(Self { actor, role: found.role, path: path.to_owned() })
    }
}

/// The name of the administrator whose session this is.
/// `None` when the session is older than [`LONGEST_SESSION_MS`].
async fn name_in(session: &Session, now: UtcMillis) -> Result<Option<String>, session::Error> {
    let since = session.get::<i64>(SIGNED_IN_MS).await?.map(UtcMillis);
    if since.is_none_or(|since| now.millis_since(since) >= LONGEST_SESSION_MS) {
        return Ok(None);
    }
    session.get(ADMINISTRATOR).await
}

fn unavailable(error: &dyn std::fmt::Display) -> NotSignedIn {
    sampled_error!(%error, "it could not be read who is signed in");
    NotSignedIn::Unavailable
}
