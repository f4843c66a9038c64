//! The answer to a form without JavaScript, or to a page of somebody else, in a cookie until the next
//! page has said it.
//!
//! Answers to whoever is signed in stand in the session. These don't: nobody is signed in yet, and
//! strangers must not fill the database; or it was the session that could not be read.

use app::api::{Refused, SignInProblem};
use serde::{Deserialize, Serialize};

use super::cookie::JsonCookie;

/// The cookie of a [`Flash`].
pub(super) const FLASH: JsonCookie = JsonCookie { name: "answer", seconds: 60 };

/// An answer. The page has its own words for it, so that a forged cookie can say nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Flash {
    /// Nobody signed in.
    SignIn {
        /// The problem.
        problem: SignInProblem,
        /// The name that was typed: the only words here that are not the page's own.
        name: String,
    },
    /// A server function was refused.
    Refused(Refused),
    /// The page showed another administrator than who is signed in by now.
    SignedInSince,
}
