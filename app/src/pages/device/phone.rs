//! A phone's page: its present lines, and why it has these lines.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use terms::RecordKind;

use super::{
    clock::server_clock,
    connection::ConnectionState,
    log_in::LogIn,
    query::found,
    reading::{reading, shown_live},
};
use crate::{
    api::{
        EndedRow, Labelled, LogInAnswer, LoginRow, NotTold, PhonePage as Phone, Refused, Told,
        VisitView, WhyShown, read_phone, read_phone_anew, record_url, take_log_in_answer,
    },
    components::{
        Chrome, Moment, Place, Problem, Styled, TimeLeft, UserLink, WhoLink, again_if_moved,
        cause_name,
    },
    live::live,
    pages::clusters::cluster_url,
    text::{t, use_i18n},
};

/// The page.
/// The page is live: events of this phone and changes of the configuration make the page read anew.
#[component]
pub fn PhonePage() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_params_map();
    let name = Memo::new(move |_| map.with(|map| map.get("name").unwrap_or_default()));
    let (phone, read_anew) = reading(move || name.get(), read_phone, read_phone_anew);
    again_if_moved(phone, move || name.get());
    let now_ms = server_clock();
    let live = live(
        move |changes| {
            if name.with_untracked(|name| changes.iter().any(|one| one.change.concerns(name))) {
                read_anew();
            }
        },
        read_anew,
    );
    let answer = Resource::new(move || name.get(), take_log_in_answer);
    let status = move || view! { <ConnectionState connection=live.connection/> };
    let title = t!(i18n, phone.title);
    view! {
        <Chrome title status related=&[Place::Logins, Place::History]>
            <Styled name="phone-page">
                {shown_live(
                    phone,
                    read_anew,
                    move |phone, _| {
                        if let Some(phone) = phone {
                            now_ms.set(phone.now_ms);
                            live.resume(phone.as_of);
                        }
                    },
                    move |phone, _| match phone {
                        Some(phone) => view! { <Detail phone now_ms answer/> }.into_any(),
                        None => view! { <Problem refused=Refused::NotFound/> }.into_any(),
                    },
                )}
            </Styled>
        </Chrome>
    }
}

#[component]
fn Detail(
    phone: Phone,
    now_ms: RwSignal<i64>,
    answer: Resource<Result<Option<LogInAnswer>, Refused>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Phone { why, login, recent, may_end, .. } = phone.clone();
    let (history, name) = (found("/login-history", &phone.name), phone.name.clone());
    let who = login.as_ref().map(|login| (login.user.clone(), login.profile.clone()));
    let is_visit = phone.visit.is_some();
    let because = move || match (why, who.clone()) {
        (WhyShown::Profile, Some((user, profile))) if is_visit => {
            t!(i18n, phone.why_visit, user = user, profile = profile)
        }
        (WhyShown::Profile, Some((user, profile))) => {
            t!(i18n, phone.why_profile, user = user, profile = profile)
        }
        (WhyShown::ProfileMissing, Some((user, profile))) => {
            t!(i18n, phone.why_missing, user = user, profile = profile)
        }
        _ => t!(i18n, phone.why_own).to_owned(),
    };
    let model_and_description = [phone.model.as_str(), phone.description.as_str()];
    let model_and_description =
        model_and_description.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let model_and_description = model_and_description.join(" · ");
    view! {
        <section class="card" aria-labelledby="phone-name">
            <header>
                <h2 id="phone-name" class="dev">
                    {phone.name.clone()}
                </h2>
                <p>{model_and_description}</p>
                <p>
                    <a href=record_url(RecordKind::Phones, &phone.name)>{t!(i18n, directory.edit)}</a>
                </p>
            </header>
            <dl class="facts body">
                <dt>{t!(i18n, phone.em)}</dt>
                <dd>
                    {move || {
                        if phone.extension_mobility {
                            t!(i18n, phone.enabled)
                        } else {
                            t!(i18n, phone.disabled)
                        }
                    }}
                </dd>
                <dt>{t!(i18n, phone.address)}</dt>
                <dd>{phone.address.clone().unwrap_or_else(|| "—".to_owned())}</dd>
                <dt>{t!(i18n, phone.told)}</dt>
                <dd>
                    <HowTold told=phone.told/>
                </dd>
                <dt>{t!(i18n, phone.log_out)}</dt>
                <dd>{log_out_words(&phone)}</dd>
                <dt>{t!(i18n, phone.last_user)}</dt>
                <dd>
                    {match phone.last_user.clone() {
                        Some(name) => view! { <UserLink name/> }.into_any(),
                        None => "—".into_any(),
                    }}
                </dd>
            </dl>
        </section>
        <Now login now_ms may_end/>
        {may_end
            .then(|| {
                let phone = StoredValue::new(name);
                view! {
                    <Transition>
                        {move || Suspend::new(async move {
                            let answer = answer.await.ok().flatten();
                            view! { <LogIn phone=phone.get_value() answer/> }
                        })}
                    </Transition>
                }
            })}
        <section class="card" aria-labelledby="now-title">
            <header>
                <h2 id="now-title">{t!(i18n, phone.effective)}</h2>
                <p id="why">{because}</p>
            </header>
            {phone.visit.clone().map(|visit| view! { <Visit visit/> })}
            <Buttons lines=phone.lines_now.clone() dials=phone.speed_dials_now.clone()/>
            {(!phone.left_out.is_empty())
                .then(|| {
                    let numbers = phone.left_out.join(", ");
                    view! { <p class="body soft">{t!(i18n, phone.left_out, numbers = numbers)}</p> }
                })}
        </section>
        {(why == WhyShown::Profile)
            .then(|| {
                view! {
                    <section class="card" aria-labelledby="own-title">
                        <header>
                            <h2 id="own-title">{t!(i18n, phone.own)}</h2>
                            <p>{t!(i18n, phone.own_text)}</p>
                        </header>
                        <Buttons lines=phone.lines.clone() dials=phone.speed_dials.clone()/>
                    </section>
                }
            })}
        <Recent recent history/>
    }
}

