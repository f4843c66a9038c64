//! The sign-in page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{Refused, SignIn, SignInProblem, take_sign_in_problem},
    components::{LanguageForm, Mark, document_title},
    text::{t, use_i18n},
};

/// Name and password; works without JavaScript.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let sign_in = ServerAction::<SignIn>::new();
    // What a form without JavaScript was answered; read at the server, once.
    let before = Resource::new(|| (), |()| take_sign_in_problem());
    view! {
        <Title text=document_title(t!(i18n, sign_in.title))/>
        <main class="alone">
            <section class="card sign-in">
                <p class="mark">
                    <Mark/>
                    "Sojourn"
                </p>
                <h1>{t!(i18n, sign_in.title)}</h1>
                <ActionForm action=sign_in>
                    <Transition>
                        {move || Suspend::new(async move {
                            let before = before.await.ok().flatten();
                            move || {
                                let now = match sign_in.value().get() {
                                    None => before,
                                    Some(Ok(problem)) => problem,
                                    Some(Err(Refused::Transport(_) | _)) => {
                                        Some(SignInProblem::Failed)
                                    }
                                };
                                now.filter(|_| !sign_in.pending().get())
                                    .map(|problem| view! { <Problem problem/> })
                            }
                        })}
                    </Transition>
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
                        autocomplete="current-password"
                        maxlength="256"
                        required
                    />
                    <button class="button primary">
                        {move || {
                            if sign_in.pending().get() {
                                t!(i18n, sign_in.working)
                            } else {
                                t!(i18n, sign_in.submit)
                            }
                        }}
                    </button>
                </ActionForm>
                <p class="foot">{t!(i18n, sign_in.hint)}</p>
            </section>
            <LanguageForm/>
        </main>
    }
}

#[component]
fn Problem(problem: SignInProblem) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="status bad" role="alert">
            {move || match problem {
                SignInProblem::Wrong => t!(i18n, sign_in.wrong).to_owned(),
                SignInProblem::Wait(seconds) => {
                    t!(i18n, sign_in.wait, seconds = seconds)
                }
                SignInProblem::Busy => t!(i18n, sign_in.busy).to_owned(),
                SignInProblem::Failed => t!(i18n, sign_in.failed).to_owned(),
            }}
        </p>
    }
}
