//! The fields for a new password.

use leptos::prelude::*;

use crate::text::{t, use_i18n};

/// A new password, asked for twice. The box shows both; the script that starts the program operates it.
#[component]
pub(super) fn NewPasswordFields(
    /// The id of the first field.
    id: String,
    /// The label of the first field.
    label: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let again = format!("{id}-again");
    let field = |id: String, name: &'static str| {
        view! {
            <input
                id=id
                name=name
                type="password"
                autocomplete="new-password"
                minlength="8"
                maxlength="256"
                required
            />
        }
    };
    view! {
        <label for=id.clone()>{label}</label>
        {field(id, "password")}
        <label for=again.clone()>{t!(i18n, people.again)}</label>
        {field(again, "again")}
        <label class="inline needs-script">
            <input type="checkbox" data-show-passwords/>
            {t!(i18n, people.show)}
        </label>
    }
}
