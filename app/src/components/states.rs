//! The content of a page that is read from the server, with the texts for loading and failure.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::sign_in_again::SignInAgain;
use crate::{
    api::Refused,
    start,
    text::{t, use_i18n},
};

/// The answer to a page's query, with the query.
pub type Answered<T, Q> = Resource<Result<(T, Q), Refused>>;

/// A resource that reads the query of `asked`, and reads again when the query changes, also during hydration.
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

/// Reads the page again if the address changed during hydration.
/// A link can change the address while the parts of a page load. The page then holds the server's answer to the
/// previous address, which the framework takes for the present answer.
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

/// Shows the value of a resource once the value is loaded.
/// A page whose server did not answer is loaded anew as soon as the server answers.
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

/// The reason of a refusal in words; a signed-out viewer goes to the sign-in page.
#[expect(clippy::needless_pass_by_value, reason = "a part of a page owns what it shows")]
#[component]
pub fn Problem(refused: Refused) -> impl IntoView {
    let i18n = use_i18n();
    if refused == Refused::SignedOut {
        return view! { <SignInAgain/> }.into_any();
    }
    if refused == Refused::OtherBuild {
        // The text repeats the page's notice, because an open dialog covers the notice.
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
        Refused::NotAllowed => t!(i18n, states.not_allowed),
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
