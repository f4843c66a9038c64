//! The functions that the server calls about stays and remote clusters, one function for each operation.

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

/// At home: logs a user whose PIN was right in at a phone of the cluster `visiting`, or refuses the request. A
/// repeated request gets an answer each time.
///
/// # Errors
/// When the store fails; then the user is not logged in.
pub async fn home_log_in(
    store: &dyn Transactions,
    visiting: String,
    request: HomeLogin,
    authenticated_at: Version,
    now: UtcMillis,
) -> Result<Outcome<Admitted>, StoreError> {
    operations::run(store, HomeLogIn { visiting, request, authenticated_at, now }).await
}

/// At home: ends a stay at the request of the cluster `visiting`, or prevents the stay from beginning.
///
/// # Errors
/// When the store fails; then nothing is done.
pub async fn home_log_out(
    store: &dyn Transactions,
    visiting: String,
    end: StayEnd,
    now: UtcMillis,
) -> Result<Option<EndedLogin>, StoreError> {
    operations::run(store, HomeLogOut { visiting, end, now }).await
}

/// At the visiting cluster: holds a phone of this cluster for a user of another cluster, or refuses the request.
///
/// # Errors
/// When the store fails; then the phone is not held.
pub async fn intend(
    store: &dyn Transactions,
    id: LoginId,
    phone: String,
    user: UserId,
    now: UtcMillis,
) -> Result<Outcome<(Intent, PhoneFacts)>, StoreError> {
    operations::run(store, Intend { id, phone, user, now }).await
}

/// At the visiting cluster: begins the login of an intent, or drops the intent. Returns the login, if the login
/// has begun.
///
/// # Errors
/// When the store fails; then the intent is given up when it expires.
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

/// At the visiting cluster: ends a stay at the request of the cluster `home`.
///
/// # Errors
/// When the store fails; then nothing is done.
pub async fn visiting_log_out(
    store: &dyn Transactions,
    home: String,
    end: StayEnd,
    now: UtcMillis,
) -> Result<Option<EndedLogin>, StoreError> {
    operations::run(store, VisitingLogOut { home, end, now }).await
}

/// Gives up at most `limit` intents that have expired at `due`; returns the number of intents. Right after a
/// start no request waits for an intent.
///
/// # Errors
/// When the store fails; then no intent is given up.
pub async fn give_up_intents(
    store: &dyn Transactions,
    due: UtcMillis,
    now: UtcMillis,
    limit: u32,
) -> Result<u32, StoreError> {
    operations::run(store, GiveUpIntents { due, now, limit }).await
}

/// Returns those of the stays in a request of the cluster `peer` that are not open here.
///
/// # Errors
/// When the store fails.
pub async fn answer_stays(
    store: &dyn Transactions,
    peer: String,
    stays: Stays,
) -> Result<Vec<LoginId>, StoreError> {
    operations::run(store, AnswerStays { peer, stays }).await
}

/// Ends the stays that the cluster `peer` reports as over, and confirms the other stays of the request.
/// Returns the number of ended stays.
///
/// # Errors
/// When the store fails; then no stay has ended.
pub async fn end_stays(
    store: &dyn Transactions,
    peer: String,
    asked: Stays,
    over: Vec<LoginId>,
    now: UtcMillis,
) -> Result<u32, StoreError> {
    operations::run(store, EndStays { peer, asked, over, now }).await
}

/// Removes a farewell from the outbox: the other cluster has acknowledged the farewell.
///
/// # Errors
/// When the store fails; then the farewell is sent once more.
pub async fn acknowledged(store: &dyn Transactions, number: u64) -> Result<(), StoreError> {
    operations::run(store, Acknowledged { number }).await
}

/// Returns the cluster's keys towards other clusters; a cluster without a key gets `if_new`.
///
/// # Errors
/// When the store fails.
pub async fn own_keys(store: &dyn Transactions, if_new: EmccKey) -> Result<EmccKeys, StoreError> {
    operations::run(store, OwnKeys { if_new }).await
}

/// Changes the cluster's keys; `None` when the key to use does not exist.
///
/// # Errors
/// When the store fails; then the keys are unchanged.
pub async fn change_keys(
    store: &dyn Transactions,
    change: KeyChange,
    by: Actor,
    now: UtcMillis,
) -> Result<Option<EmccKeys>, StoreError> {
    operations::run(store, ChangeKeys { change, by, now }).await
}

/// Writes the certificate that a remote cluster has announced or used; returns whether that is the known state now.
///
/// # Errors
/// When the store fails.
pub async fn learn(
    store: &dyn Transactions,
    id: String,
    learnt: Learnt,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    operations::run(store, Learn { id, learnt, now }).await
}

/// Writes an event that no other operation causes: an alarm.
///
/// # Errors
/// When the store fails.
pub async fn note(
    store: &dyn Transactions,
    event: EventKind,
    now: UtcMillis,
) -> Result<(), StoreError> {
    operations::run(store, Note { event, now }).await
}
