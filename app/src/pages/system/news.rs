//! Changes that other administrators have saved while the page was open.

use leptos::prelude::*;
use terms::{ActorKind, Parameter};

use super::names::shown;
use crate::{
    api::{LastChange, ParameterPage},
    components::{Moment, kind_name},
    release::parameter_name,
    text::{t, use_i18n},
};

/// One save: who, when and why, and each parameter with its value before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct News {
    last: LastChange,
    changes: Vec<(Parameter, String, String)>,
}

/// The changes of other administrators from one reading to the next. The viewer's own saves are left out.
pub(super) fn news(before: &ParameterPage, after: &ParameterPage) -> Vec<News> {
    let mut all: Vec<News> = Vec::new();
    for (parameter, to) in &after.values {
        let Some(from) = before.values.get(parameter).filter(|from| *from != to) else { continue };
        let Some(last) = after.last.get(parameter) else { continue };
        if last.by.kind == ActorKind::Administrator && last.by.name == after.viewer {
            continue;
        }
        let change = (*parameter, from.clone(), to.clone());
        match all.iter_mut().find(|one| one.last == *last) {
            Some(one) => one.changes.push(change),
            None => all.push(News { last: last.clone(), changes: vec![change] }),
        }
    }
    all
}

/// The last changes, in a line for each save.
/// The element is always present, so that screen readers announce its changes.
#[component]
pub(super) fn NewsLine(news: RwSignal<Vec<News>>) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |News { last, changes }: News| {
        let LastChange { by, at_ms, note } = last;
        let name = if by.name.is_empty() { kind_name(by.kind).to_owned() } else { by.name };
        let change = |(parameter, from, to): (Parameter, String, String)| {
            format!("{} ({} → {})", parameter_name(parameter), shown(&from), shown(&to))
        };
        let changes = changes.into_iter().map(change).collect::<Vec<_>>().join(", ");
        let why = (!note.is_empty()).then(|| format!(" · {note}"));
        view! {
            <span class="status">
                {t!(i18n, parameter_rows.news, name = name, changes = changes)} " " <Moment ms=at_ms/>
                {why}
            </span>
        }
    };
    view! {
        <div class="news" role="status">
            {move || news.get().into_iter().map(line).collect_view()}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::By;

    fn page(values: &[(Parameter, &str, &str, i64)]) -> ParameterPage {
        let mut page = ParameterPage { viewer: "kim".into(), ..ParameterPage::default() };
        for (parameter, value, name, at_ms) in values {
            let (kind, name) = (ActorKind::Administrator, (*name).to_owned());
            let by = By { kind, name, address: String::new() };
            page.values.insert(*parameter, (*value).to_owned());
            page.last.insert(*parameter, LastChange { by, at_ms: *at_ms, note: String::new() });
        }
        page
    }

    #[test]
    fn each_save_of_others_is_one_piece_of_news() {
        use Parameter::{AllowProxy, InterMaximum, IntraMaximum, ValidateIpAddress};
        let before = page(&[
            (IntraMaximum, "8:00", "lee", 1),
            (InterMaximum, "10:00", "lee", 1),
            (ValidateIpAddress, "False", "lee", 1),
            (AllowProxy, "False", "lee", 1),
        ]);
        let after = page(&[
            (IntraMaximum, "9:00", "lee", 5),
            (InterMaximum, "10:00", "lee", 1),
            (ValidateIpAddress, "True", "lee", 5),
            (AllowProxy, "True", "kim", 6),
        ]);
        let all = news(&before, &after);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!((all[0].last.by.name.as_str(), all[0].last.at_ms), ("lee", 5));
        let changed = all[0]
            .changes
            .iter()
            .map(|(parameter, from, to)| (*parameter, from.as_str(), to.as_str()));
        let expected = [(IntraMaximum, "8:00", "9:00"), (ValidateIpAddress, "False", "True")];
        assert_eq!(changed.collect::<Vec<_>>(), expected);
        assert_eq!(news(&ParameterPage::default(), &after), [], "the first reading is no news");
    }
}
