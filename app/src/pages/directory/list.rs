//! The table of a list: the columns and the rows of any kind.

use leptos::prelude::*;
use terms::{Named, RecordKind};

use super::{
    cells::{Cells, app_user, phone, profile, user},
    select::{Acts, action, page_box, row_box},
    words::title_of,
};
use crate::{
    api::{DIRECTORY_ROWS, DirectoryPage, DirectoryQuery, DirectoryRows, DirectorySort},
    components::{Pager, PastTheEnd},
    text::{t, use_i18n},
};

/// A column: its class, its label, and the orders by it, up and down.
struct Column {
    class: &'static str,
    label: &'static str,
    sorts: Option<(DirectorySort, DirectorySort)>,
}

fn columns(kind: RecordKind) -> Vec<Column> {
    use DirectorySort as S;
    let i18n = use_i18n();
    let column = |class, label| Column { class, label, sorts: None };
    let sorted = |class, label, up, down| Column { class, label, sorts: Some((up, down)) };
    let named = |class, label| sorted(class, label, S::Name, S::NameDown);
    let model = || sorted("model", t!(i18n, directory.model), S::Model, S::ModelDown);
    match kind {
        RecordKind::Users => vec![
            named("who", t!(i18n, logins.user)),
            column("profile", t!(i18n, directory.profiles)),
            column("number", t!(i18n, directory.numbers)),
            column("limit", t!(i18n, user.max_login)),
            column("marks", t!(i18n, directory.state)),
            column("dev", t!(i18n, directory.logged_in_at)),
            column("edit", t!(i18n, directory.edit)),
        ],
        RecordKind::Phones => vec![
            named("dev", t!(i18n, logins.phone)),
            sorted("text", t!(i18n, directory.description), S::Description, S::DescriptionDown),
            model(),
            column("number", t!(i18n, directory.lines)),
            column("address", t!(i18n, phone.address)),
            column("marks", t!(i18n, directory.state)),
            column("who", t!(i18n, logins.user)),
            column("edit", t!(i18n, directory.edit)),
        ],
        RecordKind::DeviceProfiles => vec![
            named("profile", t!(i18n, logins.profile)),
            model(),
            column("number", t!(i18n, directory.lines)),
            column("count", t!(i18n, directory.users)),
            column("count", t!(i18n, directory.open)),
        ],
        RecordKind::ApplicationUsers => vec![
            named("who", t!(i18n, directory.application_user)),
            column("text", t!(i18n, directory.rights)),
        ],
    }
}

/// The rows of a page, with the links to the other pages.
#[component]
pub(super) fn List(page: DirectoryPage, query: DirectoryQuery) -> impl IntoView {
    let i18n = use_i18n();
    let DirectoryPage { rows, matching, may_change } = page;
    let rows: Vec<(String, Cells)> = match rows {
        DirectoryRows::Users(rows) => named(rows, |row| row.id.clone(), user),
        DirectoryRows::Phones(rows) => named(rows, |row| row.name.clone(), phone),
        DirectoryRows::Profiles(rows) => named(rows, |row| row.name.clone(), profile),
        DirectoryRows::AppUsers(rows) => named(rows, |row| row.id.clone(), app_user),
    };
    let (kind, number, is_empty) = (query.kind, query.page, rows.is_empty());
    let narrows = query.narrows();
    let columns = columns(kind);
    let head = columns.iter().map(|column| head(column, &query)).collect_view();
    let row = |(name, cells): (String, Cells)| {
        let cell = |(column, cell): (&Column, AnyView)| {
            view! {
                <td class=column.class data-label=column.label>
                    {cell}
                </td>
            }
        };
        view! {
            <tr>
                {may_change.then(|| row_box(&name))}
                {columns.iter().zip(cells).map(cell).collect_view()}
            </tr>
        }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let table = match kind {
        RecordKind::Users => "cards lines directory of-users",
        RecordKind::Phones => "cards lines directory of-phones",
        RecordKind::DeviceProfiles => "cards lines directory of-profiles",
        RecordKind::ApplicationUsers => "cards lines directory of-app-users",
    };
    let csv = query.csv();
    let file = format!("{}.csv", kind.name());
    let acts = (may_change && !is_empty)
        .then(|| view! { <Acts query=query.clone() matching/> }.into_any());
    let at = move |page: u32| DirectoryQuery { page, ..query.clone() }.url();
    view! {
        <form method="get" action=action(kind)>
            {acts}
            <div class="scroll" tabindex="0" role="region" aria-label=title_of(kind)>
                <table class=table>
                    <thead>
                        <tr>
                            {may_change.then(page_box)}
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </form>
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
        <p class="foot body">
            <a href=csv rel="external" download=file>
                {t!(i18n, history.csv)}
            </a>
        </p>
    }
}

/// Rows with their names.
fn named<T>(rows: Vec<T>, name: fn(&T) -> String, cells: fn(T) -> Cells) -> Vec<(String, Cells)> {
    rows.into_iter().map(|row| (name(&row), cells(row))).collect()
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
