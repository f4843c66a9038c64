//! The log-out form in a dialog, over the list.

use leptos::{ev, html::Dialog as DialogElement, prelude::*, task::spawn_local};

use super::form::{LogOutForm, Wrong};
use crate::{
    api::{LogOutOutcome, LogOutScope, read_log_out_preview},
    components::{Problem, focus, focus_if_lost},
    part::{later, load_early, part},
    text::{t, use_i18n},
};

/// Asks before it ends logins; the dialog is open while `wanted` is `Some`.
///
/// The form is a separate part, because most visits end no login. The part is loaded when `soon` says that
/// somebody may ask for it, so that it opens at once.
#[component]
pub(in super::super) fn LogOutDialog(
    wanted: RwSignal<Option<LogOutScope>>,
    soon: impl Fn() -> bool + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<DialogElement>::new();
    Effect::new(move |_| {
        if soon() {
            load_early!(load_dialog_form);
        }
    });
    // A step in the history changes the list, so the dialog closes.
    Effect::new(move |_| {
        let listening = window_event_listener(ev::popstate, move |_| close(dialog));
        on_cleanup(move || listening.remove());
    });
    view! {
        <dialog
            node_ref=dialog
            class="log-out"
            aria-labelledby="log-out-title"
            on:close=move |_| {
                wanted.set(None);
                // The row whose button had the focus may be gone.
                focus_if_lost("content");
            }
        >
            <h2 id="log-out-title">{t!(i18n, log_out.title)}</h2>
            {move || match wanted.get() {
                Some(scope) => later(dialog_form(scope, dialog)),
                None => ().into_any(),
            }}
        </dialog>
    }
}

fn close(dialog: NodeRef<DialogElement>) {
    if let Some(dialog) = dialog.try_get_untracked().flatten() {
        dialog.close();
    }
}

part! {
    fn dialog_form(scope: LogOutScope, dialog: NodeRef<DialogElement>), load_dialog_form {
        asking(scope, dialog)
    }
}

/// Opens the dialog, and requests the preview of the logins.
fn asking(scope: LogOutScope, dialog: NodeRef<DialogElement>) -> AnyView {
    let i18n = use_i18n();
    request_animation_frame(move || {
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let preview = RwSignal::new(None);
    let asked = scope.clone();
    spawn_local(async move {
        let answer = read_log_out_preview(asked).await;
        // For one login the focus is on the reason. For several logins the focus is on the button that cancels,
        // so that the administrator reads the list first.
        let first = match &answer {
            Ok(preview) if preview.count == 1 => "reason",
            _ => "way-out",
        };
        // The dialog may be closed.
        if preview.try_set(Some(answer)).is_none() {
            focus(first);
        }
    });
    let way_out = move |text: &'static str| {
        view! {
            <button
                class="button"
                type="button"
                id="way-out"
                autofocus
                on:click=move |_| close(dialog)
            >
                {text}
            </button>
        }
        .into_any()
    };
    let only_way_out = move |text| view! { <p class="actions">{way_out(text)}</p> }.into_any();
    (move || match preview.get() {
        None => view! {
            <p role="status">{t!(i18n, states.loading)}</p>
            {only_way_out(t!(i18n, log_out.cancel))}
        }
        .into_any(),
        Some(Err(refused)) => view! {
            <Problem refused/>
            {only_way_out(t!(i18n, log_out.close))}
        }
        .into_any(),
        Some(Ok(preview)) if preview.count == 0 => view! {
            <Wrong outcome=LogOutOutcome::NothingOpen/>
            {only_way_out(t!(i18n, log_out.close))}
        }
        .into_any(),
        Some(Ok(preview)) => {
            view! { <LogOutForm scope=scope.clone() preview refused=None way_out/> }.into_any()
        }
    })
    .into_any()
}
