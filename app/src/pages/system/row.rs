//! The row of a parameter.

use leptos::prelude::*;
use terms::Definition;

use super::{
    field::Field,
    help::{help, takes},
    impact::Impact,
    names::{field_id, shown},
    own_names::own_name,
    state::State,
    theirs::{Theirs, Was},
};
use crate::{
    api::{LastChange, Preview, fingerprint},
    components::Moment,
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
    let last = Memo::new(move |_| state.page.with(|page| page.last.get(&parameter).cloned()));
    let wrong = move || line.check(&state.typed_value(parameter)).is_err();
    let hint = format!("{id}-hint");
    let label = id.clone();
    view! {
        <tr class:changed=changed>
            <td class="name">
                <details>
                    <summary>
                        <span>{own_name(parameter).unwrap_or_else(|| parameter_name(parameter))}</span>
                        {own_name(parameter)
                            .map(|_| {
                                view! {
                                    " "
                                    <small lang="en">{parameter_name(parameter)}</small>
                                }
                            })}
                        {line.required.then(|| view! { <span class="req">" *"</span> })}
                        {(!parameter.is_obeyed())
                            .then(|| {
                                view! {
                                    " "
                                    <small class="mark-off">
                                        {t!(i18n, parameter_rows.not_obeyed)}
                                    </small>
                                }
                            })}
                    </summary>
                    <Help line last/>
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
            </td>
            <td class="value">
                <label class="unseen" for=label>
                    {parameter_name(parameter)}
                </label>
                <div class="entry">
                    <Field line state id=id.clone() hint=hint.clone()/>
                    <span class="hint" id=hint class:bad=wrong>
                        {move || takes(line.kind)}
                    </span>
                    <Was line state/>
                </div>
                {move || last.get().map(|last| view! { <Last last/> })}
                {move || {
                    follows()
                        .then(|| {
                            view! { <span class="hint warn">{t!(i18n, parameters.enforce_follows)}</span> }
                        })
                }}
                <Theirs line state/>
                {move || preview.get().map(|preview| view! { <Means preview state/> })}
            </td>
            <td class="suggested" data-label=t!(i18n, parameters.suggested)>
                {line.suggested.unwrap_or_default()}
            </td>
        </tr>
    }
}

/// What a parameter does, and the whole note of its last change, which the row may cut.
#[component]
fn Help(line: &'static Definition, last: Memo<Option<LastChange>>) -> impl IntoView {
    let i18n = use_i18n();
    let parameter = line.parameter;
    let note = move || last.get().map(|last| last.note).filter(|note| !note.is_empty());
    view! {
        <p class="help">{move || help(parameter)}</p>
        {(!parameter.is_obeyed())
            .then(|| view! { <p class="help">{t!(i18n, parameter_rows.not_obeyed_help)}</p> })}
        {move || {
            note().map(|note| view! { <p class="help">{t!(i18n, parameter_rows.noted, note = note)}</p> })
        }}
    }
    .into_any()
}

/// "kim, 14 Nov 09:12 · Ticket 4711"
#[component]
fn Last(last: LastChange) -> impl IntoView {
    let i18n = use_i18n();
    let LastChange { by, at_ms, note } = last;
    let why = (!note.is_empty()).then(|| format!(" · {note}"));
    view! {
        <span class="hint last">
            <a href="/service-parameters/history">{t!(i18n, parameters.set_by, name = by.name)}</a>
            " "
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
