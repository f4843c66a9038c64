//! Service Parameter Configuration.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use leptos_use::{UseEventListenerOptions, use_event_listener_with_options};
use terms::{Definition, Parameter, saving};

use super::{impact::Impact, row::Row, state::State};
use crate::{
    api::{ParameterPage, SaveOutcome, SaveParameters, read_impact, read_parameters},
    components::{Chrome, Place, Problem, grouped, loaded},
    pages::device::JobProgress,
    text::{t, t_string, use_i18n},
};

/// The page.
#[component]
pub fn ParametersPage() -> impl IntoView {
    let i18n = use_i18n();
    let page = Resource::new(|| (), |()| read_parameters());
    let save = ServerAction::<SaveParameters>::new();
    let map = use_query_map();
    // All that is typed and said lives as long as this page: what is read anew is shown in it.
    let state = State::new(map.with_untracked(|map| map.get("advanced").is_some()));
    keep_unsaved(state);
    ask_impact(state);
    Effect::new(move |_| match save.value().get() {
        Some(Ok(SaveOutcome::Advanced) | Err(_)) | None => {}
        Some(Ok(outcome)) => {
            let saved = matches!(outcome, SaveOutcome::Saved { .. });
            state.outcome.set(Some(outcome));
            if saved {
                page.refetch();
            }
        }
    });
    let title = Signal::derive(move || t_string!(i18n, parameters.title).to_owned());
    view! {
        <Chrome
            title
            related=&[Place::AllServers, Place::Modified, Place::ParameterHistory]
        >
            {loaded(
                page,
                move |page| {
                    state.show(page);
                    view! { <Configuration state save/> }.into_any()
                },
            )}
        </Chrome>
    }
}

/// Asks before what is typed is lost: when the tab closes, and when a link leads away.
fn keep_unsaved(state: State) {
    let unsaved = move || !state.changes().is_empty();
    let i18n = use_i18n();
    Effect::new(move |_| {
        let closing = window_event_listener(ev::beforeunload, move |event| {
            if untrack(unsaved) {
                event.prevent_default();
            }
        });
        on_cleanup(move || closing.remove());
        let before_others = UseEventListenerOptions::default().capture(true);
        let stop = use_event_listener_with_options(
            document(),
            ev::click,
            move |event: ev::MouseEvent| {
                use leptos::wasm_bindgen::JsCast;
                let target =
                    event.target().and_then(|one| one.dyn_into::<leptos::web_sys::Element>().ok());
                let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
                let here = link.as_ref().and_then(|link| link.get_attribute("href"));
                let leaves = here.is_some_and(|href| {
                    !href.starts_with('#') && !href.starts_with("/service-parameters?")
                });
                if leaves && untrack(unsaved) {
                    let text = untrack(move || t_string!(i18n, parameters.leave));
                    if !window().confirm_with_message(text).unwrap_or(true) {
                        event.prevent_default();
                        event.stop_propagation();
                    }
                }
            },
            before_others,
        );
        on_cleanup(stop);
    });
}

/// Asks what the changes would mean, as they are made.
fn ask_impact(state: State) {
    Effect::new(move |_| {
        let changes = state.changes();
        if !saving::has_impact(&changes) || !saving::problems(&changes).is_empty() {
            state.impact.set(None);
            return;
        }
        let seen = state.page.with_value(|page| page.values.clone());
        spawn_local(async move {
            if let Ok(view) = read_impact(changes, seen).await {
                let _ = state.impact.try_set(Some(view));
            }
        });
    });
}

