//! The lists of users, phones, device profiles and application users.

use terms::SoughtText;

use crate::{Line, PhoneId, UserId};

/// The rows of a list that a page shows; `F` is the type of the list's filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryQuery<F> {
    /// Texts that each row has.
    pub find: Vec<SoughtText>,
    /// Conditions that each row meets.
    pub filters: Vec<F>,
    /// The order.
    pub order: DirectoryOrder,
    /// Whether the order is reversed.
    pub is_descending: bool,
    /// The number of rows before the page.
    pub offset: u32,
    /// The most rows of the page.
    pub limit: u32,
    /// Only rows after the one of this name, in the order of names; `None` for all. The number of all rows counts
    /// these rows alone.
    pub after: Option<String>,
}

/// The order of a list. Rows with equal values are in the order of their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DirectoryOrder {
    /// By name.
    #[default]
    Name,
    /// By model; lists without models are in the order of their names.
    Model,
    /// By description; lists without descriptions are in the order of their names.
    Description,
}

/// A condition on users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserFilter {
    /// The user is logged in, also at another cluster.
    LoggedIn,
    /// No login of the user is known: none is open, none is in the history, and no phone has the user as its last.
    NoKnownLogin,
    /// The user has no device profile.
    NoProfile,
    /// The user may not log in.
    Disabled,
    /// The user has to choose another PIN.
    PinMustChange,
    /// The user may log in at other clusters.
    Emcc,
    /// The user has the device profile of this name, in its stored spelling.
    HasProfile(String),
    /// The user has one of these ids.
    Named(Vec<String>),
}

/// A condition on phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFilter {
    /// A user is logged in at the phone.
    LoggedIn,
    /// No login at the phone is known.
    NeverUsed,
    /// Extension Mobility is disabled on the phone.
    Off,
    /// The phone has no address.
    NoAddress,
    /// The device profile of the phone's login is made for another model.
    OtherModel,
}

/// A condition on device profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileFilter {
    /// A user is logged in with the profile.
    LoggedIn,
    /// The profile is no user's.
    Unused,
}

/// A condition on application users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppUserFilter {
    /// The application user may act for other users.
    Proxy,
    /// The application user may not act for other users.
    NoProxy,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPage<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// The number of all rows that meet the query.
    pub matching: u64,
}

/// A user in the list of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUser {
    /// The user id.
    pub id: String,
    /// Whether the user may log in.
    pub enabled: bool,
    /// Whether the user may log in at other clusters.
    pub emcc: bool,
    /// Whether the user has to choose another PIN.
    pub pin_must_change: bool,
    /// The user's own maximum login time in minutes, 0 for unlimited; `None` is the system's.
    pub max_login_minutes: Option<u32>,
    /// Names of device profiles, the default first.
    pub profiles: Vec<String>,
    /// The directory number by which the user may log in at a phone; empty for none.
    pub primary_extension: String,
    /// The self-service id by which the user may log in at a phone; empty for none.
    pub self_service_id: String,
    /// The number of open logins.
    pub open: u64,
    /// The phone of the latest open login.
    pub phone: Option<PhoneId>,
}

/// A phone in the list of phones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPhone {
    /// The name.
    pub name: String,
    /// The model.
    pub model: String,
    /// The description.
    pub description: String,
    /// The network address.
    pub address: Option<String>,
    /// Whether Extension Mobility is enabled on the phone.
    pub extension_mobility: bool,
    /// The phone's own lines.
    pub lines: Vec<Line>,
    /// The user who is logged in.
    pub user: Option<UserId>,
}

/// A device profile in the list of device profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedProfile {
    /// The name.
    pub name: String,
    /// The phone model that the profile is made for.
    pub model: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// The number of users who have the profile.
    pub users: u64,
    /// The number of open logins with the profile.
    pub open: u64,
}

/// An application user in the list of application users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAppUser {
    /// The id.
    pub id: String,
    /// Whether the application user may act for other users.
    pub proxy: bool,
}
