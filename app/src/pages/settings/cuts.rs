//! The question before a shorter period deletes rows.

use leptos::prelude::*;

use super::kinds::kind_name;
use crate::{
    api::{Cut, Cuts},
    components::{Moment, grouped},
    text::{t, use_i18n},
};

/// The element id of the question, for the focus.
pub(super) const CUTS: &str = "cuts";

/// What the shorter periods delete now, with the buttons that confirm or cancel.
#[component]
pub(super) fn Question(cuts: Cuts) -> impl IntoView {
    let i18n = use_i18n();
    let Cuts { counted, kinds } = cuts;
    view! {
        <div class="body">
            <div class="impact" id=CUTS role="group" aria-labelledby="cuts-title" tabindex="-1">
                <b id="cuts-title">{t!(i18n, settings.cuts_title)}</b>
                <ul class="plain">
                    {kinds.into_iter().map(|cut| view! { <Line cut/> }).collect_view()}
                </ul>
                <input type="hidden" name="counted" value=counted/>
                <p class="actions">
                    <button class="button danger" name="intent" value="delete">
                        {t!(i18n, settings.delete)}
                    </button>
                    <button class="button" name="intent" value="cancel" formnovalidate>
                        {t!(i18n, settings.cancel)}
                    </button>
                </p>
            </div>
        </div>
    }
}

#[component]
fn Line(cut: Cut) -> impl IntoView {
    let i18n = use_i18n();
    let Cut { kind, from_days, to_days, rows, more, oldest_ms } = cut;
    let period = t!(i18n, settings.period, from = from_days, to = to_days);
    let count = match rows {
        0 => t!(i18n, settings.cuts_none).to_owned(),
        rows if more => t!(i18n, settings.cuts_more, count = grouped(rows)),
        rows => t!(i18n, settings.cuts_count, count = grouped(rows)),
    };
    let oldest = oldest_ms.map(|ms| {
        view! {
            ", "
            {t!(i18n, settings.oldest)}
            " "
            <Moment ms/>
        }
    });
    view! {
        <li>
            <b>{kind_name(kind)}</b>
            " · "
            {period}
            " · "
            {count}
            {oldest}
        </li>
    }
}
