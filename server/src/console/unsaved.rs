//! Values that were typed on the parameter page without JavaScript, and not saved.
//! The session had ended. A cookie keeps the values until the administrator has signed in and is back
//! on the page. No parameter is a secret.

use serde::{Deserialize, Serialize};
use terms::saving::Typed;

use super::cookie::JsonCookie;

/// The cookie of [`Unsaved`] values, which lasts long enough to sign in.
pub(super) const UNSAVED: JsonCookie = JsonCookie { name: "unsaved", seconds: 600 };

/// Values by parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unsaved {
    /// The administrator who typed the values: no other administrator gets them.
    pub(super) by: String,
    /// The typed values that differ from those that were seen.
    pub(super) typed: Typed,
    /// The values that were seen of the same parameters.
    pub(super) seen: Typed,
    /// The typed note.
    #[serde(default)]
    pub(super) note: String,
}
