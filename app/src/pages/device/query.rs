//! The query of Active Logins in the URL.

use leptos_router::params::ParamsMap;

use crate::api::{LoginQuery, SortBy};

/// Reads the query from the URL; what is not understood falls back.
pub(super) fn read_query(get: impl Fn(&str) -> Option<String>) -> LoginQuery {
    LoginQuery {
        find: terms::LoginFilter::new(&get("find").unwrap_or_default()).find,
        sort: SortBy::from_name(&get("sort").unwrap_or_default()),
        page: get("page").and_then(|page| page.parse().ok()).unwrap_or(1_u32).saturating_sub(1),
    }
}

/// The URL of a query.
pub(super) fn url(query: &LoginQuery) -> String {
    let mut map = ParamsMap::new();
    if !query.find.is_empty() {
        map.insert("find", query.find.clone());
    }
    if query.sort != SortBy::default() {
        map.insert("sort", query.sort.name().to_owned());
    }
    if query.page > 0 {
        map.insert("page", (query.page + 1).to_string());
    }
    format!("/{}", map.to_query_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_wrong_falls_back() {
        let query = read_query(|name| {
            Some(match name {
                "sort" => "colour".to_owned(),
                "page" => "-3".to_owned(),
                _ => " x ".to_owned(),
            })
        });
        assert_eq!(query, LoginQuery { find: "x".into(), sort: SortBy::Newest, page: 0 });
    }

    #[test]
    fn a_query_comes_back_from_its_url() {
        let query = LoginQuery { find: "a&b=c d".into(), sort: SortBy::Phone, page: 2 };
        assert_eq!(url(&query), "/?find=a%26b%3Dc%20d&sort=phone&page=3");
        assert_eq!(url(&LoginQuery::default()), "/");
    }
}
