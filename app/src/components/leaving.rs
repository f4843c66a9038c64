//! A question before the history leads away from a page.
//!
//! The browser calls the listeners of a history step in the order of their registration, and the router leaves
//! the page in its listener. So this listener is registered before the router is made.

use std::sync::Arc;

use leptos::prelude::*;

/// Returns whether the page may be left.
type MayLeave = Arc<dyn Fn() -> bool + Send + Sync>;

/// The open page's path and question.
#[derive(Clone, Copy)]
pub struct Leaving(StoredValue<Option<(&'static str, MayLeave)>>);

impl Leaving {
    /// Asks `may_leave` before the history leads from `here` to another path, while the calling page is open.
    pub fn ask(self, here: &'static str, may_leave: impl Fn() -> bool + Send + Sync + 'static) {
        self.0.set_value(Some((here, Arc::new(may_leave))));
        on_cleanup(move || {
            let _ = self.0.try_set_value(None);
        });
    }
}

/// Registers the listener; the call must come before the router is made.
pub fn provide_leaving() {
    let leaving = Leaving(StoredValue::new(None));
    provide_context(leaving);
    #[cfg(feature = "hydrate")]
    listen(leaving);
}

#[cfg(feature = "hydrate")]
fn listen(leaving: Leaving) {
    use leptos::{ev, wasm_bindgen::JsValue};

    let listening = window_event_listener(ev::popstate, move |event: ev::PopStateEvent| {
        let Some((here, may_leave)) = leaving.0.try_get_value().flatten() else { return };
        let there = window().location().pathname().unwrap_or_default();
        if there != here && !may_leave() {
            event.stop_immediate_propagation();
            // The browser has already set the other page's address: restore the address of this page.
            if let Ok(history) = window().history() {
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(here));
            }
        }
    });
    on_cleanup(move || listening.remove());
}
