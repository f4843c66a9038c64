//! Icons on keys and displays.
//! A word stands beside the icon or names the key.

use leptos::prelude::*;

/// Up; rotated, down.
#[component]
pub(super) fn Arrow() -> impl IntoView {
    sign("M6 14l6-6 6 6")
}

/// Back.
#[component]
pub(super) fn Return() -> impl IntoView {
    sign("M9 6l-5 5 5 5M4 11h10a5 5 0 0 1 0 10h-3")
}

/// Services.
#[component]
pub(super) fn Grid() -> impl IntoView {
    sign("M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z")
}

/// A person.
#[component]
pub(super) fn Person() -> impl IntoView {
    sign("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.6-6 8-6s8 2 8 6")
}

/// Close.
#[component]
pub(super) fn Cross() -> impl IntoView {
    sign("M6 6l12 12M18 6L6 18")
}

/// A desk phone.
#[component]
pub(super) fn DeskPhone() -> impl IntoView {
    sign(
        "M4 5h3v14H4zM10 5h10v14H10zM12.5 7.5h5v4h-5zM12.5 14.5h.01M15 14.5h.01M17.5 14.5h.01M12.5 \
         17h.01M15 17h.01M17.5 17h.01",
    )
}

fn sign(path: &'static str) -> AnyView {
    view! {
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
    .into_any()
}
