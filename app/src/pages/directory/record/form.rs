//! The form: the fields of the record, with the values that the page showed.

use leptos::prelude::*;
use terms::{FieldControl, Named, RecordField, RecordKind};

use super::field::Field;
use crate::{
    api::{EditRecord, RecordOutcome, RecordTexts, RecordView},
    components::ShownToField,
    text::{t, use_i18n},
};

/// The form. `before` is the answer to a form without JavaScript, whose values are in `typed`.
#[component]
pub(super) fn RecordForm(
    kind: RecordKind,
    record: Option<RecordView>,
    before: Option<RecordOutcome>,
    typed: RecordTexts,
    may_change: bool,
    action: ServerAction<EditRecord>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (name, stored) = if let Some(record) = record {
        (record.name, record.values)
    } else {
        let new = kind.fields().iter().map(|field| (*field, field.of_new().to_owned()));
        (String::new(), new.collect())
    };
    let is_new = name.is_empty();
    let keeps_typed = !matches!(
        before,
        None | Some(RecordOutcome::Saved | RecordOutcome::Nothing | RecordOutcome::Added(_))
    );
    let (before, seen) = (StoredValue::new(before), RwSignal::new(stored.clone()));
    let outcome = Memo::new(move |_| match action.value().get() {
        Some(answer) => answer.ok(),
        None => before.get_value(),
    });
    // After a conflict, the second save overwrites: the administrator has then seen the other values.
    Effect::new(move |_| {
        if let Some(Ok(RecordOutcome::Conflict(now))) = action.value().get() {
            seen.update(|seen| seen.extend(now));
        }
    });
    let field = move |field: &RecordField| {
        let field = *field;
        let shown = match typed.get(&field) {
            Some(typed) if keeps_typed => typed.clone(),
            _ => stored.get(&field).cloned().unwrap_or_default(),
        };
        let is_name = kind.fields().first() == Some(&field);
        let is_secret = field.control() == FieldControl::Secret;
        let was = move || seen.with(|seen| seen.get(&field).cloned().unwrap_or_default());
        // The name of a stored record does not change.
        (is_new || !is_name).then(|| {
            view! {
                <Field kind field shown is_new outcome/>
                {(!is_new && !is_secret)
                    .then(|| {
                        let name = format!("seen[{}]", field.name());
                        view! { <input type="hidden" name=name value=was/> }
                    })}
            }
            .into_any()
        })
    };
    let submit = if is_new { t!(i18n, record.add) } else { t!(i18n, record.save) };
    view! {
        <div class="body">
            <ActionForm action attr:class="log-out-form record">
                <ShownToField/>
                <input type="hidden" name="kind" value=kind.name()/>
                <input type="hidden" name="name" value=name/>
                <fieldset disabled=!may_change>{kind.fields().iter().map(field).collect_view()}</fieldset>
                {may_change
                    .then(|| {
                        view! {
                            <p class="actions">
                                <button class="button primary">{submit}</button>
                            </p>
                        }
                    })}
            </ActionForm>
        </div>
    }
}
