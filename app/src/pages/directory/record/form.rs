//! The form: the fields of the record, with the values that the page showed.

use leptos::{html, prelude::*};
use terms::{FieldControl, Named, RecordField, RecordKind};

use super::field::Field;
use crate::{
    api::{EditRecord, RecordAnswer, RecordOutcome, RecordTexts, RecordView},
    components::ShownToField,
    text::{t, use_i18n},
};

/// The form. `answer` is the answer to a form without JavaScript.
#[component]
pub(super) fn RecordForm(
    kind: RecordKind,
    record: Option<RecordView>,
    answer: Option<RecordAnswer>,
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
    let (before, typed, was) = match answer {
        Some(RecordAnswer { outcome, typed, seen }) => match outcome {
            RecordOutcome::Saved | RecordOutcome::Nothing | RecordOutcome::Added(_) => {
                (Some(outcome), RecordTexts::default(), RecordTexts::default())
            }
            _ => (Some(outcome), typed, seen),
        },
        None => (None, RecordTexts::default(), RecordTexts::default()),
    };
    let mut seen = stored.clone();
    seen.extend(was);
    let (before, seen) = (StoredValue::new(before), RwSignal::new(seen));
    let outcome = Memo::new(move |_| match action.value().get() {
        Some(answer) => answer.ok(),
        None => before.get_value(),
    });
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        // The page is read anew, and an edited field shows the stored value only after a reset. A PIN is sent once.
        let is_saved =
            matches!(action.value().get(), Some(Ok(RecordOutcome::Saved | RecordOutcome::Nothing)));
        if is_saved && let Some(form) = form.get_untracked() {
            form.reset();
        }
    });
    // After a conflict, the second save overwrites: the administrator has then seen the other values.
    Effect::new(move |_| {
        if let Some(Ok(RecordOutcome::Conflict(now))) = action.value().get() {
            seen.update(|seen| seen.extend(now));
        }
    });
    let field = move |field: &RecordField| {
        let field = *field;
        let shown = typed.get(&field).or_else(|| stored.get(&field)).cloned().unwrap_or_default();
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
            <ActionForm action node_ref=form attr:class="log-out-form record">
                <ShownToField/>
                <input type="hidden" name="kind" value=kind.name()/>
                <input type="hidden" name="name" value=name/>
                <fieldset disabled=!may_change>{kind.fields().iter().map(field).collect_view()}</fieldset>
                {may_change
                    .then(|| {
                        view! {
                            <p class="actions">
                                <button class="button primary" disabled=move || action.pending().get()>
                                    {submit}
                                </button>
                            </p>
                        }
                    })}
            </ActionForm>
        </div>
    }
}
