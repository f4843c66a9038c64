//! The query of Active Logins in the URL.

use terms::{LoginFilter, LoginType, Named};

use crate::{
    address::{Query, address},
    api::{LoginQuery, SortBy},
};

pub(crate) use crate::address::phone_url as phone;

/// Reads the query from an address; a value that can't be read falls back to the default.
pub(super) fn read_query(query: &Query) -> LoginQuery {
    let text = |name: &str| query.get(name).unwrap_or_default();
    LoginQuery {
        filter: LoginFilter::new(&text("find"), LoginType::from_name(&text("only"))),
        sort: SortBy::from_name(&text("sort")).unwrap_or_default(),
        page: text("page").parse().ok().unwrap_or(1_u32).saturating_sub(1),
    }
}

/// The URL of a query.
pub(super) fn url(query: &LoginQuery) -> String {
    let LoginQuery { filter: LoginFilter { find, login_type }, sort, page } = query;
    let unless_default =
        |is_default: bool, value: String| if is_default { String::new() } else { value };
    let pairs = [
        ("find", find.clone()),
        ("only", login_type.map_or("", LoginType::name).to_owned()),
        ("sort", unless_default(*sort == SortBy::default(), sort.name().to_owned())),
        ("page", unless_default(*page == 0, (page + 1).to_string())),
    ];
    address("/", &pairs)
}

/// The URL of a search at a path.
pub(super) fn found(path: &str, find: &str) -> String {
    address(path, &[("find", find.to_owned())])
}

/// The search for the logins of a user.
pub(super) fn of_user(name: &str) -> String {
    format!("user:\"{}\"", name.replace('"', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_wrong_falls_back() {
        let query = read_query(&Query::read("find=+x+&sort=colour&only=colour&page=-3"));
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

    #[test]
    fn names_that_mean_something_in_a_url_are_escaped() {
        assert_eq!(phone("SEP/1?#"), "/phones/SEP%2F1%3F%23");
        assert_eq!(found("/login-history", "50%&more"), "/login-history?find=50%25%26more");
    }
}
