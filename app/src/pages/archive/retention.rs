//! The retention period of a list.

use leptos::prelude::*;

use crate::{
    api::{RetentionDays, RetentionNow, read_retention},
    components::Place,
    text::{t, use_i18n},
};

/// "Kept for 365 days", with a link for a viewer who may change the period.
#[component]
pub(super) fn Retention(
    /// Selects the page's retention period, in days.
    days: fn(RetentionDays) -> u32,
) -> impl IntoView {
    let page = Resource::new(|| (), |()| read_retention());
    // The surrounding page reports a failed read.
    view! {
        <Transition>
            {move || Suspend::new(async move {
                page.await.ok().map(|now| view! { <Kept now days/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Kept(now: RetentionNow, days: fn(RetentionDays) -> u32) -> impl IntoView {
    let i18n = use_i18n();
    let RetentionNow { days: kept, may_change } = now;
    let change = may_change.then(|| {
        view! {
            " "
            <a href=Place::Settings.path()>{t!(i18n, retention.change)}</a>
        }
    });
    view! { <p class="foot">{t!(i18n, retention.kept, days = days(kept))} {change}</p> }
}
