//! Lines of the trace about a request before its authentication, and about its answer.

use terms::{ErrorCode, NotUnderstood};
use wire::{
    answer,
    request::{EmRequest, RequestedOperation},
    trace::Shape,
};

use crate::em::{Journal, Origin};

/// The head of every request.
pub(super) fn received(journal: &mut Journal, origin: &Origin) {
    let via = origin.via.as_deref().unwrap_or("null");
    journal.say_unnumbered(Shape::RequestNumber, &[&journal.number()]);
    journal.say(Shape::ViaHeader, &[&via]);
}

/// A request to log in or out.
pub(super) fn login_or_logout(journal: &mut Journal, request: &EmRequest, origin: &Origin) {
    if origin.peer.is_some_and(|peer| peer.is_loopback()) {
        journal.say(Shape::OsHost, &[&origin.address()]);
    }
    journal.say(Shape::LoginLogout, &[]);
    journal.say(Shape::Received, &[]);
    journal.say(Shape::Parsing, &[]);
    journal.say(Shape::Request, &[&request.shown]);
    if let RequestedOperation::Login { user, profile, .. } = &request.operation {
        journal.say(Shape::UserProfile, &[user, &profile.as_deref().unwrap_or("null")]);
    }
    journal.say(Shape::Parsed, &[]);
    if request.origin.remote_address.is_none() {
        journal.say(Shape::RemoteAddress, &[&origin.address()]);
    }
}

/// A query.
pub(super) fn query(journal: &mut Journal, request: &EmRequest) {
    journal.say(Shape::Request, &[&request.shown]);
    journal.say(Shape::Authenticate, &[]);
}

/// The answer to a query.
pub(super) fn queried(journal: &mut Journal, failed: bool, answer: &str) {
    let end = if failed { Shape::QueryFailed } else { Shape::QueryComplete };
    journal.say(end, &[]);
    journal.say(Shape::QueryAnswer, &[&answer]);
}

/// A log-in or log-out that was refused: the error, and the answer.
/// The original's line, too, says that the request succeeded.
pub(super) fn failed(journal: &mut Journal, device: &str, code: ErrorCode, answer: &str) {
    journal.say(Shape::LoginError, &[&device, &code.number(), &code.text()]);
    journal.say(Shape::Answer, &[&answer]);
}

/// A request that was not understood: the trace says why, the answer does not.
pub(super) fn not_understood(journal: &mut Journal, why: &NotUnderstood, answer: &str) {
    let code = ErrorCode::Parsing;
    let text = format!("{}: {why}", code.text());
    journal.say(Shape::Parsing, &[]);
    journal.say(Shape::LoginError, &[&"", &code.number(), &text]);
    journal.say(Shape::Answer, &[&answer]);
}

/// An operation that is done.
pub(super) fn done(journal: &mut Journal) {
    journal.say(Shape::Answer, &[&answer::DONE]);
}
