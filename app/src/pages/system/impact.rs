//! "What will this do?"

use leptos::prelude::*;
use terms::{
    MultipleLoginBehavior, Parameter,
    saving::{self, Typed},
};

use crate::{
    api::{ImpactView, fingerprint},
    components::grouped,
    text::{t, t_string, use_i18n},
};

/// What saving would mean for the logins that are open now, with the choice to end some.
#[component]
pub(super) fn Impact(changes: Typed, impact: ImpactView) -> impl IntoView {
    let i18n = use_i18n();
    let behavior = changes
        .get(&Parameter::MultipleLoginBehavior)
        .and_then(|label| MultipleLoginBehavior::from_label(label));
    let limit = saving::has_impact(&changes)
        && (changes.contains_key(&Parameter::IntraMaximum)
            || changes.contains_key(&Parameter::EnforceIntraMaximum));
    let ImpactView { several, several_users, extra_logins, past, past_logins } = impact;
    let names = several.iter().map(|(user, count)| format!("{user} ({count})")).collect::<Vec<_>>();
    let names = more(names.join(", "), several_users, several.len());
    let past_names =
        past.iter().map(|(user, phone)| format!("{user} ({phone})")).collect::<Vec<_>>();
    let past_names = more(past_names.join(", "), past_logins, past.len());
    view! {
        <div class="impact" role="note">
            <b>{t!(i18n, impact.title)}</b>
            <input type="hidden" name="previewed" value=fingerprint(&changes)/>
            {behavior
                .map(|behavior| {
                    let text = move || match behavior {
                        MultipleLoginBehavior::Allowed => t_string!(i18n, impact.allowed).to_owned(),
                        _ if several_users == 0 => t_string!(i18n, impact.nobody_several).to_owned(),
                        MultipleLoginBehavior::NotAllowed => {
                            t_string!(i18n, impact.not_allowed, count = grouped(several_users))
                        }
                        MultipleLoginBehavior::AutoLogout => {
                            t_string!(i18n, impact.auto_logout, count = grouped(several_users))
                        }
                    };
                    let shown = several_users > 0 && behavior != MultipleLoginBehavior::Allowed;
                    view! {
                        <p>{text}</p>
                        {shown
                            .then(|| {
                                view! {
                                    <p class="names">{names}</p>
                                    <label>
                                        <input type="checkbox" name="end_extra" value="1"/>
                                        {move || {
                                            t_string!(i18n, impact.end_extra, count = grouped(extra_logins))
                                        }}
                                    </label>
                                }
                            })}
                    }
                })}
            {limit
                .then(|| {
                    view! {
                        <p>
                            {move || {
                                if past_logins == 0 {
                                    t_string!(i18n, impact.nobody_past).to_owned()
                                } else {
                                    t_string!(i18n, impact.past, count = grouped(past_logins))
                                }
                            }}
                        </p>
                        {(past_logins > 0)
                            .then(|| {
                                view! {
                                    <p class="names">{past_names}</p>
                                    <label>
                                        <input type="checkbox" name="end_past" value="1"/>
                                        {move || {
                                            t_string!(i18n, impact.end_past, count = grouped(past_logins))
                                        }}
                                    </label>
                                }
                            })}
                    }
                })}
        </div>
    }
    .into_any()
}

/// Names, and dots when there are more than those.
fn more(names: String, all: u64, shown: usize) -> String {
    if all > shown as u64 { format!("{names}, …") } else { names }
}
