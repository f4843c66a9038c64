//! The names that are locked now, with a button to end each lock.

use leptos::{prelude::*, server_fn::ServerFn};
use terms::{ActorKind, Named};

use crate::{
    api::{ClearLock, LockView, read_locks},
    components::{Moment, ShownToField, UserLink, kind_name},
    text::{t, use_i18n},
};

/// The locks, if there are any.
#[component]
pub(super) fn Locks() -> impl IntoView {
    let locks = Resource::new(|| (), |()| read_locks());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let locks = locks.await.unwrap_or_default();
                (!locks.is_empty()).then(|| view! { <Locked locks/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn Locked(locks: Vec<LockView>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card">
            <header>
                <h2 id="locks-title">{t!(i18n, locks.title)}</h2>
            </header>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="locks-title">
                <table class="cards">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, locks.name)}</th>
                            <th scope="col">{t!(i18n, locks.at)}</th>
                            <th scope="col">{t!(i18n, locks.until)}</th>
                            <th></th>
                        </tr>
                    </thead>
                    <tbody>{locks.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// A lock.
/// The browser sends the form, and the page comes back without the lock.
fn row(lock: LockView) -> AnyView {
    let i18n = use_i18n();
    let LockView { kind, name, source, until_ms, may_clear } = lock;
    let shown =
        if source.is_empty() { t!(i18n, locks.everywhere).to_owned() } else { source.clone() };
    // A very long name is counted under a digest, which nobody has as an id.
    let shown_name = if kind == ActorKind::User && !name.starts_with('#') {
        view! { <UserLink name=name.clone()/> }.into_any()
    } else {
        name.clone().into_any()
    };
    let label = format!("{} {name}", t!(i18n, locks.clear));
    view! {
        <tr>
            <td>
                <b>{shown_name}</b>
                " "
                <small>{kind_name(kind)}</small>
            </td>
            <td data-label=t!(i18n, locks.at)>{shown}</td>
            <td data-label=t!(i18n, locks.until)>
                <Moment ms=until_ms/>
            </td>
            <td>
                {may_clear
                    .then(|| {
                        view! {
                            <form method="post" action=ClearLock::url()>
                                <ShownToField/>
                                <input type="hidden" name="kind" value=kind.name()/>
                                <input type="hidden" name="name" value=name/>
                                <input type="hidden" name="source" value=source/>
                                <button class="button" aria-label=label>
                                    {t!(i18n, locks.clear)}
                                </button>
                            </form>
                        }
                    })}
            </td>
        </tr>
    }
    .into_any()
}
