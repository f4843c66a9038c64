//! The query of history and audit in the URL, and its form.

use leptos::prelude::*;
use leptos_router::{components::Form, params::ParamsMap};
use terms::{ActorKind, EndCause, LoginFilter};

use crate::{
    api::ArchiveQuery,
    day::{date, day_end_ms, day_start_ms},
    text::{t, t_string, use_i18n},
};

const DAY_MS: i64 = 86_400_000;

/// Reads the query from the URL; what is not understood falls back.
pub(super) fn read_query(map: &ParamsMap) -> ArchiveQuery {
    let text = |name: &str| map.get(name).unwrap_or_default();
    ArchiveQuery {
        find: LoginFilter::new(&text("find"), None).find,
        since_ms: day_start_ms(&text("since")),
        before_ms: day_end_ms(&text("before")),
        cause: EndCause::from_name(&text("cause")),
        by: ActorKind::from_name(&text("by")),
        page: text("page").parse().unwrap_or(1_u32).saturating_sub(1),
    }
}

/// The address of a query.
pub(super) fn url(path: &str, query: &ArchiveQuery) -> String {
    let mut map = ParamsMap::new();
    let mut add = |name: &'static str, value: String| {
        if !value.is_empty() {
            map.insert(name, value);
        }
    };
    add("find", query.find.clone());
    add("since", query.since_ms.map(date).unwrap_or_default());
    add("before", last_day(query));
    add("cause", query.cause.map(EndCause::name).unwrap_or_default().to_owned());
    add("by", query.by.map(ActorKind::name).unwrap_or_default().to_owned());
    add("page", if query.page > 0 { (query.page + 1).to_string() } else { String::new() });
    format!("{path}{}", map.to_query_string())
}

/// The last day that a query shows.
fn last_day(query: &ArchiveQuery) -> String {
    query.before_ms.map(|before| date(before - DAY_MS)).unwrap_or_default()
}

/// Find, from, until; `children` is the choice of cause or actor.
#[component]
pub(super) fn FindForm(
    path: &'static str,
    query: ArchiveQuery,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let empty = query == ArchiveQuery { page: query.page, ..ArchiveQuery::default() };
    let last = last_day(&query);
    view! {
        <search class="filters">
            <Form method="GET" action=path>
                <input
                    type="search"
                    name="find"
                    value=query.find
                    maxlength="128"
                    placeholder=move || t_string!(i18n, history.find_hint)
                    aria-label=move || t_string!(i18n, history.find_hint)
                />
                <label class="inline">
                    {t!(i18n, history.since)}
                    <input type="date" name="since" value=query.since_ms.map(date)/>
                </label>
                <label class="inline">
                    {t!(i18n, history.before)} <input type="date" name="before" value=last/>
                </label>
                {children()}
                <button class="button">{t!(i18n, logins.find)}</button>
            </Form>
            {(!empty)
                .then(|| {
                    view! {
                        <a class="button quiet" href=path>
                            {t!(i18n, logins.clear)}
                        </a>
                    }
                })}
        </search>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use leptos_router::location::Url;

    use super::*;

    #[test]
    fn a_query_comes_back_from_its_url() {
        let query = ArchiveQuery {
            find: "a b".into(),
            since_ms: day_start_ms("2026-11-01"),
            before_ms: day_end_ms("2026-11-23"),
            cause: Some(EndCause::Forced),
            by: None,
            page: 1,
        };
        let url = url("/x", &query);
        assert!(url.starts_with("/x?find=a%20b&since=2026"), "{url}");
        let mut map = ParamsMap::new();
        for pair in url.split_once('?').unwrap().1.split('&') {
            let (name, value) = pair.split_once('=').unwrap();
            map.insert(name.to_owned(), Url::unescape(value));
        }
        assert_eq!(read_query(&map), query);
    }
}
