//! Find and List: users, phones, device profiles and application users.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use terms::{LoginFilter, Named, RecordKind};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};
use crate::address::{Query, address};

/// Rows on a page of a list.
pub const DIRECTORY_ROWS: u32 = 50;

/// A condition on the rows of a list, by its name in the URL.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum DirectoryFilter {
    /// A user is logged in: the user, at the phone, with the profile.
    LoggedIn,
    /// No login of the user is known.
    NoKnownLogin,
    /// The user has no device profile.
    NoProfile,
    /// The user is locked after wrong PINs.
    Locked,
    /// The user may not log in.
    Disabled,
    /// The user has to choose another PIN.
    PinMustChange,
    /// The user may log in at other clusters.
    Emcc,
    /// No login at the phone is known.
    NeverUsed,
    /// Extension Mobility is disabled on the phone.
    Off,
    /// The phone has no address.
    NoAddress,
    /// The device profile of the phone's login is made for another model.
    OtherModel,
    /// The device profile is no user's.
    Unused,
    /// The application user may act for other users.
    Proxy,
    /// The application user may not act for other users.
    NoProxy,
}

impl Named for DirectoryFilter {}

impl DirectoryFilter {
    /// The filters of a list.
    #[must_use]
    pub const fn of(kind: RecordKind) -> &'static [Self] {
        match kind {
            RecordKind::Users => &[
                Self::LoggedIn,
                Self::NoKnownLogin,
                Self::NoProfile,
                Self::Locked,
                Self::Disabled,
                Self::PinMustChange,
                Self::Emcc,
            ],
            RecordKind::Phones => {
                &[Self::LoggedIn, Self::NeverUsed, Self::Off, Self::NoAddress, Self::OtherModel]
            }
            RecordKind::DeviceProfiles => &[Self::LoggedIn, Self::Unused],
            RecordKind::ApplicationUsers => &[Self::Proxy, Self::NoProxy],
        }
    }
}

/// The order of a list, by its name in the URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum DirectorySort {
    /// By name.
    #[default]
    Name,
    /// By name, the last first.
    NameDown,
    /// By model.
    Model,
    /// By model, the last first.
    ModelDown,
    /// By description.
    Description,
    /// By description, the last first.
    DescriptionDown,
}

impl Named for DirectorySort {}

/// The rows that a page of a list shows; the URL holds the whole query.
/// A message has the URL, which takes less code in the browser than the fields would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct DirectoryQuery {
    /// The list.
    pub kind: RecordKind,
    /// The typed text; empty for all.
    pub find: String,
    /// The conditions; each row meets all of them.
    pub only: Vec<DirectoryFilter>,
    /// The device profile that each user has, by its exact name; empty for any.
    pub profile: String,
    /// The order.
    pub sort: DirectorySort,
    /// The page, from 0.
    pub page: u32,
}

impl DirectoryQuery {
    /// Reads the query of a list from an address; a value that can't be read falls back to the default.
    #[must_use]
    pub fn read(kind: RecordKind, query: &Query) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default();
        let chosen = query.get_all("only");
        let is_chosen = |filter: &DirectoryFilter| chosen.iter().any(|name| name == filter.name());
        Self {
            kind,
            find: LoginFilter::new(&text("find"), None).find,
            only: DirectoryFilter::of(kind).iter().copied().filter(is_chosen).collect(),
            profile: text("profile"),
            sort: DirectorySort::from_name(&text("sort")).unwrap_or_default(),
            page: text("page").parse().unwrap_or(1_u32).saturating_sub(1),
        }
    }

    /// The URL of all rows as CSV.
    #[must_use]
    pub fn csv(&self) -> String {
        let url = Self { page: 0, ..self.clone() }.url();
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let path = path.replace("/directory/", "/records/");
        if query.is_empty() { format!("{path}.csv") } else { format!("{path}.csv?{query}") }
    }

    /// The URL of the page.
    #[must_use]
    pub fn url(&self) -> String {
        let Self { kind, find, only, profile, sort, page } = self;
        let unless_default = |is_default: bool, value: &str| {
            if is_default { String::new() } else { value.to_owned() }
        };
        let mut pairs = vec![("find", find.clone())];
        pairs.extend(only.iter().map(|filter| ("only", filter.name().to_owned())));
        pairs.push(("profile", profile.clone()));
        pairs.push(("sort", unless_default(*sort == DirectorySort::default(), sort.name())));
        pairs.push(("page", unless_default(*page == 0, &(page + 1).to_string())));
        address(&format!("/directory/{}", kind.name()), &pairs)
    }

    /// Whether the query leaves rows out.
    #[must_use]
    pub const fn narrows(&self) -> bool {
        !self.find.is_empty() || !self.only.is_empty() || !self.profile.is_empty()
    }

    /// The query with a condition more, or without it if the query has it; from the first page on.
    #[must_use]
    pub fn turned(&self, filter: DirectoryFilter) -> Self {
        let mut only = self.only.clone();
        if only.contains(&filter) {
            only.retain(|one| *one != filter);
        } else {
            only.push(filter);
        }
        Self { only, page: 0, ..self.clone() }
    }
}

