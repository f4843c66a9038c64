//! The settings of a user, the cluster to which the user belongs, and the locks after wrong PINs.

use leptos::prelude::*;
use terms::RecordKind;

use crate::{
    api::{MaxLogin, UserHome, UserLock, UserSettings, record_url},
    components::Moment,
    pages::clusters::cluster_url,
    text::{t, use_i18n},
};

/// The user's name, cluster, settings and locks.
#[component]
pub(super) fn Facts(name: String, home: UserHome, locks: Vec<UserLock>) -> impl IntoView {
    let i18n = use_i18n();
    let (from, settings) = match home {
        UserHome::Here(settings) => (().into_any(), Some(settings)),
        UserHome::Other(cluster) => {
            let to = cluster_url(&cluster);
            let text = view! {
                <p id="user-home">
                    {t!(i18n, user.of_other)} " " <a href=to>{cluster}</a>
                </p>
            };
            (text.into_any(), None)
        }
        UserHome::Unknown => {
            (view! { <p id="user-home">{t!(i18n, user.unknown)}</p> }.into_any(), None)
        }
    };
    let (is_locked, to_form) = (!locks.is_empty(), record_url(RecordKind::Users, &name));
    view! {
        <section class="card" aria-labelledby="user-name">
            <header>
                <h2 id="user-name">{name}</h2>
                {from}
                {settings
                    .is_some()
                    .then(|| {
                        view! {
                            <p>
                                <a href=to_form>
                                    {t!(i18n, directory.edit)}
                                </a>
                            </p>
                        }
                    })}
            </header>
            {(is_locked || settings.is_some())
                .then(|| {
                    view! {
                        <dl class="facts body">
                            {settings.map(|settings| view! { <Settings settings/> })}
                            {is_locked.then(|| view! { <Locks locks/> })}
                        </dl>
                    }
                })}
        </section>
    }
}

#[component]
fn Settings(settings: UserSettings) -> impl IntoView {
    let i18n = use_i18n();
    let UserSettings { enabled, emcc, max_login, profiles } = settings;
    let is_allowed =
        move |is: bool| if is { t!(i18n, user.allowed) } else { t!(i18n, user.not_allowed) };
    let max_login = match max_login {
        MaxLogin::Own(minutes) => t!(i18n, user.max_own, time = time(minutes)),
        MaxLogin::System { intra, inter } if emcc => {
            t!(i18n, user.max_both, here = time(intra), there = time(inter))
        }
        MaxLogin::System { intra, .. } => t!(i18n, user.max_system, time = time(intra)),
    };
    let none = profiles.is_empty();
    let profile = move |(index, (name, model)): (usize, (String, Option<String>))| {
        let model = model.unwrap_or_else(|| t!(i18n, user.profile_gone).to_owned());
        view! {
            <li>
                <span>{name}</span>
                " "
                <small>
                    {model} {(index == 0).then(|| format!(" · {}", t!(i18n, user.profile_default)))}
                </small>
            </li>
        }
    };
    view! {
        <dt>{t!(i18n, user.log_in)}</dt>
        <dd>
            {if enabled {
                t!(i18n, user.allowed).into_any()
            } else {
                view! { <b>{t!(i18n, user.disabled)}</b> }.into_any()
            }}
        </dd>
        <dt>{t!(i18n, user.emcc)}</dt>
        <dd>{is_allowed(emcc)}</dd>
        <dt>{t!(i18n, user.max_login)}</dt>
        <dd>{max_login}</dd>
        <dt>{t!(i18n, user.profiles)}</dt>
        <dd>
            {if none {
                t!(i18n, user.no_profiles).into_any()
            } else {
                view! {
                    <ul class="plain" id="user-profiles">
                        {profiles.into_iter().enumerate().map(profile).collect_view()}
                    </ul>
                }
                    .into_any()
            }}
        </dd>
    }
}

/// A maximum login time in minutes; 0 is unlimited.
fn time(minutes: u32) -> String {
    let i18n = use_i18n();
    match (minutes / 60, minutes % 60) {
        (0, 0) => t!(i18n, logins.unlimited).to_owned(),
        (0, minutes) => t!(i18n, logins.minutes_left, minutes = minutes),
        (hours, minutes) => t!(i18n, logins.hours_minutes, hours = hours, minutes = minutes),
    }
}

/// The locks, and the way to the page on which operators end them.
#[component]
fn Locks(locks: Vec<UserLock>) -> impl IntoView {
    let i18n = use_i18n();
    let lock = move |UserLock { source, until_ms }: UserLock| {
        let source = if source.is_empty() { t!(i18n, locks.everywhere).to_owned() } else { source };
        view! {
            <li>
                {source} " · " {t!(i18n, locks.until)} " " <Moment ms=until_ms/>
            </li>
        }
    };
    view! {
        <dt>{t!(i18n, user.locked)}</dt>
        <dd>
            <ul class="plain" id="user-locks">
                {locks.into_iter().map(lock).collect_view()}
            </ul>
            <a href="/audit">{t!(i18n, user.end_lock)}</a>
        </dd>
    }
}
