//! Ending a login.

use terms::{EndCause, LoginType};

use crate::{
    Actor, EndedLogin, EventKind, Farewell, Intent, OpenLogin, StoreError, UtcMillis,
    transaction::{Stay, Transaction},
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
    /// Whether the other cluster of a stay knows that it ends.
    pub is_told: bool,
}

impl<'a> Ending<'a> {
    /// An end without a given reason.
    #[must_use]
    pub const fn of(cause: EndCause, by: &'a Actor) -> Self {
        Self { cause, by, reason: "", is_told: false }
    }

    /// An end of which the other cluster of the stay has told this one.
    #[must_use]
    pub const fn told(cause: EndCause, by: &'a Actor) -> Self {
        Self { is_told: true, ..Self::of(cause, by) }
    }
}

/// Ends an open login; not before it began, whatever the clock says by now. The other cluster of a stay is
/// told, unless it knows.
///
/// # Errors
/// When the store can't.
pub async fn end(
    tx: &mut dyn Transaction,
    open: OpenLogin,
    ending: Ending<'_>,
    now: UtcMillis,
) -> Result<EndedLogin, StoreError> {
    let Ending { cause, by, reason, is_told } = ending;
    // The system ends an expired login, also when a request finds it first.
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
            // The question of the visiting cluster may come once more.
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

/// Gives up an intent whose answer is lost, and tells home that the stay must not begin.
pub(super) async fn give_up(
    tx: &mut dyn Transaction,
    intent: &Intent,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let Intent { id, phone, user, .. } = intent;
    tx.drop_intent(*id).await?;
    tx.post(&Farewell::of_intent(*id, phone, &user.cluster), now).await
}
