//! Whom a page shows as signed in, told by its forms.

use leptos::prelude::*;

/// The name of the field of [`ShownToField`].
pub const SHOWN_TO: &str = "shown-to";

/// The administrator to whom the server sends a page; it provides this.
#[derive(Clone, Debug)]
pub struct ShownTo(pub String);

/// A hidden field of a form that changes something. Somebody else may have signed in since, in another
/// tab: without JavaScript this field alone says who means the change.
#[component]
pub fn ShownToField() -> impl IntoView {
    let name = use_context::<ShownTo>().map(|ShownTo(name)| name);
    view! { <input type="hidden" name=SHOWN_TO value=name/> }
}