#[component]
fn Configuration(state: State, save: ServerAction<SaveParameters>) -> impl IntoView {
    let i18n = use_i18n();
    let shown_impact = move || {
        let asked = state.impact.get();
        asked.or_else(|| match state.outcome.get() {
            Some(SaveOutcome::Preview(view)) => Some(view),
            _ => None,
        })
    };
    let impact_view = move |parameter: Parameter| {
        // It stands below what causes it: the behaviour, else the limit.
        let changes = state.changes();
        let cause = [
            Parameter::MultipleLoginBehavior,
            Parameter::IntraMaximum,
            Parameter::EnforceIntraMaximum,
        ]
        .into_iter()
        .find(|one| changes.contains_key(one));
        (cause == Some(parameter))
            .then(|| shown_impact().map(|impact| view! { <Impact changes impact/> }))
    };
    let row = move |line: &'static Definition| {
        let parameter = line.parameter;
        let impact = ViewFn::from(move || view! { {move || impact_view(parameter)} });
        view! { <Row line state impact/> }
    };
    let (visible, hidden): (Vec<_>, Vec<_>) =
        Parameter::ALL.iter().partition::<Vec<&'static Definition>, _>(|line| !line.hidden);
    let hidden = StoredValue::new(hidden);
    let ParameterPage { server, may_change, .. } = state.page.get_value();
    let service = format!("{server} -- Voice/Video (Active)");
    view! {
        <ActionForm action=save attr:class="parameters" attr:novalidate=true>
            {view! { <Toolbar state may_change sticky=true/> }.into_any()}
            {view! { <Said state save/> }.into_any()}
            <section class="card" aria-labelledby="select-title">
                <header>
                    <h2 id="select-title">{t!(i18n, parameters.select)}</h2>
                </header>
                <div class="body">
                    <div class="pair">
                        <label for="server">
                            {t!(i18n, parameters.server)} <span class="req">" *"</span>
                        </label>
                        <select id="server">
                            <option>{service}</option>
                        </select>
                        <label for="service">
                            {t!(i18n, parameters.service)} <span class="req">" *"</span>
                        </label>
                        <select id="service">
                            <option>"Cisco Extension Mobility (Active)"</option>
                        </select>
                    </div>
                    <p class="foot">{t!(i18n, parameters.note)}</p>
                </div>
            </section>
            <section class="card" aria-labelledby="parameters-title">
                <header>
                    <h2 id="parameters-title">
                        {move || t_string!(i18n, parameters.heading, server = server.clone())}
                    </h2>
                </header>
                <table class="cards parameters">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, parameters.name)}</th>
                            <th scope="col">{t!(i18n, parameters.value)}</th>
                            <th scope="col">{t!(i18n, parameters.suggested)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr class="group">
                            <th scope="colgroup" colspan="3">
                                {t!(i18n, parameters.clusterwide)}
                            </th>
                        </tr>
                        {visible.into_iter().map(row).collect_view()}
                        <Show when=move || state.advanced.get()>
                            {hidden.get_value().into_iter().map(row).collect_view()}
                        </Show>
                    </tbody>
                </table>
                <Show when=move || !state.advanced.get()>
                    <p class="body foot">{t!(i18n, parameters.hidden)}</p>
                </Show>
            </section>
            {view! { <Toolbar state may_change sticky=false/> }.into_any()}
            <div class="foot">
                <p>{t!(i18n, parameters.required)}</p>
                <p>{t!(i18n, parameters.default_note)}</p>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn Toolbar(state: State, may_change: bool, sticky: bool) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || state.changes().len();
    view! {
        <div class="toolbar" class:sticky=sticky>
            {sticky
                .then(|| {
                    view! {
                        <Show when=move || state.advanced.get()>
                            <input type="hidden" name="advanced" value="1"/>
                        </Show>
                    }
                })}
            {may_change
                .then(|| {
                    view! {
                        <button class="button primary" name="intent" value="save">
                            {t!(i18n, parameters.save)}
                        </button>
                        <button class="button" name="intent" value="default">
                            {t!(i18n, parameters.set_to_default)}
                        </button>
                    }
                })}
            <button
                class="button"
                name="intent"
                value="advanced"
                aria-pressed=move || if state.advanced.get() { "true" } else { "false" }
                on:click=move |event| {
                    event.prevent_default();
                    state.advanced.update(|advanced| *advanced = !*advanced);
                }
            >
                {t!(i18n, parameters.advanced)}
            </button>
            <Show when=move || { sticky && count() > 0 }>
                <span class="note">
                    <b>
                        {move || match count() {
                            1 => t_string!(i18n, parameters.unsaved_one).to_owned(),
                            count => t_string!(i18n, parameters.unsaved, count = count),
                        }}
                    </b>
                    " · "
                    <button class="link" type="button" on:click=move |_| state.discard()>
                        {t!(i18n, parameters.discard)}
                    </button>
                </span>
            </Show>
        </div>
    }
}

/// The status line.
#[component]
fn Said(state: State, save: ServerAction<SaveParameters>) -> impl IntoView {
    let i18n = use_i18n();
    let view = move || {
        if let Some(Err(refused)) = save.value().get() {
            return view! { <Problem refused/> }.into_any();
        }
        let (class, text) = match state.outcome.get() {
            None | Some(SaveOutcome::Advanced) => {
                ("status", t_string!(i18n, parameters.ready).to_owned())
            }
            Some(SaveOutcome::Nothing) => {
                ("status", t_string!(i18n, parameters.nothing).to_owned())
            }
            Some(SaveOutcome::Saved { changed, .. }) => {
                let names = changed.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
                ("status", t_string!(i18n, parameters.saved, names = names))
            }
            Some(SaveOutcome::Invalid(which)) => {
                let names = which.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
                ("status bad", t_string!(i18n, parameters.invalid, names = names))
            }
            Some(SaveOutcome::Conflict(_)) => {
                ("status bad", t_string!(i18n, parameters.conflict_status).to_owned())
            }
            Some(SaveOutcome::Preview(_)) => {
                ("status warn", t_string!(i18n, parameters.look_first).to_owned())
            }
            Some(SaveOutcome::Default(changes)) => (
                "status warn",
                t_string!(i18n, parameters.default_first, count = grouped(changes.len() as u64)),
            ),
        };
        view! {
            <p class=class role="status" id="status">
                {text}
            </p>
        }
        .into_any()
    };
    let more = move || match state.outcome.get() {
        Some(SaveOutcome::Default(changes)) => {
            let line = |(parameter, value): (Parameter, String)| {
                let from = state.seen_value(parameter);
                view! { <li>{parameter.name()} ": " {from} " → " <b>{value}</b></li> }
            };
            view! {
                <div class="card body">
                    <ul class="plain">{changes.into_iter().map(line).collect_view()}</ul>
                    <p class="actions">
                        <button class="button primary" name="intent" value="default_confirmed">
                            {t!(i18n, parameters.set_to_default)}
                        </button>
                        <button
                            class="button"
                            type="button"
                            on:click=move |_| state.outcome.set(None)
                        >
                            {t!(i18n, parameters.cancel)}
                        </button>
                    </p>
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    view! {
        {view}
        {more}
        {move || match state.outcome.get() {
            Some(SaveOutcome::Saved { jobs, .. }) => {
                jobs.into_iter().map(|job| view! { <JobProgress job/> }).collect_view().into_any()
            }
            _ => ().into_any(),
        }}
    }
}
