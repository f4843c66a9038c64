//! The connection state of a live page.

use leptos::prelude::*;

use crate::{
    components::SignInAgain,
    live::Connection,
    text::{t, use_i18n},
};

/// The connection state; a signed-out viewer goes to the sign-in page.
#[component]
pub(super) fn ConnectionState(connection: RwSignal<Connection>) -> impl IntoView {
    let signed_out = move || connection.get() == Connection::SignedOut;
    view! {
        {move || signed_out().then(|| view! { <SignInAgain/> })}
        <ConnectionMark connection/>
    }
}

/// A dot and a word. The page stays when the session ends: for pages with typed values.
#[component]
pub fn ConnectionMark(connection: RwSignal<Connection>) -> impl IntoView {
    let i18n = use_i18n();
    let (class, text) = (
        move || match connection.get() {
            Connection::Live => "dot",
            Connection::Lost
            | Connection::Blocked
            | Connection::SignedOut
            | Connection::Outdated => "dot lost",
            Connection::Still | Connection::Connecting | Connection::Behind => "dot waiting",
        },
        move || match connection.get() {
            Connection::Still => t!(i18n, live.still),
            Connection::Connecting | Connection::Behind => t!(i18n, live.connecting),
            Connection::Live => t!(i18n, live.live),
            Connection::Lost => t!(i18n, live.lost),
            Connection::Blocked => t!(i18n, live.blocked),
            Connection::SignedOut => t!(i18n, live.signed_out),
            Connection::Outdated => t!(i18n, live.outdated),
        },
    );
    view! {
        <span class="connection" role="status">
            <span class=class></span>
            {text}
        </span>
    }
}
