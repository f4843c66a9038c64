//! What is typed and not saved outlasts the page: its session may end elsewhere, and whoever signs in
//! again goes on where they were. The tab keeps it, and nobody else. No parameter is a secret.

use leptos::{prelude::*, web_sys::Storage};
use terms::saving::Typed;

use super::state::State;

const KEY: &str = "sojourn-unsaved-parameters";

/// Brings back what was typed once the page is there, and keeps what is typed from then on.
pub(super) fn keep_typed(state: State) {
    let is_back = RwSignal::new(false);
    Effect::new(move |_| {
        let is_read = state.page.with(|page| !page.values.is_empty());
        if is_read && !is_back.get_untracked() {
            // Not while the page that the server wrote is taken over.
            request_animation_frame(move || {
                if is_back.try_get_untracked() == Some(false) {
                    if let Some((typed, seen)) = read(&viewer(state)) {
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
            if is_unsaved { write(&viewer(state), &typed) } else { forget() }
        }
    });
}

/// Forgets it: somebody leaves the page and wants it lost.
pub(super) fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The kept values, if the administrator who is signed in typed them.
fn read(who: &str) -> Option<(Typed, Typed)> {
    let text = storage()?.get_item(KEY).ok()??;
    let (viewer, typed, seen): (String, _, _) = serde_json::from_str(&text).ok()?;
    (viewer == who).then_some((typed, seen))
}

fn write(who: &str, (typed, seen): &(Typed, Typed)) {
    let text = serde_json::to_string(&(who, typed, seen));
    if let (Some(storage), Ok(text)) = (storage(), text) {
        let _ = storage.set_item(KEY, &text);
    }
}

/// The name of the administrator to whom the server sent the values. The page's head may say it later.
fn viewer(state: State) -> String {
    state.page.with_untracked(|page| page.viewer.clone())
}