/// When the phone's user is logged out without a request.
fn log_out_words(phone: &Phone) -> String {
    let i18n = use_i18n();
    let at = phone.log_out_at.as_ref().map(|time| {
        let zone = phone.log_out_zone.as_str();
        if zone.is_empty() { time.clone() } else { format!("{time} ({zone})") }
    });
    let minutes = phone.idle_minutes;
    // Only a phone whose address is known gets its idle URL.
    let idle = (minutes > 0).then(|| {
        if phone.address.is_some() {
            t!(i18n, phone.log_out_idle, minutes = minutes)
        } else {
            t!(i18n, phone.log_out_no_address, minutes = minutes)
        }
    });
    let words: Vec<_> = at.into_iter().chain(idle).collect();
    if words.is_empty() { t!(i18n, phone.log_out_never).to_owned() } else { words.join(", ") }
}

/// The source of the phone's lines during a visit.
#[component]
fn Visit(visit: VisitView) -> impl IntoView {
    let i18n = use_i18n();
    let VisitView { cluster, call_server } = visit;
    let to = cluster_url(&cluster);
    let at = if call_server.is_empty() {
        t!(i18n, phone.no_home_call_server).to_owned()
    } else {
        call_server
    };
    view! {
        <dl class="facts body" id="visit">
            <dt>{t!(i18n, phone.home)}</dt>
            <dd>
                <a href=to>{cluster}</a>
            </dd>
            <dt>{t!(i18n, phone.home_call_server)}</dt>
            <dd>{at}</dd>
        </dl>
    }
}

/// Whether the phone is notified of logins, and the result of the last push.
#[component]
fn HowTold(told: Told) -> impl IntoView {
    let i18n = use_i18n();
    let (text, at_ms) = match told {
        Told::NotSetUp => (t!(i18n, phone.told_not_set_up), None),
        Told::NoAddress => (t!(i18n, phone.told_no_address), None),
        Told::Yes => (t!(i18n, phone.told_yes), None),
        Told::Failed { why, at_ms } => {
            let why = match why {
                NotTold::NoAnswer => t!(i18n, phone.told_no_answer),
                NotTold::Error => t!(i18n, phone.told_error),
                NotTold::NotAuthorized => t!(i18n, phone.told_refused),
                NotTold::CallServer => t!(i18n, phone.told_call_server),
                NotTold::NotRead => t!(i18n, phone.told_not_read),
            };
            (why, Some(at_ms))
        }
    };
    view! {
        {text}
        " "
        {at_ms.map(|ms| view! { <Moment ms/> })}
    }
}

