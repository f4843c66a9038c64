//! The field of a parameter.

use leptos::{html, prelude::*};
use terms::{Definition, Kind, MultipleLoginBehavior};

use super::{own_names::value_name, state::State};

/// A text field or a list of values; `hint` is the id of the text about the values.
#[component]
pub(super) fn Field(
    line: &'static Definition,
    state: State,
    id: String,
    hint: String,
) -> impl IntoView {
    let parameter = line.parameter;
    let name = format!("value[{}]", line.name);
    let typed = move || state.typed_value(parameter);
    let may_change = state.page.with_untracked(|page| page.may_change);
    let initial = untrack(typed);
    let options: &[&'static str] = match line.kind {
        Kind::Boolean => &["False", "True"],
        Kind::Behavior => &[
            MultipleLoginBehavior::Allowed.label(),
            MultipleLoginBehavior::NotAllowed.label(),
            MultipleLoginBehavior::AutoLogout.label(),
        ],
        Kind::LoginTime | Kind::Integer { .. } | Kind::TrustedList { .. } => &[],
    };
    if options.is_empty() {
        let wide = matches!(line.kind, Kind::TrustedList { .. });
        let wrong = move || if line.check(&typed()).is_err() { "true" } else { "false" };
        // Read-only, not disabled: a viewer who may not change the value can read and copy it by keyboard.
        return html::input()
            .id(id)
            .r#type("text")
            .name(name)
            .value(initial)
            .prop("value", typed)
            .class(("wide", wide))
            .readonly(!may_change)
            .autocomplete("off")
            .attr("aria-describedby", hint)
            .attr("aria-invalid", wrong)
            .on(leptos::ev::input, move |event| state.set(parameter, event_target_value(&event)))
            .on(leptos::ev::blur, move |_| state.left(parameter))
            .into_any();
    }
    let option = move |value: &'static str| {
        view! {
            <option value=value selected=initial == value>
                {value_name(value)}
            </option>
        }
    };
    view! {
        <select
            id=id
            name=name
            disabled=!may_change
            prop:value=typed
            on:change=move |event| state.set(parameter, event_target_value(&event))
            on:blur=move |_| state.left(parameter)
        >
            {options.iter().copied().map(option).collect_view()}
        </select>
    }
    .into_any()
}
