//! The form on a phone's page by which an operator logs a user in.

use leptos::{prelude::*, server_fn::ServerFn};
use terms::ErrorCode;

use super::query::phone as phone_url;
use crate::{
    api::{InTheWay, LogInAnswer, LogInAt, LogInOutcome, LogInWish},
    components::{ShownToField, code_advice},
    text::{t, use_i18n},
};

/// The form, with the answer to it.
/// The browser sends the form, and the page comes back with the answer.
#[component]
pub(super) fn LogIn(phone: String, answer: Option<LogInAnswer>) -> impl IntoView {
    let i18n = use_i18n();
    let (wish, outcome) =
        answer.map_or_else(Default::default, |answer| (answer.wish, Some(answer.outcome)));
    view! {
        <section class="card" aria-labelledby="log-in-title">
            <header>
                <h2 id="log-in-title">{t!(i18n, phone.log_in)}</h2>
                <p>{t!(i18n, phone.log_in_text)}</p>
            </header>
            <div class="body">
                {match outcome {
                    Some(LogInOutcome::InTheWay(logins)) => {
                        view! { <Confirm wish=LogInWish { phone, ..wish } logins/> }.into_any()
                    }
                    Some(LogInOutcome::Refused(number)) => {
                        let code = ErrorCode::from_number(number);
                        // A phone that is taken by a login would have been answered with the login.
                        let advice = code.map(|code| match code {
                            ErrorCode::DeviceTaken => t!(i18n, phone.log_in_busy).to_owned(),
                            code => code_advice(code),
                        });
                        view! {
                            <p class="status bad" role="alert">
                                {code.map(|code| format!("{} ({number}) ", code.quick()))}
                                {advice}
                            </p>
                            {form(phone, wish)}
                        }
                            .into_any()
                    }
                    Some(LogInOutcome::Done) => {
                        let done = t!(i18n, phone.log_in_done, user = wish.user);
                        view! {
                            <p class="status good" role="status">
                                {done}
                            </p>
                            {form(phone, LogInWish::default())}
                        }
                            .into_any()
                    }
                    None => form(phone, wish),
                }}
            </div>
        </section>
    }
}

fn form(phone: String, wish: LogInWish) -> AnyView {
    let i18n = use_i18n();
    let LogInWish { user, profile, .. } = wish;
    view! {
        <form method="post" action=LogInAt::url() class="log-out-form">
            <ShownToField/>
            <input type="hidden" name="phone" value=phone/>
            <label for="log-in-user">{t!(i18n, logins.user)}</label>
            <input
                id="log-in-user"
                name="user"
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                maxlength="256"
                required
                value=user
            />
            <label for="log-in-profile">{t!(i18n, logins.profile)}</label>
            <input
                id="log-in-profile"
                name="profile"
                type="text"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                maxlength="256"
                placeholder=t!(i18n, phone.log_in_profile)
                value=profile
            />
            <p class="actions">
                <button class="button primary">{t!(i18n, phone.log_in_submit)}</button>
            </p>
        </form>
    }
    .into_any()
}

/// Names the logins that end, and asks whether they shall.
#[component]
fn Confirm(wish: LogInWish, logins: Vec<InTheWay>) -> impl IntoView {
    let i18n = use_i18n();
    let LogInWish { phone, user, profile, .. } = wish;
    let page = phone_url(&phone);
    let named = logins.iter().map(|login| login.id.as_str()).collect::<Vec<_>>().join(",");
    let ended = |login: InTheWay| {
        view! {
            <li>
                <b>{login.user}</b>
                " "
                <span class="dev">{login.phone}</span>
            </li>
        }
    };
    view! {
        <form method="post" action=LogInAt::url() class="log-out-form">
            <ShownToField/>
            <input type="hidden" name="phone" value=phone/>
            <input type="hidden" name="user" value=user.clone()/>
            <input type="hidden" name="profile" value=profile/>
            <input type="hidden" name="named" value=named/>
            <div role="alert">
                <p>{t!(i18n, phone.log_in_ends, user = user)}</p>
                <ul id="log-in-ends">{logins.into_iter().map(ended).collect_view()}</ul>
            </div>
            <p class="actions">
                <button class="button danger">
                    {t!(i18n, phone.log_in_confirm)}
                </button>
                " "
                // The page without the question: the browser loads it, since its address is the present one.
                <a class="button" href=page rel="external" autofocus>
                    {t!(i18n, phone.log_in_cancel)}
                </a>
            </p>
        </form>
    }
}
