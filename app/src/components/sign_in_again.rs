//! The way to the sign-in page, and back to the page at which somebody was.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Whether the page is left because its session has ended.
static LEAVES: AtomicBool = AtomicBool::new(false);

/// Loads the page anew: the server leads to the sign-in page, and from there back here. Nothing of
/// what was on the screen stays in the browser.
#[component]
pub fn SignInAgain() -> impl IntoView {
    Effect::new(move |_| {
        LEAVES.store(true, Ordering::Relaxed);
        let _ = window().location().reload();
    });
    cfg!(feature = "ssr").then(|| view! { <Redirect path="/sign-in"/> })
}

/// Whether the page is being left for the sign-in page. What is typed is kept, so nobody is asked.
#[must_use]
pub fn is_leaving_to_sign_in() -> bool {
    LEAVES.load(Ordering::Relaxed)
}
