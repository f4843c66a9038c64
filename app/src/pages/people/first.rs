//! The page of the one-time link: the first administrator.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

use super::{administrators::Said, password::NewPasswordFields};
use crate::{
    api::{AddFirstAdministrator, PeopleOutcome, read_first_administrator},
    components::{LanguageForm, Mark, Problem, set_title},
    text::{t, use_i18n},
};

/// Name and password of the first administrator; a link that was used says so.
#[component]
pub fn FirstPage() -> impl IntoView {
    let i18n = use_i18n();
    let code = use_params_map().with_untracked(|map| map.get("code").unwrap_or_default());
    let asked = code.clone();
    let page = Resource::new(move || asked.clone(), read_first_administrator);
    set_title(t!(i18n, people.first_title));
    view! {
        <main class="alone">
            <section class="card sign-in">
                <p class="mark">
                    <Mark/>
                    "Sojourn"
                </p>
                <Transition>
                    {move || {
                        let code = code.clone();
                        Suspend::new(async move {
                            match page.await {
                                Err(refused) => view! { <Problem refused/> }.into_any(),
                                Ok(page) if page.is_open => {
                                    view! { <Form code answered=page.answered/> }.into_any()
                                }
                                Ok(_) => view! { <Used/> }.into_any(),
                            }
                        })
                    }}
                </Transition>
            </section>
            <LanguageForm/>
        </main>
    }
}

/// Tells that the link is not valid any more.
#[component]
fn Used() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <h1>{t!(i18n, people.used_title)}</h1>
        <p>{t!(i18n, people.used_text)}</p>
        <p>
            <a class="button primary" href="/sign-in">
                {t!(i18n, sign_in.title)}
            </a>
        </p>
    }
}

#[component]
fn Form(code: String, answered: Option<PeopleOutcome>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <h1>{t!(i18n, people.first_title)}</h1>
        <p class="foot">{t!(i18n, people.first_text)}</p>
        // The browser sends the form itself, so that the form works even if the page's scripts fail.
        <form method="post" action=AddFirstAdministrator::url()>
            {answered.map(|outcome| view! { <Said outcome/> })}
            <input type="hidden" name="code" value=code/>
            <label for="name">{t!(i18n, sign_in.name)}</label>
            <input
                id="name"
                name="name"
                type="text"
                autocomplete="username"
                autocapitalize="none"
                spellcheck="false"
                maxlength="256"
                required
                autofocus
            />
            <NewPasswordFields id="password".to_owned() label=t!(i18n, sign_in.password)/>
            <button class="button primary">{t!(i18n, people.first_submit)}</button>
        </form>
    }
}
