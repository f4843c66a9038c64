//! A part of a page that depends on a condition.

use leptos::prelude::*;

/// Shows `children` while `is` holds.
/// The framework's `Show` would do, but its code would come into the browser once more with each use.
#[component]
pub fn When(
    /// The condition.
    is: impl Fn() -> bool + Send + Sync + 'static,
    /// The part.
    children: ChildrenFn,
) -> impl IntoView {
    part(Memo::new(move |_| is()), children)
}

fn part(is: Memo<bool>, children: ChildrenFn) -> AnyView {
    (move || if is.get() { children() } else { ().into_any() }).into_any()
}
