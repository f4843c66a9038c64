//! The settings of the running program.

use leptos::prelude::*;

use crate::{
    api::{ProgramRow, ProgramSource},
    text::{t, use_i18n},
};

/// The section. The settings are changed where the program is started, so the page only shows them.
#[component]
pub(super) fn Program(rows: Vec<ProgramRow>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card" aria-labelledby="program-title">
            <header>
                <h2 id="program-title">{t!(i18n, settings.program)}</h2>
                <p>{t!(i18n, settings.program_text)}</p>
            </header>
            // Its cells break anywhere, so the table needs no scrolling.
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, settings.setting)}</th>
                        <th scope="col">{t!(i18n, settings.value)}</th>
                        <th scope="col">{t!(i18n, settings.source)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(row: ProgramRow) -> impl IntoView {
    let i18n = use_i18n();
    let ProgramRow { name, help, value, source } = row;
    let value = match value {
        Some(value) => view! { <code>{value}</code> }.into_any(),
        None => view! { <span class="soft">{t!(i18n, settings.not_set)}</span> }.into_any(),
    };
    let (source, what) = match source {
        ProgramSource::Flag(flag) => (t!(i18n, settings.flag), Some(flag)),
        ProgramSource::Variable(variable) => (t!(i18n, settings.variable), Some(variable)),
        ProgramSource::File(path) => (t!(i18n, settings.file), Some(path)),
        ProgramSource::Default => (t!(i18n, settings.default), None),
        ProgramSource::Command(command) => (t!(i18n, settings.fixed), Some(command)),
    };
    let what = what.map(|what| view! { " " <code>{what}</code> });
    // The help is the command's own, in English.
    view! {
        <tr>
            <td class="who">
                <b>{name}</b>
                <small lang="en">{help}</small>
            </td>
            <td class="who" data-label=t!(i18n, settings.value)>{value}</td>
            <td class="who" data-label=t!(i18n, settings.source)>{source} {what}</td>
        </tr>
    }
}
