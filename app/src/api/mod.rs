//! What the console asks of the server: view types, the port that the server implements, and the
//! server functions, which do nothing but call it.

mod logins;
mod session;

use std::fmt;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

pub use logins::{
    ActiveLogins, Change, FromTab, LoginQuery, LoginRow, PAGE_ROWS, SortBy, ToTab,
    read_active_logins,
};
pub use session::{SignIn, SignInProblem, SignOut, Viewer, take_sign_in_problem, who_am_i};

/// The server's side of the console, made for one request: it knows who asks.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Console: Send + Sync {
    /// Who is signed in.
    async fn viewer(&self) -> Result<Viewer, Refused>;

    /// Signs in. A form without JavaScript finds the problem with [`Console::sign_in_problem`].
    async fn sign_in(&self, name: String, password: String) -> Result<(), SignInProblem>;

    /// What was wrong with the form that this page answers; says it once.
    async fn sign_in_problem(&self) -> Option<SignInProblem>;

    /// Ends the session.
    async fn sign_out(&self) -> Result<(), Refused>;

    /// One page of the open logins.
    async fn active_logins(&self, query: LoginQuery) -> Result<ActiveLogins, Refused>;
}

/// The console of the request that is being answered.
#[cfg(feature = "ssr")]
fn console() -> std::sync::Arc<dyn Console> {
    expect_context()
}

/// Why the server did not do what the console asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// The server can't do it now.
    Unavailable,
    /// The request did not arrive or was not understood.
    Transport(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("nobody is signed in"),
            Self::Unavailable => f.write_str("the server can't do this now"),
            Self::Transport(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Refused {}

impl FromServerFnError for Refused {
    type Encoder = server_fn::codec::JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Transport(error.to_string())
    }
}
