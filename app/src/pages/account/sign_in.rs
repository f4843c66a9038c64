//! The sign-in page.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::{SignIn, SignInAnswer, SignInProblem, take_sign_in_answer},
    components::{LanguageForm, Mark, set_title},
    text::{t, use_i18n},
};

/// The form for name and password.
/// The browser sends the form itself, so that the sign-in works even if the page's scripts fail.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let answer = Resource::new(|| (), |()| take_sign_in_answer());
    set_title(t!(i18n, sign_in.title));
    view! {
        <main class="alone">
            <section class="card sign-in">
                <p class="mark">
                    <Mark/>
                    "Sojourn"
                </p>
                <h1>{t!(i18n, sign_in.title)}</h1>
                <Transition>
                    {move || Suspend::new(async move {
                        let answer = answer.await.unwrap_or_default();
                        view! { <Form answer/> }
                    })}
                </Transition>
                <p class="foot">{t!(i18n, sign_in.hint)}</p>
            </section>
            <LanguageForm/>
        </main>
    }
}

#[component]
fn Form(answer: SignInAnswer) -> impl IntoView {
    let i18n = use_i18n();
    let SignInAnswer { problem, name, had_session, to } = answer;
    let why = match problem {
        Some(_) => None,
        None if had_session => Some(t!(i18n, sign_in.ended)),
        None => (to != "/").then(|| t!(i18n, sign_in.to_see)),
    };
    let is_named = !name.is_empty();
    view! {
        <form method="post" action=SignIn::url()>
            {why.map(|why| view! { <p class="status warn" role="status">{why}</p> })}
            {problem.map(|problem| view! { <Problem problem/> })}
            <input type="hidden" name="to" value=to/>
            <label for="name">{t!(i18n, sign_in.name)}</label>
            <input
                id="name"
                name="name"
                type="text"
                value=name
                autocomplete="username"
                autocapitalize="none"
                spellcheck="false"
                maxlength="256"
                required
                autofocus=!is_named
            />
            <label for="password">{t!(i18n, sign_in.password)}</label>
            <input
                id="password"
                name="password"
                type="password"
                autocomplete="current-password"
                maxlength="256"
                required
                autofocus=is_named
            />
            <button class="button primary">{t!(i18n, sign_in.submit)}</button>
        </form>
    }
}

#[component]
fn Problem(problem: SignInProblem) -> impl IntoView {
    let i18n = use_i18n();
    let text = match problem {
        SignInProblem::Wrong => t!(i18n, sign_in.wrong).to_owned(),
        SignInProblem::Wait(seconds) => t!(i18n, sign_in.wait, seconds = seconds),
        SignInProblem::Busy => t!(i18n, sign_in.busy).to_owned(),
        SignInProblem::Failed => t!(i18n, sign_in.failed).to_owned(),
    };
    view! {
        <p class="status bad" role="alert">
            {text}
        </p>
    }
}
