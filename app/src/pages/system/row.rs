//! One parameter.

use leptos::{html, prelude::*};
use terms::{Definition, Kind, MultipleLoginBehavior};

use super::{
    help::{help, takes},
    state::State,
};
use crate::{
    api::{Conflict, LastChange, SaveOutcome},
    components::Moment,
    text::{t, t_string, use_i18n},
};

/// Label with help, field, suggested value.
#[component]
pub(super) fn Row(line: &'static Definition, state: State, impact: ViewFn) -> impl IntoView {
    let i18n = use_i18n();
    let parameter = line.parameter;
    let id = format!("p{}", parameter as usize);
    let typed =
        move || state.typed.with(|typed| typed.get(&parameter).cloned().unwrap_or_default());
    let changed = move || typed() != state.seen_value(parameter);
    let follows = move || state.changes().contains_key(&parameter) && !changed();
    let differs = state.seen_value(parameter) != line.default;
    let last = state.page.with_value(|page| page.last.get(&parameter).cloned());
    let wrong = move || line.check(&typed()).is_err();
    let conflict = move || match state.outcome.get() {
        Some(SaveOutcome::Conflict(conflicts)) => {
            conflicts.into_iter().find(|one| one.parameter == parameter)
        }
        _ => None,
    };
    let hint = format!("{id}-hint");
    let label = id.clone();
    view! {
        <tr class:changed=move || changed() || follows()>
            <td class="name">
                <details>
                    <summary>
                        <span>{line.name}</span>
                        {line.required.then(|| view! { <span class="req">" *"</span> })}
                    </summary>
                    <p class="help">{move || help(parameter)}</p>
                </details>
                {differs
                    .then(|| {
                        view! {
                            <span class="hint modified">
                                {move || t_string!(i18n, parameters.default_is, value = shown(line.default))}
                            </span>
                        }
                    })}
                {last.map(|last| view! { <Last last/> })}
            </td>
            <td class="value">
                <label class="unseen" for=label>
                    {line.name}
                </label>
                <input
                    type="hidden"
                    name=format!("seen[{}]", line.name)
                    value=state.seen_value(parameter)
                />
                <Field line state id=id.clone() hint=hint.clone()/>
                <span class="hint" id=hint class:bad=wrong>
                    {move || takes(line.kind)}
                </span>
                {move || {
                    follows()
                        .then(|| {
                            view! { <span class="hint warn">{t!(i18n, parameters.enforce_follows)}</span> }
                        })
                }}
                {move || conflict().map(|conflict| view! { <Theirs conflict/> })}
                {impact.run()}
            </td>
            <td class="suggested">{line.suggested.map_or("", |suggested| suggested)}</td>
        </tr>
    }
    .into_any()
}

fn shown(value: &str) -> String {
    if value.is_empty() { "—".to_owned() } else { value.to_owned() }
}

/// "kim, 14 Nov 09:12"
#[component]
fn Last(last: LastChange) -> impl IntoView {
    let i18n = use_i18n();
    let name = last.by.name.clone();
    view! {
        <span class="hint">
            {move || t_string!(i18n, parameters.set_by, name = name.clone())} " "
            <Moment ms=last.at_ms/>
        </span>
    }
}

/// The other's value, when two saved at once.
#[component]
fn Theirs(conflict: Conflict) -> impl IntoView {
    let i18n = use_i18n();
    let Conflict { current, last, .. } = conflict;
    let who = last.map_or_else(String::new, |last| last.by.name);
    view! {
        <span class="hint bad" role="alert">
            {move || {
                t_string!(
                    i18n,
                    parameters.conflict,
                    value = shown(&current),
                    name = who.clone(),
                )
            }}
        </span>
    }
}

#[component]
fn Field(line: &'static Definition, state: State, id: String, hint: String) -> impl IntoView {
    let parameter = line.parameter;
    let name = format!("value[{}]", line.name);
    let typed =
        move || state.typed.with(|typed| typed.get(&parameter).cloned().unwrap_or_default());
    let may_change = state.page.with_value(|page| page.may_change);
    let initial =
        state.typed.with_untracked(|typed| typed.get(&parameter).cloned().unwrap_or_default());
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
        return html::input()
            .id(id)
            .r#type("text")
            .name(name)
            .value(initial)
            .prop("value", typed)
            .class(("wide", wide))
            .disabled(!may_change)
            .autocomplete("off")
            .attr("aria-describedby", hint)
            .attr("aria-invalid", wrong)
            .on(leptos::ev::input, move |event| state.set(parameter, event_target_value(&event)))
            .into_any();
    }
    let option = move |value: &'static str| {
        view! {
            <option value=value selected=initial == value>
                {value}
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
        >
            {options.iter().copied().map(option).collect_view()}
        </select>
    }
    .into_any()
}
