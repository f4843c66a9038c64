//! Addresses of pages, and their queries.

use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Url};

/// The query of an address: names and values, decoded once.
/// The router's own map decodes values a second time: a search for `50%25` would then find another text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the text after the `?`.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let decoded = |text: &str| Url::unescape(&text.replace('+', " "));
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        };
        Self(query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect())
    }

    /// The last value of the name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.iter().rev().find(|pair| pair.0 == name).map(|pair| pair.1.clone())
    }

    /// All values of the name, in the order of the address.
    #[must_use]
    pub fn get_all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|pair| pair.0 == name).map(|pair| pair.1.clone()).collect()
    }
}

/// The query of the page's address.
pub(crate) fn use_query() -> Memo<Query> {
    let query = use_location().search;
    Memo::new(move |_| query.with(|query| Query::read(query)))
}

/// The address of a path with a query.
/// A name without a value is left out.
pub(crate) fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<_> = said.map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
    let mark = if said.is_empty() { "" } else { "?" };
    format!("{path}{mark}{}", said.join("&"))
}

/// The address of a phone's page.
/// A name comes from the applied configuration and can have characters with a meaning in an address.
#[must_use]
pub fn phone_url(name: &str) -> String {
    format!("/phones/{}", Url::escape(name))
}

/// The address of a user's page, by the name that lists show: the id, with the cluster in parentheses for a user of
/// another cluster.
#[must_use]
pub fn user_url(name: &str) -> String {
    format!("/users/{}", Url::escape(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_read_from_it() {
        for value in ["50%25", "a&b=c d+e", "김", "%", ""] {
            let address = address("/", &[("find", value.to_owned()), ("page", "2".to_owned())]);
            let query = Query::read(address.strip_prefix("/?").unwrap());
            assert_eq!(query.get("find").unwrap_or_default(), value);
            assert_eq!(query.get("page").as_deref(), Some("2"));
        }
        assert_eq!(address("/audit", &[("find", String::new())]), "/audit");
    }

    #[test]
    fn names_that_mean_something_in_an_address_are_escaped() {
        assert_eq!(phone_url("SEP/1?#"), "/phones/SEP%2F1%3F%23");
        assert_eq!(user_url("j.doe/50% #?"), "/users/j%2Edoe%2F50%25%20%23%3F");
        assert_eq!(user_url("김 (busan)"), "/users/%EA%B9%80%20%28busan%29");
    }

    #[test]
    fn a_form_writes_spaces_as_plus_and_may_name_several() {
        let query = Query::read("find=a+b%2B&id=1&id=2&advanced&=");
        assert_eq!(query.get("find").as_deref(), Some("a b+"));
        assert_eq!(query.get_all("id"), ["1", "2"]);
        assert_eq!(query.get("id").as_deref(), Some("2"));
        assert_eq!(query.get("advanced").as_deref(), Some(""));
        assert_eq!(query.get("only"), None);
    }
}
