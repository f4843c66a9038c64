//! The numbers above the page of logins.

use std::cmp::Reverse;

use leptos::prelude::*;

use super::rows::Rows;
use crate::{
    api::Writing,
    components::grouped,
    text::{t, use_i18n},
};

/// The number of open logins, and the number of refusals.
#[component]
pub(super) fn TilesView(rows: Rows) -> impl IntoView {
    let i18n = use_i18n();
    let tiles = rows.tiles;
    let refused = move || tiles.with(|tiles| tiles.refused.iter().map(|(_, count)| count).sum());
    let most = move || {
        let first =
            // Among equally frequent codes the lower code comes first, in any order of arrival.
            tiles.with(|tiles| {
                let key = |(code, count): &&(u16, u64)| (*count, Reverse(*code));
                tiles.refused.iter().max_by_key(key).copied()
            });
        first
            .map(|(code, count)| t!(i18n, logins.refused_most, count = grouped(count), code = code))
    };
    let writing = move || {
        let text = match tiles.with(|tiles| tiles.writing) {
            Writing::Fine => return None,
            Writing::NoRoom => t!(i18n, logins.no_room),
            Writing::Failing => t!(i18n, logins.not_writing),
        };
        Some(view! { <p class="status bad" id="writing" role="alert">{text}</p> })
    };
    view! {
        {writing}
        <dl class="tiles">
            <div class="tile">
                <dt>{t!(i18n, logins.open_now)}</dt>
                <dd id="open-now">{move || grouped(tiles.with(|tiles| tiles.open.all()))}</dd>
            </div>
            <div class="tile">
                <dt>{t!(i18n, logins.open_em)}</dt>
                <dd>{move || grouped(tiles.with(|tiles| tiles.open.em))}</dd>
            </div>
            <div class="tile">
                <dt>{t!(i18n, logins.open_visiting)}</dt>
                <dd>{move || grouped(tiles.with(|tiles| tiles.open.visiting))}</dd>
            </div>
            <div class="tile">
                <dt>{t!(i18n, logins.open_elsewhere)}</dt>
                <dd>{move || grouped(tiles.with(|tiles| tiles.open.elsewhere))}</dd>
            </div>
            <div class="tile">
                <dt>{t!(i18n, logins.refused_hour)}</dt>
                <dd id="refused">
                    <a href="/refusals?hours=1">{move || grouped(refused())}</a>
                    " "
                    <small>{most}</small>
                </dd>
            </div>
        </dl>
    }
}
