//! The start of the program in the browser, and its messages to `start.js`, the script that has loaded it.

use leptos::{prelude::*, web_sys::Event};

/// The page's build of the console, as the server wrote it.
pub(crate) fn page_build() -> Option<String> {
    app_element()?.get_attribute("data-build")
}

fn app_element() -> Option<leptos::web_sys::Element> {
    document().get_element_by_id("app")
}

/// The event by which the script tells that a periodic read of the page is late.
pub(crate) const LATE: &str = "sojourn-late";

/// Tells the script that the server's build differs from the page's build.
pub(crate) fn is_outdated() {
    tell("sojourn-outdated");
}

/// Tells the script that a part of the program could not be loaded.
pub(crate) fn lacks_a_part() {
    tell("sojourn-part-missing");
}

/// Tells the script that the page's content could not be read: the server did not answer.
pub(crate) fn is_without_its_server() {
    tell("sojourn-without-server");
}

/// Tells the script that the page is loaded anew after a sign-in.
#[cfg(not(feature = "ssr"))]
pub(crate) fn keeps_what_is_typed() {
    tell("sojourn-signed-out");
}

fn tell(event: &str) {
    if let Ok(event) = Event::new(event) {
        let _ = window().dispatch_event(&event);
    }
}

#[cfg(feature = "hydrate")]
mod entry {
    use leptos::{
        mount::{hydrate_from_async, mount_to},
        wasm_bindgen::JsCast,
        web_sys::HtmlElement,
    };
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen_futures::spawn_local;

    use super::{app_element, tell};
    use crate::{App, pages::load_parts_in_sight};

    /// Hydrates the page that the server has rendered.
    #[wasm_bindgen]
    pub fn hydrate() {
        let Some(app) = begin() else { return };
        spawn_local(async move {
            // A part that the server has rendered can only be hydrated together with the page.
            load_parts_in_sight().await;
            hydrate_from_async(app, App).await.forget();
            tell("sojourn-live");
        });
    }

    /// Renders the page in the browser, in place of the server's content.
    #[wasm_bindgen]
    pub fn mount() {
        if let Some(app) = begin() {
            mount_to(app, App).forget();
            tell("sojourn-live");
        }
    }

    fn begin() -> Option<HtmlElement> {
        console_error_panic_hook::set_once();
        app_element()?.dyn_into().ok()
    }
}
