//! A field of the form, with its hint, and with what is wrong with it.

use leptos::prelude::*;
use terms::{FieldControl, Named, RecordField, RecordKind};

use super::words::{hint_of, label_of, problem_words};
use crate::{
    api::RecordOutcome,
    text::{t, use_i18n},
};

/// The field; `shown` is the text in it.
#[component]
pub(super) fn Field(
    kind: RecordKind,
    field: RecordField,
    shown: String,
    is_new: bool,
    outcome: Memo<Option<RecordOutcome>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = field.name();
    let (name, about) = (format!("values[{id}]"), format!("{id}-about"));
    let label = label_of(kind, field);
    let wrong = move || {
        outcome.with(|outcome| match outcome {
            Some(RecordOutcome::Wrong(wrong, problem)) if *wrong == field => {
                Some(problem_words(problem))
            }
            Some(RecordOutcome::Conflict(now)) => now.get(&field).map(|now| {
                let now = if now.is_empty() { "—".to_owned() } else { now.replace('\n', ", ") };
                t!(i18n, record.now, value = now)
            }),
            _ => None,
        })
    };
    let is_wrong = move || wrong().map(|_| "true");
    let described = about.clone();
    let control = match field.control() {
        FieldControl::Text => view! {
            <label for=id>{label}</label>
            <input
                id=id
                name=name
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                maxlength="256"
                value=shown
                aria-describedby=described
                aria-invalid=is_wrong
            />
        }
        .into_any(),
        FieldControl::Secret => view! {
            <label for=id>{label}</label>
            <input
                id=id
                name=name
                type="password"
                autocomplete="new-password"
                maxlength="256"
                aria-describedby=described
                aria-invalid=is_wrong
            />
        }
        .into_any(),
        FieldControl::Flag => view! {
            <label for=id class="flag">
                <input
                    id=id
                    name=name
                    type="checkbox"
                    value="true"
                    checked=shown == "true"
                    aria-describedby=described
                    aria-invalid=is_wrong
                />
                " "
                {label}
            </label>
        }
        .into_any(),
        FieldControl::List => {
            let rows = (shown.lines().count() + 1).clamp(3, 12).to_string();
            view! {
                <label for=id>{label}</label>
                <textarea
                    id=id
                    name=name
                    rows=rows
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described
                    aria-invalid=is_wrong
                >
                    {shown}
                </textarea>
            }
            .into_any()
        }
    };
    let wrong = move || wrong().map(|text| view! { <b class="wrong">{text}</b> });
    view! {
        <div class="field">
            {control}
            <p class="soft" id=about>
                {hint_of(field, is_new)}
                " "
                {wrong}
            </p>
        </div>
    }
}
