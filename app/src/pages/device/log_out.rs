//! Ending logins: the form that names them, and the dialog or page around it.

use std::time::Duration;

use leptos::{
    ev,
    html::{Dialog as DialogElement, Input},
    prelude::*,
    task::spawn_local,
};
use terms::LoginFilter;

use super::{
    job::JobProgress,
    query::{read_query, url},
};
use crate::{
    address::use_query,
    api::{
        LogOutLogins, LogOutOutcome, LogOutPreview, LogOutScope, RefusedLogOut, TYPED_COUNT_FROM,
        read_log_out_preview, take_refused_log_out,
    },
    components::{Chrome, Problem, When, focus, focus_if_lost, grouped, loaded, type_name},
    part::{load_early, part, shown},
    text::{t, use_i18n},
};

/// How long nobody is ended after others were named than before: a second click is not for them.
const LOOK: Duration = Duration::from_secs(1);

/// Asks before it ends logins; open while `wanted` is something.
///
/// The form is a part of its own: most visits end no login. It is loaded once the page runs, so that
/// it is there when the server is not.
#[component]
pub(super) fn LogOutDialog(wanted: RwSignal<Option<LogOutScope>>) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<DialogElement>::new();
    load_early!(load_dialog_form);
    // A step in the history changes the list that the dialog is about.
    Effect::new(move |_| {
        let listening = window_event_listener(ev::popstate, move |_| close(dialog));
        on_cleanup(move || listening.remove());
    });
    view! {
        <dialog
            node_ref=dialog
            class="log-out"
            aria-labelledby="log-out-title"
            on:close=move |_| {
                wanted.set(None);
                // The row whose button had it may be gone.
                focus_if_lost("content");
            }
        >
            <h2 id="log-out-title">{t!(i18n, log_out.title)}</h2>
            {move || match wanted.get() {
                Some(scope) => Suspend::new(shown(dialog_form(scope, dialog))).into_any(),
                None => ().into_any(),
            }}
        </dialog>
    }
}

fn close(dialog: NodeRef<DialogElement>) {
    if let Some(dialog) = dialog.try_get_untracked().flatten() {
        dialog.close();
    }
}

part! {
    fn dialog_form(scope: LogOutScope, dialog: NodeRef<DialogElement>), load_dialog_form {
        asking(scope, dialog)
    }
}

