//! The log-out form as a page: for browsers without JavaScript, and for links.

use leptos::prelude::*;

use super::form::LogOutForm;
use crate::{
    address::use_query,
    api::{
        LogOutOutcome, LogOutScope, LoginQuery, RefusedLogOut, read_log_out_preview,
        take_refused_log_out,
    },
    components::{Chrome, answered, loaded},
    text::{t, use_i18n},
};

/// Asks before it ends the logins that the address names.
#[component]
pub fn LogOutPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let scope = move || {
        query.with(|query| match query.get("all") {
            Some(_) => LogOutScope::Matching(LoginQuery::read(query).filter),
            None => LogOutScope::Selected(query.get_all("id")),
        })
    };
    let asked = answered(scope, |scope| async move {
        let preview = read_log_out_preview(scope.clone()).await?;
        let mut refused = take_refused_log_out(scope).await?;
        // The preview is newer than the kept answer.
        if let Some(RefusedLogOut { outcome: LogOutOutcome::LookAgain(before), .. }) = &mut refused
        {
            before.clone_from(&preview);
        }
        Ok((preview, refused))
    });
    let way_out = move |text: &'static str| {
        let back = query.with_untracked(|query| LoginQuery::read(query).url());
        view! {
            <a class="button" href=back id="way-out">
                {text}
            </a>
        }
        .into_any()
    };
    let title = t!(i18n, log_out.title);
    view! {
        <Chrome title>
            {loaded(
                asked,
                move |((preview, refused), scope)| {
                    if preview.count == 0 {
                        return view! { <NothingToEnd/> }.into_any();
                    }
                    view! {
                        <section class="card log-out">
                            <LogOutForm scope preview refused way_out/>
                        </section>
                    }
                        .into_any()
                },
            )}
        </Chrome>
    }
}

#[component]
fn NothingToEnd() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card message">
            <p>{t!(i18n, log_out.nothing_selected)}</p>
            <p>
                <a href="/">{t!(i18n, log_out.back)}</a>
            </p>
        </section>
    }
}