#[component]
fn Now(login: Option<LoginRow>, now_ms: RwSignal<i64>, may_end: bool) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card" aria-labelledby="who-title">
            <header>
                <h2 id="who-title">{t!(i18n, phone.who)}</h2>
            </header>
            {match login {
                None => view! { <p class="body soft">{t!(i18n, phone.nobody)}</p> }.into_any(),
                Some(login) => {
                    let end = t!(i18n, log_out.user, user = login.user.clone());
                    view! {
                        <dl class="facts body">
                            <dt>{t!(i18n, logins.user)}</dt>
                            <dd>
                                <b>
                                    <UserLink name=login.user/>
                                </b>
                            </dd>
                            <dt>{t!(i18n, logins.profile)}</dt>
                            <dd>{login.profile}</dd>
                            <dt>{t!(i18n, logins.since)}</dt>
                            <dd>
                                <Moment ms=login.from_ms/>
                            </dd>
                            <dt>{t!(i18n, logins.left)}</dt>
                            <dd>
                                <TimeLeft until_ms=login.until_ms now_ms=move || now_ms.get()/>
                            </dd>
                            <dt>{t!(i18n, logins.source)}</dt>
                            <dd class="source">
                                <WhoLink by=login.by/>
                            </dd>
                        </dl>
                        {may_end
                            .then(|| {
                                view! {
                                    <p class="body actions">
                                        <a
                                            class="button danger"
                                            href=format!("/log-out?id={}", login.id)
                                            aria-label=end
                                        >
                                            {t!(i18n, logins.log_out)}
                                        </a>
                                    </p>
                                }
                            })}
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Lines and speed dials, as the keys beside the phone's screen show them.
#[component]
fn Buttons(lines: Vec<Labelled>, dials: Vec<Labelled>) -> impl IntoView {
    let i18n = use_i18n();
    let item = |kind: &'static str| {
        move |one: Labelled| {
            view! {
                <li class=kind>
                    <b>{one.number}</b>
                    <span>{one.label}</span>
                </li>
            }
        }
    };
    let nothing = lines.is_empty() && dials.is_empty();
    view! {
        <ul class="buttons body">
            {lines.into_iter().map(item("line")).collect_view()}
            {dials.into_iter().map(item("dial")).collect_view()}
        </ul>
        {nothing.then(|| view! { <p class="body soft">{t!(i18n, phone.no_lines)}</p> })}
    }
}

#[component]
fn Recent(recent: Vec<EndedRow>, history: String) -> impl IntoView {
    let i18n = use_i18n();
    let none = recent.is_empty();
    let row = move |row: EndedRow| {
        view! {
            <tr>
                <td>
                    <b>
                        <UserLink name=row.user/>
                    </b>
                </td>
                <td data-label=t!(i18n, history.from)>
                    <Moment ms=row.from_ms/>
                </td>
                <td data-label=t!(i18n, history.until)>
                    <Moment ms=row.ended_ms/>
                </td>
                <td data-label=t!(i18n, history.why)>{cause_name(row.cause)}</td>
                <td class="source" data-label=t!(i18n, history.by)>
                    <WhoLink by=row.by/>
                </td>
            </tr>
        }
    };
    view! {
        <section class="card">
            <header>
                <h2 id="recent-title">{t!(i18n, phone.recent)}</h2>
                <p>
                    <a href=history>{t!(i18n, phone.all)}</a>
                </p>
            </header>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="recent-title">
                <table class="cards">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, logins.user)}</th>
                            <th scope="col">{t!(i18n, history.from)}</th>
                            <th scope="col">{t!(i18n, history.until)}</th>
                            <th scope="col">{t!(i18n, history.why)}</th>
                            <th scope="col">{t!(i18n, history.by)}</th>
                        </tr>
                    </thead>
                    <tbody>{recent.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            {none.then(|| view! { <p class="body soft">{t!(i18n, phone.none_recent)}</p> })}
        </section>
    }
}
