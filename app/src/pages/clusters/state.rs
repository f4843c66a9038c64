//! The state of a remote cluster, in words.

use leptos::prelude::*;

use crate::{
    api::{LinkProblem, LinkView, RemoteClusterRow},
    components::Moment,
    text::{t, use_i18n},
};

/// Whether a cluster, or EMCC as a whole, is switched off, and whether the cluster answers.
#[component]
pub(super) fn State(row: RemoteClusterRow) -> impl IntoView {
    let i18n = use_i18n();
    let RemoteClusterRow { settings, is_on, link, takes_part, .. } = row;
    let off = (!is_on).then(|| {
        let text =
            if settings.enabled { t!(i18n, clusters.all_off) } else { t!(i18n, clusters.off) };
        view! { <span class="kind visiting">{text}</span> " " }
    });
    let answer = match link {
        LinkView::NotAsked => view! { <span>{t!(i18n, clusters.not_asked)}</span> }.into_any(),
        LinkView::Answers { .. } => {
            view! { <span class="kind">{t!(i18n, clusters.answers)}</span> }.into_any()
        }
        LinkView::Failing { since_ms, tries, problem, next_ms } => view! {
            <span class="kind bad">{t!(i18n, clusters.fails)}</span>
            <small>{problem_words(problem)}</small>
            <small>
                {t!(i18n, clusters.since)} " " <Moment ms=since_ms/> " · "
                {t!(i18n, clusters.tries, count = tries)} " · " {t!(i18n, clusters.next_try)} " "
                <Moment ms=next_ms/>
            </small>
        }
        .into_any(),
    };
    let not_there = (!takes_part).then(|| view! { <small>{t!(i18n, clusters.off_there)}</small> });
    view! {
        {off}
        {answer}
        {not_there}
    }
}

/// Why a remote cluster does not answer, and how an administrator can fix the cause.
pub(super) fn problem_words(problem: LinkProblem) -> String {
    let i18n = use_i18n();
    match problem {
        LinkProblem::NotReached(why) => t!(i18n, clusters.not_reached, why = why),
        LinkProblem::OtherCertificate => t!(i18n, clusters.other_certificate).to_owned(),
        LinkProblem::NoAnswer(why) => t!(i18n, clusters.no_answer, why = why),
        LinkProblem::NotUnderstood => t!(i18n, clusters.not_understood).to_owned(),
        LinkProblem::Unknown => t!(i18n, clusters.unknown_there).to_owned(),
        LinkProblem::OtherId => t!(i18n, clusters.other_id).to_owned(),
        LinkProblem::Refused(code, text) => {
            t!(i18n, clusters.refused, code = code, text = text)
        }
        LinkProblem::NotYet => t!(i18n, clusters.not_yet).to_owned(),
    }
}
