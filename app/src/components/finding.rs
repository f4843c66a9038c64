//! What keeps the search box, the list and the address the same.
//!
//! The list follows what is typed, and the address with it, in place of the one before. Whatever else
//! changes the address (a link, a step in the history) changes the box.

use std::time::Duration;

use leptos::{ev, html, prelude::*, web_sys::FormData};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use terms::LoginFilter;

use crate::{
    address::use_query,
    text::{t, use_i18n},
};

/// How long nobody types before the list follows.
const PAUSE: Duration = Duration::from_millis(300);

/// A field of the form, by its name.
pub type Fields<'a> = &'a dyn Fn(&str) -> Option<String>;
type Go = Box<dyn Fn(Fields<'_>) + Send + Sync>;

/// Keeps them the same, for one page.
#[derive(Clone, Copy)]
pub struct Finding {
    /// What is typed in the search box.
    pub typed: RwSignal<String>,
    /// The form that the box stands in.
    pub form: NodeRef<html::Form>,
    /// The page's path.
    path: StoredValue<String>,
    /// The path to which somebody is on the way.
    on_the_way: Memo<String>,
    /// With what the list was asked for last.
    sent: StoredValue<String>,
    later: StoredValue<Option<TimeoutHandle>>,
    go: StoredValue<Go>,
}

impl Finding {
    /// Begins with what the address says; `address` makes one from the fields of the form.
    pub fn new(
        typed: RwSignal<String>,
        address: impl Fn(Fields<'_>) -> String + Send + Sync + 'static,
    ) -> Self {
        let (query, on_the_way) = (use_query(), use_location().pathname);
        let here = move || find_in(query.with(|query| query.get("find")));
        let navigate = use_navigate();
        let go: Go = Box::new(move |fields| {
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate(&address(fields), options);
        });
        let first = untrack(here);
        typed.set(first.clone());
        let finding = Self {
            typed,
            form: NodeRef::new(),
            path: StoredValue::new(on_the_way.get_untracked()),
            on_the_way,
            sent: StoredValue::new(first),
            later: StoredValue::new(None),
            go: StoredValue::new(go),
        };
        Effect::new(move |_| {
            let now = here();
            if finding.sent.with_value(|sent| *sent != now) {
                finding.cancel();
                finding.sent.set_value(now.clone());
                finding.typed.set(now);
            }
        });
        on_cleanup(move || finding.cancel());
        finding
    }

    /// Something was typed or chosen.
    pub fn type_in(self, _: ev::Event) {
        self.follow_soon();
    }

    /// Somebody presses Find, or Enter.
    pub fn submit(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        self.now();
    }

    /// Nothing is looked for any more. The link that says so leads to the list.
    pub fn clear(self) {
        self.cancel();
        self.typed.set(String::new());
        if let Some(form) = self.form.get_untracked()
            && let Ok(Some(field)) = form.query_selector("input[type=search]")
        {
            use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
            // The link is gone with what it cleared.
            let _ = field.dyn_into::<HtmlElement>().map(|field| field.focus());
        }
    }

    fn follow_soon(self) {
        self.cancel();
        self.later.set_value(set_timeout_with_handle(move || self.now(), PAUSE).ok());
    }

    fn cancel(self) {
        if let Some(later) = self.later.try_update_value(Option::take).flatten() {
            later.clear();
        }
    }

    fn now(self) {
        self.cancel();
        // The reader may be on another page by now, or on the way to one.
        let stays = self.path.try_get_value() == self.on_the_way.try_get_untracked();
        if !stays {
            return;
        }
        let Some(form) = self.form.try_get_untracked().flatten() else { return };
        let Ok(data) = FormData::new_with_form(&form) else { return };
        let fields = |name: &str| data.get(name).as_string();
        self.sent.set_value(find_in(fields("find")));
        self.go.with_value(|go| go(&fields));
    }
}

/// What is looked for, as a query says it.
fn find_in(typed: Option<String>) -> String {
    LoginFilter::new(&typed.unwrap_or_default(), None).find
}

/// The search box. Browsers don't fill it by themselves: it says what the list shows.
#[component]
pub fn FindBox(finding: Finding, find: String, hint: &'static str) -> impl IntoView {
    let typed = finding.typed;
    view! {
        <input
            type="search"
            name="find"
            value=find
            prop:value=move || typed.get()
            on:input=move |event| typed.set(event_target_value(&event))
            maxlength="128"
            autocomplete="off"
            placeholder=hint
            aria-label=hint
        />
    }
    .into_any()
}

/// Where somebody gets who looks for nothing any more.
#[component]
pub fn ClearFind(finding: Finding, to: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a
            class="button quiet"
            href=to
            on:click=move |event| {
                // With one of these keys the link opens elsewhere, and this page stays.
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    finding.clear();
                }
            }
        >
            {t!(i18n, logins.clear)}
        </a>
    }
    .into_any()
}
