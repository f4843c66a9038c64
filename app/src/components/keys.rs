//! Keys that work on every page, and the list of them.

use leptos::{ev, html::Dialog as DialogElement, prelude::*};

use crate::text::{t, use_i18n};

/// Listens for `/` and `?`, and holds the list of keys.
#[component]
pub fn Keys() -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        let listening = window_event_listener(ev::keydown, move |event| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() || is_typing(&event) {
                return;
            }
            match event.key().as_str() {
                "/" => {
                    if let Ok(Some(field)) = document().query_selector("main input[type=search]") {
                        use leptos::wasm_bindgen::JsCast;
                        if let Ok(field) = field.dyn_into::<leptos::web_sys::HtmlElement>() {
                            let _ = field.focus();
                            event.prevent_default();
                        }
                    }
                }
                "?" => {
                    if let Some(dialog) = dialog.get_untracked() {
                        let _ = dialog.show_modal();
                    }
                }
                _ => {}
            }
        });
        on_cleanup(move || listening.remove());
    });
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=dialog aria-labelledby="keys-title" class="keys">
            <h2 id="keys-title">{t!(i18n, keys.title)}</h2>
            <dl>
                <dt>
                    <kbd>"/"</kbd>
                </dt>
                <dd>{t!(i18n, keys.find)}</dd>
                <dt>
                    <kbd>"?"</kbd>
                </dt>
                <dd>{t!(i18n, keys.list)}</dd>
                <dt>
                    <kbd>"Tab"</kbd>
                </dt>
                <dd>{t!(i18n, keys.tab)}</dd>
                <dt>
                    <kbd>"Space"</kbd>
                </dt>
                <dd>{t!(i18n, keys.space)}</dd>
                <dt>
                    <kbd>"Esc"</kbd>
                </dt>
                <dd>{t!(i18n, keys.escape)}</dd>
            </dl>
            <p class="actions">
                <button class="button" on:click=close>
                    {t!(i18n, keys.close)}
                </button>
            </p>
        </dialog>
    }
}

/// Whether the user types text, or a dialog is open.
fn is_typing(event: &ev::KeyboardEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let Some(target) =
        event.target().and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok())
    else {
        return false;
    };
    let field = target.tag_name() == "SELECT"
        || target.tag_name() == "TEXTAREA"
        || (target.tag_name() == "INPUT"
            && target.get_attribute("type").is_none_or(|kind| kind != "checkbox"));
    field || matches!(target.closest("dialog"), Ok(Some(_)))
}
