//! Find and List: users, phones, device profiles and application users.

use app::api::{
    AppUserLine, DIRECTORY_ROWS, DirectoryFilter as Only, DirectoryPage, DirectoryQuery,
    DirectoryRows, DirectorySort, MAX_ACTED, PhoneLine, ProfileLine, Refused, UserLine,
};
use engine::{
    AppUserFilter, DirectoryOrder, Line, ListedAppUser, ListedPhone, ListedProfile, ListedUser,
    PhoneFilter, ProfileFilter, UserFilter,
};
use terms::{LoginFilter, RecordKind, Role, key};

use super::request::{ConsoleRequest, refused};
use crate::admin::{Admin, AdminError, Caller};

/// The most bytes of names that a form sends, below the 64 KiB of a body.
const FORM_BYTES: usize = 60 * 1024;

impl ConsoleRequest {
    pub(super) async fn directory(&self, query: DirectoryQuery) -> Result<DirectoryPage, Refused> {
        let caller = self.caller().await?;
        let cut = Cut {
            offset: query.page.saturating_mul(DIRECTORY_ROWS),
            limit: DIRECTORY_ROWS,
            after: None,
        };
        let (rows, matching) = rows(&self.admin, &caller, &query, cut).await.map_err(refused)?;
        Ok(DirectoryPage { rows, matching, may_change: caller.may(Role::Administrator) })
    }

    /// The names of all rows that match, unless they are more than [`MAX_ACTED`]; and their number.
    pub(super) async fn matching(
        &self,
        caller: &Caller,
        query: &DirectoryQuery,
    ) -> Result<(Vec<String>, u64), Refused> {
        let cut = Cut { offset: 0, limit: MAX_ACTED, after: None };
        let (rows, matching) = rows(&self.admin, caller, query, cut).await.map_err(refused)?;
        let names = names(rows);
        // A form has to send the names, percent-encoded, within the bound of a body.
        let bytes: usize = names.iter().map(|name| name.len() * 3 + 6).sum();
        let is_all = matching <= u64::from(MAX_ACTED) && bytes <= FORM_BYTES;
        Ok((if is_all { names } else { Vec::new() }, matching))
    }
}

