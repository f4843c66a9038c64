//! The answer to a form without JavaScript, in a cookie until the next page shows it.
//! Requests from a page that shows another administrator are answered likewise.
//!
//! Answers to a signed-in administrator are kept in the session.
//! A [`Flash`] is not: either nobody is signed in yet, and strangers must not fill the database, or the
//! session could not be read.

use app::api::{Refused, SignInProblem};
use serde::{Deserialize, Serialize};

use super::cookie::JsonCookie;

/// The cookie of a [`Flash`].
pub(super) const FLASH: JsonCookie = JsonCookie { name: "answer", seconds: 60 };

/// An answer.
/// The page has the text of each variant, so that a forged cookie can show no other text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Flash {
    /// A sign-in failed.
    SignIn {
        /// The problem.
        problem: SignInProblem,
        /// The name that was typed: the only text here that does not come from the page.
        name: String,
    },
    /// A server function was refused.
    Refused(Refused),
    /// The page showed another administrator than the one who is signed in now.
    SignedInSince,
}
