//! The computer's keyboard, for the phone that has the focus.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event},
};

use super::{action::Action, state::Phone};
use crate::api::PhoneBody;

impl Phone {
    /// Handles a key of the keyboard.
    /// The page gets the keys that have no meaning for the phone.
    pub fn press_on_keyboard(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
            return;
        }
        let key = event.key();
        let at_field = is_at(event, "input");
        let (is_form, is_menu) = self.screen.with_untracked(|screen| {
            let body = screen.as_ref().map(|screen| &screen.body);
            let is_form = matches!(body, Some(PhoneBody::Form { .. }));
            (is_form, matches!(body, Some(PhoneBody::Menu(_))))
        });
        match key.as_str() {
            "ArrowUp" => self.move_by(-1),
            "ArrowDown" => self.move_by(1),
            "Escape" => self.carry_out(Action::Leave),
            // On a button, Enter presses the button.
            "Enter" if at_field => self.carry_out(Action::Submit),
            "Enter" if is_menu && !is_at(event, "button") => self.press_select(),
            "Backspace" if is_form && !at_field => self.carry_out(Action::Delete),
            _ if at_field => return,
            // Typed characters go into the field, even if the focus was elsewhere on the phone.
            typed if is_form && typed != " " && typed.chars().count() == 1 => {
                self.focus_field();
                return event.stop_propagation();
            }
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "*" | "#" => {
                let digit = key.chars().next().unwrap_or_default();
                self.press_digit(digit, event.time_stamp());
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Keeps the focus in the field when a key of the phone is pressed.
    pub fn keep_field(self, event: &MouseEvent) {
        let at_field = document().active_element().is_some_and(|element| {
            let root = self.root.get_untracked();
            element.tag_name() == "INPUT" && root.is_some_and(|root| root.contains(Some(&element)))
        });
        if at_field && is_at(event, "button") {
            event.prevent_default();
        }
    }
}

/// Whether an event's target matches a selector, or is inside an element that matches.
fn is_at(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
}
