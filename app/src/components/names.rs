//! Names of users and phones, as links to their pages.

use leptos::prelude::*;
use terms::{ActorKind, ErrorCode, LoginType};

use super::words::{Who, kind_name};
use crate::{
    address::{phone_url, user_url},
    api::By,
    text::{t, use_i18n},
};

/// Stands for a name in a text, until the name is set in as a link.
const SLOT: &str = "\u{0}";

/// The `rel` of a link to the page of a name.
/// The router decodes an address before it writes the address into the history, where an encoded `%` in a name would
/// then be part of another name: the browser itself follows such a link.
fn rel(name: &str) -> Option<&'static str> {
    name.contains('%').then_some("external")
}

/// The name of a user, as lists show it; nothing for an empty name.
#[component]
pub fn UserLink(name: String) -> impl IntoView {
    (!name.is_empty()).then(|| {
        let (to, rel) = (user_url(&name), rel(&name));
        view! {
            <a href=to rel=rel>
                {name}
            </a>
        }
        .into_any()
    })
}

/// The name of a phone.
/// A phone of another cluster has no page in this cluster, and its name is no link.
#[component]
pub fn PhoneLink(
    name: String,
    /// The type of the login at the phone.
    #[prop(default = LoginType::Em)]
    login_type: LoginType,
) -> impl IntoView {
    let has_page = login_type != LoginType::Elsewhere && !name.is_empty();
    let to = has_page.then(|| phone_url(&name));
    let rel = rel(&name);
    view! {
        <a href=to rel=rel>
            {name}
        </a>
    }
    .into_any()
}

/// [`Who`], where a user is a link.
#[component]
pub fn WhoLink(by: By) -> impl IntoView {
    if by.kind != ActorKind::User || by.name.is_empty() {
        return view! { <Who by/> }.into_any();
    }
    let By { kind, name, address } = by;
    let from = if address.is_empty() { String::new() } else { format!(" · {address}") };
    view! {
        <span>
            <UserLink name/>
            <small>{kind_name(kind)} {from}</small>
        </span>
    }
    .into_any()
}

/// The login that was in the way of a refused request: `by` is the user who held the phone (error 18), or the phone at
/// which the user was logged in (error 25).
#[component]
pub fn InTheWayOf(code: u16, by: String) -> impl IntoView {
    let i18n = use_i18n();
    let is_phone = ErrorCode::from_number(code) == Some(ErrorCode::LoggedInElsewhere);
    let (text, name) = if is_phone {
        // The name of a phone of another cluster has the cluster in parentheses.
        let login_type = if by.ends_with(')') { LoginType::Elsewhere } else { LoginType::Em };
        let name = view! { <PhoneLink name=by login_type/> }.into_any();
        (t!(i18n, refusals.was_at, phone = SLOT), name)
    } else {
        let name = view! { <UserLink name=by/> }.into_any();
        (t!(i18n, refusals.held_by, user = SLOT), name)
    };
    let (before, after) = text.split_once(SLOT).unwrap_or((&text, ""));
    view! { {before.to_owned()} {name} {after.to_owned()} }.into_any()
}
