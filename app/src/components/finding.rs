//! Keeps the search box, the list and the address in agreement.
//!
//! The list follows the typed text, and the address does so by replacing the history entry. Any other change of
//! the address (a link, a step in the history) changes the box.

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

/// The pause in typing after which the list follows.
const PAUSE: Duration = Duration::from_millis(300);

/// Reads a field of the form by its name.
pub type Fields<'a> = &'a dyn Fn(&str) -> Option<String>;
type Go = Box<dyn Fn(Fields<'_>) + Send + Sync>;

/// The search of one page.
#[derive(Clone, Copy)]
pub struct Finding {
    /// The text in the search box.
    pub typed: RwSignal<String>,
    /// The form around the search box.
    pub form: NodeRef<html::Form>,
    /// The page's path.
    path: StoredValue<String>,
    /// The path to which the router is navigating.
    on_the_way: Memo<String>,
    /// The text of the last request for the list.
    sent: StoredValue<String>,
    later: StoredValue<Option<TimeoutHandle>>,
    go: StoredValue<Go>,
}

impl Finding {
    /// Starts with the text in the page's address; `address` makes an address from the fields of the form.
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

    /// Handles a change of a field.
    pub fn type_in(self, _: ev::Event) {
        self.follow_soon();
    }

    /// Handles Find or Enter.
    pub fn submit(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        self.now();
    }

    /// Clears the search.
    /// The link that calls this function leads to the full list.
    pub fn clear(self) {
        self.cancel();
        self.typed.set(String::new());
        if let Some(form) = self.form.get_untracked()
            && let Ok(Some(field)) = form.query_selector("input[type=search]")
        {
            use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
            // The link that had the focus is removed with the text.
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
        // The reader may have left the page, or be leaving it.
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

/// The typed text, in the form of a query.
fn find_in(typed: Option<String>) -> String {
    LoginFilter::new(&typed.unwrap_or_default(), None).find
}

/// The search box.
/// Browsers must not fill in the field: the field tells what the list shows.
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

/// The link that ends the search.
#[component]
pub fn ClearFind(finding: Finding, to: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a
            class="button quiet"
            href=to
            on:click=move |event| {
                // With one of these keys the browser opens the link elsewhere, and this page stays.
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