/// Opens the dialog, and asks the server whom it is about.
fn asking(scope: LogOutScope, dialog: NodeRef<DialogElement>) -> AnyView {
    let i18n = use_i18n();
    request_animation_frame(move || {
        if let Some(dialog) = dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let preview = RwSignal::new(None);
    let asked = scope.clone();
    spawn_local(async move {
        let answer = read_log_out_preview(asked).await;
        // One login: the focus is on the reason. Several: it is on the way out, so that the list is
        // read first.
        let first = match &answer {
            Ok(preview) if preview.count == 1 => "reason",
            _ => "way-out",
        };
        // The dialog may be closed by now.
        if preview.try_set(Some(answer)).is_none() {
            focus(first);
        }
    });
    let way_out = move |text: &'static str| {
        view! {
            <button
                class="button"
                type="button"
                id="way-out"
                autofocus
                on:click=move |_| close(dialog)
            >
                {text}
            </button>
        }
        .into_any()
    };
    let only_way_out = move |text| view! { <p class="actions">{way_out(text)}</p> }.into_any();
    (move || match preview.get() {
        None => view! {
            <p role="status">{t!(i18n, states.loading)}</p>
            {only_way_out(t!(i18n, log_out.cancel))}
        }
        .into_any(),
        Some(Err(refused)) => view! {
            <Problem refused/>
            {only_way_out(t!(i18n, log_out.close))}
        }
        .into_any(),
        Some(Ok(preview)) if preview.count == 0 => view! {
            <Wrong outcome=LogOutOutcome::NothingOpen/>
            {only_way_out(t!(i18n, log_out.close))}
        }
        .into_any(),
        Some(Ok(preview)) => {
            view! { <LogOutForm scope=scope.clone() preview refused=None way_out/> }.into_any()
        }
    })
    .into_any()
}

/// The form; `way_out` leads out of it, under the name that it is given.
#[component]
fn LogOutForm(
    scope: LogOutScope,
    preview: LogOutPreview,
    refused: Option<RefusedLogOut>,
    way_out: impl Fn(&'static str) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<LogOutLogins>::new();
    let filter = match scope {
        LogOutScope::Selected(_) => None,
        LogOutScope::Matching(filter) => Some(filter),
    };
    let (before, reason) = match refused {
        Some(RefusedLogOut { outcome, reason }) => (Some(outcome), reason),
        None => (None, String::new()),
    };
    let reason = StoredValue::new(reason);
    let answer = move || action.value().get().or_else(|| before.clone().map(Ok));
    // Whom it is about: who was named first, then who the last answer names.
    let named = Memo::new({
        let answer = answer.clone();
        move |before: Option<&LogOutPreview>| match answer() {
            Some(Ok(LogOutOutcome::LookAgain(preview))) => preview,
            _ => before.unwrap_or(&preview).clone(),
        }
    });
    let count = Memo::new(move |_| named.with(|named| named.count));
    let number = move || grouped(count.get());
    let over = Memo::new({
        let answer = answer.clone();
        move |_| match answer() {
            Some(Ok(outcome @ (LogOutOutcome::Begun(_) | LogOutOutcome::NothingOpen))) => {
                Some(outcome)
            }
            _ => None,
        }
    });
    // Others are named now: the button that was clicked for those before does nothing for a moment.
    let looks = RwSignal::new(false);
    let typed_count = NodeRef::<Input>::new();
    Effect::new(move |_| match action.value().get() {
        Some(Ok(LogOutOutcome::LookAgain(_))) => {
            looks.set(true);
            // The number is typed for those who are named now.
            if let Some(field) = typed_count.get_untracked() {
                field.set_value("");
            }
            // The dialog may be closed by then.
            let passed = move || {
                let _ = looks.try_set(false);
            };
            set_timeout(passed, LOOK);
            focus("way-out");
        }
        Some(Ok(LogOutOutcome::CountWrong { .. })) => focus("count"),
        Some(_) => focus("way-out"),
        None => {}
    });
    let wrong = move || {
        answer().and_then(|answer| match answer {
            Ok(LogOutOutcome::Begun(_) | LogOutOutcome::NothingOpen) => None,
            Ok(outcome) => Some(view! { <Wrong outcome/> }.into_any()),
            Err(refused) => Some(view! { <Problem refused/> }.into_any()),
        })
    };
    let (wrong, filter) = (StoredValue::new(wrong), StoredValue::new(filter));
    move || {
        match over.get() {
        Some(LogOutOutcome::Begun(job)) => view! {
            <JobProgress job/>
            <p class="actions">{way_out(t!(i18n, log_out.close))}</p>
        }
        .into_any(),
        Some(outcome) => view! {
            <Wrong outcome/>
            <p class="actions">{way_out(t!(i18n, log_out.close))}</p>
        }
        .into_any(),
        None => view! {
            <ActionForm action attr:class="log-out-form">
                // The button that Enter in a field would press: where more than one ends it does
                // nothing, with JavaScript or without.
                <button hidden disabled=move || { count.get() > 1 }></button>
                <Whom named filter=filter.get_value()/>
                {wrong.get_value()}
                <input
                    type="hidden"
                    name="ids"
                    value=move || named.with(|named| named.ids.join(","))
                />
                <input type="hidden" name="shown" value=move || count.get().to_string()/>
                <label for="reason">{t!(i18n, log_out.reason)}</label>
                <input
                    id="reason"
                    name="reason"
                    type="text"
                    value=reason.get_value()
                    maxlength="200"
                    autocomplete="off"
                    placeholder=t!(i18n, log_out.reason_hint)
                />
                <When is=move || { count.get() >= TYPED_COUNT_FROM }>
                    <label for="count">
                        {move || t!(i18n, log_out.type_count, count = number())}
                    </label>
                    <input
                        id="count"
                        node_ref=typed_count
                        name="count"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        required
                    />
                </When>
                <p class="actions">
                    <button class="button danger" disabled=move || action.pending().get() || looks.get()>
                        {move || t!(i18n, log_out.submit, count = number())}
                    </button>
                    {way_out(t!(i18n, log_out.cancel))}
                </p>
            </ActionForm>
        }
        .into_any(),
    }
    }
}

/// Who is logged out: the first by name and phone, how many more, and by which filter.
#[component]
fn Whom(named: Memo<LogOutPreview>, filter: Option<LoginFilter>) -> impl IntoView {
    let i18n = use_i18n();
    let question = move || match named.with(|named| named.count) {
        1 => t!(i18n, log_out.question_one).to_owned(),
        count => t!(i18n, log_out.question, count = grouped(count)),
    };
    let who = move || {
        let one = |(user, phone): (String, String)| {
            view! {
                <li>
                    <b>{user}</b>
                    " "
                    <span class="dev">{phone}</span>
                </li>
            }
        };
        named.with(|named| named.first.clone()).into_iter().map(one).collect_view()
    };
    let more = move || {
        let more = named.with(|named| named.count.saturating_sub(named.first.len() as u64));
        (more > 0).then(|| view! { <li>{t!(i18n, log_out.and_more, count = grouped(more))}</li> })
    };
    let fields = filter.clone().map(|LoginFilter { find, login_type }| {
        view! {
            <input type="hidden" name="all" value="1"/>
            <input type="hidden" name="find" value=find/>
            <input type="hidden" name="only" value=login_type.map_or("", terms::LoginType::name)/>
        }
    });
    view! {
        <p>{question}</p>
        {filter.map(|filter| view! { <p class="soft">{in_words(filter)}</p> })}
        <ul class="plain whom">{who} {more}</ul>
        {fields}
    }
    .into_any()
}

fn in_words(filter: LoginFilter) -> String {
    let i18n = use_i18n();
    let LoginFilter { find, login_type } = filter;
    match (find.is_empty(), login_type.map(type_name)) {
        (true, None) => t!(i18n, log_out.who_all).to_owned(),
        (false, None) => t!(i18n, log_out.who_find, find = find),
        (true, Some(kind)) => t!(i18n, log_out.who_type, kind = kind),
        (false, Some(kind)) => t!(i18n, log_out.who_both, find = find, kind = kind),
    }
}

#[component]
fn Wrong(outcome: LogOutOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let text = match outcome {
        LogOutOutcome::CountWrong { .. } => t!(i18n, log_out.count_wrong).to_owned(),
        LogOutOutcome::LookAgain(preview) => {
            t!(i18n, log_out.more_came, count = grouped(preview.count))
        }
        LogOutOutcome::ReasonWrong => t!(i18n, log_out.reason_wrong).to_owned(),
        LogOutOutcome::NothingOpen => t!(i18n, log_out.nothing_open).to_owned(),
        LogOutOutcome::Begun(_) => String::new(),
    };
    view! {
        <p class="status bad" role="alert">
            {text}
        </p>
    }
}

/// The form as a page: where there is no JavaScript, or for a link.
#[component]
pub fn LogOutPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query();
    let scope = move || {
        query.with(|query| match query.get("all") {
            Some(_) => LogOutScope::Matching(read_query(query).filter),
            None => LogOutScope::Selected(query.get_all("id")),
        })
    };
    let asked = Resource::new(scope, |scope| async move {
        let preview = read_log_out_preview(scope.clone()).await?;
        let mut refused = take_refused_log_out(scope.clone()).await?;
        // The preview is newer than the kept answer.
        if let Some(RefusedLogOut { outcome: LogOutOutcome::LookAgain(before), .. }) = &mut refused
        {
            before.clone_from(&preview);
        }
        Ok((scope, preview, refused))
    });
    let way_out = move |text: &'static str| {
        let back = query.with_untracked(|query| url(&read_query(query)));
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
                move |(scope, preview, refused)| {
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
