//! The result of the last form.

use leptos::prelude::*;

use crate::{
    api::{Refused, SettingsOutcome, SettingsPage as Settings},
    components::Problem,
    text::{t, use_i18n},
};

/// The element id of the result, for the focus.
pub(super) const SAID: &str = "status";

/// The result of the last form.
/// The element is always present: a screen reader reads out only changes.
#[component]
pub(super) fn LastSaid(
    answer: impl Fn() -> Option<Result<SettingsOutcome, Refused>> + Send + Sync + 'static,
    shown: RwSignal<Settings>,
) -> impl IntoView {
    let said = move || {
        answer().map(|answer| match answer {
            Ok(outcome) => view! { <Said outcome shown/> }.into_any(),
            Err(refused) => view! { <Problem refused/> }.into_any(),
        })
    };
    view! { <div role="status">{said}</div> }
}

#[component]
fn Said(outcome: SettingsOutcome, shown: RwSignal<Settings>) -> impl IntoView {
    let i18n = use_i18n();
    let (max_days, max_per_second) =
        shown.with_untracked(|page| (page.max_days, page.max_per_second));
    let (class, text) = match outcome {
        SettingsOutcome::Saved => ("status", t!(i18n, settings.saved).to_owned()),
        SettingsOutcome::PaceSaved => ("status", t!(i18n, settings.pace_saved).to_owned()),
        SettingsOutcome::Nothing => ("status", t!(i18n, settings.nothing).to_owned()),
        SettingsOutcome::Cancelled => ("status", t!(i18n, settings.cancelled).to_owned()),
        SettingsOutcome::WrongDays => {
            ("status bad", t!(i18n, settings.wrong_days, days = max_days))
        }
        SettingsOutcome::WrongPace => {
            ("status bad", t!(i18n, settings.wrong_pace, per_second = max_per_second))
        }
        SettingsOutcome::Cuts(_) => ("status warn", t!(i18n, settings.asks).to_owned()),
    };
    view! {
        <p class=class id=SAID tabindex="-1">
            {text}
        </p>
    }
}
