//! The row of a parameter.

use leptos::{html, prelude::*};
use terms::{Definition, Kind, MultipleLoginBehavior, saving::Choice};

use super::{
    help::{help, takes},
    impact::Impact,
    state::State,
};
use crate::{
    api::{Conflict, LastChange, Preview, SaveOutcome, fingerprint},
    components::{Moment, focus},
    release::parameter_name,
    text::{t, use_i18n},
};

/// Label with help, field, suggested value; `preview` is the impact of the parameter's change.
#[component]
pub(super) fn Row(
    line: &'static Definition,
    state: State,
    preview: Signal<Option<Preview>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let parameter = line.parameter;
    let id = field_id(line);
    let changed = move || state.changes.with(|changes| changes.contains_key(&parameter));
    let follows = move || changed() && !state.is_edited(parameter);
    let differs = move || {
        state.page.with(|page| page.values.get(&parameter).is_some_and(|now| now != line.default))
    };
    let last = move || state.page.with(|page| page.last.get(&parameter).cloned());
    let wrong = move || line.check(&state.typed_value(parameter)).is_err();
    let conflict = Memo::new(move |_| {
        state.outcome.with(|outcome| match outcome {
            Some(SaveOutcome::Conflict(conflicts)) => {
                conflicts.iter().find(|one| one.parameter == parameter).cloned()
            }
            _ => None,
        })
    });
    let hint = format!("{id}-hint");
    let label = id.clone();
    view! {
        <tr class:changed=changed>
            <td class="name">
                <details>
                    <summary>
                        <span>{parameter_name(parameter)}</span>
                        {line.required.then(|| view! { <span class="req">" *"</span> })}
                    </summary>
                    <p class="help">{move || help(parameter)}</p>
                </details>
                {move || {
                    differs()
                        .then(|| {
                            view! {
                                <span class="hint modified">
                                    {t!(i18n, parameters.default_is, value = shown(line.default))}
                                </span>
                            }
                        })
                }}
                {move || last().map(|last| view! { <Last last/> })}
            </td>
            <td class="value">
                <label class="unseen" for=label>
                    {parameter_name(parameter)}
                </label>
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
                {move || conflict.get().map(|conflict| view! { <Theirs line conflict state/> })}
                {move || preview.get().map(|preview| view! { <Means preview state/> })}
            </td>
            <td class="suggested">{line.suggested.unwrap_or_default()}</td>
        </tr>
    }
}

/// The id of a parameter's field.
pub(super) fn field_id(line: &Definition) -> String {
    format!("p{}", line.parameter as usize)
}

fn shown(value: &str) -> String {
    if value.is_empty() { "—".to_owned() } else { value.to_owned() }
}

/// "kim, 14 Nov 09:12"
#[component]
fn Last(last: LastChange) -> impl IntoView {
    let i18n = use_i18n();
    let LastChange { by, at_ms, note } = last;
    let why = (!note.is_empty()).then(|| format!(" · {note}"));
    view! {
        <span class="hint last" title=note>
            {t!(i18n, parameters.set_by, name = by.name)} " "
            <Moment ms=at_ms/>
            {why}
        </span>
    }
}

/// The impact of the change, with the field that tells the server what was shown.
#[component]
fn Means(preview: Preview, state: State) -> impl IntoView {
    let changes = preview.changes.clone();
    let shown = move || state.seen.with(|seen| fingerprint(&changes, seen));
    view! {
        <input type="hidden" name="shown[changes]" value=shown/>
        <Impact preview ticks=state.ticks/>
    }
}

/// The other administrator's value in a conflict, and the choice between both values.
#[component]
fn Theirs(line: &'static Definition, conflict: Conflict, state: State) -> impl IntoView {
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

#[component]
fn Field(line: &'static Definition, state: State, id: String, hint: String) -> impl IntoView {
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
