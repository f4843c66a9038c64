//! A user's page: the settings, where the user is logged in, and what happened last.

mod facts;
mod logins;
mod refusals;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use self::{
    facts::Facts,
    logins::{Now, Recent},
    refusals::RecentRefusals,
};
use super::{
    clock::server_clock,
    connection::ConnectionState,
    reading::{reading, shown_live},
};
use crate::{
    api::{Refused, UserPage as User, read_user, read_user_anew},
    components::{Chrome, Place, Problem, again_if_moved},
    live::live,
    text::{t, use_i18n},
};

/// The page.
/// The page is live: events of this user and changes of the configuration make the page read anew.
#[component]
pub fn UserPage() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_params_map();
    let name = Memo::new(move |_| map.with(|map| map.get("id").unwrap_or_default()));
    let (user, read_anew) = reading(move || name.get(), read_user, read_user_anew);
    again_if_moved(user, move || name.get());
    let now_ms = server_clock();
    let live = live(
        move |changes| {
            let is_meant = name
                .with_untracked(|name| changes.iter().any(|one| one.change.concerns_user(name)));
            if is_meant {
                read_anew();
            }
        },
        read_anew,
    );
    let status = move || view! { <ConnectionState connection=live.connection/> };
    let title = t!(i18n, user.title);
    view! {
        <Chrome title status related=&[Place::Logins, Place::History, Place::Refusals]>
            {shown_live(
                user,
                read_anew,
                move |user, _| {
                    if let Some(user) = user {
                        now_ms.set(user.now_ms);
                        live.resume(user.as_of);
                    }
                },
                move |user, _| match user {
                    Some(user) => view! { <Detail user now_ms/> }.into_any(),
                    None => view! { <Problem refused=Refused::NotFound/> }.into_any(),
                },
            )}
        </Chrome>
    }
}

#[component]
fn Detail(user: User, now_ms: RwSignal<i64>) -> impl IntoView {
    let User { name, home, locks, logins, open, may_end, recent, refusals, .. } = user;
    view! {
        <Facts name=name.clone() home locks/>
        <Now name=name.clone() logins open now_ms may_end/>
        <Recent name=name.clone() recent/>
        <RecentRefusals name refusals/>
    }
}
