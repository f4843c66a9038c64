//! The simulator's page.

use leptos::{prelude::*, task::spawn_local};

use super::{chooser::Chooser, clock::Clock, desk::Desk, news::News, phone::Place as PhonePlace};
use crate::{
    address::use_query,
    api::{Refused, SimulatorPage as Offered, read_simulator},
    components::{Chrome, Place, Problem, Styled, When, focus_if_lost, loaded},
    text::{t, use_i18n},
};

/// The page.
#[component]
pub fn SimulatorPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let desk = Memo::new(move |_| query.with(Desk::read));
    // Read once: a new search does not replace the phones.
    let first = Resource::new(
        || (),
        move |()| {
            let find = desk.with_untracked(|desk| desk.find.clone());
            async move { Ok((read_simulator(find.clone()).await?, find)) }
        },
    );
    let title = t!(i18n, simulator.title);
    view! {
        <Chrome title related=&[Place::Logins, Place::History]>
            {loaded(
                first,
                move |(offered, find): (Offered, String)| {
                    if offered.is_on {
                        view! { <Simulator desk offered find/> }.into_any()
                    } else {
                        view! { <p class="card message">{t!(i18n, simulator.off)}</p> }.into_any()
                    }
                },
            )}
        </Chrome>
    }
}

/// The phones, and the list of phones that the user can choose.
#[component]
fn Simulator(desk: Memo<Desk>, offered: Offered, find: String) -> impl IntoView {
    let i18n = use_i18n();
    provide_context(Clock::new());
    let offered = RwSignal::new(offered);
    let refused = RwSignal::new(None::<Refused>);
    look_for(desk, find, offered, refused);
    let phones = Memo::new(move |_| desk.with(|desk| desk.phones.clone()));
    Effect::new(move |before: Option<usize>| {
        let count = phones.with(Vec::len);
        if before.is_some_and(|before| count < before) {
            // The link that removed a phone is removed with the phone.
            focus_if_lost("content");
        }
        count
    });
    let has_phones = move || phones.with(|phones| !phones.is_empty());
    view! {
        <Styled name="simulator">
            {move || refused.get().map(|refused| view! { <Problem refused/> })}
            <When is=has_phones>
                <p class="status warn without-script">{t!(i18n, simulator.needs_script)}</p>
            </When>
            <Chooser desk offered/>
            <When is=has_phones>
                <Phones desk phones/>
            </When>
        </Styled>
    }
}

/// The phones, with the socket that names the phones with events.
#[component]
fn Phones(desk: Memo<Desk>, phones: Memo<Vec<String>>) -> impl IntoView {
    provide_context(News::new());
    view! {
        <div class="desk">
            <For each=move || phones.get() key=String::clone let:name>
                <PhonePlace name desk/>
            </For>
        </div>
    }
}

/// Reads the list of phones whenever the search text changes.
fn look_for(
    desk: Memo<Desk>,
    first: String,
    offered: RwSignal<Offered>,
    refused: RwSignal<Option<Refused>>,
) {
    let find = Memo::new(move |_| desk.with(|desk| desk.find.clone()));
    Effect::new(move |before: Option<String>| {
        let find_now = find.get();
        if before.as_ref().unwrap_or(&first) != &find_now {
            let asked = find_now.clone();
            spawn_local(async move {
                let answer = read_simulator(asked.clone()).await;
                // The search text may have changed, or the reader may have left the page.
                if find.try_get_untracked() != Some(asked) {
                    return;
                }
                match answer {
                    Ok(page) => {
                        offered.set(page);
                        refused.set(None);
                    }
                    Err(error) => refused.set(Some(error)),
                }
            });
        }
        find_now
    });
}
