//! The administrator whom a page shows as signed in, in a field of its forms.

use leptos::prelude::*;

/// The name of the field of [`ShownToField`].
pub const SHOWN_TO: &str = "shown-to";

/// The administrator to whom the server sends a page; the server provides the value.
#[derive(Clone, Debug)]
pub struct ShownTo(pub String);

/// A hidden field for a form that changes something.
/// Another administrator may have signed in since, in another tab: without JavaScript only this field names the
/// administrator who makes the change.
#[component]
pub fn ShownToField() -> impl IntoView {
    let name = use_context::<ShownTo>().map(|ShownTo(name)| name);
    view! { <input type="hidden" name=SHOWN_TO value=name/> }
}
