//! The page of the one-time link: the first administrator.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::administrators::Said;
use crate::{
    api::{AddFirstAdministrator, take_first_problem},
    components::{LanguageForm, Mark, Problem, document_title},
    text::{t, use_i18n},
};

/// Name and password of the first administrator.
#[component]
pub fn FirstPage() -> impl IntoView {
    let i18n = use_i18n();
    let code = use_params_map().with_untracked(|map| map.get("code").unwrap_or_default());
    let answer = Resource::new(|| (), |()| take_first_problem());
    view! {
        <Title text=document_title(t!(i18n, people.first_title))/>
        <main class="alone">
            <section class="card sign-in">
                <p class="mark">
                    <Mark/>
                    "Sojourn"
                </p>
                <h1>{t!(i18n, people.first_title)}</h1>
                <p class="foot">{t!(i18n, people.first_text)}</p>
                // The browser sends the form itself, so that the form works even if the page's scripts fail.
                <form method="post" action=AddFirstAdministrator::url()>
                    <Transition>
                        {move || Suspend::new(async move {
                            match answer.await {
                                Err(refused) => view! { <Problem refused/> }.into_any(),
                                Ok(Some(outcome)) => view! { <Said outcome/> }.into_any(),
                                Ok(None) => ().into_any(),
                            }
                        })}
                    </Transition>
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
                    <label for="password">{t!(i18n, sign_in.password)}</label>
                    <input
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="new-password"
                        minlength="8"
                        maxlength="256"
                        required
                    />
                    <button class="button primary">{t!(i18n, people.first_submit)}</button>
                </form>
            </section>
            <LanguageForm/>
        </main>
    }
}
