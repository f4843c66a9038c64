//! Administrators: roles, passwords, sessions.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlFormElement};
use terms::{Named, Role};

use super::password::NewPasswordFields;
use crate::{
    api::{
        AdministratorPage, AdministratorRow, ChangeAdministrator, PeopleAnswer, PeopleIntent,
        PeopleOutcome, SessionView, read_administrators,
    },
    components::{Chrome, Moment, Place, Problem, ShownToField, focus, loaded, role_name},
    text::{t, use_i18n},
};

/// The page.
#[component]
pub fn AdministratorsPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ChangeAdministrator>::new();
    // A refused form reads nothing anew, so that its fields keep the typed values.
    let changes = Memo::new(move |before: Option<&u32>| {
        let before = before.copied().unwrap_or_default();
        let done = matches!(action.value().get(), Some(Ok(PeopleOutcome::Done { .. })));
        before + u32::from(done)
    });
    // The focus moves to each answer: the pressed button may be far below it, or gone.
    Effect::new(move |_| {
        let Some(answer) = action.value().get() else { return };
        focus("status");
        if let Ok(PeopleOutcome::Done { intent, name }) = answer {
            match intent {
                PeopleIntent::Add => reset("add"),
                PeopleIntent::Password => reset(&format!("{}-password-form", id_of(&name))),
                _ => {}
            }
        }
    });
    let page = Resource::new(move || changes.try_get().unwrap_or(0), |_| read_administrators());
    let said = move || {
        action.value().get().map(|answer| match answer {
            Ok(outcome) => view! { <Said outcome/> }.into_any(),
            Err(refused) => view! { <Problem refused/> }.into_any(),
        })
    };
    let title = t!(i18n, nav.administrators);
    view! {
        <Chrome title related=&[Place::Audit]>
            // The element is present before the result, because a screen reader reads out only changes.
            <div role="status">{said}</div>
            {loaded(page, move |page| view! { <List page action/> }.into_any())}
        </Chrome>
    }
}

#[component]
fn List(page: AdministratorPage, action: ServerAction<ChangeAdministrator>) -> impl IntoView {
    let AdministratorPage { rows, manages, answered } = page;
    let rows = StoredValue::new(rows);
    let is_new = move || action.value().with(Option::is_none);
    let (outcome, not_added) = match answered {
        Some(PeopleAnswer { outcome, not_added }) => (Some(outcome), not_added),
        None => (None, None),
    };
    view! {
        {move || is_new().then(|| outcome.clone().map(|outcome| view! { <Said outcome/> }))}
        // The key is the row: a typed value or the question before a removal never moves to another row.
        <For
            each=move || rows.get_value()
            key=AdministratorRow::clone
            children=move |row| view! { <One row manages action/> }.into_any()
        />
        {manages.then(|| view! { <Add action typed=not_added.unwrap_or_default()/> })}
    }
}

/// A form with one operation on one administrator.
#[component]
fn Act(
    action: ServerAction<ChangeAdministrator>,
    name: String,
    intent: &'static str,
    children: Children,
) -> impl IntoView {
    let id = format!("{}-{intent}-form", id_of(&name));
    view! {
        <ActionForm action attr:class="act" attr:id=id>
            <ShownToField/>
            <input type="hidden" name="intent" value=intent/>
            <input type="hidden" name="name" value=name/>
            {children()}
        </ActionForm>
    }
}

#[component]
fn One(
    row: AdministratorRow,
    manages: bool,
    action: ServerAction<ChangeAdministrator>,
) -> impl IntoView {
    let i18n = use_i18n();
    let AdministratorRow { name, role, enabled, own, sessions } = row;
    let heading = id_of(&name);
    let password = format!("{heading}-password");
    let current = format!("{heading}-current");
    let role_field = format!("{heading}-role");
    let (labelled, role_label) = (heading.clone(), role_field.clone());
    let session = move |one: SessionView| {
        view! {
            <li>
                <Moment ms=one.signed_in_ms/>
                " · "
                {one.address}
                {one.this.then(|| view! { " · " <b>{t!(i18n, people.this_session)}</b> })}
            </li>
        }
    };
    let some = !sessions.is_empty();
    let option = move |one: Role| {
        view! {
            <option value=one.name() selected=one == role>
                {role_name(one)}
            </option>
        }
    };
    let (intent, word) = if enabled {
        ("disable", t!(i18n, people.disable))
    } else {
        ("enable", t!(i18n, people.enable))
    };
    let to = |name: &String| name.clone();
    view! {
        <section class="card person" aria-labelledby=labelled>
            <header>
                <h2 id=heading>{name.clone()}</h2>
                <p>
                    {role_name(role)} {own.then(|| view! { " · " {t!(i18n, people.you)} })}
                    {(!enabled).then(|| view! { " · " <b>{t!(i18n, people.disabled)}</b> })}
                </p>
            </header>
            <div class="body">
                <h3>{t!(i18n, people.sessions)}</h3>
                {if some {
                    view! { <ul class="plain">{sessions.into_iter().map(session).collect_view()}</ul> }
                        .into_any()
                } else {
                    view! { <p class="soft">{t!(i18n, people.no_sessions)}</p> }.into_any()
                }}
                {some
                    .then(|| {
                        view! {
                            <Act action name=to(&name) intent="sign_out_everywhere">
                                <button class="button">{t!(i18n, people.sign_out_everywhere)}</button>
                            </Act>
                        }
                    })}
                {(manages || own)
                    .then(|| {
                        view! {
                            <Act action name=to(&name) intent="password">
                                {own.then(|| view! { <Current id=current/> })}
                                <NewPasswordFields id=password label=t!(i18n, people.new_password)/>
                                <button class="button">{t!(i18n, people.set_password)}</button>
                            </Act>
                        }
                    })}
                {manages
                    .then(|| {
                        view! {
                            <Act action name=to(&name) intent="role">
                                <label for=role_label>{t!(i18n, people.role)}</label>
                                <select id=role_field name="role">
                                    {Role::all().map(option).collect_view()}
                                </select>
                                <button class="button">{t!(i18n, people.set_role)}</button>
                            </Act>
                            <div class="actions">
                                <Act action name=to(&name) intent=intent>
                                    <button class="button">{word}</button>
                                </Act>
                                <details class="confirm">
                                    <summary class="button danger">{t!(i18n, people.remove)}</summary>
                                    <Act action name=to(&name) intent="remove">
                                        <button class="button danger">
                                            {t!(i18n, people.remove_sure)}
                                        </button>
                                    </Act>
                                </details>
                            </div>
                        }
                    })}
            </div>
        </section>
    }
}

