//! Typed and unsaved values outlast the page, in the tab's session storage.
//!
//! When the session ends elsewhere, an administrator who signs in again continues with the typed values. Only
//! the tab keeps the values. No parameter is a secret.

use std::collections::BTreeMap;

use leptos::{prelude::*, web_sys::Storage};
use terms::{Parameter, saving::Typed};

use super::state::State;

/// The start of the storage key; the name of the administrator who typed follows, so that each keeps own
/// values.
const KEY: &str = "sojourn-unsaved-parameters";

/// Restores the typed values once the page is loaded, and keeps the typed values from then on.
pub(super) fn keep_typed(state: State) {
    let is_back = RwSignal::new(false);
    Effect::new(move |_| {
        let is_read = state.page.with(|page| !page.values.is_empty());
        if is_read && !is_back.get_untracked() {
            // The values must not change during hydration.
            request_animation_frame(move || {
                if is_back.try_get_untracked() == Some(false) {
                    if let Some((typed, seen)) = read(state) {
                        state.bring_back(&typed, &seen);
                    }
                    is_back.set(true);
                }
            });
        }
    });
    Effect::new(move |_| {
        let is_unsaved = state.changes.with(|changes| !changes.is_empty());
        let typed = (state.typed.get(), state.seen.get());
        if is_back.get() {
            if is_unsaved { write(state, &typed) } else { forget(state) }
        }
    });
}

/// Removes the kept values, when the administrator leaves the page and discards the values.
pub(super) fn forget(state: State) {
    if let (Some(storage), Some(key)) = (storage(), key(state)) {
        let _ = storage.remove_item(&key);
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The kept values.
fn read(state: State) -> Option<(Typed, Typed)> {
    let text = storage()?.get_item(&key(state)?).ok()??;
    let [typed, seen] = serde_json::from_str::<[BTreeMap<String, String>; 2]>(&text).ok()?;
    let values = |named: BTreeMap<String, String>| {
        let value = |(name, value): (String, String)| Some((Parameter::from_name(&name)?, value));
        named.into_iter().filter_map(value).collect()
    };
    Some((values(typed), values(seen)))
}

/// Keeps values under their parameters' names, like the form's fields.
/// A page that runs without the program reads the values too.
fn write(state: State, (typed, seen): &(Typed, Typed)) {
    let named = |values: &Typed| -> BTreeMap<&str, String> {
        values.iter().map(|(parameter, value)| (parameter.name(), value.clone())).collect()
    };
    let text = serde_json::to_string(&[named(typed), named(seen)]);
    if let (Some(storage), Some(key), Ok(text)) = (storage(), key(state), text) {
        let _ = storage.set_item(&key, &text);
    }
}

/// The key for the administrator to whom the server sent the values.
/// The page's head may later show another administrator.
fn key(state: State) -> Option<String> {
    state.page.try_with_untracked(|page| format!("{KEY}-{}", page.viewer))
}
