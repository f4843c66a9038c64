//! The query of Active Logins, in the address of the page.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::{LoginFilter, LoginType, Named};

use crate::address::{Query, address};

/// The sort order of the page, by its name in the URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SortBy {
    /// The newest login first.
    #[default]
    Newest,
    /// The oldest login first.
    Oldest,
    /// By user id.
    User,
    /// By user id, the last first.
    UserDown,
    /// By phone name.
    Phone,
    /// By phone name, the last first.
    PhoneDown,
    /// The earliest end of a login first.
    Until,
    /// The latest end of a login first, unlimited logins before all.
    UntilDown,
}

impl Named for SortBy {}

/// The logins that a page shows; the URL holds the whole query.
/// A message has the URL, which takes less code in the browser than the fields would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct LoginQuery {
    /// The filter.
    pub filter: LoginFilter,
    /// The order.
    pub sort: SortBy,
    /// The page, from 0.
    pub page: u32,
}

impl LoginQuery {
    /// Reads the query from an address; a value that can't be read falls back to the default.
    pub(crate) fn read(query: &Query) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Self {
            filter: LoginFilter::new(&text("find"), LoginType::from_name(&text("only"))),
            sort: SortBy::from_name(&text("sort")).unwrap_or_default(),
            page: text("page").parse().ok().unwrap_or(1_u32).saturating_sub(1),
        }
    }

    /// The URL of the page.
    pub(crate) fn url(&self) -> String {
        let Self { filter: LoginFilter { find, login_type }, sort, page } = self;
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
}

impl From<LoginQuery> for String {
    fn from(query: LoginQuery) -> Self {
        query.url()
    }
}

impl From<String> for LoginQuery {
    fn from(url: String) -> Self {
        Self::read(&Query::read(url.strip_prefix("/?").unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_wrong_falls_back() {
        let query = LoginQuery::read(&Query::read("find=+x+&sort=colour&only=colour&page=-3"));
        let filter = LoginFilter::new("x", None);
        assert_eq!(query, LoginQuery { filter, sort: SortBy::Newest, page: 0 });
    }

    #[test]
    fn a_query_comes_back_from_its_url() {
        let filter = LoginFilter::new("a&b=c d", Some(LoginType::Visiting));
        let query = LoginQuery { filter, sort: SortBy::Phone, page: 2 };
        assert_eq!(query.url(), "/?find=a%26b%3Dc%20d&only=visiting&sort=phone&page=3");
        assert_eq!(LoginQuery::from(query.url()), query);
        assert_eq!(LoginQuery::default().url(), "/");
        assert_eq!(LoginQuery::from("/".to_owned()), LoginQuery::default());
    }
}
