//! The actions of a phone's keys.

use leptos::prelude::*;

use super::{
    action::Action,
    multi_tap::{FieldKind, MultiTap},
    state::Phone,
};
use crate::api::{PhoneBody, PhoneField, Press};

impl Phone {
    /// The services key: opens the services of the phone's configuration.
    pub fn open_services(self) {
        self.open(String::new());
    }

    /// The select key, in the middle of the arrow keys.
    pub fn press_select(self) {
        if self.waits.get_untracked() {
            return;
        }
        let fields = self.with_fields(<[_]>::len);
        match fields {
            None => self.follow_item(self.current.get_untracked()),
            Some(count) if self.current.get_untracked() + 1 >= count => self.submit(),
            Some(_) => self.move_by(1),
        }
    }

    /// An arrow key: moves to another field or item, or scrolls a text.
    pub fn move_by(self, by: isize) {
        if self.waits.get_untracked() {
            return;
        }
        let count =
            self.screen.with_untracked(|screen| match screen.as_ref().map(|one| &one.body) {
                Some(PhoneBody::Form { fields, .. }) => fields.len(),
                Some(PhoneBody::Menu(items)) => items.len(),
                _ => 0,
            });
        if count == 0 {
            return self.scroll_by(by);
        }
        let to = self.current.get_untracked().saturating_add_signed(by).min(count - 1);
        self.go_to(to);
    }

    /// A number key, at a time in milliseconds.
    pub fn press_digit(self, key: char, at_ms: f64) {
        if self.waits.get_untracked() {
            return;
        }
        let current = self.current.get_untracked();
        let kind = self.with_fields(|fields| Some(FieldKind::read(&fields.get(current)?.flags)));
        match kind {
            Some(Some(kind)) => {
                let mut taps = self.taps.get_value();
                self.typed.update(|typed| {
                    if let Some(text) = typed.get_mut(current) {
                        taps.press(text, kind, key, at_ms);
                    }
                });
                self.taps.set_value(taps);
            }
            Some(None) => {}
            None => {
                let number = key.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                if let Some(index) = number.and_then(|number| number.checked_sub(1)) {
                    self.follow_item(index);
                }
            }
        }
    }

    /// Deletes the last character.
    pub fn delete(self) {
        self.taps.update_value(MultiTap::commit);
        let current = self.current.get_untracked();
        self.typed.update(|typed| {
            typed.get_mut(current).and_then(String::pop);
        });
    }

    /// Follows an item of the menu.
    pub fn follow_item(self, index: usize) {
        let url = self.screen.with_untracked(|screen| match screen.as_ref().map(|one| &one.body) {
            Some(PhoneBody::Menu(items)) => items.get(index).map(|item| item.url.clone()),
            _ => None,
        });
        let Some(url) = url else { return };
        self.go_to(index);
        match Action::read(&url) {
            // The item would follow itself.
            Action::Select => {}
            action => self.carry_out(action),
        }
    }

    /// Sends the form.
    pub fn submit(self) {
        let typed = self.typed.get_untracked();
        let sent =
            self.screen.with_untracked(|screen| match screen.as_ref().map(|one| &one.body) {
                Some(PhoneBody::Form { url, is_posted, fields }) => Some(Press {
                    phone: self.name(),
                    url: url.clone(),
                    fields: fields.iter().map(|field| field.name.clone()).zip(typed).collect(),
                    is_posted: *is_posted,
                }),
                _ => None,
            });
        if let Some(press) = sent {
            self.ask(press);
        }
    }

    /// Makes a field or an item the current one.
    pub fn go_to(self, index: usize) {
        if self.current.get_untracked() == index {
            return;
        }
        self.taps.update_value(MultiTap::commit);
        self.current.set(index);
        // The focus moves at once, so that the next typed character goes into the new field.
        self.take_keyboard_along();
        request_animation_frame(move || self.show_current());
    }

    /// The result of `read` for the fields of the form; `None` without a form.
    fn with_fields<T>(self, read: impl FnOnce(&[PhoneField]) -> T) -> Option<T> {
        self.screen.with_untracked(|screen| match screen.as_ref().map(|one| &one.body) {
            Some(PhoneBody::Form { fields, .. }) => Some(read(fields)),
            _ => None,
        })
    }
}
