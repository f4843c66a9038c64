//! The query of Active Logins in the URL.

use leptos_router::params::ParamsMap;
use terms::{LoginFilter, LoginType};

use crate::api::{LoginQuery, SortBy};

/// Reads the query from the URL; what is not understood falls back.
pub(super) fn read_query(get: impl Fn(&str) -> Option<String>) -> LoginQuery {
    let text = |name: &str| get(name).unwrap_or_default();
    LoginQuery {
        filter: LoginFilter::new(&text("find"), LoginType::from_name(&text("only"))),
        sort: SortBy::from_name(&text("sort")),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1_u32).saturating_sub(1),
    }
}

/// The URL of a query.
pub(super) fn url(query: &LoginQuery) -> String {
    format!("/{}", parameters(query).to_query_string())
}

/// A query as parameters of a URL.
pub(super) fn parameters(query: &LoginQuery) -> ParamsMap {
    let mut map = ParamsMap::new();
    if !query.filter.find.is_empty() {
        map.insert("find", query.filter.find.clone());
    }
    if let Some(only) = query.filter.login_type {
        map.insert("only", only.name().to_owned());
    }
    if query.sort != SortBy::default() {
        map.insert("sort", query.sort.name().to_owned());
    }
    if query.page > 0 {
        map.insert("page", (query.page + 1).to_string());
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_wrong_falls_back() {
        let query = read_query(|name| {
            Some(match name {
                "sort" | "only" => "colour".to_owned(),
                "page" => "-3".to_owned(),
                _ => " x ".to_owned(),
            })
        });
        let filter = LoginFilter::new("x", None);
        assert_eq!(query, LoginQuery { filter, sort: SortBy::Newest, page: 0 });
    }

    #[test]
    fn a_query_comes_back_from_its_url() {
        let filter = LoginFilter::new("a&b=c d", Some(LoginType::Visiting));
        let query = LoginQuery { filter, sort: SortBy::Phone, page: 2 };
        assert_eq!(url(&query), "/?find=a%26b%3Dc%20d&only=visiting&sort=phone&page=3");
        assert_eq!(url(&LoginQuery::default()), "/");
    }
}
