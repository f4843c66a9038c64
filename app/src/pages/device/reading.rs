//! What a live page shows: read when somebody comes to it, and anew by itself.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::api::Refused;

/// What a page has read, with the query that it answers.
pub(super) type Reading<T, Q> = Resource<Result<(T, Q), Refused>>;

/// What `read` answers to a query, with that query, and what reads it anew with `anew`, which is no use
/// of a session.
pub(super) fn reading<Q, T, A, B>(
    query: impl Fn() -> Q + Send + Sync + 'static,
    read: fn(Q) -> A,
    anew: fn(Q) -> B,
) -> (Reading<T, Q>, impl Fn() + Copy + Send + Sync + 'static)
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
