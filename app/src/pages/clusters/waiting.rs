//! The log-outs that a remote cluster has not acknowledged.

use leptos::prelude::*;

use crate::{
    api::{FarewellRow, RemoteCluster},
    components::{Moment, cause_name, grouped},
    pages::{clusters::state::problem_words, device::phone_url},
    text::{t, use_i18n},
};

/// The log-outs that wait.
#[component]
pub(super) fn Waiting(shown: RwSignal<RemoteCluster>, children: ChildrenFn) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Memo::new(move |_| shown.with(|page| page.farewells.clone()));
    let next_ms = Memo::new(move |_| shown.with(|page| page.next_try_ms));
    let refuses = move || shown.with(|page| page.refuses.clone()).map(problem_words);
    let more = move || {
        let (all, here) = shown.with(|page| (page.row.farewells, page.farewells.len() as u64));
        let more = all.saturating_sub(here);
        (more > 0).then(|| t!(i18n, log_out.and_more, count = grouped(more)))
    };
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <section class="card" id="waiting">
            <header>
                <h2 id="waiting-title">{t!(i18n, clusters.waiting)}</h2>
                <p>{t!(i18n, clusters.waiting_text)}</p>
            </header>
            {move || {
                if is_empty.get() {
                    return view! { <p class="body soft">{t!(i18n, clusters.none_waits)}</p> }
                        .into_any();
                }
                view! {
                    {move || refuses().map(|why| view! { <p class="body">{why}</p> })}
                    <div class="scroll" tabindex="0" role="region" aria-labelledby="waiting-title">
                        <table class="cards">
                            <thead>
                                <tr>
                                    <th scope="col">{t!(i18n, logins.phone)}</th>
                                    <th scope="col">{t!(i18n, history.why)}</th>
                                    <th scope="col">{t!(i18n, clusters.waits_since)}</th>
                                    <th scope="col">{t!(i18n, clusters.next_try_at)}</th>
                                </tr>
                            </thead>
                            <tbody>
                                {move || {
                                    let rows = rows.get().into_iter();
                                    rows.map(|row| view! { <Row row next_ms/> }).collect_view()
                                }}
                            </tbody>
                        </table>
                    </div>
                    {move || more().map(|more| view! { <p class="body soft">{more}</p> })}
                    <div class="body actions">{children()}</div>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Row(row: FarewellRow, next_ms: Memo<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let FarewellRow { phone, own_phone, cause, since_ms, .. } = row;
    let why = cause.map_or(t!(i18n, clusters.must_not_begin), cause_name);
    view! {
        <tr>
            <td class="dev">
                {if own_phone {
                    view! { <a href=phone_url(&phone)>{phone.clone()}</a> }.into_any()
                } else {
                    view! { {phone} <small>{t!(i18n, clusters.phone_there)}</small> }.into_any()
                }}
            </td>
            <td data-label=t!(i18n, history.why)>{why}</td>
            <td class="moment" data-label=t!(i18n, clusters.waits_since)>
                <Moment ms=since_ms/>
            </td>
            <td class="moment" data-label=t!(i18n, clusters.next_try_at)>
                {move || match next_ms.get() {
                    Some(ms) => view! { <Moment ms/> }.into_any(),
                    None => view! { <span>{t!(i18n, clusters.on_its_way)}</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}
