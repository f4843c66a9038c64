//! Moves the keyboard focus after an answer.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Document, Element, HtmlElement},
};

/// Moves the focus to the element with the id, which scrolls the element into view.
/// The move waits for the next frame, in which the element is on the page.
pub fn focus(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || take_focus(document().get_element_by_id(&id)));
}

/// Moves the focus to the element with the id if the element that had the focus was removed.
pub fn focus_if_lost(id: &'static str) {
    request_animation_frame(move || {
        let document = document();
        if is_lost(&document) {
            take_focus(document.get_element_by_id(id));
        }
    });
}

fn is_lost(document: &Document) -> bool {
    document.active_element().is_none_or(|element| element.tag_name() == "BODY")
}

fn take_focus(element: Option<Element>) {
    if let Some(Ok(element)) = element.map(JsCast::dyn_into::<HtmlElement>) {
        let _ = element.focus();
    }
}
