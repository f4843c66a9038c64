//! The values of a form that came back without JavaScript and is not done.

use leptos::prelude::*;

use crate::api::SettingsPage as Settings;

/// The values, until the settings are read anew.
pub(super) fn until_read_anew<T: Send + Sync + 'static>(
    shown: RwSignal<Settings>,
    typed: Option<T>,
) -> RwSignal<Option<T>> {
    let typed = RwSignal::new(typed);
    Effect::new(move |before: Option<()>| {
        shown.track();
        if before.is_some() {
            typed.set(None);
        }
    });
    typed
}
