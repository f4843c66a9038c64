//! The choice to end logins that a change would not allow.

use leptos::prelude::*;

/// The ticks beside logins that are to end now. They stay while other values are typed.
#[derive(Clone, Copy)]
pub(super) struct Ticks {
    /// Those that the new behavior would not allow.
    pub(super) extra: RwSignal<bool>,
    /// Those that are past the new limit.
    pub(super) past: RwSignal<bool>,
}

impl Ticks {
    /// Nothing is ticked.
    pub(super) fn new() -> Self {
        Self { extra: RwSignal::new(false), past: RwSignal::new(false) }
    }

    /// Unticks all.
    pub(super) fn clear(self) {
        self.extra.set(false);
        self.past.set(false);
    }
}