/// The base of the element ids for an administrator.
fn id_of(name: &str) -> String {
    std::iter::once("admin".to_owned())
        .chain(name.bytes().map(|byte| format!("{byte:02x}")))
        .collect::<Vec<_>>()
        .join("-")
}

/// Sets the fields of a form to their first values: a role to the least of all.
fn reset(id: &str) {
    let form = document().get_element_by_id(id);
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        form.reset();
    }
}

/// The field for the current password, for an administrator who sets their own password.
#[component]
fn Current(id: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label for=id.clone()>{t!(i18n, people.current_password)}</label>
        <input
            id=id
            name="current"
            type="password"
            autocomplete="current-password"
            maxlength="256"
            required
        />
    }
}

/// The form that adds an administrator; `typed` has the name and role of a refused form.
#[component]
fn Add(action: ServerAction<ChangeAdministrator>, typed: (String, Option<Role>)) -> impl IntoView {
    let i18n = use_i18n();
    let (name, role) = typed;
    let option = move |one: Role| {
        view! {
            <option value=one.name() selected=role == Some(one)>
                {role_name(one)}
            </option>
        }
    };
    view! {
        <section class="card person" aria-labelledby="add-title">
            <header>
                <h2 id="add-title">{t!(i18n, people.add)}</h2>
                <p>{t!(i18n, people.roles)}</p>
            </header>
            <div class="body">
                <ActionForm action attr:class="act" attr:id="add">
                    <ShownToField/>
                    <input type="hidden" name="intent" value="add"/>
                    <label for="new-name">{t!(i18n, sign_in.name)}</label>
                    <input
                        id="new-name"
                        name="name"
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        maxlength="256"
                        required
                        value=name
                    />
                    <label for="new-role">{t!(i18n, people.role)}</label>
                    <select id="new-role" name="role">
                        {Role::all().map(option).collect_view()}
                    </select>
                    <NewPasswordFields id="new-password".to_owned() label=t!(i18n, sign_in.password)/>
                    <button class="button primary">{t!(i18n, people.add_submit)}</button>
                </ActionForm>
            </div>
        </section>
    }
}

/// The result of the last change.
#[component]
pub(super) fn Said(outcome: PeopleOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let good = matches!(outcome, PeopleOutcome::Done { .. });
    let text = move || match &outcome {
        PeopleOutcome::Done { intent, name } => {
            let name = name.clone();
            match intent {
                PeopleIntent::Add => t!(i18n, people.added, name = name),
                PeopleIntent::Remove => t!(i18n, people.removed, name = name),
                PeopleIntent::SignOutEverywhere => t!(i18n, people.signed_out, name = name),
                PeopleIntent::Role
                | PeopleIntent::Password
                | PeopleIntent::Enable
                | PeopleIntent::Disable => t!(i18n, people.changed, name = name),
            }
        }
        PeopleOutcome::NameWrong => t!(i18n, people.name_wrong).to_owned(),
        PeopleOutcome::NameTaken => t!(i18n, people.name_taken).to_owned(),
        PeopleOutcome::PasswordsDiffer => t!(i18n, people.passwords_differ).to_owned(),
        PeopleOutcome::PasswordWrong => t!(i18n, people.password_wrong).to_owned(),
        PeopleOutcome::CurrentPasswordWrong => t!(i18n, people.current_wrong).to_owned(),
        PeopleOutcome::Wait(seconds) => t!(i18n, sign_in.wait, seconds = *seconds),
        PeopleOutcome::LastAdministrator => t!(i18n, people.last).to_owned(),
        PeopleOutcome::Unknown => t!(i18n, people.unknown).to_owned(),
    };
    view! {
        <p class=if good { "status" } else { "status bad" } id="status" tabindex="-1">
            {text}
        </p>
    }
}
