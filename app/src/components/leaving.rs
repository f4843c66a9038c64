//! Being asked before the history leads away from a page.
//!
//! Whoever listens first hears of a step in the history first, and the router leaves the page as
//! soon as it has heard. So this listens before there is a router, for the page that wants to know.

use std::sync::Arc;

use leptos::prelude::*;

/// Says whether a page may be left.
type MayLeave = Arc<dyn Fn() -> bool + Send + Sync>;

/// What the open page wants to be asked.
#[derive(Clone, Copy)]
pub struct Leaving(StoredValue<Option<(&'static str, MayLeave)>>);

impl Leaving {
    /// Asks `may_leave` before the history leads from `here` to another path, as long as the page
    /// is there that wants it.
    pub fn ask(self, here: &'static str, may_leave: impl Fn() -> bool + Send + Sync + 'static) {
        self.0.set_value(Some((here, Arc::new(may_leave))));
        on_cleanup(move || {
            let _ = self.0.try_set_value(None);
        });
    }
}

/// Begins to listen; to be called before the router is made.
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
            // The address is the other page's already: this one's comes back.
            if let Ok(history) = window().history() {
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(here));
            }
        }
    });
    on_cleanup(move || listening.remove());
}
