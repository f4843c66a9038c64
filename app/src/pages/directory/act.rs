//! The question before an act on records, and its result.

use leptos::prelude::*;
use terms::{Named, RecordKind};

use super::words::{act_of, one_of, title_of};
use crate::{
    api::{
        ActOnRecords, ActOutcome, ActPreview, ActQuery, DirectoryQuery, MAX_ACTED, NAMED_RECORDS,
        RecordAct, Refused, TYPED_COUNT_FROM, UsedBy, read_act_preview,
    },
    components::ShownToField,
    components::{Chrome, Place, Problem, answered, focus, grouped, loaded},
    text::{t, use_i18n},
};

/// The element id of the result, for the focus.
const SAID: &str = "status";

/// Asks before it acts on the records that the address names.
#[component]
pub(super) fn Act(query: ActQuery) -> impl IntoView {
    let i18n = use_i18n();
    let (kind, act) = (query.kind, query.act);
    let query = StoredValue::new(query);
    let page = answered(move || query.get_value(), read_act_preview);
    let list = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    view! {
        <Chrome title=title_of(kind) related=&[Place::Directory, Place::Logins, Place::Audit]>
            <nav class="chips" aria-label=t!(i18n, directory.lists)>
                <a class="chip" href=list>
                    "← "
                    {title_of(kind)}
                </a>
            </nav>
            {loaded(page, move |(preview, _)| view! { <Question kind act preview/> }.into_any())}
        </Chrome>
    }
}

#[component]
fn Question(kind: RecordKind, act: RecordAct, preview: ActPreview) -> impl IntoView {
    let i18n = use_i18n();
    let ActPreview { matching, names, used_by, may_change, answer } = preview;
    if !may_change {
        return view! { <Problem refused=Refused::NotAllowed/> }.into_any();
    }
    let action = ServerAction::<ActOnRecords>::new();
    let before = StoredValue::new(answer);
    let answer = move || action.value().get().or_else(|| before.get_value().map(Ok));
    let used_by = Memo::new(move |before: Option<&UsedBy>| match answer() {
        Some(Ok(ActOutcome::MoreInUse(now))) => now,
        _ => before.copied().unwrap_or(used_by),
    });
    Effect::new(move |_| {
        if action.value().get().is_some() {
            focus(SAID);
        }
    });
    let is_done =
        move || matches!(answer(), Some(Ok(ActOutcome::Done { .. } | ActOutcome::Nobody)));
    let said = move || {
        answer().map(|answer| match answer {
            Ok(outcome) => view! { <Said act outcome/> }.into_any(),
            Err(refused) => view! { <Problem refused/> }.into_any(),
        })
    };
    let names = StoredValue::new(names);
    let question = move || {
        if is_done() {
            return None;
        }
        let names = names.get_value();
        Some(if names.is_empty() {
            let text = match matching {
                0 => t!(i18n, act.nobody).to_owned(),
                matching => {
                    let (count, most) = (grouped(matching), grouped(MAX_ACTED.into()));
                    t!(i18n, act.too_many, count = count, most = most)
                }
            };
            view! {
                <section class="card message">
                    <p>{text}</p>
                </section>
            }
            .into_any()
        } else {
            view! { <Form kind act names used_by action/> }.into_any()
        })
    };
    view! {
        <div role="status">{said}</div>
        {question}
    }
    .into_any()
}

