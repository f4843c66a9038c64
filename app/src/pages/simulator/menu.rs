//! A menu on the display.

use leptos::prelude::*;

use super::state::Phone;
use crate::api::PhoneKey;

/// The items, with their numbers.
#[component]
pub(super) fn Menu(phone: Phone, items: Vec<PhoneKey>) -> impl IntoView {
    let one = move |(index, item): (usize, PhoneKey)| {
        let current = move || (phone.current.get() == index).then_some("true");
        let follow = move |_| {
            if !phone.waits.get_untracked() {
                phone.follow_item(index);
            }
        };
        view! {
            <li>
                <button type="button" aria-current=current on:click=follow>
                    <b>{index + 1}</b>
                    " "
                    <span>{item.label}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="body">
            <ol class="items">{items.into_iter().enumerate().map(one).collect_view()}</ol>
        </div>
    }
}
