//! Ending a login.

use terms::{EndCause, LoginType};

use crate::{
    Actor, EndedLogin, EventKind, Farewell, Intent, Login, StoreError, UtcMillis,
    transaction::{Stay, Transaction},
};

/// How a login ends.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// The cause.
    pub cause: EndCause,
    /// The actor who ends the login.
    pub by: &'a Actor,
    /// The reason that the actor gave; empty when the actor gave none.
    pub reason: &'a str,
    /// Whether the other cluster of a stay already knows about the end.
    pub is_told: bool,
}

impl<'a> Ending<'a> {
    /// An end without a given reason.
    #[must_use]
    pub const fn of(cause: EndCause, by: &'a Actor) -> Self {
        Self { cause, by, reason: "", is_told: false }
    }

    /// An end that the other cluster of the stay has reported.
    #[must_use]
    pub const fn told(cause: EndCause, by: &'a Actor) -> Self {
        Self { is_told: true, ..Self::of(cause, by) }
    }
}

/// Ends an open login, and tells the other cluster of a stay unless that cluster already knows.
///
/// The end is never before the start of the login, even when the clock was set back.
///
/// # Errors
/// When the store can't write the end.
pub async fn end(
    tx: &mut dyn Transaction,
    open: Login,
    ending: Ending<'_>,
    now: UtcMillis,
) -> Result<EndedLogin, StoreError> {
    let Ending { cause, by, reason, is_told } = ending;
    // The system is the actor of an expiry, even when a request finds the expired login first.
    let by = if cause == EndCause::Expired { &Actor::SYSTEM } else { by };
    let at = now.max(open.from);
    let farewell = Farewell::of_end(&open, cause).filter(|_| !is_told);
    let ended = open.ended(cause, by.clone(), reason.to_owned(), at);
    tx.end(&ended).await?;
    if ended.phone.cluster.is_empty() {
        tx.set_last_user(&ended.phone.name, &ended.user).await?;
    }
    match ended.login_type {
        LoginType::Elsewhere => {
            // The visiting cluster may repeat its request: the tombstone refuses the repetition.
            tx.bury(&Stay { visiting: ended.phone.cluster.clone(), login: ended.id }, now).await?;
        }
        LoginType::Visiting => tx.forget_visit(ended.id).await?,
        LoginType::Em | LoginType::Other => {}
    }
    if let Some(farewell) = farewell {
        tx.post(&farewell, now).await?;
    }
    tx.event(at, EventKind::LoggedOut(ended.clone())).await?;
    Ok(ended)
}

/// Drops an intent whose answer is lost, and tells the home cluster that the stay must not begin.
pub(super) async fn give_up(
    tx: &mut dyn Transaction,
    intent: &Intent,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Intent { id, phone, user, .. } = intent;
    tx.drop_intent(*id).await?;
    tx.post(&Farewell::of_intent(*id, phone, &user.cluster), now).await
}
