//! The table of a list: the columns and the rows of any kind.

use leptos::prelude::*;

use super::{
    cells::{Cells, app_user, phone, profile, user},
    words::title_of,
};
use crate::{
    api::{
        DIRECTORY_ROWS, DirectoryKind, DirectoryPage, DirectoryQuery, DirectoryRows, DirectorySort,
    },
    components::{Pager, PastTheEnd},
    text::{t, use_i18n},
};

/// A column: its class, its label, and the orders by it, up and down.
struct Column {
    class: &'static str,
    label: &'static str,
    sorts: Option<(DirectorySort, DirectorySort)>,
}

fn columns(kind: DirectoryKind) -> Vec<Column> {
    use DirectorySort as S;
    let i18n = use_i18n();
    let column = |class, label| Column { class, label, sorts: None };
    let sorted = |class, label, up, down| Column { class, label, sorts: Some((up, down)) };
    let named = |class, label| sorted(class, label, S::Name, S::NameDown);
    let model = || sorted("model", t!(i18n, directory.model), S::Model, S::ModelDown);
    match kind {
        DirectoryKind::Users => vec![
            named("who", t!(i18n, logins.user)),
            column("profile", t!(i18n, directory.profiles)),
            column("number", t!(i18n, directory.numbers)),
            column("limit", t!(i18n, user.max_login)),
            column("marks", t!(i18n, directory.state)),
            column("dev", t!(i18n, directory.logged_in_at)),
        ],
        DirectoryKind::Phones => vec![
            named("dev", t!(i18n, logins.phone)),
            sorted("text", t!(i18n, directory.description), S::Description, S::DescriptionDown),
            model(),
            column("number", t!(i18n, directory.lines)),
            column("address", t!(i18n, phone.address)),
            column("marks", t!(i18n, directory.state)),
            column("who", t!(i18n, logins.user)),
        ],
        DirectoryKind::DeviceProfiles => vec![
            named("profile", t!(i18n, logins.profile)),
            model(),
            column("number", t!(i18n, directory.lines)),
            column("count", t!(i18n, directory.users)),
            column("count", t!(i18n, directory.open)),
        ],
        DirectoryKind::ApplicationUsers => vec![
            named("who", t!(i18n, directory.application_user)),
            column("text", t!(i18n, directory.rights)),
        ],
    }
}

/// The rows of a page, with the links to the other pages.
#[component]
pub(super) fn List(page: DirectoryPage, query: DirectoryQuery) -> impl IntoView {
    let i18n = use_i18n();
    let DirectoryPage { rows, matching } = page;
    let rows: Vec<Cells> = match rows {
        DirectoryRows::Users(rows) => rows.into_iter().map(user).collect(),
        DirectoryRows::Phones(rows) => rows.into_iter().map(phone).collect(),
        DirectoryRows::Profiles(rows) => rows.into_iter().map(profile).collect(),
        DirectoryRows::AppUsers(rows) => rows.into_iter().map(app_user).collect(),
    };
    let (kind, number, is_empty) = (query.kind, query.page, rows.is_empty());
    let narrows = !query.find.is_empty() || !query.only.is_empty();
    let columns = columns(kind);
    let head = columns.iter().map(|column| head(column, &query)).collect_view();
    let row = |cells: Cells| {
        let cell = |(column, cell): (&Column, AnyView)| {
            view! {
                <td class=column.class data-label=column.label>
                    {cell}
                </td>
            }
        };
        view! { <tr>{columns.iter().zip(cells).map(cell).collect_view()}</tr> }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let table = match kind {
        DirectoryKind::Users => "cards lines directory of-users",
        DirectoryKind::Phones => "cards lines directory of-phones",
        DirectoryKind::DeviceProfiles => "cards lines directory of-profiles",
        DirectoryKind::ApplicationUsers => "cards lines directory of-app-users",
    };
    let at = move |page: u32| DirectoryQuery { page, ..query.clone() }.url();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=title_of(kind)>
            <table class=table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {match (is_empty, matching) {
            (false, _) => ().into_any(),
            (true, 0) => {
                let (title, text) = if narrows {
                    (t!(i18n, directory.none_match), t!(i18n, logins.none_text))
                } else {
                    (t!(i18n, directory.none), t!(i18n, directory.none_text))
                };
                view! {
                    <div class="empty">
                        <p>
                            <b>{title}</b>
                        </p>
                        <p>{text}</p>
                    </div>
                }
                    .into_any()
            }
            (true, _) => view! { <PastTheEnd first=at(0)/> }.into_any(),
        }}
        <Pager page=number rows=DIRECTORY_ROWS total=move || matching url=at/>
    }
}

/// The name of a column; a column that sorts has a link, and a click on the column that sorts turns the order.
fn head(column: &Column, query: &DirectoryQuery) -> AnyView {
    let Column { class, label, sorts } = *column;
    let Some((up, down)) = sorts else {
        return view! {
            <th scope="col" class=class>
                {label}
            </th>
        }
        .into_any();
    };
    let sort = if query.sort == up { down } else { up };
    let to = DirectoryQuery { sort, page: 0, ..query.clone() }.url();
    let sorted = match query.sort {
        now if now == up => Some("ascending"),
        now if now == down => Some("descending"),
        _ => None,
    };
    view! {
        <th scope="col" class=class aria-sort=sorted>
            <a href=to>{label}</a>
        </th>
    }
    .into_any()
}
