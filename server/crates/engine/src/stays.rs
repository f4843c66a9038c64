//! The functions that the server calls about stays and the clusters with which they are shared, one for each
//! operation.

use crate::{
    Actor, Admitted, EmccKey, EmccKeys, EndedLogin, EventKind, HomeConfiguration, HomeLogin,
    Intent, Login, LoginId, PhoneFacts, StayEnd, Stays, StoreError, UserId, UtcMillis, Version,
    emcc,
    operations::{
        self, Acknowledged, AnswerStays, ChangeKeys, EndStays, GiveUpIntents, HomeLogIn,
        HomeLogOut, Intend, KeyChange, Learn, Learnt, Note, OwnKeys, Settle, VisitingLogOut,
    },
    ports::Outcome,
    transaction::Transactions,
};

/// At home: logs a user whose PIN was right in at a phone of the cluster `visiting`, or refuses. A question
/// that comes twice is answered twice.
///
/// # Errors
/// When the store can't; the login then did not happen.
pub async fn home_log_in(
    store: &dyn Transactions,
    visiting: String,
    request: HomeLogin,
    authenticated_at: Version,
    now: UtcMillis,
) -> Result<Outcome<Admitted>, StoreError> {
    operations::run(store, HomeLogIn { visiting, request, authenticated_at, now }).await
}

/// At home: ends a stay because the cluster `visiting` says so, or sees to it that it does not begin.
///
/// # Errors
/// When the store can't; then nothing is done.
pub async fn home_log_out(
    store: &dyn Transactions,
    visiting: String,
    end: StayEnd,
    now: UtcMillis,
) -> Result<Option<EndedLogin>, StoreError> {
    operations::run(store, HomeLogOut { visiting, end, now }).await
}

/// At the visiting cluster: holds a phone of this cluster for a user of another, or refuses.
///
/// # Errors
/// When the store can't; then nothing is held.
pub async fn intend(
    store: &dyn Transactions,
    id: LoginId,
    phone: String,
    user: UserId,
    now: UtcMillis,
) -> Result<Outcome<(Intent, PhoneFacts)>, StoreError> {
    operations::run(store, Intend { id, phone, user, now }).await
}

/// At the visiting cluster: begins the login of an intent, or drops the intent. The login, if it has begun.
///
/// # Errors
/// When the store can't; the intent is given up by itself then.
pub async fn settle(
    store: &dyn Transactions,
    intent: Intent,
    outcome: emcc::visiting::Outcome,
    configuration: Option<HomeConfiguration>,
    by: Actor,
    now: UtcMillis,
) -> Result<Option<Login>, StoreError> {
    operations::run(store, Settle { intent, outcome, configuration, by, now }).await
}

/// At the visiting cluster: ends a stay because the cluster `home` says so.
///
/// # Errors
/// When the store can't; then nothing is done.
pub async fn visiting_log_out(
    store: &dyn Transactions,
    home: String,
    end: StayEnd,
    now: UtcMillis,
) -> Result<Option<EndedLogin>, StoreError> {
    operations::run(store, VisitingLogOut { home, end, now }).await
}

/// Gives up intents that hold their phones no longer at `due`, at most `limit`; says how many. Right after a
/// start nobody waits for any of them.
///
/// # Errors
/// When the store can't; then none is given up.
pub async fn give_up_intents(
    store: &dyn Transactions,
    due: UtcMillis,
    now: UtcMillis,
    limit: u32,
) -> Result<u32, StoreError> {
    operations::run(store, GiveUpIntents { due, now, limit }).await
}

/// Which of the stays that the cluster `peer` asks about are not open here.
///
/// # Errors
/// When the store can't.
pub async fn answer_stays(
    store: &dyn Transactions,
    peer: String,
    stays: Stays,
) -> Result<Vec<LoginId>, StoreError> {
    operations::run(store, AnswerStays { peer, stays }).await
}

/// Ends the stays that the cluster `peer` says to be over; the others that it was asked about are confirmed.
/// Says how many ended.
///
/// # Errors
/// When the store can't; then none has ended.
pub async fn end_stays(
    store: &dyn Transactions,
    peer: String,
    asked: Stays,
    over: Vec<LoginId>,
    now: UtcMillis,
) -> Result<u32, StoreError> {
    operations::run(store, EndStays { peer, asked, over, now }).await
}

/// Takes a farewell out of the outbox: the other cluster has acknowledged it.
///
/// # Errors
/// When the store can't; it is sent once more then.
pub async fn acknowledged(store: &dyn Transactions, number: u64) -> Result<(), StoreError> {
    operations::run(store, Acknowledged { number }).await
}

/// The cluster's keys towards others; a cluster without any gets `if_new`.
///
/// # Errors
/// When the store can't.
pub async fn own_keys(store: &dyn Transactions, if_new: EmccKey) -> Result<EmccKeys, StoreError> {
    operations::run(store, OwnKeys { if_new }).await
}

/// Changes the cluster's keys; `None` when there is none that could be used.
///
/// # Errors
/// When the store can't; then they are as before.
pub async fn change_keys(
    store: &dyn Transactions,
    change: KeyChange,
    by: Actor,
    now: UtcMillis,
) -> Result<Option<EmccKeys>, StoreError> {
    operations::run(store, ChangeKeys { change, by, now }).await
}

/// Writes what a remote cluster has shown of its certificates; says whether that is new.
///
/// # Errors
/// When the store can't.
pub async fn learn(
    store: &dyn Transactions,
    id: String,
    learnt: Learnt,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    operations::run(store, Learn { id, learnt, now }).await
}

/// Writes an event that no other operation brings about: an alarm.
///
/// # Errors
/// When the store can't.
pub async fn note(
    store: &dyn Transactions,
    event: EventKind,
    now: UtcMillis,
) -> Result<(), StoreError> {
    operations::run(store, Note { event, now }).await
}
