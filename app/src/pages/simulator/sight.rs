//! The keyboard focus on a phone, and the visible part of the phone's display.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
};

use super::state::{Hands, Phone};
use crate::api::PhoneBody;

/// The scroll distance per key press, in pixels.
const SCROLLS_PX: i32 = 60;

impl Phone {
    /// Whether the focus is on this phone.
    pub fn has_focus(self) -> bool {
        let Some(root) = self.root.try_get_untracked().flatten() else { return false };
        document().active_element().is_some_and(|element| root.contains(Some(&element)))
    }

    /// Keeps the focus on this phone while the phone's screen changes.
    /// The focused field or item is removed, and keys pressed before the next element has focus would be lost.
    pub fn hold_focus(self) {
        let Some(display) = self.display.try_get_untracked().flatten() else { return };
        let is_inside = display.contains(document().active_element().as_deref());
        if is_inside {
            let _ = display.focus();
        }
    }

    /// Moves the focus to the new screen if the focus was on this phone.
    /// The focus stays if another phone or the rest of the page has it.
    pub fn take_focus(self) {
        let Some(Hands { had_focus: true, by_touch }) = self.hands.try_get_value() else { return };
        let is_form = self.screen.try_with_untracked(|screen| {
            let body = screen.as_ref().map(|screen| &screen.body);
            matches!(body, Some(PhoneBody::Form { .. }))
        });
        // After a touch, the focus on a field would open the on-screen keyboard.
        if is_form == Some(true) && !by_touch {
            self.focus_field();
        } else if !self.has_focus()
            && let Some(display) = self.display.try_get_untracked().flatten()
        {
            let _ = display.focus();
        }
    }

    /// Focuses the current field.
    pub fn focus_field(self) {
        let Some(current) = self.current.try_get_untracked() else { return };
        let Some(display) = self.display.try_get_untracked().flatten() else { return };
        let field = display.query_selector(&format!("[data-field=\"{current}\"]"));
        if let Ok(Some(field)) = field
            && let Ok(field) = field.dyn_into::<HtmlElement>()
        {
            let _ = field.focus();
        }
    }

    /// Scrolls a text by a number of steps.
    pub fn scroll_by(self, by: isize) {
        if let Some(body) = self.body() {
            let by = i32::try_from(by).unwrap_or(0) * SCROLLS_PX;
            body.set_scroll_top(body.scroll_top() + by);
        }
    }

    /// Moves the focus to the current field, if another field has the focus.
    /// A focused item gives the focus to the display, where Enter selects the current item.
    pub fn take_keyboard_along(self) {
        let Some(body) = self.body() else { return };
        let Some(element) = document().active_element() else { return };
        match element.tag_name().as_str() {
            _ if !body.contains(Some(&element)) => {}
            "INPUT" => self.focus_field(),
            _ => self.hold_focus(),
        }
    }

    /// Scrolls the current field or item into view.
    pub fn show_current(self) {
        let Some(body) = self.body() else { return };
        let current = body.query_selector("[aria-current=true]");
        let Ok(Some(Ok(current))) = current.map(|one| one.map(JsCast::dyn_into::<HtmlElement>))
        else {
            return;
        };
        let (top, height) = (current.offset_top(), current.offset_height());
        if top < body.scroll_top() {
            body.set_scroll_top(top);
        } else if top + height > body.scroll_top() + body.client_height() {
            body.set_scroll_top(top + height - body.client_height());
        }
    }

    fn body(self) -> Option<Element> {
        let display = self.display.try_get_untracked().flatten()?;
        display.query_selector(".body").ok().flatten()
    }
}
