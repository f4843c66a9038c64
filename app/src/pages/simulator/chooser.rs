//! The list of phones that the user can choose.

use leptos::{html, prelude::*};

use super::{
    desk::{Desk, PATH},
    icons::DeskPhone,
    phone::place_id,
};
use crate::{
    api::{OfferedPhone, SimulatorPage},
    components::{ClearFind, FindBox, Finding, When, focus, grouped},
    text::{t, use_i18n},
};

/// The list: large without phones on the page, else folded above the phones.
#[component]
pub(super) fn Chooser(desk: Memo<Desk>, offered: RwSignal<SimulatorPage>) -> impl IntoView {
    let is_empty = Memo::new(move |_| desk.with(|desk| desk.phones.is_empty()));
    move || {
        if is_empty.get() {
            view! { <Welcome desk offered/> }.into_any()
        } else {
            view! { <Folded desk offered/> }.into_any()
        }
    }
}

/// The introduction, with the list below it.
#[component]
fn Welcome(desk: Memo<Desk>, offered: RwSignal<SimulatorPage>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card welcome" aria-labelledby="choose-title">
            <div class="intro">
                <h2>{t!(i18n, simulator.intro)}</h2>
                <ol>
                    <li>{t!(i18n, simulator.step_choose)}</li>
                    <li>{t!(i18n, simulator.step_log_in)}</li>
                    <li>{t!(i18n, simulator.step_watch)}</li>
                </ol>
            </div>
            <header>
                <h2 id="choose-title">{t!(i18n, simulator.choose)}</h2>
            </header>
            <Choice desk offered/>
        </section>
    }
}

/// The list above the phones.
/// The list closes when a phone is chosen, and the phone gets the focus.
#[component]
fn Folded(desk: Memo<Desk>, offered: RwSignal<SimulatorPage>) -> impl IntoView {
    let i18n = use_i18n();
    let details = NodeRef::<html::Details>::new();
    let is_open = desk.with_untracked(|desk| !desk.find.is_empty());
    let is_full = move || desk.with(Desk::is_full);
    Effect::new(move |before: Option<Vec<String>>| {
        let phones = desk.with(|desk| desk.phones.clone());
        let Some(before) = before else { return phones };
        if let Some(new) = phones.iter().find(|name| !before.contains(*name)) {
            if let Some(details) = details.get_untracked() {
                details.set_open(false);
            }
            focus(place_id(new));
        }
        phones
    });
    view! {
        <When is=is_full>
            <p class="foot full">{t!(i18n, simulator.full)}</p>
        </When>
        <details class="card folded" open=is_open hidden=is_full node_ref=details>
            <summary>
                <DeskPhone/>
                {t!(i18n, simulator.choose)}
            </summary>
            <Choice desk offered/>
        </details>
    }
}

/// The search box and the phones that match.
#[component]
fn Choice(desk: Memo<Desk>, offered: RwSignal<SimulatorPage>) -> impl IntoView {
    let i18n = use_i18n();
    let finding = Finding::new(RwSignal::new(String::new()), move |fields| {
        let find = fields("find").unwrap_or_default();
        desk.with_untracked(|desk| desk.found(&find).url())
    });
    let find = desk.with_untracked(|desk| desk.find.clone());
    let clear = move || {
        let to = desk.with(|desk| (!desk.find.is_empty()).then(|| desk.found("").url()));
        to.map(|to| view! { <ClearFind finding to/> })
    };
    let others = move || {
        desk.with(|desk| desk.phones.clone())
            .into_iter()
            .map(|name| view! { <input type="hidden" name="phone" value=name/> })
            .collect_view()
    };
    let phones = move || offered.with(|offered| offered.phones.clone());
    let none = move || offered.with(|offered| offered.phones.is_empty());
    let more = move || {
        let more = offered.with(|offered| {
            let shown = u64::try_from(offered.phones.len()).unwrap_or(u64::MAX);
            offered.matching.saturating_sub(shown)
        });
        (more > 0).then(|| t!(i18n, simulator.more_match, count = grouped(more)))
    };
    view! {
        <search class="filters">
            <form
                method="get"
                action=PATH
                autocomplete="off"
                node_ref=finding.form
                on:input=move |event| finding.type_in(event)
                on:submit=move |event| finding.submit(&event)
            >
                {others}
                <FindBox finding find hint=t!(i18n, simulator.find_hint)/>
                <button class="button">{t!(i18n, logins.find)}</button>
            </form>
            {clear}
        </search>
        <When is=none>
            <p class="empty">{t!(i18n, simulator.none)}</p>
        </When>
        <ul class="offers">
            <For each=phones key=|one| one.name.clone() let:one>
                <Offer desk one/>
            </For>
        </ul>
        <p class="foot more">{more}</p>
    }
}

/// A phone that the user can choose; for a phone on the page the link leads to the phone.
#[component]
fn Offer(desk: Memo<Desk>, one: OfferedPhone) -> impl IntoView {
    let OfferedPhone { name, model, description } = one;
    let asked = name.clone();
    let stands = Memo::new(move |_| desk.with(|desk| desk.has(&asked)));
    let text = match description.as_str() {
        "" => model,
        description => format!("{model} · {description}"),
    };
    let shown = name.clone();
    let to = move || desk.with(|desk| desk.url_with(&name));
    view! {
        <li>
            <a href=to aria-current=move || stands.get().then_some("true")>
                <DeskPhone/>
                <span>
                    <b>{shown}</b>
                    <small>{text}</small>
                </span>
            </a>
        </li>
    }
}
