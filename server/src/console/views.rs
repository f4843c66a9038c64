//! From the engine's types to the console's.

use app::api::{LoginRow, SortBy};
use engine::{Login, LoginOrder};

/// A login as a row.
pub(crate) fn login_row(login: &Login) -> LoginRow {
    LoginRow {
        id: login.id.0.to_string(),
        user: login.user.clone(),
        phone: login.phone.clone(),
        model: login.model.clone(),
        profile: login.profile.clone(),
        from_ms: login.from.0,
        until_ms: login.until.map(|until| until.0),
    }
}

/// The order of the page as the store's.
pub(super) fn order(sort: SortBy) -> LoginOrder {
    match sort {
        SortBy::Newest => LoginOrder::Newest,
        SortBy::Oldest => LoginOrder::Oldest,
        SortBy::User => LoginOrder::User,
        SortBy::Phone => LoginOrder::Phone,
    }
}
