//! A form on the display.

use leptos::prelude::*;

use super::{
    multi_tap::{FieldKind, MultiTap},
    state::Phone,
};
use crate::api::PhoneField;

/// The most characters in a field.
const MOST_CHARACTERS: &str = "128";

/// The fields of a form.
/// The fields have no names, so that the browser does not store typed values.
#[component]
pub(super) fn Form(phone: Phone, fields: Vec<PhoneField>) -> impl IntoView {
    let one = move |(index, field): (usize, PhoneField)| view! { <Field phone index field/> };
    view! { <div class="body form">{fields.into_iter().enumerate().map(one).collect_view()}</div> }
}

#[component]
fn Field(phone: Phone, index: usize, field: PhoneField) -> impl IntoView {
    let kind = FieldKind::read(&field.flags);
    let current = move || (phone.current.get() == index).then_some("true");
    let value = move || phone.typed.with(|typed| typed.get(index).cloned().unwrap_or_default());
    let type_in = move |event| {
        let value = event_target_value(&event);
        phone.taps.update_value(MultiTap::commit);
        phone.typed.update(|typed| {
            if let Some(typed) = typed.get_mut(index) {
                *typed = value;
            }
        });
    };
    view! {
        <label aria-current=current>
            <span>{field.label}</span>
            <input
                type=if kind.is_secret { "password" } else { "text" }
                inputmode=if kind.is_numeric() { "numeric" } else { "text" }
                // Keeps the browser from offering to store a PIN as a password.
                autocomplete=if kind.is_secret { "one-time-code" } else { "off" }
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="go"
                maxlength=MOST_CHARACTERS
                data-field=index
                prop:value=value
                on:input=type_in
                on:focus=move |_| phone.go_to(index)
            />
        </label>
    }
}
