//! The messages between clusters (EMCC): each a request or an answer, in XML on one line.
//!
//! Traces of the original show its `visitingLogout`, its answer to `checkUser` and a percent-encoded
//! `EMURI`: those are the same here. All other elements are ours, and stand behind those of the original. A
//! reader passes over elements that it does not know.

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
/// The longest address that logs a phone out, in characters: a phone's name is percent-encoded in it.
pub const MAX_URL_CHARS: usize = 4096;

/// The text of a code between clusters, which is that of the EM API without the name of its exception.
#[must_use]
pub fn error_text(code: ErrorCode) -> &'static str {
    let text = code.text();
    text.strip_prefix(POLICY_VIOLATION).unwrap_or(text)
}

/// The beginning of the texts of a policy's refusals.
const POLICY_VIOLATION: &str = "Policy Violation: com.cisco.emservice.PolicyValidatorException: ";

/// The root element of a request.
const REQUEST: &str = "emcc";
/// The root element of an answer.
const ANSWER: &str = "emccResponse";

/// The element of a request, in which its answer is nested too.
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

/// What somebody at a phone has typed.
fn typed(user: &NamedUser) -> &str {
    match user {
        NamedUser::Id(text)
        | NamedUser::Number(UserNumber::PrimaryExtension(text) | UserNumber::SelfServiceId(text)) => {
            text
        }
    }
}
