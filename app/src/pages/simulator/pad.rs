//! The keys below the display: arrows, back, services, numbers.

use leptos::prelude::*;

use super::{
    action::Action,
    icons::{Arrow, Grid, Return},
    state::Phone,
};
use crate::text::{t, use_i18n};

/// The number keys, with their letters.
const NUMBERS: [(char, &str); 12] = [
    ('1', ""),
    ('2', "ABC"),
    ('3', "DEF"),
    ('4', "GHI"),
    ('5', "JKL"),
    ('6', "MNO"),
    ('7', "PQRS"),
    ('8', "TUV"),
    ('9', "WXYZ"),
    ('*', ""),
    ('0', ""),
    ('#', ""),
];

/// The keys.
#[component]
pub(super) fn Pad(phone: Phone) -> impl IntoView {
    let i18n = use_i18n();
    let number = move |(key, letters): (char, &'static str)| {
        view! {
            <button
                type="button"
                class="key"
                on:click=move |event| phone.press_digit(key, event.time_stamp())
            >
                <b>{key}</b>
                {(!letters.is_empty())
                    .then(|| {
                        view! {
                            " "
                            <small>{letters}</small>
                        }
                    })}
            </button>
        }
    };
    view! {
        <div class="pad">
            <div class="numbers">{NUMBERS.map(number).collect_view()}</div>
            <div class="around">
                <button
                    type="button"
                    class="key"
                    aria-label=t!(i18n, simulator.back)
                    title=t!(i18n, simulator.back)
                    on:click=move |_| phone.carry_out(Action::Leave)
                >
                    <Return/>
                </button>
                <div class="cluster">
                    <button
                        type="button"
                        aria-label=t!(i18n, simulator.up)
                        on:click=move |_| phone.move_by(-1)
                    >
                        <Arrow/>
                    </button>
                    <button
                        type="button"
                        class="select"
                        aria-label=t!(i18n, simulator.select)
                        on:click=move |_| phone.press_select()
                    ></button>
                    <button
                        type="button"
                        aria-label=t!(i18n, simulator.down)
                        on:click=move |_| phone.move_by(1)
                    >
                        <Arrow/>
                    </button>
                </div>
                <button
                    type="button"
                    class="key"
                    aria-label=t!(i18n, simulator.services)
                    title=t!(i18n, simulator.services)
                    on:click=move |_| phone.open_services()
                >
                    <Grid/>
                </button>
            </div>
        </div>
    }
}