/// The names of rows that match, in the order of names, after the row of the name `after`; at most `limit`.
pub(super) async fn names_after(
    admin: &Admin,
    caller: &Caller,
    query: &DirectoryQuery,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<String>, AdminError> {
    let query = DirectoryQuery { sort: DirectorySort::Name, ..query.clone() };
    let (rows, _) = rows(admin, caller, &query, Cut { offset: 0, limit, after }).await?;
    Ok(names(rows))
}

/// The part of a list that is read.
struct Cut {
    offset: u32,
    limit: u32,
    after: Option<String>,
}

/// The rows of a part of a list, and the number of all rows that match.
async fn rows(
    admin: &Admin,
    caller: &Caller,
    query: &DirectoryQuery,
    cut: Cut,
) -> Result<(DirectoryRows, u64), AdminError> {
    match query.kind {
        RecordKind::Users => users(admin, caller, query, cut).await,
        RecordKind::Phones => {
            let page = admin.list_phones(caller, &asked(query, cut, phone_filter)).await?;
            let rows = page.rows.into_iter().map(phone).collect();
            Ok((DirectoryRows::Phones(rows), page.matching))
        }
        RecordKind::DeviceProfiles => {
            let page = admin.list_profiles(caller, &asked(query, cut, profile_filter)).await?;
            let rows = page.rows.into_iter().map(profile).collect();
            Ok((DirectoryRows::Profiles(rows), page.matching))
        }
        RecordKind::ApplicationUsers => {
            let page = admin.list_app_users(caller, &asked(query, cut, app_user_filter)).await?;
            let rows = page.rows.into_iter().map(app_user).collect();
            Ok((DirectoryRows::AppUsers(rows), page.matching))
        }
    }
}

async fn users(
    admin: &Admin,
    caller: &Caller,
    query: &DirectoryQuery,
    cut: Cut,
) -> Result<(DirectoryRows, u64), AdminError> {
    let locked = admin.locked_users(caller)?;
    let mut asked = asked(query, cut, |only| user_filter(only, &locked));
    let profile = Some(&query.profile).filter(|name| !name.is_empty());
    asked.filters.extend(profile.cloned().map(UserFilter::HasProfile));
    let page = admin.list_users(caller, &asked).await?;
    let locked: Vec<_> = locked.iter().map(|id| key(id)).collect();
    let rows = page.rows.into_iter().map(|one| user(one, &locked)).collect();
    Ok((DirectoryRows::Users(rows), page.matching))
}

/// The query for the store; `filter` translates a condition of the list.
fn asked<F>(
    query: &DirectoryQuery,
    cut: Cut,
    filter: impl Fn(Only) -> Option<F>,
) -> engine::DirectoryQuery<F> {
    use DirectorySort as S;
    let order = match query.sort {
        S::Name | S::NameDown => DirectoryOrder::Name,
        S::Model | S::ModelDown => DirectoryOrder::Model,
        S::Description | S::DescriptionDown => DirectoryOrder::Description,
    };
    engine::DirectoryQuery {
        find: LoginFilter::texts(&query.find),
        // A condition counts once, however often a request repeats it.
        filters: Only::of(query.kind)
            .iter()
            .filter(|filter| query.only.contains(filter))
            .filter_map(|only| filter(*only))
            .collect(),
        order,
        is_descending: matches!(query.sort, S::NameDown | S::ModelDown | S::DescriptionDown),
        offset: cut.offset,
        limit: cut.limit,
        after: cut.after,
    }
}

/// The names in a page of a list.
fn names(rows: DirectoryRows) -> Vec<String> {
    match rows {
        DirectoryRows::Users(rows) => rows.into_iter().map(|row| row.id).collect(),
        DirectoryRows::Phones(rows) => rows.into_iter().map(|row| row.name).collect(),
        DirectoryRows::Profiles(rows) => rows.into_iter().map(|row| row.name).collect(),
        DirectoryRows::AppUsers(rows) => rows.into_iter().map(|row| row.id).collect(),
    }
}

fn user_filter(only: Only, locked: &[String]) -> Option<UserFilter> {
    Some(match only {
        Only::LoggedIn => UserFilter::LoggedIn,
        Only::NoKnownLogin => UserFilter::NoKnownLogin,
        Only::NoProfile => UserFilter::NoProfile,
        Only::Locked => UserFilter::Named(locked.to_vec()),
        Only::Disabled => UserFilter::Disabled,
        Only::PinMustChange => UserFilter::PinMustChange,
        Only::Emcc => UserFilter::Emcc,
        _ => return None,
    })
}

const fn phone_filter(only: Only) -> Option<PhoneFilter> {
    Some(match only {
        Only::LoggedIn => PhoneFilter::LoggedIn,
        Only::NeverUsed => PhoneFilter::NeverUsed,
        Only::Off => PhoneFilter::Off,
        Only::NoAddress => PhoneFilter::NoAddress,
        Only::OtherModel => PhoneFilter::OtherModel,
        _ => return None,
    })
}

const fn profile_filter(only: Only) -> Option<ProfileFilter> {
    Some(match only {
        Only::LoggedIn => ProfileFilter::LoggedIn,
        Only::Unused => ProfileFilter::Unused,
        _ => return None,
    })
}

const fn app_user_filter(only: Only) -> Option<AppUserFilter> {
    Some(match only {
        Only::Proxy => AppUserFilter::Proxy,
        Only::NoProxy => AppUserFilter::NoProxy,
        _ => return None,
    })
}

/// A user as a row; `locked` has the keys of locked users.
fn user(listed: ListedUser, locked: &[String]) -> UserLine {
    let numbers = [listed.primary_extension, listed.self_service_id];
    let state = [
        (!listed.enabled, Only::Disabled),
        (locked.contains(&key(&listed.id)), Only::Locked),
        (listed.pin_must_change, Only::PinMustChange),
        (listed.emcc, Only::Emcc),
    ];
    UserLine {
        id: listed.id,
        state: state.into_iter().filter(|(is, _)| *is).map(|(_, state)| state).collect(),
        max_login_minutes: listed.max_login_minutes,
        profiles: listed.profiles,
        numbers: numbers.into_iter().filter(|number| !number.is_empty()).collect(),
        elsewhere: listed.phone.as_ref().is_some_and(|phone| !phone.cluster.is_empty()),
        phone: listed.phone.map(|phone| phone.to_string()).unwrap_or_default(),
        open: listed.open,
    }
}

fn phone(listed: ListedPhone) -> PhoneLine {
    PhoneLine {
        name: listed.name,
        description: listed.description,
        model: listed.model,
        address: listed.address.unwrap_or_default(),
        extension_mobility: listed.extension_mobility,
        lines: numbers(listed.lines),
        user: listed.user.map(|user| user.to_string()).unwrap_or_default(),
    }
}

fn profile(listed: ListedProfile) -> ProfileLine {
    let ListedProfile { name, model, lines, users, open } = listed;
    ProfileLine { name, model, lines: numbers(lines), users, open }
}

fn app_user(listed: ListedAppUser) -> AppUserLine {
    let ListedAppUser { id, proxy } = listed;
    AppUserLine { id, proxy }
}

/// Each line with its label, because Find reads both.
fn numbers(lines: Vec<Line>) -> Vec<String> {
    let shown = |Line { dn, label }: Line| format!("{dn} {label}").trim_end().to_owned();
    lines.into_iter().map(shown).collect()
}
