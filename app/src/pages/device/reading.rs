//! The content of a live page: read when a user opens the page, and read anew by the page itself.

use std::time::Duration;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    api::Refused,
    components::{Answered, Problem},
    text::{t, use_i18n},
};

/// The wait before a failed read is repeated.
const AGAIN: Duration = Duration::from_secs(2);

/// The answer of `read` to a query, with that query, and a function that reads anew.
/// The function uses `anew`, which does not count as use of the session.
pub(super) fn reading<Q, T, A, B>(
    query: impl Fn() -> Q + Send + Sync + 'static,
    read: fn(Q) -> A,
    anew: fn(Q) -> B,
) -> (Answered<T, Q>, impl Fn() + Copy + Send + Sync + 'static)
where
    Q: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    A: Future<Output = Result<T, Refused>> + Send + 'static,
    B: Future<Output = Result<T, Refused>> + Send + 'static,
{
    let by_itself = StoredValue::new(false);
    let page = Resource::new(query, move |query| {
        let by_itself = by_itself.try_update_value(std::mem::take).unwrap_or_default();
        async move {
            let asked = query.clone();
            let answer = if by_itself { anew(query).await } else { read(query).await };
            Ok((answer?, asked))
        }
    });
    let read_anew = move || {
        by_itself.set_value(true);
        page.refetch();
    };
    (page, read_anew)
}

/// Shows the content of a live page: `take` gets the content, `show` makes the view.
/// A failed read shows its reason above the last content, and is repeated after [`AGAIN`] if the failure is
/// temporary.
pub(super) fn shown_live<T, Q>(
    page: Answered<T, Q>,
    read_anew: impl Fn() + Copy + Send + Sync + 'static,
    take: impl Fn(&T, &Q) + Copy + Send + Sync + 'static,
    show: impl Fn(T, Q) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    Q: Clone + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let before = StoredValue::new(None);
    view! {
        <Transition fallback=move || {
            view! { <p class="card message">{t!(i18n, states.loading)}</p> }
        }>
            {move || Suspend::new(async move {
                let problem = match page.await {
                    Ok((read, query)) => {
                        take(&read, &query);
                        before.set_value(Some((read, query)));
                        None
                    }
                    Err(refused) => {
                        let passes = matches!(refused, Refused::Unavailable | Refused::Transport(_));
                        if passes {
                            // On the server an effect does nothing.
                            Effect::new(move |_| set_timeout(read_anew, AGAIN));
                        } else {
                            before.set_value(None);
                        }
                        Some(view! { <Problem refused/> }.into_any())
                    }
                };
                let shown = before.get_value().map(|(read, query)| show(read, query));
                view! { {problem} {shown} }.into_any()
            })}
        </Transition>
    }
}
