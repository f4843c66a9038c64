//! The list of keys.

use leptos::prelude::*;

use crate::{
    components::Place,
    text::{I18n, language, t},
};

/// The list of keys; the key `?` opens it.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let i18n = I18n::of(language());
    let key = |keys: &'static [&'static str], text: &'static str| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view();
        view! {
            <dt>{keys}</dt>
            <dd>{text}</dd>
        }
        .into_any()
    };
    let places = Place::MENU.map(|place| {
        view! {
            <dt data-key=place.key() data-to=place.path()>
                <kbd>"g"</kbd>
                " "
                <kbd>{place.key()}</kbd>
            </dt>
            <dd>{place.name_in(i18n)}</dd>
        }
        .into_any()
    });
    view! {
        <dialog id="keys" class="keys" aria-labelledby="keys-title">
            <h2 id="keys-title">{t!(i18n, keys.title)}</h2>
            <dl>
                {key(&["/"], t!(i18n, keys.find))}
                {key(&["j", "k"], t!(i18n, keys.rows))}
                {key(&["x"], t!(i18n, keys.select))}
                {key(&["Shift", "x"], t!(i18n, keys.range))}
                {key(&["e"], t!(i18n, keys.end))}
                {key(&["Enter"], t!(i18n, keys.open))}
                {key(&["Ctrl", "k"], t!(i18n, palette.key))}
                {key(&["v"], t!(i18n, keys.view))}
                {key(&["Esc"], t!(i18n, keys.escape))}
                {key(&["?"], t!(i18n, keys.list))}
            </dl>
            <dl>{places.collect_view()}</dl>
            <dl>
                {key(&["model:8861"], t!(i18n, keys.one_field))}
                {key(&["“two words”"], t!(i18n, keys.quoted))}
                {key(&["left<30m"], t!(i18n, keys.left))}
                {key(&["since>8h"], t!(i18n, keys.since))}
            </dl>
            <p class="soft">{t!(i18n, keys.off)}</p>
            <form method="dialog" class="actions">
                <button class="button">{t!(i18n, keys.close)}</button>
            </form>
        </dialog>
    }
}
