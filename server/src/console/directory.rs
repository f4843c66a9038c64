//! Find and List: users, phones, device profiles and application users.

use app::api::{
    AppUserLine, DIRECTORY_ROWS, DirectoryFilter as Only, DirectoryKind, DirectoryPage,
    DirectoryQuery, DirectoryRows, DirectorySort, PhoneLine, ProfileLine, Refused, UserLine,
};
use engine::{
    AppUserFilter, DirectoryOrder, Line, ListedAppUser, ListedPhone, ListedProfile, ListedUser,
    PhoneFilter, ProfileFilter, UserFilter,
};
use terms::{LoginFilter, key};

use super::request::{ConsoleRequest, refused};

impl ConsoleRequest {
    pub(super) async fn directory(&self, query: DirectoryQuery) -> Result<DirectoryPage, Refused> {
        match query.kind {
            DirectoryKind::Users => self.list_users(&query).await,
            DirectoryKind::Phones => {
                let caller = self.caller().await?;
                let asked = asked(&query, phone_filter);
                let page = self.admin.list_phones(&caller, &asked).await.map_err(refused)?;
                let rows = page.rows.into_iter().map(phone).collect();
                Ok(DirectoryPage { rows: DirectoryRows::Phones(rows), matching: page.matching })
            }
            DirectoryKind::DeviceProfiles => {
                let caller = self.caller().await?;
                let asked = asked(&query, profile_filter);
                let page = self.admin.list_profiles(&caller, &asked).await.map_err(refused)?;
                let rows = page.rows.into_iter().map(profile).collect();
                Ok(DirectoryPage { rows: DirectoryRows::Profiles(rows), matching: page.matching })
            }
            DirectoryKind::ApplicationUsers => {
                let caller = self.caller().await?;
                let asked = asked(&query, app_user_filter);
                let page = self.admin.list_app_users(&caller, &asked).await.map_err(refused)?;
                let rows = page.rows.into_iter().map(app_user).collect();
                Ok(DirectoryPage { rows: DirectoryRows::AppUsers(rows), matching: page.matching })
            }
        }
    }

    async fn list_users(&self, query: &DirectoryQuery) -> Result<DirectoryPage, Refused> {
        let caller = self.caller().await?;
        let locked = self.admin.locked_users(&caller).map_err(refused)?;
        let asked = asked(query, |only| user_filter(only, &locked));
        let page = self.admin.list_users(&caller, &asked).await.map_err(refused)?;
        let locked: Vec<_> = locked.iter().map(|id| key(id)).collect();
        let rows = page.rows.into_iter().map(|one| user(one, &locked)).collect();
        Ok(DirectoryPage { rows: DirectoryRows::Users(rows), matching: page.matching })
    }
}

/// The query for the store; `filter` translates a condition, and passes over conditions of other lists.
fn asked<F>(
    query: &DirectoryQuery,
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
        filters: query.only.iter().copied().filter_map(filter).collect(),
        order,
        is_descending: matches!(query.sort, S::NameDown | S::ModelDown | S::DescriptionDown),
        offset: query.page.saturating_mul(DIRECTORY_ROWS),
        limit: DIRECTORY_ROWS,
    }
}

fn user_filter(only: Only, locked: &[String]) -> Option<UserFilter> {
    Some(match only {
        Only::LoggedIn => UserFilter::LoggedIn,
        Only::NeverLoggedIn => UserFilter::NeverLoggedIn,
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

fn numbers(lines: Vec<Line>) -> Vec<String> {
    lines.into_iter().map(|line| line.dn).collect()
}
