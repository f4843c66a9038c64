//! The result of the last save.

use leptos::prelude::*;
use terms::{Parameter, saving};

use super::{impact::Impact, names::field_id, state::State, ticks::Ticks};
use crate::{
    api::{Preview, SaveOutcome, SaveParameters, fingerprint},
    components::{Problem, focus, focus_if_lost, grouped},
    pages::device::JobProgress,
    release::parameter_name,
    text::{t, use_i18n},
};

/// Moves the focus to the question of an answer.
/// Without a question the focus stays on the pressed button; if that button is gone, the focus moves to the
/// status line.
pub(super) fn attend(outcome: &SaveOutcome) {
    if let Some(parameter) = outcome.in_question().first() {
        return focus(field_id(parameter.definition()));
    }
    match outcome {
        SaveOutcome::Preview(_) => focus("impact"),
        SaveOutcome::NoteWrong => focus("note"),
        SaveOutcome::Default { .. } => focus("to-default"),
        _ => focus_if_lost("status"),
    }
}

/// The status line.
/// The element is always present, so that screen readers announce its changes.
#[component]
pub(super) fn Status(state: State, save: ServerAction<SaveParameters>) -> impl IntoView {
    let i18n = use_i18n();
    let refused = move || save.value().get().and_then(Result::err);
    let class = move || match state.outcome.get() {
        Some(SaveOutcome::Invalid(_) | SaveOutcome::NoteWrong | SaveOutcome::Conflict(_)) => {
            "status bad"
        }
        Some(
            SaveOutcome::Preview(_)
            | SaveOutcome::Default { .. }
            | SaveOutcome::Settled
            | SaveOutcome::SignedOut,
        ) => "status warn",
        _ => "status",
    };
    let said = move |outcome: SaveOutcome| match outcome {
        SaveOutcome::GoOn => t!(i18n, parameters.ready).to_owned(),
        SaveOutcome::Nothing => t!(i18n, parameters.nothing).to_owned(),
        SaveOutcome::Saved { changed, .. } => {
            t!(i18n, parameters.saved, names = names(&changed))
        }
        SaveOutcome::Invalid(which) => {
            t!(i18n, parameters.invalid, names = names(&which))
        }
        SaveOutcome::NoteWrong => t!(i18n, parameter_rows.note_wrong).to_owned(),
        SaveOutcome::Conflict(_) => t!(i18n, parameters.conflict_status).to_owned(),
        SaveOutcome::SignedOut => t!(i18n, parameters.signed_out).to_owned(),
        SaveOutcome::Settled => t!(i18n, parameters.settled).to_owned(),
        SaveOutcome::Preview(_) => t!(i18n, parameters.look_first).to_owned(),
        SaveOutcome::Default { preview, .. } => match preview.changes.len() {
            1 => t!(i18n, parameters.default_first_one).to_owned(),
            count => t!(i18n, parameters.default_first, count = grouped(count as u64)),
        },
    };
    let text = move || {
        // The refusal is shown beside the status line.
        if refused().is_some() {
            return String::new();
        }
        said(state.outcome.get().unwrap_or(SaveOutcome::GoOn))
    };
    view! {
        <p class=class role="status" id="status" tabindex="-1">
            {text}
        </p>
        {move || refused().map(|refused| view! { <Problem refused/> })}
    }
    .into_any()
}

fn names(which: &[Parameter]) -> String {
    which.iter().copied().map(parameter_name).collect::<Vec<_>>().join(", ")
}

/// The changes of Set to Default and their impact, with the button that confirms them.
#[component]
pub(super) fn ToDefault(state: State) -> impl IntoView {
    let i18n = use_i18n();
    let wanted = move || match state.outcome.get() {
        Some(SaveOutcome::Default { from, preview }) => Some((from, preview)),
        _ => None,
    };
    let card = move |from: saving::Typed, preview: Preview| {
        let shown = fingerprint(&preview.changes, &from);
        let meets_logins = !saving::with_impact(&preview.changes).is_empty();
        let lines = preview.changes.clone().into_iter().map(move |(parameter, value)| {
            let from = from.get(&parameter).cloned().unwrap_or_default();
            view! { <li>{parameter_name(parameter)} ": " {from} " → " <b>{value}</b></li> }
        });
        view! {
            <div
                class="card body"
                id="to-default"
                role="group"
                aria-labelledby="status"
                tabindex="-1"
            >
                <ul class="plain">{lines.collect_view()}</ul>
                <input type="hidden" name="shown[changes]" value=shown/>
                {meets_logins.then(|| view! { <Impact preview ticks=Ticks::new()/> })}
                <p class="actions">
                    <button class="button primary" name="intent" value="default_confirmed">
                        {t!(i18n, parameters.set_to_default)}
                    </button>
                    <button
                        class="button"
                        name="intent"
                        value="cancel"
                        on:click=move |event| {
                            event.prevent_default();
                            state.outcome.set(None);
                            focus_if_lost("status");
                        }
                    >
                        {t!(i18n, parameters.cancel)}
                    </button>
                </p>
            </div>
        }
        .into_any()
    };
    move || wanted().map(|(from, preview)| card(from, preview))
}

/// The progress of the log-outs that a save has started.
/// The jobs contain forms, so they are outside the page's form.
#[component]
pub(super) fn Jobs(state: State) -> impl IntoView {
    move || {
        let jobs = state.jobs.get();
        (!jobs.is_empty()).then(|| {
            let jobs = jobs.into_iter().map(|job| view! { <JobProgress job/> });
            view! { <div class="card body">{jobs.collect_view()}</div> }.into_any()
        })
    }
}
