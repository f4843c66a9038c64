//! The cells of a row, for each kind of list, in the order of the columns.

use leptos::prelude::*;
use terms::{LoginType, RecordKind};

use super::words::name_of;
use crate::{
    address::address,
    api::{AppUserLine, DirectoryQuery, PhoneLine, ProfileLine, UserLine, record_url},
    components::{PhoneLink, UserLink, grouped, length},
    text::{t, use_i18n},
};

/// The cells of a row, one for each column.
pub(super) type Cells = Vec<AnyView>;

/// User, profiles, numbers, maximum login time, state, phone, form.
pub(super) fn user(line: UserLine) -> Cells {
    let i18n = use_i18n();
    let UserLine { id, state, max_login_minutes, profiles, numbers, phone, elsewhere, open } = line;
    let limit = match max_login_minutes {
        None => t!(i18n, directory.system_limit).to_owned(),
        Some(0) => t!(i18n, logins.unlimited).to_owned(),
        Some(minutes) => length(minutes.into()),
    };
    let state = state.into_iter().map(|one| name_of(RecordKind::Users, one)).collect();
    let login_type = if elsewhere { LoginType::Elsewhere } else { LoginType::Em };
    let more = (open > 1).then(|| t!(i18n, directory.and_more, count = grouped(open - 1)));
    let edit = edit(RecordKind::Users, &id);
    vec![
        view! {
            <b>
                <UserLink name=id/>
            </b>
        }
        .into_any(),
        view! { {profiles.join(", ")} }.into_any(),
        view! { {numbers.join(", ")} }.into_any(),
        view! { {limit} }.into_any(),
        marks(state),
        (!phone.is_empty())
            .then(|| {
                view! {
                    <PhoneLink name=phone login_type/>
                    {more.map(|more| view! { <small>{more}</small> })}
                }
            })
            .into_any(),
        edit,
    ]
}

/// Phone, description, model, lines, address, state, user, form.
pub(super) fn phone(line: PhoneLine) -> Cells {
    let i18n = use_i18n();
    let PhoneLine { name, description, model, address, extension_mobility, lines, user } = line;
    let edit = edit(RecordKind::Phones, &name);
    vec![
        view! { <PhoneLink name/> }.into_any(),
        view! { {description} }.into_any(),
        view! { {model} }.into_any(),
        view! { {lines.join(", ")} }.into_any(),
        view! { {address} }.into_any(),
        marks((!extension_mobility).then(|| t!(i18n, directory.off)).into_iter().collect()),
        view! { <UserLink name=user/> }.into_any(),
        edit,
    ]
}

/// Device profile, model, lines, users, open logins.
pub(super) fn profile(line: ProfileLine) -> Cells {
    let ProfileLine { name, model, lines, users, open } = line;
    let find = format!("profile:\"{}\"", name.replace('"', " "));
    let to_users = DirectoryQuery {
        kind: RecordKind::Users,
        profile: name.clone(),
        ..DirectoryQuery::default()
    };
    vec![
        to_form(RecordKind::DeviceProfiles, &name),
        view! { {model} }.into_any(),
        view! { {lines.join(", ")} }.into_any(),
        counted(users, to_users.url()),
        counted(open, address("/", &[("find", find)])),
    ]
}

/// Application user, rights.
pub(super) fn app_user(line: AppUserLine) -> Cells {
    let i18n = use_i18n();
    let AppUserLine { id, proxy } = line;
    let rights = if proxy { t!(i18n, directory.proxy) } else { t!(i18n, directory.no_proxy) };
    vec![to_form(RecordKind::ApplicationUsers, &id), view! { {rights} }.into_any()]
}

/// The name as a link to the form.
fn to_form(kind: RecordKind, name: &str) -> AnyView {
    view! {
        <b>
            <a href=record_url(kind, name)>{name.to_owned()}</a>
        </b>
    }
    .into_any()
}

/// The link to the form of a row whose name leads to another page.
pub(super) fn edit(kind: RecordKind, name: &str) -> AnyView {
    let i18n = use_i18n();
    view! {
        <a href=record_url(kind, name) aria-label=t!(i18n, directory.edit_of, name = name.to_owned())>
            {t!(i18n, directory.edit)}
        </a>
    }
    .into_any()
}

/// A number of rows, which links to the rows.
fn counted(count: u64, to: String) -> AnyView {
    if count == 0 {
        return view! { "0" }.into_any();
    }
    view! { <a href=to>{grouped(count)}</a> }.into_any()
}

/// The texts as marks.
fn marks(texts: Vec<&'static str>) -> AnyView {
    let mark = |text: &'static str| view! { <span class="kind">{text}</span> " " };
    texts.into_iter().map(mark).collect_view().into_any()
}
