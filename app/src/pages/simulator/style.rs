//! The style sheet of the page, which no other page needs.

use leptos::prelude::*;

use crate::shell::use_assets;

/// Links the style sheet, and shows `children` once the style sheet is loaded.
/// In a page that the server has rendered, the style sheet is loaded.
#[component]
pub(super) fn Styled(children: Children) -> impl IntoView {
    let href = format!("{}/simulator.css", use_assets());
    let is_written = cfg!(feature = "ssr") || is_linked();
    let has_come = RwSignal::new(is_written);
    let come = move || {
        let _ = has_come.try_set(true);
    };
    view! {
        // If the style sheet can't be loaded, the content is shown without it.
        <link
            rel="stylesheet"
            href=href
            data-style="simulator"
            on:load=move |_| come()
            on:error=move |_| come()
        />
        <div class="simulator" hidden=move || !has_come.get()>
            {children()}
        </div>
    }
}

fn is_linked() -> bool {
    matches!(document().query_selector("link[data-style=simulator]"), Ok(Some(_)))
}
