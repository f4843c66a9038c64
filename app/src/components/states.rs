//! The content of a page that is read from the server, and the words while it waits or fails.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::sign_in_again::SignInAgain;
use crate::{
    api::Refused,
    start,
    text::{t, use_i18n},
};

/// The answer to what a page asked for, with what it asked for.
pub type Answered<T, Q> = Resource<Result<(T, Q), Refused>>;

/// A resource that reads what `asked` says, anew whenever it changes, also while the page is taken over.
pub fn answered<T, Q, F>(
    asked: impl Fn() -> Q + Copy + Send + Sync + 'static,
    read: impl Fn(Q) -> F + Copy + Send + Sync + 'static,
) -> Answered<T, Q>
where
    Q: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, Refused>> + Send + 'static,
{
    let page = Resource::new(asked, move |query| {
        let answer = read(query.clone());
        async move { Ok((answer.await?, query)) }
    });
    again_if_moved(page, asked);
    page
}

/// A link may move the address while a page that is loaded in parts is taken over. The page then holds
/// the server's answer to the address before, which the framework takes for the present one: it is read
/// again.
pub fn again_if_moved<T, Q>(page: Answered<T, Q>, asked: impl Fn() -> Q + Copy + 'static)
where
    Q: PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Effect::new(move |_| {
        let now = untrack(asked);
        let is_of_before = |page: &Option<_>| matches!(page, Some(Ok((_, of))) if *of != now);
        if page.with_untracked(is_of_before) {
            page.refetch();
        }
    });
}

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
