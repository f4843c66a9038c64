//! Ending a login.

use terms::EndCause;

use crate::{
    Actor, EndedLogin, EventKind, OpenLogin, StoreError, UtcMillis, transaction::Transaction,
};

/// How a login ends.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// Why.
    pub cause: EndCause,
    /// Who ends it.
    pub by: &'a Actor,
    /// What was given as the reason; empty where none was.
    pub reason: &'a str,
}

impl<'a> Ending<'a> {
    /// An end without a given reason.
    #[must_use]
    pub const fn of(cause: EndCause, by: &'a Actor) -> Self {
        Self { cause, by, reason: "" }
    }
}

/// Ends an open login; not before it began, whatever the clock says by now.
///
/// # Errors
/// When the store can't.
pub async fn end(
    tx: &mut dyn Transaction,
    open: OpenLogin,
    ending: Ending<'_>,
    now: UtcMillis,
) -> Result<EndedLogin, StoreError> {
    let Ending { cause, by, reason } = ending;
    // The system ends an expired login, also when a request finds it first.
    let by = if cause == EndCause::Expired { &Actor::SYSTEM } else { by };
    let at = now.max(open.from);
    let ended = open.ended(cause, by.clone(), reason.to_owned(), at);
    tx.end(&ended).await?;
    if ended.phone.cluster.is_empty() {
        tx.set_last_user(&ended.phone.name, &ended.user).await?;
    }
    tx.event(at, EventKind::LoggedOut(ended.clone())).await?;
    Ok(ended)
}
