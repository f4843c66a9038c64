//! The pace at which jobs end logins.

use leptos::prelude::*;

use super::typed::until_read_anew;
use crate::{
    api::{SaveSettings, SettingsPage as Settings},
    components::ShownToField,
    text::{t, use_i18n},
};

/// The section.
#[component]
pub(super) fn Pace(
    action: ServerAction<SaveSettings>,
    shown: RwSignal<Settings>,
    /// The value of a form that is not done.
    typed: Option<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (may_change, default, max) = shown
        .with_untracked(|page| (page.may_change, page.default_per_second, page.max_per_second));
    let typed = until_read_anew(shown, typed);
    let now = Memo::new(move |_| shown.with(|page| page.per_second));
    let value = Memo::new(move |_| typed.get().unwrap_or_else(|| now.get()));
    let about = t!(i18n, settings.pace_default, default = default);
    let content = if may_change {
        view! {
            <ActionForm action attr:class="act">
                <ShownToField/>
                <input type="hidden" name="intent" value="pace"/>
                <input type="hidden" name="seen" value=move || now.get().to_string()/>
                <label for="log_outs_per_second">{t!(i18n, settings.per_second)}</label>
                <input
                    id="log_outs_per_second"
                    name="log_outs_per_second"
                    type="number"
                    min="1"
                    max=max.to_string()
                    required
                    value=move || value.get().to_string()
                    prop:value=move || value.get().to_string()
                />
                <span class="soft">{about}</span>
                <button class="button primary">{t!(i18n, settings.save)}</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <p>{t!(i18n, settings.per_second)} ": " <b>{move || now.get()}</b> " " <span class="soft">{about}</span></p>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="pace-title">
            <header>
                <h2 id="pace-title">{t!(i18n, settings.pace)}</h2>
                <p>{t!(i18n, settings.pace_text)}</p>
            </header>
            <div class="body">{content}</div>
        </section>
    }
}
