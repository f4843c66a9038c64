//! The result of the form.

use leptos::prelude::*;
use terms::RecordKind;

use super::words::label_of;
use crate::{
    api::{EditRecord, RecordOutcome},
    components::{Problem, focus},
    text::{t, use_i18n},
};

/// The element id of the result, for the focus.
pub(super) const SAID: &str = "status";

/// The result of the last form. The element is always present: a screen reader reads out only changes.
#[component]
pub(super) fn LastSaid(
    kind: RecordKind,
    before: Option<RecordOutcome>,
    action: ServerAction<EditRecord>,
) -> impl IntoView {
    // The page of a record that was added is another one than the page of its form.
    let is_added = matches!(before, Some(RecordOutcome::Added(_)));
    Effect::new(move |_| {
        if is_added {
            focus(SAID);
        }
    });
    let before = StoredValue::new(before);
    let answer = move || action.value().get().or_else(|| before.get_value().map(Ok));
    let said = move || {
        answer().map(|answer| match answer {
            Ok(outcome) => view! { <Said kind outcome/> }.into_any(),
            Err(refused) => view! { <Problem refused/> }.into_any(),
        })
    };
    view! { <div role="status">{said}</div> }
}

#[component]
fn Said(kind: RecordKind, outcome: RecordOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let (class, text) = match outcome {
        RecordOutcome::Added(name) => ("status", t!(i18n, record.added, name = name)),
        RecordOutcome::Saved => ("status", t!(i18n, record.saved).to_owned()),
        RecordOutcome::Nothing => ("status", t!(i18n, record.nothing).to_owned()),
        RecordOutcome::Conflict(_) => ("status bad", t!(i18n, record.conflict).to_owned()),
        RecordOutcome::Wrong(field, _) => {
            ("status bad", t!(i18n, record.wrong, field = label_of(kind, field)))
        }
        RecordOutcome::Exists => ("status bad", t!(i18n, record.exists).to_owned()),
        RecordOutcome::Gone => ("status bad", t!(i18n, record.gone).to_owned()),
    };
    view! {
        <p class=class id=SAID tabindex="-1">
            {text}
        </p>
    }
}
