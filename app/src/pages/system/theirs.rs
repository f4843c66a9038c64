//! The saved value beside a changed one: to go back to it, and to choose where somebody else has saved meanwhile.

use leptos::prelude::*;
use terms::{Definition, saving::Choice};

use super::{
    names::{field_id, shown},
    state::State,
};
use crate::{
    api::Conflict,
    components::focus,
    release::parameter_name,
    text::{t, use_i18n},
};

/// The value that the administrator saw before changing it, and a button that takes the change back.
#[component]
pub(super) fn Was(line: &'static Definition, state: State) -> impl IntoView {
    let i18n = use_i18n();
    let parameter = line.parameter;
    let was =
        Memo::new(move |_| state.is_edited(parameter).then(|| shown(&state.seen_value(parameter))));
    let undo = move |_| {
        state.undo(parameter);
        // The pressed button is removed with the change.
        focus(field_id(line));
    };
    move || {
        was.get().map(|value| {
            view! {
                <span class="hint was">
                    {t!(i18n, parameter_rows.was, value = value)} " "
                    <button
                        type="button"
                        class="link needs-script"
                        aria-label=t!(i18n, parameter_rows.undo_of, name = parameter_name(parameter))
                        on:click=undo
                    >
                        {t!(i18n, parameter_rows.undo)}
                    </button>
                </span>
            }
        })
    }
}

/// Another administrator's value in the place of the one that this administrator has changed, and the choice between
/// both values.
#[component]
pub(super) fn Theirs(line: &'static Definition, state: State) -> impl IntoView {
    let parameter = line.parameter;
    let conflict = Memo::new(move |_| state.conflict(parameter));
    let waits = Memo::new(move |_| state.waiting(parameter));
    view! {
        {move || conflict.get().map(|conflict| view! { <Choices line conflict state/> })}
        {move || waits.get().map(|waiting| view! { <Waits waiting/> })}
    }
}

/// Another administrator's value for the field that has the focus: the field takes it when the focus leaves.
#[component]
fn Waits(waiting: Conflict) -> impl IntoView {
    let i18n = use_i18n();
    let somebody = || t!(i18n, parameters.somebody).to_owned();
    let name = waiting.last.map_or_else(somebody, |last| last.by.name);
    view! {
        <span class="hint warn">
            {t!(i18n, parameter_rows.waits, value = shown(&waiting.current), name = name)}
        </span>
    }
}

#[component]
fn Choices(line: &'static Definition, conflict: Conflict, state: State) -> impl IntoView {
    let i18n = use_i18n();
    let theirs = conflict.current.clone();
    let text = {
        let (theirs, last) = (theirs.clone(), conflict.last.clone());
        let somebody = || t!(i18n, parameters.somebody).to_owned();
        let name = last.map_or_else(somebody, |last| last.by.name);
        t!(i18n, parameters.conflict, value = shown(&theirs), name = name)
    };
    let take = t!(i18n, parameters.take_theirs, value = shown(&theirs));
    let keep = move || {
        let mine = state.typed_value(line.parameter);
        t!(i18n, parameters.keep_mine, value = shown(&mine))
    };
    let conflict = StoredValue::new(conflict);
    let settle = move |event: leptos::ev::MouseEvent, choice: Choice| {
        event.prevent_default();
        conflict.with_value(|conflict| state.settle(conflict, choice));
        // The pressed button is removed with the question.
        focus(field_id(line));
    };
    view! {
        <div class="theirs">
            <input type="hidden" name=format!("settle[theirs][{}]", line.name) value=theirs/>
            <span class="hint bad">{text}</span>
            <button
                class="button"
                name="settle[keep]"
                value=line.name
                on:click=move |event| settle(event, Choice::Mine)
            >
                {keep}
            </button>
            <button
                class="button"
                name="settle[take]"
                value=line.name
                on:click=move |event| settle(event, Choice::Theirs)
            >
                {take}
            </button>
        </div>
    }
}
