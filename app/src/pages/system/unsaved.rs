//! A question before a page with unsaved values is left.

use leptos::{
    ev,
    prelude::*,
    server_fn::ServerFn,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, EventTarget},
};
use leptos_use_event_listener::{UseEventListenerOptions, use_event_listener_with_options};

use super::{kept::forget, state::State};
use crate::{
    api::SignOut,
    components::{Leaving, Place, is_leaving_to_sign_in},
    text::{t, use_i18n},
};

/// Asks before the tab closes or loads another page, before a link or the history leads away, and before the
/// sign-out.
pub(super) fn keep_unsaved(state: State) {
    let i18n = use_i18n();
    let unsaved =
        move || state.changes.try_with_untracked(|changes| !changes.is_empty()).unwrap_or_default();
    let may_leave = move || {
        let text = untrack(move || t!(i18n, parameters.leave));
        let leaves = !unsaved() || window().confirm_with_message(text).unwrap_or(true);
        if leaves {
            forget(state);
        }
        leaves
    };
    Effect::new(move |_| {
        let asked = StoredValue::new(false);
        listen(window(), ev::beforeunload, move |event: ev::BeforeUnloadEvent| {
            asked.set_value(unsaved() && !is_leaving_to_sign_in());
            if asked.get_value() {
                event.prevent_default();
            }
        });
        // The administrator has left the page despite the browser's question.
        listen(window(), ev::pagehide, move |_| {
            if asked.get_value() {
                forget(state);
            }
        });
        listen(document(), ev::click, move |event: ev::MouseEvent| {
            // With one of these keys the browser opens the link elsewhere, and this page stays.
            let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
            if !elsewhere && link_leaves(&event) && !may_leave() {
                event.prevent_default();
                event.stop_propagation();
            }
        });
        // Other forms load a page, and the browser asks before the load.
        listen(document(), ev::submit, move |event: ev::SubmitEvent| {
            let action = target(&event).and_then(|form| form.get_attribute("action"));
            if action.is_some_and(|action| action == SignOut::url()) && !may_leave() {
                event.prevent_default();
                event.stop_propagation();
            }
        });
    });
    if let Some(leaving) = use_context::<Leaving>() {
        leaving.ask(Place::Parameters.path(), may_leave);
    }
}

/// Listens while the page is open, in the capture phase: before the router and the forms get the event.
fn listen<E>(target: impl Into<EventTarget>, event: E, heard: impl FnMut(E::EventType) + 'static)
where
    E: ev::EventDescriptor + 'static,
{
    let first = UseEventListenerOptions::default().capture(true);
    on_cleanup(use_event_listener_with_options(target.into(), event, heard, first));
}

fn target(event: &Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Whether a click is on a link to another page.
fn link_leaves(event: &Event) -> bool {
    let link = target(event).and_then(|target| target.closest("a[href]").ok().flatten());
    link.and_then(|link| link.get_attribute("href")).is_some_and(|href| {
        let path = href.split(['?', '#']).next().unwrap_or_default();
        !path.is_empty() && path != Place::Parameters.path()
    })
}
