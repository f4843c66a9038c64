//! Where the focus goes when an answer has come.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Document, Element, HtmlElement},
};

/// Moves the focus to the element with this id once it stands there; that brings it into view.
pub fn focus(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || take_focus(document().get_element_by_id(&id)));
}

/// Moves the focus there if it was lost: what had it is gone with what it was in.
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
