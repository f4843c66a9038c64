//! The choice to end logins that a change would not allow.

use leptos::prelude::*;

/// The ticks beside logins to end now.
/// The ticks stay while values without an impact are typed.
#[derive(Clone, Copy)]
pub(super) struct Ticks {
    /// Logins that the new behavior would not allow.
    pub(super) extra: RwSignal<bool>,
    /// Logins that are past the new limit.
    pub(super) past: RwSignal<bool>,
}

impl Ticks {
    /// No ticks.
    pub(super) fn new() -> Self {
        Self { extra: RwSignal::new(false), past: RwSignal::new(false) }
    }

    /// Clears all ticks.
    pub(super) fn clear(self) {
        self.extra.set(false);
        self.past.set(false);
    }
}
