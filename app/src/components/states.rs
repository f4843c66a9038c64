//! What a page shows while it waits, and when it can't show what it should.

use leptos::prelude::*;

use super::sign_in_again::SignInAgain;
use crate::{
    api::Refused,
    start,
    text::{t, use_i18n},
};

/// Shows what a resource holds once it is there. A page whose server did not answer is loaded anew as
/// soon as it does.
pub fn loaded<T>(
    resource: Resource<Result<T, Refused>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let i18n = use_i18n();
    view! {
        <Transition fallback=move || {
            view! { <p class="card message">{t!(i18n, states.loading)}</p> }
        }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(value) => show(value),
                    Err(refused) => {
                        if matches!(refused, Refused::Transport(_)) {
                            Effect::new(|_| start::is_without_its_server());
                        }
                        view! { <Problem refused/> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// Why the server did not do it, in words; who is signed out goes to the sign-in page.
#[expect(clippy::needless_pass_by_value, reason = "a part of a page owns what it shows")]
#[component]
pub fn Problem(refused: Refused) -> impl IntoView {
    let i18n = use_i18n();
    if refused == Refused::SignedOut {
        return view! { <SignInAgain/> }.into_any();
    }
    if refused == Refused::OtherBuild {
        // Said here too: a dialog lies over the notice of the page.
        return view! {
            <p class="status bad" role="alert">
                {t!(i18n, notice.outdated)} " " <a href="" rel="external">{t!(i18n, notice.reload)}</a>
            </p>
        }
        .into_any();
    }
    #[cfg(feature = "ssr")]
    if refused == Refused::NotFound
        && let Some(response) = use_context::<leptos_axum::ResponseOptions>()
    {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    let text = match refused {
        Refused::NotAllowed(_) => t!(i18n, states.not_allowed),
        Refused::NotFound => t!(i18n, states.not_there),
        _ => t!(i18n, states.failed),
    };
    view! {
        <p class="status bad" role="alert">
            {text}
        </p>
    }
    .into_any()
}