impl From<DirectoryQuery> for String {
    fn from(query: DirectoryQuery) -> Self {
        query.url()
    }
}

impl From<String> for DirectoryQuery {
    fn from(url: String) -> Self {
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let kind = path.strip_prefix("/directory/").and_then(RecordKind::from_name);
        Self::read(kind.unwrap_or_default(), &Query::read(query))
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryPage {
    /// The rows.
    pub rows: DirectoryRows,
    /// The number of all rows that match.
    pub matching: u64,
    /// Whether the viewer may change rows.
    pub may_change: bool,
}

/// The rows of a page, by the kind of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DirectoryRows {
    /// Users.
    Users(Vec<UserLine>),
    /// Phones.
    Phones(Vec<PhoneLine>),
    /// Device profiles.
    Profiles(Vec<ProfileLine>),
    /// Application users.
    AppUsers(Vec<AppUserLine>),
}

/// A user in the list of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLine {
    /// The user id.
    pub id: String,
    /// The conditions among disabled, locked, must change PIN and EMCC that the user meets.
    pub state: Vec<DirectoryFilter>,
    /// The user's own maximum login time in minutes, 0 for unlimited; `None` is the system's.
    pub max_login_minutes: Option<u32>,
    /// Names of device profiles, the default first.
    pub profiles: Vec<String>,
    /// The numbers by which the user may log in at a phone.
    pub numbers: Vec<String>,
    /// The phone of the latest open login, as lists show it.
    pub phone: String,
    /// Whether that phone belongs to another cluster.
    pub elsewhere: bool,
    /// The number of open logins.
    pub open: u64,
}

/// A phone in the list of phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneLine {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The model.
    pub model: String,
    /// The network address; empty for none.
    pub address: String,
    /// Whether Extension Mobility is enabled on the phone.
    pub extension_mobility: bool,
    /// The phone's own lines: directory number and label.
    pub lines: Vec<String>,
    /// The user who is logged in, as lists show it; empty for nobody.
    pub user: String,
}

/// A device profile in the list of device profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileLine {
    /// The name.
    pub name: String,
    /// The phone model that the profile is made for.
    pub model: String,
    /// The lines: directory number and label.
    pub lines: Vec<String>,
    /// The number of users who have the profile.
    pub users: u64,
    /// The number of open logins with the profile.
    pub open: u64,
}

/// An application user in the list of application users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppUserLine {
    /// The id.
    pub id: String,
    /// Whether the application user may act for other users.
    pub proxy: bool,
}

/// A page of a list.
///
/// # Errors
/// When nobody is signed in or the server can't read the list.
#[server(prefix = "/call", endpoint = "directory", input = Json, output = Json)]
pub async fn read_directory(query: DirectoryQuery) -> Result<DirectoryPage, Refused> {
    console().directory(query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_comes_back_from_its_url() {
        let query = DirectoryQuery {
            kind: RecordKind::DeviceProfiles,
            find: "a&b c".to_owned(),
            only: vec![DirectoryFilter::LoggedIn, DirectoryFilter::Unused],
            profile: "a, b".to_owned(),
            sort: DirectorySort::ModelDown,
            page: 2,
        };
        let url = query.url();
        assert_eq!(
            url,
            "/directory/device-profiles?find=a%26b%20c&only=logged%5Fin&only=unused&profile=a%2C%20b&sort=model%5Fdown&page=3"
        );
        let (_, text) = url.split_once('?').unwrap();
        assert_eq!(DirectoryQuery::read(query.kind, &Query::read(text)), query);
        assert_eq!(DirectoryQuery::from(String::from(query.clone())), query);
        assert!(query.csv().starts_with("/records/device-profiles.csv?find=a%26b%20c&only="));
        let users = DirectoryQuery::default();
        assert_eq!(users.csv(), "/records/users.csv");
        assert_eq!(users.url(), "/directory/users");
        // The filters of another list are passed over.
        let read = DirectoryQuery::read(users.kind, &Query::read("only=unused&only=x&page=-1"));
        assert_eq!(read, users);
    }

    #[test]
    fn a_filter_is_turned_on_and_off() {
        let query = DirectoryQuery { page: 4, ..DirectoryQuery::default() };
        let on = query.turned(DirectoryFilter::Disabled);
        assert_eq!((on.only.as_slice(), on.page), (&[DirectoryFilter::Disabled][..], 0));
        assert_eq!(on.turned(DirectoryFilter::Disabled), DirectoryQuery::default());
    }
}
