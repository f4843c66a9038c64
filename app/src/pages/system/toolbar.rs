//! Save, Set to Default and Advanced, with the note for the changes.

use leptos::prelude::*;
use terms::{Note, saving::Typed};

use super::state::State;
use crate::{
    components::{When, focus_if_lost},
    text::{t, use_i18n},
};

/// The buttons; at the top also the note for the changes and the number of unsaved changes.
#[component]
pub(super) fn Toolbar(state: State, may_change: bool, top: bool) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || state.changes.with(Typed::len);
    view! {
        <div class="toolbar">
            {top
                .then(|| {
                    view! {
                        <When is=move || state.advanced.get()>
                            <input type="hidden" name="page[advanced]" value="1"/>
                        </When>
                    }
                })}
            {may_change
                .then(|| {
                    view! {
                        <button class="button primary" name="intent" value="save">
                            {t!(i18n, parameters.save)}
                        </button>
                        <button class="button" name="intent" value="default">
                            {t!(i18n, parameters.set_to_default)}
                        </button>
                    }
                })}
            <button
                class="button"
                name="intent"
                value="advanced"
                aria-pressed=move || if state.advanced.get() { "true" } else { "false" }
                on:click=move |event| {
                    event.prevent_default();
                    state.advanced.update(|advanced| *advanced = !*advanced);
                }
            >
                {t!(i18n, parameters.advanced)}
            </button>
            {(top && may_change).then(|| view! { <WhyField state/> })}
            <When is=move || { top && count() > 0 }>
                <span class="unsaved">
                    <b>
                        {move || match count() {
                            1 => t!(i18n, parameters.unsaved_one).to_owned(),
                            count => t!(i18n, parameters.unsaved, count = count),
                        }}
                    </b>
                    " · "
                    <button
                        class="link"
                        name="intent"
                        value="discard"
                        on:click=move |event| {
                            event.prevent_default();
                            state.discard();
                            focus_if_lost("status");
                        }
                    >
                        {t!(i18n, parameters.discard)}
                    </button>
                </span>
            </When>
        </div>
    }
}

/// The note: why the changes are made.
#[component]
fn WhyField(state: State) -> impl IntoView {
    let i18n = use_i18n();
    let initial = state.note.get_untracked();
    view! {
        <label class="why">
            {t!(i18n, parameter_rows.note)}
            <input
                type="text"
                id="note"
                name="note"
                value=initial
                prop:value=state.note
                maxlength=Note::MAX_CHARS
                autocomplete="off"
                placeholder=t!(i18n, parameter_rows.note_hint)
                on:input=move |event| state.note.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}
