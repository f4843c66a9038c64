//! The style sheet of a page that no other page needs.

use leptos::prelude::*;

use crate::shell::use_assets;

/// Links the style sheet `/<name>.css`, and shows `children` once the style sheet is loaded.
/// In a page that the server has rendered, the style sheet is loaded.
#[component]
pub fn Styled(name: &'static str, children: Children) -> impl IntoView {
    let href = format!("{}/{name}.css", use_assets());
    let is_written = cfg!(feature = "ssr") || is_linked(name);
    let has_come = RwSignal::new(is_written);
    let come = move || {
        let _ = has_come.try_set(true);
    };
    view! {
        // If the style sheet can't be loaded, the content is shown without it.
        <link
            rel="stylesheet"
            href=href
            data-style=name
            on:load=move |_| come()
            on:error=move |_| come()
        />
        <div class=name hidden=move || !has_come.get()>
            {children()}
        </div>
    }
}

fn is_linked(name: &str) -> bool {
    matches!(document().query_selector(&format!("link[data-style={name}]")), Ok(Some(_)))
}
