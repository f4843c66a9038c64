//! The list of remote clusters.

use leptos::prelude::*;

use super::{cluster_url, expiry::Expiry, state::State};
use crate::{
    api::{RemoteClusterRow, RemoteClusters},
    components::grouped,
    text::{t, use_i18n},
};

/// The remote clusters that match the text.
#[component]
pub(super) fn List(shown: RwSignal<RemoteClusters>, find: Memo<String>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Memo::new(move |_| {
        let find = find.get().to_lowercase();
        shown.with(|page| {
            page.rows.iter().filter(|row| row.matches(&find)).cloned().collect::<Vec<_>>()
        })
    });
    // Only days are counted, so the time need not be fresh.
    let now_ms = shown.with_untracked(|page| page.now_ms);
    let empty = move || {
        rows.with(Vec::is_empty).then(|| {
            let is_any = shown.with(|page| !page.rows.is_empty());
            let (title, text) = if is_any {
                (t!(i18n, clusters.none_found), t!(i18n, clusters.none_found_text))
            } else {
                (t!(i18n, clusters.none), t!(i18n, clusters.none_text))
            };
            view! {
                <div class="empty">
                    <p>
                        <b>{title}</b>
                    </p>
                    <p>{text}</p>
                </div>
            }
        })
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!(i18n, clusters.title)>
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, clusters.cluster)}</th>
                        <th scope="col">{t!(i18n, clusters.state)}</th>
                        <th scope="col">{t!(i18n, clusters.release)}</th>
                        <th scope="col">{t!(i18n, clusters.visitors)}</th>
                        <th scope="col">{t!(i18n, clusters.own_users)}</th>
                        <th scope="col">{t!(i18n, clusters.waiting)}</th>
                        <th scope="col">{t!(i18n, clusters.certificate_until)}</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        let rows = rows.get().into_iter();
                        rows.map(|row| view! { <Row row now_ms/> }).collect_view()
                    }}
                </tbody>
            </table>
        </div>
        {empty}
    }
}

#[component]
fn Row(row: RemoteClusterRow, now_ms: i64) -> impl IntoView {
    let i18n = use_i18n();
    let RemoteClusterRow { id, settings, release, visiting, elsewhere, farewells, .. } =
        row.clone();
    let to = cluster_url(&id);
    let expires_ms = row.certificate.as_ref().map(|certificate| certificate.expires_ms);
    view! {
        <tr>
            <td class="who">
                <a href=to>
                    <b>{id}</b>
                </a>
                <small>{settings.description}</small>
            </td>
            <td class="who">
                <State row/>
            </td>
            <td data-label=t!(i18n, clusters.release)>
                {release.unwrap_or_else(|| "—".to_owned())}
            </td>
            <td data-label=t!(i18n, clusters.visitors)>{grouped(visiting)}</td>
            <td data-label=t!(i18n, clusters.own_users)>{grouped(elsewhere)}</td>
            <td data-label=t!(i18n, clusters.waiting)>{grouped(farewells)}</td>
            <td data-label=t!(i18n, clusters.certificate_until)>
                {match expires_ms {
                    Some(ms) => view! { <Expiry ms now_ms/> }.into_any(),
                    None => view! { "—" }.into_any(),
                }}
            </td>
        </tr>
    }
}
