//! A phone on the page.

use leptos::prelude::*;

use super::{
    desk::Desk,
    display::Display,
    icons::Cross,
    line_keys::{LineKeys, SIDE},
    news::News,
    pad::Pad,
    soft_keys::SoftKeys,
    state::Phone,
};
use crate::{
    api::{PhoneNews, Refused, SimulatedPhone, read_phone_news},
    components::{Problem, When, loaded},
    text::{t, use_i18n},
};

/// The element of a phone: the phone, once the phone is read, and the link that removes it.
#[component]
pub(super) fn Place(name: String, desk: Memo<Desk>) -> impl IntoView {
    let i18n = use_i18n();
    let asked = name.clone();
    let news = Resource::new(
        || (),
        move |()| {
            let asked = asked.clone();
            async move {
                match read_phone_news(asked, String::new()).await {
                    Err(Refused::NotFound) => Ok(None),
                    answer => answer.map(Some),
                }
            }
        },
    );
    let remove = t!(i18n, simulator.remove, phone = name.clone());
    let (id, named) = (place_id(&name), name.clone());
    let without = move || desk.with(|desk| desk.url_without(&name));
    view! {
        <div class="place" id=id tabindex="-1">
            // Shown without a phone, above the reason.
            <b class="named">{named}</b>
            {loaded(
                news,
                move |news| match news {
                    Some(news) => view! { <Standing news/> }.into_any(),
                    None => {
                        view! { <p class="card message">{t!(i18n, simulator.no_phone)}</p> }.into_any()
                    }
                },
            )}
            <a class="remove" href=without aria-label=remove.clone() title=remove>
                <Cross/>
            </a>
        </div>
    }
}

/// The id of a phone's element.
pub(super) fn place_id(name: &str) -> String {
    format!("place-{name}")
}

/// The phone.
#[component]
fn Standing(news: PhoneNews) -> impl IntoView {
    let SimulatedPhone { name, model, .. } = news.phone.clone();
    let shown_name = name.clone();
    let phone = Phone::new(news.phone.clone());
    let all = expect_context::<News>();
    all.follow(phone, &news);
    let is_many = move || phone.now.with(|now| now.lines.len() + now.speed_dials.len() > SIDE);
    view! {
        <section
            class="desk-phone"
            aria-label=name.clone()
            data-phone=name.clone()
            node_ref=phone.root
            on:keydown=move |event| phone.press_on_keyboard(&event)
            on:mousedown=move |event| phone.keep_field(&event)
            on:pointerdown=move |event| {
                let by_touch = event.pointer_type() == "touch";
                phone.hands.update_value(|hands| hands.by_touch = by_touch);
            }
        >
            {move || phone.refused.get().map(|refused| view! { <Problem refused/> })}
            <div class="handset" aria-hidden="true"></div>
            <div class="face">
                <p class="plate">
                    <b>{model}</b>
                    <span>{shown_name}</span>
                    <When is=move || all.is_lost()>
                        <PlateMark/>
                    </When>
                </p>
                <div
                    class="screen"
                    class:busy=move || phone.screen.with(Option::is_some)
                    class:many=is_many
                >
                    <Display phone/>
                    <LineKeys phone/>
                    <SoftKeys phone/>
                </div>
                <div class="needs-script">
                    <Pad phone/>
                </div>
            </div>
        </section>
    }
}

/// Says that the page does not receive events.
#[component]
fn PlateMark() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <span class="lost" role="status">
            {t!(i18n, simulator.lost)}
        </span>
    }
}
