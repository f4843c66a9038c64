//! The style of the page, which no other page needs.

use leptos::prelude::*;

use crate::shell::use_assets;

/// Links the style, and shows `children` once it has come. Where the server has written the page it has.
#[component]
pub(super) fn Styled(children: Children) -> impl IntoView {
    let href = format!("{}/simulator.css", use_assets());
    let is_written = cfg!(feature = "ssr") || is_linked();
    let has_come = RwSignal::new(is_written);
    let come = move || {
        let _ = has_come.try_set(true);
    };
    view! {
        // One that does not come hides nothing.
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
