//! The impact of a change: "What will this do?"

use leptos::{prelude::*, task::spawn_local};
use terms::{
    MultipleLoginBehavior, Parameter,
    saving::{self, Typed},
};

use super::{state::State, ticks::Ticks};
use crate::{
    api::{ImpactView, Preview, read_impact},
    components::grouped,
    text::{t, use_i18n},
};

/// Requests the impact of the changes while the administrator makes them.
/// Ticks are cleared when the changes differ, because a tick belongs to the earlier changes.
pub(super) fn ask_impact(state: State) {
    Effect::new(move |before: Option<Typed>| {
        let changes = state.to_look_at.get();
        if before.is_some_and(|before| before != changes) {
            state.ticks.clear();
        }
        if !changes.is_empty() && saving::problems(&changes).is_empty() {
            let (asked, seen) = (changes.clone(), state.seen.get_untracked());
            spawn_local(async move {
                // Answers can arrive out of order: only the answer to the present values counts.
                if let Ok(preview) = read_impact(asked, seen).await
                    && state
                        .to_look_at
                        .try_get_untracked()
                        .is_some_and(|now| now == preview.changes)
                {
                    let _ = state.preview.try_set(Some(preview));
                }
            });
        }
        changes
    });
}

/// The impact of a save on the logins that are open now, with the choice to end some.
#[component]
pub(super) fn Impact(preview: Preview, ticks: Ticks) -> impl IntoView {
    let i18n = use_i18n();
    let Preview { changes, limited, impact } = preview;
    let behavior = changes
        .get(&Parameter::MultipleLoginBehavior)
        .and_then(|label| MultipleLoginBehavior::from_label(label));
    let limit = [Parameter::IntraMaximum, Parameter::EnforceIntraMaximum]
        .iter()
        .any(|parameter| changes.contains_key(parameter));
    let ImpactView { several, several_users, extra_logins, past, past_logins } = impact;
    let names = several.iter().map(|(user, count)| format!("{user} ({count})")).collect::<Vec<_>>();
    let names = more(names.join(", "), several_users, several.len());
    let past_names =
        past.iter().map(|(user, phone)| format!("{user} ({phone})")).collect::<Vec<_>>();
    let past_names = more(past_names.join(", "), past_logins, past.len());
    let text = move |behavior: MultipleLoginBehavior| match behavior {
        MultipleLoginBehavior::Allowed => t!(i18n, impact.allowed).to_owned(),
        _ if several_users == 0 => t!(i18n, impact.nobody_several).to_owned(),
        MultipleLoginBehavior::NotAllowed => {
            t!(i18n, impact.not_allowed, count = grouped(several_users))
        }
        MultipleLoginBehavior::AutoLogout => {
            t!(i18n, impact.auto_logout, count = grouped(several_users))
        }
    };
    let limit_text = move || match past_logins {
        _ if !limited => t!(i18n, impact.no_limit).to_owned(),
        0 => t!(i18n, impact.nobody_past).to_owned(),
        _ => t!(i18n, impact.past, count = grouped(past_logins)),
    };
    let end_extra = move || {
        if extra_logins == 1 {
            return t!(i18n, impact.end_extra_one).to_owned();
        }
        t!(i18n, impact.end_extra, count = grouped(extra_logins))
    };
    let end_past = move || {
        if past_logins == 1 {
            return t!(i18n, impact.end_past_one).to_owned();
        }
        t!(i18n, impact.end_past, count = grouped(past_logins))
    };
    view! {
        <div class="impact" role="group" aria-labelledby="impact-title" id="impact" tabindex="-1">
            <b id="impact-title">{t!(i18n, impact.title)}</b>
            {behavior.map(|behavior| view! { <p>{move || text(behavior)}</p> })}
            {(extra_logins > 0)
                .then(|| {
                    view! {
                        <p class="names">{names}</p>
                        <Tick name="shown[end_extra]" ticked=ticks.extra text=end_extra/>
                    }
                })}
            {limit.then(|| view! { <p>{limit_text}</p> })}
            {(past_logins > 0)
                .then(|| {
                    view! {
                        <p class="names">{past_names}</p>
                        <Tick name="shown[end_past]" ticked=ticks.past text=end_past/>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Tick(
    name: &'static str,
    ticked: RwSignal<bool>,
    text: impl Fn() -> String + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <label>
            <input
                type="checkbox"
                name=name
                value="1"
                prop:checked=ticked
                on:change=move |event| ticked.set(event_target_checked(&event))
            />
            {text}
        </label>
    }
}

/// Names, with an ellipsis when there are more names than shown.
fn more(names: String, all: u64, shown: usize) -> String {
    if all > shown as u64 { format!("{names}, …") } else { names }
}
