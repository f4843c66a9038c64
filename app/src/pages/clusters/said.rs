//! The result of a form about a remote cluster.

use leptos::prelude::*;

use super::{cluster_url, state::problem_words};
use crate::{
    api::{Refused, RemoteOutcome, RemoteWrong},
    components::Problem,
    text::{t, use_i18n},
};

/// The element id of the result, for the focus.
pub(super) const SAID: &str = "status";

/// The result of the last form.
/// The element is always present: a screen reader reads out only changes.
#[component]
pub(super) fn LastSaid(
    answer: impl Fn() -> Option<Result<RemoteOutcome, Refused>> + Send + Sync + 'static,
) -> impl IntoView {
    let said = move || {
        answer().map(|answer| match answer {
            Ok(outcome) => view! { <Said outcome/> }.into_any(),
            Err(refused) => view! { <Problem refused/> }.into_any(),
        })
    };
    view! { <div role="status">{said}</div> }
}

#[component]
fn Said(outcome: RemoteOutcome) -> impl IntoView {
    let i18n = use_i18n();
    let class = match &outcome {
        RemoteOutcome::Compare(_) => "status warn",
        RemoteOutcome::Conflict(_) | RemoteOutcome::Fails(_) | RemoteOutcome::Wrong(_) => {
            "status bad"
        }
        _ => "status",
    };
    let added = match &outcome {
        RemoteOutcome::Added { id, .. } => Some(cluster_url(id)),
        _ => None,
    };
    let text = match outcome {
        RemoteOutcome::Added { id, enabled: true } => t!(i18n, clusters.added, id = id),
        RemoteOutcome::Added { id, enabled: false } => t!(i18n, clusters.added_off, id = id),
        RemoteOutcome::Changed(_) | RemoteOutcome::EmccChanged => {
            t!(i18n, clusters.changed).to_owned()
        }
        RemoteOutcome::Replaced => t!(i18n, clusters.replaced).to_owned(),
        RemoteOutcome::Asked => t!(i18n, clusters.asked).to_owned(),
        RemoteOutcome::Nothing => t!(i18n, clusters.nothing).to_owned(),
        RemoteOutcome::Compare(_) => t!(i18n, clusters.compare_first).to_owned(),
        RemoteOutcome::Conflict(_) => t!(i18n, clusters.conflict).to_owned(),
        RemoteOutcome::Answers { ms, release, takes_part: true } => {
            t!(i18n, clusters.answered, ms = ms, release = release)
        }
        RemoteOutcome::Answers { ms, release, takes_part: false } => {
            t!(i18n, clusters.answered_off, ms = ms, release = release)
        }
        RemoteOutcome::Fails(problem) => problem_words(problem),
        RemoteOutcome::Wrong(wrong) => wrong_words(wrong),
    };
    view! {
        <p class=class id=SAID tabindex="-1">
            {text}
            {added
                .map(|to| {
                    view! {
                        " "
                        <a href=to>{t!(i18n, clusters.look)}</a>
                    }
                })}
        </p>
    }
}

fn wrong_words(wrong: RemoteWrong) -> String {
    let i18n = use_i18n();
    let text = match wrong {
        RemoteWrong::Id => t!(i18n, clusters.wrong_id),
        RemoteWrong::OwnId => t!(i18n, clusters.wrong_own_id),
        RemoteWrong::Taken => t!(i18n, clusters.wrong_taken),
        RemoteWrong::Unknown => t!(i18n, clusters.wrong_unknown),
        RemoteWrong::Url => t!(i18n, clusters.wrong_url),
        RemoteWrong::Description => t!(i18n, clusters.wrong_description),
        RemoteWrong::NotOne => t!(i18n, clusters.wrong_not_one),
        RemoteWrong::Broken => t!(i18n, clusters.wrong_broken),
        RemoteWrong::OtherCluster(named) => {
            return t!(i18n, clusters.wrong_other_cluster, named = named);
        }
    };
    text.to_owned()
}
