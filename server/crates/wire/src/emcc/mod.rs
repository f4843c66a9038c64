//! The messages between clusters (EMCC): each a request or an answer, in XML on one line.
//!
//! Traces of the original show its `visitingLogout`, its answer to `checkUser` and a percent-encoded
//! `EMURI`: Sojourn writes the same. All other elements are Sojourn's own and follow the original's elements. A
//! reader skips elements that it does not know.

mod read;
mod write;

#[cfg(test)]
mod tests;

use engine::{NamedUser, PeerRequest, UserNumber};
use terms::ErrorCode;

pub use read::{is_emcc, parse, read_answer};
pub use write::{answer, message, shown};

/// The most lines of a device profile that is taken from a remote cluster.
pub const MAX_LINES: usize = 100;
/// The most speed dials of a device profile that is taken from a remote cluster.
pub const MAX_SPEED_DIALS: usize = 500;
/// The most device profiles that a remote cluster lets a user choose from.
pub const MAX_PROFILES: usize = 100;
/// The longest announced certificate (PEM), in bytes.
pub const MAX_CERTIFICATE_BYTES: usize = 8 * 1024;
/// The longest address that logs a phone out, in characters: the address has the phone's name, percent-encoded.
pub const MAX_URL_CHARS: usize = 4096;

/// The text of a code between clusters: the text of the EM API without the name of the exception.
#[must_use]
pub fn error_text(code: ErrorCode) -> &'static str {
    let text = code.text();
    text.strip_prefix(POLICY_VIOLATION).unwrap_or(text)
}

/// The prefix of the texts of policy refusals.
const POLICY_VIOLATION: &str = "Policy Violation: com.cisco.emservice.PolicyValidatorException: ";

/// The root element of a request.
const REQUEST: &str = "emcc";
/// The root element of an answer.
const ANSWER: &str = "emccResponse";

/// The name of a request's element; the answer is nested in an element of this name too.
const fn element(request: &PeerRequest) -> &'static str {
    match request {
        PeerRequest::CheckUser(_) => "checkUser",
        PeerRequest::CheckPin(_) => "checkPin",
        PeerRequest::HomeLogin(_) => "homeLogin",
        PeerRequest::HomeLogout(_) => "homeLogout",
        PeerRequest::VisitingLogout(_) => "visitingLogout",
        PeerRequest::Stays(_) => "stays",
        PeerRequest::Update(_) => "update",
    }
}

/// The user id or number that was typed at a phone.
fn typed(user: &NamedUser) -> &str {
    match user {
        NamedUser::Id(text)
        | NamedUser::Number(UserNumber::PrimaryExtension(text) | UserNumber::SelfServiceId(text)) => {
            text
        }
    }
}
