//! The page Settings.

use leptos::{prelude::*, task::spawn_local};

use super::{
    cuts::CUTS,
    pace::Pace,
    program::Program,
    retention::Retention,
    said::{LastSaid, SAID},
    zone::Zone,
};
use crate::{
    api::{
        SaveSettings, SettingsAnswer, SettingsIntent, SettingsOutcome, SettingsPage as Settings,
        read_settings,
    },
    components::{Chrome, Place, focus, loaded},
    text::{t, use_i18n},
};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let page = Resource::new(|| (), |()| read_settings());
    let title = t!(i18n, settings.title);
    view! {
        <Chrome title related=&[Place::Parameters, Place::Audit, Place::Administrators]>
            {loaded(page, move |page| view! { <All page/> }.into_any())}
        </Chrome>
    }
}

#[component]
fn All(mut page: Settings) -> impl IntoView {
    let action = ServerAction::<SaveSettings>::new();
    let program = page.program.take();
    let zones = std::mem::take(&mut page.zones);
    let (before, typed) = match page.answered.take() {
        Some(SettingsAnswer { outcome, typed }) => (Some(outcome), Some(typed)),
        None => (None, None),
    };
    // The fields of a form that is done show the values in force.
    let typed = typed.filter(|_| before.as_ref().is_some_and(|outcome| !is_over(outcome)));
    let (typed_days, typed_pace) = match typed {
        Some(typed) if typed.intent == SettingsIntent::Pace => (None, Some(typed.per_second)),
        Some(typed) => (Some(typed.days), None),
        None => (None, None),
    };
    let shown = RwSignal::new(page);
    let answer = StoredValue::new(before);
    let answer = move || action.value().get().or_else(|| answer.get_value().map(Ok));
    let cuts = Memo::new(move |_| match answer() {
        Some(Ok(SettingsOutcome::Cuts(cuts))) => Some(cuts),
        _ => None,
    });
    Effect::new(move |_| match action.value().get() {
        Some(Ok(SettingsOutcome::Cuts(_))) => focus(CUTS),
        Some(answer) => {
            focus(SAID);
            if matches!(answer, Ok(outcome) if is_over(&outcome)) {
                spawn_local(read_anew(shown));
            }
        }
        None => {}
    });
    view! {
        <LastSaid answer shown/>
        <Retention action shown typed=typed_days cuts/>
        <Pace action shown typed=typed_pace/>
        <Zone zones/>
        {program.map(|rows| view! { <Program rows/> }.into_any())}
    }
}

/// Whether nothing of the form is left to do.
fn is_over(outcome: &SettingsOutcome) -> bool {
    matches!(
        outcome,
        SettingsOutcome::Saved
            | SettingsOutcome::PaceSaved
            | SettingsOutcome::Cancelled
            // The values may be those that another administrator saved.
            | SettingsOutcome::Nothing
    )
}

/// Reads the values in force into the page: a new page would lose what is typed in the other form.
async fn read_anew(shown: RwSignal<Settings>) {
    if let Ok(page) = read_settings().await {
        // The reader may have left the page.
        let _ = shown.try_set(page);
    }
}
