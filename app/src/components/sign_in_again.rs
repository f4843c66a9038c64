//! The reload that leads to the sign-in page, and back to the present page.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Whether the page is being left because its session has ended.
static LEAVES: AtomicBool = AtomicBool::new(false);

/// Loads the page anew: the server redirects to the sign-in page, and from there back to the present page.
/// The script keeps typed values, without passwords, for the same administrator; nothing else of the page's content
/// stays in the browser.
#[component]
pub fn SignInAgain() -> impl IntoView {
    // At once: the fields may leave the page before the effect runs.
    #[cfg(not(feature = "ssr"))]
    crate::start::keeps_what_is_typed();
    Effect::new(move |_| {
        LEAVES.store(true, Ordering::Relaxed);
        let _ = window().location().reload();
    });
    cfg!(feature = "ssr").then(|| view! { <Redirect path="/sign-in"/> })
}

/// Whether the page is being left for the sign-in page.
/// The typed values are kept, so the page asks no question.
#[must_use]
pub fn is_leaving_to_sign_in() -> bool {
    LEAVES.load(Ordering::Relaxed)
}
