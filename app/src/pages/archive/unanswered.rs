//! The phones that did not take their last push.

use leptos::prelude::*;

use crate::{
    api::{UnansweredPhone, read_unanswered},
    components::{Moment, PhoneLink},
    text::{t, use_i18n},
};

/// The phones, if there are any.
#[component]
pub(super) fn Unanswered() -> impl IntoView {
    let i18n = use_i18n();
    let phones = Resource::new(|| (), |()| read_unanswered());
    let row = move |UnansweredPhone { phone, at_ms }: UnansweredPhone| {
        view! {
            <li>
                <PhoneLink name=phone/>
                " "
                <Moment ms=at_ms/>
            </li>
        }
    };
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let phones = phones.await.unwrap_or_default();
                (!phones.is_empty())
                    .then(|| {
                        view! {
                            <section class="card" aria-labelledby="unanswered-title">
                                <header>
                                    <h2 id="unanswered-title">{t!(i18n, locks.unanswered)}</h2>
                                </header>
                                <ul class="body">{phones.into_iter().map(row).collect_view()}</ul>
                            </section>
                        }
                            .into_any()
                    })
            })}
        </Transition>
    }
}
