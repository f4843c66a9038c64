//! The result of a value's return, and the impact before the return.

use leptos::prelude::*;
use terms::{Note, saving};

use super::{impact::Impact, ticks::Ticks};
use crate::{
    api::{Conflict, Preview, ReturnParameter, Returned, SaveOutcome, fingerprint},
    components::{Place, ShownToField},
    pages::device::JobProgress,
    release::parameter_name,
    text::{t, use_i18n},
};

/// The result, above the history.
#[component]
pub(super) fn Said(returned: Returned, action: ServerAction<ReturnParameter>) -> impl IntoView {
    let i18n = use_i18n();
    let Returned { parameter, value, seen, outcome, .. } = returned.clone();
    let class = match &outcome {
        SaveOutcome::Saved { .. } | SaveOutcome::Nothing => "status",
        SaveOutcome::Preview(_) => "status warn",
        _ => "status bad",
    };
    let (jobs, preview) = match outcome.clone() {
        SaveOutcome::Saved { jobs, .. } => (jobs, None),
        SaveOutcome::Preview(preview) => (Vec::new(), Some(preview)),
        _ => (Vec::new(), None),
    };
    let text = move || {
        let (name, value) = (parameter_name(parameter), value.clone());
        match &outcome {
            SaveOutcome::Saved { .. } => t!(i18n, parameters.saved, names = name),
            SaveOutcome::Preview(_) => {
                t!(i18n, parameters.return_first, parameter = name, value = value)
            }
            SaveOutcome::Conflict(conflicts) => {
                let conflict = conflicts.first().cloned();
                let Conflict { current, last, .. } =
                    conflict.unwrap_or(Conflict { parameter, current: String::new(), last: None });
                let somebody = || t!(i18n, parameters.somebody).to_owned();
                t!(
                    i18n,
                    parameters.return_conflict,
                    parameter = name,
                    name = last.map_or_else(somebody, |last| last.by.name),
                    current = current,
                    seen = seen.clone(),
                    value = value,
                )
            }
            SaveOutcome::NoteWrong => t!(i18n, parameter_rows.note_wrong).to_owned(),
            SaveOutcome::Invalid(_) => {
                t!(i18n, parameters.return_invalid, parameter = name, value = value)
            }
            _ => t!(i18n, parameters.nothing).to_owned(),
        }
    };
    view! {
        <p class=class role="status" id="status" tabindex="-1">
            {text}
        </p>
        {jobs.into_iter().map(|job| view! { <JobProgress job/> }).collect_view()}
        {preview.map(|preview| view! { <Ask returned preview action/> })}
    }
}

/// The impact of the return, with the button that confirms the return.
#[component]
fn Ask(
    returned: Returned,
    preview: Preview,
    action: ServerAction<ReturnParameter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Returned { number, parameter, value, seen, .. } = returned;
    let shown = fingerprint(&preview.changes, &[(parameter, seen.clone())].into());
    let line = format!("{}: {seen} → ", parameter_name(parameter));
    let back = t!(i18n, parameters.back_to, value = value.clone());
    let meets_logins = !saving::with_impact(&preview.changes).is_empty();
    view! {
        <section class="card body" id="returning">
            <ActionForm action>
                <ShownToField/>
                <p>{line} <b>{value}</b></p>
                <input type="hidden" name="number" value=number.to_string()/>
                <input type="hidden" name="seen" value=seen/>
                <input type="hidden" name="shown[changes]" value=shown/>
                {meets_logins.then(|| view! { <Impact preview ticks=Ticks::new()/> })}
                <label class="why">
                    {t!(i18n, parameter_rows.note)}
                    <input
                        type="text"
                        name="note"
                        maxlength=Note::MAX_CHARS
                        autocomplete="off"
                        placeholder=t!(i18n, parameter_rows.note_hint)
                    />
                </label>
                <p class="actions">
                    <button class="button primary">{back}</button>
                    <a
                        class="button"
                        href=Place::ParameterHistory.path()
                        on:click=move |_| action.clear()
                    >
                        {t!(i18n, parameters.cancel)}
                    </a>
                </p>
            </ActionForm>
        </section>
    }
}
