//! Service Parameter Configuration.

use leptos::{prelude::*, task::spawn_local};
use terms::{Definition, Parameter};

use super::{
    follow::follow,
    impact::ask_impact,
    kept::keep_typed,
    news::NewsLine,
    row::Row,
    state::State,
    status::{Jobs, Status, ToDefault, attend},
    toolbar::Toolbar,
    unsaved::keep_unsaved,
};
use crate::{
    address::use_query,
    api::{ParameterPage, SaveOutcome, SaveParameters, read_parameters},
    components::{Chrome, Place, Styled, When, loaded},
    pages::device::ConnectionMark,
    text::{t, use_i18n},
};

/// The page.
#[component]
pub fn ParametersPage() -> impl IntoView {
    let i18n = use_i18n();
    let page = Resource::new(|| (), |()| read_parameters());
    let save = ServerAction::<SaveParameters>::new();
    let state = State::new(use_query().with_untracked(|query| query.get("advanced").is_some()));
    let live = follow(state);
    keep_unsaved(state);
    keep_typed(state);
    ask_impact(state);
    Effect::new(move |_| {
        if let Some(Ok(outcome)) = save.value().get() {
            spawn_local(take(state, outcome));
        }
    });
    let title = t!(i18n, parameters.title);
    let status = move || view! { <ConnectionMark connection=live.connection/> };
    view! {
        <Chrome
            title
            status
            related=&[Place::AllServers, Place::Modified, Place::ParameterHistory]
        >
            {loaded(
                page,
                move |page| {
                    state.show(page);
                    view! {
                        <Styled name="parameters">
                            <Configuration state save/>
                        </Styled>
                    }
                        .into_any()
                },
            )}
        </Chrome>
    }
}

/// Takes the answer to a save.
/// If the answer tells of a change, the values in force are read into the present page: a new page would lose
/// the focus and the values typed meanwhile.
async fn take(state: State, outcome: SaveOutcome) {
    let page = match &outcome {
        SaveOutcome::Saved { .. } | SaveOutcome::Conflict(_) => read_parameters().await.ok(),
        _ => None,
    };
    // The reader may have left the page.
    if state.typed.try_get_untracked().is_some() {
        attend(&outcome);
        state.answer(outcome, page);
    }
}

#[component]
fn Configuration(state: State, save: ServerAction<SaveParameters>) -> impl IntoView {
    let i18n = use_i18n();
    // Only a preview of the present values is shown, and none while Set to Default shows its own.
    let preview = Memo::new(move |_| {
        let to_default =
            state.outcome.with(|outcome| matches!(outcome, Some(SaveOutcome::Default { .. })));
        let changes = state.to_look_at.get();
        let preview = state.preview.get().filter(|preview| preview.changes == changes);
        preview.filter(|_| !to_default && !changes.is_empty())
    });
    // The row of the preview: the row of the behavior if it changes, else of the limit.
    let cause = Memo::new(move |_| {
        let causes = [
            Parameter::MultipleLoginBehavior,
            Parameter::IntraMaximum,
            Parameter::EnforceIntraMaximum,
        ];
        state.to_look_at.with(|changes| causes.into_iter().find(|one| changes.contains_key(one)))
    });
    let row =
        move |line: &'static Definition| {
            let preview = Signal::derive(move || {
                if cause.get() == Some(line.parameter) { preview.get() } else { None }
            });
            view! { <Row line state preview/> }
        };
    let lines = |hidden: bool| Parameter::ALL.iter().filter(move |line| line.hidden == hidden);
    let ParameterPage { server, viewer, may_change, .. } = state.page.get_untracked();
    let service = format!("{server} -- Voice/Video (Active)");
    view! {
        <Jobs state/>
        <ActionForm action=save attr:class="parameters" attr:novalidate=true>
            <div class="sticky">
                <Toolbar state may_change top=true/>
                <div class="said">
                    <Status state save/>
                    <NewsLine news=state.news/>
                </div>
            </div>
            {(!may_change)
                .then(|| view! { <p class="foot">{t!(i18n, parameters.read_only)}</p> })}
            <input type="hidden" name="page[viewer]" value=viewer/>
            <ToDefault state/>
            <Seen state/>
            <section class="card choice" aria-labelledby="select-title">
                <h2 id="select-title">{t!(i18n, parameters.select)}</h2>
                <div>
                    <label for="server">
                        {t!(i18n, parameters.server)} <span class="req">" *"</span>
                    </label>
                    <select id="server">
                        <option>{service}</option>
                    </select>
                </div>
                <div>
                    <label for="service">
                        {t!(i18n, parameters.service)} <span class="req">" *"</span>
                    </label>
                    <select id="service">
                        <option>"Cisco Extension Mobility (Active)"</option>
                    </select>
                </div>
            </section>
            <section class="card" aria-labelledby="parameters-title">
                <header>
                    <h2 id="parameters-title">
                        {t!(i18n, parameters.heading, server = server)}
                    </h2>
                    <p>{t!(i18n, parameters.note)}</p>
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
                        {lines(false).map(row).collect_view()}
                        <When is=move || state.advanced.get()>
                            {lines(true).map(row).collect_view()}
                        </When>
                    </tbody>
                </table>
                <When is=move || !state.advanced.get()>
                    <p class="body foot">{t!(i18n, parameters.hidden)}</p>
                    {lines(true)
                        .map(|line| view! { <Collapsed line state/> })
                        .collect_view()}
                </When>
            </section>
            <Toolbar state may_change top=false/>
            <div class="foot">
                <p>{t!(i18n, parameters.required)}</p>
                <p>{t!(i18n, parameters.default_note)}</p>
            </div>
        </ActionForm>
    }
}

/// The seen values of all parameters, including the hidden parameters.
#[component]
fn Seen(state: State) -> impl IntoView {
    let input = move |line: &Definition| {
        let parameter = line.parameter;
        let value = move || state.seen_value(parameter);
        view! { <input type="hidden" name=format!("seen[{}]", line.name) value=value/> }
    };
    Parameter::ALL.iter().map(input).collect_view()
}

/// A hidden parameter that was changed before it was hidden; the form saves the value with the others.
#[component]
fn Collapsed(line: &'static Definition, state: State) -> impl IntoView {
    let parameter = line.parameter;
    let name = format!("value[{}]", line.name);
    move || {
        state.is_edited(parameter).then(|| {
            let value = state.typed_value(parameter);
            view! { <input type="hidden" name=name.clone() value=value/> }
        })
    }
}