#[component]
fn Form(
    kind: RecordKind,
    act: RecordAct,
    names: Vec<String>,
    used_by: Memo<UsedBy>,
    action: ServerAction<ActOnRecords>,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = names.len() as u64;
    let what = if count == 1 { one_of(kind) } else { title_of(kind) };
    let all = names.join("\n");
    let more = count.saturating_sub(NAMED_RECORDS as u64);
    let name = |name: String| view! { <li>{name}</li> };
    let first = names.into_iter().take(NAMED_RECORDS).map(name).collect_view();
    let list = DirectoryQuery { kind, ..DirectoryQuery::default() }.url();
    let means = move || consequences(kind, act, used_by.get());
    let class = if act == RecordAct::Remove { "button danger" } else { "button primary" };
    view! {
        <section class="card log-out" aria-labelledby="act-title">
            <h2 id="act-title">
                {act_of(kind, act)} ": " {grouped(count)} " " {what}
            </h2>
            <ul class="plain whom">
                {first}
                {(more > 0)
                    .then(|| view! { <li>{t!(i18n, log_out.and_more, count = grouped(more))}</li> })}
            </ul>
            <ActionForm action attr:class="log-out-form">
                <ShownToField/>
                <input type="hidden" name="kind" value=kind.name()/>
                <input type="hidden" name="act" value=act.name()/>
                <input type="hidden" name="names" value=all/>
                <input
                    type="hidden"
                    name="logins"
                    value=move || used_by.get().logins.to_string()
                />
                <input type="hidden" name="users" value=move || used_by.get().users.to_string()/>
                <p>{means}</p>
                {(count >= TYPED_COUNT_FROM)
                    .then(|| {
                        view! {
                            <label for="count">
                                {t!(i18n, act.type_count, count = grouped(count))}
                            </label>
                            <input
                                id="count"
                                name="count"
                                type="text"
                                inputmode="numeric"
                                autocomplete="off"
                                required
                            />
                        }
                    })}
                <p class="actions">
                    <button class=class disabled=move || action.pending().get()>
                        {act_of(kind, act)}
                    </button>
                    <a class="button" href=list>
                        {t!(i18n, log_out.cancel)}
                    </a>
                </p>
            </ActionForm>
        </section>
    }
}

/// What the act means for logins and users.
fn consequences(kind: RecordKind, act: RecordAct, used_by: UsedBy) -> String {
    let i18n = use_i18n();
    let UsedBy { logins, users } = used_by;
    let ends = match act {
        RecordAct::Remove => true,
        RecordAct::Disable => kind == RecordKind::Users,
        RecordAct::Enable | RecordAct::MustChangePin => false,
    };
    let mut means = Vec::new();
    if ends && kind != RecordKind::ApplicationUsers {
        means.push(match logins {
            0 => t!(i18n, act.ends_none).to_owned(),
            logins => t!(i18n, act.ends, count = grouped(logins)),
        });
    }
    if act == RecordAct::Remove && users > 0 {
        means.push(t!(i18n, act.takes, count = grouped(users)));
    }
    let more = match (act, kind) {
        (RecordAct::Remove, RecordKind::ApplicationUsers) => Some(t!(i18n, act.refuses)),
        (RecordAct::Disable, RecordKind::Phones) => Some(t!(i18n, act.phones_off)),
        (RecordAct::MustChangePin, _) => Some(t!(i18n, act.pin_text)),
        _ => None,
    };
    means.extend(more.map(ToOwned::to_owned));
    means.join(" ")
}

#[component]
fn Said(act: RecordAct, outcome: ActOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let (class, text) = match outcome {
        ActOutcome::Done { changed, used_by: UsedBy { logins, users } } => {
            let mut said = vec![if act == RecordAct::Remove {
                t!(i18n, act.removed, count = grouped(changed))
            } else {
                t!(i18n, act.changed, count = grouped(changed))
            }];
            if logins > 0 {
                said.push(t!(i18n, act.ended, count = grouped(logins)));
            }
            if users > 0 {
                said.push(t!(i18n, act.taken, count = grouped(users)));
            }
            ("status", said.join(" "))
        }
        ActOutcome::MoreInUse(_) => ("status bad", t!(i18n, act.more_in_use).to_owned()),
        ActOutcome::CountWrong => ("status bad", t!(i18n, act.count_wrong).to_owned()),
        ActOutcome::Nobody => ("status bad", t!(i18n, act.nobody).to_owned()),
    };
    view! {
        <p class=class id=SAID tabindex="-1">
            {text}
        </p>
    }
}
