//! The typed values on the page of service parameters, with the values in force and the seen values.

use leptos::prelude::*;
use terms::{
    Parameter,
    saving::{self, Choice, Typed},
};

use super::{
    names::focused,
    news::{News, news},
    ticks::Ticks,
};
use crate::api::{Answered, Conflict, JobView, ParameterPage, Preview, SaveOutcome};

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// The page as last read, with the values in force.
    pub(super) page: RwSignal<ParameterPage>,
    /// The values that the administrator has seen.
    /// A value that another administrator has changed since is not in force.
    pub(super) seen: RwSignal<Typed>,
    /// The typed values.
    pub(super) typed: RwSignal<Typed>,
    /// The changes of a save, including the changes that follow from others.
    pub(super) changes: Memo<Typed>,
    /// The changes with an impact to show.
    pub(super) to_look_at: Memo<Typed>,
    /// The result of the last save.
    pub(super) outcome: RwSignal<Option<SaveOutcome>>,
    /// Whether the hidden parameters are shown.
    pub(super) advanced: RwSignal<bool>,
    /// The jobs that end logins, started by a save.
    pub(super) jobs: RwSignal<Vec<JobView>>,
    /// The impact of the changes at the time of the last answer.
    pub(super) preview: RwSignal<Option<Preview>>,
    /// The ticks in the impact.
    pub(super) ticks: Ticks,
    /// The typed note.
    pub(super) note: RwSignal<String>,
    /// The latest saves of other administrators since the page was loaded.
    pub(super) news: RwSignal<Vec<News>>,
}

impl State {
    /// The state before the page is read.
    pub(super) fn new(advanced: bool) -> Self {
        let (seen, typed) = (RwSignal::new(Typed::new()), RwSignal::new(Typed::new()));
        let changes = Memo::new(move |_| {
            let seen = seen.with(saving::parameters);
            saving::with_enforce(typed.with(|typed| saving::changes(typed, &seen)), &seen)
        });
        Self {
            page: RwSignal::new(ParameterPage::default()),
            seen,
            typed,
            changes,
            to_look_at: Memo::new(move |_| changes.with(saving::with_impact)),
            outcome: RwSignal::new(None),
            advanced: RwSignal::new(advanced),
            jobs: RwSignal::new(Vec::new()),
            preview: RwSignal::new(None),
            ticks: Ticks::new(),
            note: RwSignal::new(String::new()),
            news: RwSignal::new(Vec::new()),
        }
    }

    /// Shows a page that was just read.
    /// Values that a form without JavaScript sent stay typed, unless the values were saved.
    pub(super) fn show(&self, page: ParameterPage) {
        let (mut seen, mut typed) = (page.values.clone(), page.values.clone());
        let answered = page.answered.clone();
        self.page.set(page);
        let outcome = answered.map(|answered| {
            let Answered { outcome, typed: sent, seen: saw, note } = answered;
            seen.extend(saw);
            typed.extend(sent);
            self.note.set(note);
            outcome
        });
        self.seen.set(seen);
        self.typed.set(typed);
        if let Some(outcome) = outcome {
            self.answer(outcome, None);
        }
    }

    /// Takes the answer to a save, with the page after the save.
    /// Hidden parameters are shown if the answer asks about one.
    pub(super) fn answer(&self, outcome: SaveOutcome, page: Option<ParameterPage>) {
        if outcome.in_question().iter().any(|parameter| parameter.definition().hidden) {
            self.advanced.set(true);
        }
        let saved: &[Parameter] = match &outcome {
            SaveOutcome::Saved { changed, jobs } => {
                if !jobs.is_empty() {
                    self.jobs.set(jobs.clone());
                }
                self.note.set(String::new());
                changed
            }
            SaveOutcome::Preview(preview) => {
                self.preview.set(Some(preview.clone()));
                &[]
            }
            _ => &[],
        };
        if let Some(page) = page {
            self.go_on_from(page, saved);
        }
        self.outcome.set(Some(outcome));
    }

    /// Takes a page that the browser has read by itself, after another administrator's save.
    pub(super) fn follow(&self, page: ParameterPage) {
        // Another administrator may have signed in since: the typed values are not theirs.
        if self.page.with_untracked(|before| before.viewer != page.viewer) {
            return;
        }
        let news = self.page.with_untracked(|before| news(before, &page));
        if !news.is_empty() {
            self.news.set(news);
        }
        self.go_on_from(page, &[]);
    }

    /// Takes the values in force; unsaved values, typed and seen, stay.
    /// A field that has the focus does not change under the hand: it takes the value when the focus leaves.
    fn go_on_from(&self, page: ParameterPage, saved: &[Parameter]) {
        let (mut seen, mut typed) = (self.seen.get_untracked(), self.typed.get_untracked());
        let focused = focused();
        for (parameter, value) in &page.values {
            let edited = typed.get(parameter) != seen.get(parameter);
            let is_free = !edited && focused != Some(*parameter);
            // Somebody else may have saved the typed value.
            let is_typed = typed.get(parameter) == Some(value);
            if is_free || is_typed || saved.contains(parameter) {
                typed.insert(*parameter, value.clone());
                seen.insert(*parameter, value.clone());
            }
        }
        self.page.set(page);
        self.seen.set(seen);
        self.typed.set(typed);
    }

    /// Restores typed and unsaved values, with the values that were seen then.
    pub(super) fn bring_back(&self, typed: &Typed, seen: &Typed) {
        let edited: Vec<_> =
            typed.iter().filter(|(one, value)| seen.get(one) != Some(value)).collect();
        if edited.is_empty() {
            return;
        }
        let saw = edited.iter().filter_map(|(one, _)| seen.get_key_value(*one));
        let saw: Vec<_> = saw.map(|(one, value)| (*one, value.clone())).collect();
        self.seen.update(|seen| seen.extend(saw));
        let edited = edited.into_iter().map(|(one, value)| (*one, value.clone()));
        let edited: Vec<_> = edited.collect();
        if edited.iter().any(|(one, _)| one.definition().hidden) {
            self.advanced.set(true);
        }
        self.typed.update(|typed| typed.extend(edited));
    }

    /// The value in force with its last change, if it is neither the seen nor the typed value.
    fn overtaken(&self, parameter: Parameter) -> Option<Conflict> {
        let (seen, typed) = (self.seen_value(parameter), self.typed_value(parameter));
        self.page.with(|page| {
            let current = page.values.get(&parameter)?;
            let is_overtaken = saving::is_conflict(&seen, &typed, current);
            let last = page.last.get(&parameter).cloned();
            is_overtaken.then(|| Conflict { parameter, current: current.clone(), last })
        })
    }

    /// The value in force that an unchanged field does not show yet, because the field has the focus.
    pub(super) fn waiting(&self, parameter: Parameter) -> Option<Conflict> {
        self.overtaken(parameter).filter(|_| !self.is_edited(parameter))
    }

    /// The conflict of an edited value with another administrator's save, as the page or the last save tells.
    pub(super) fn conflict(&self, parameter: Parameter) -> Option<Conflict> {
        let overtaken = self.overtaken(parameter).filter(|_| self.is_edited(parameter));
        let told = || {
            self.outcome.with(|outcome| match outcome {
                Some(SaveOutcome::Conflict(conflicts)) => {
                    conflicts.iter().find(|one| one.parameter == parameter).cloned()
                }
                _ => None,
            })
        };
        overtaken.or_else(told)
    }

    /// Takes one change back: the value in force takes its place.
    pub(super) fn undo(&self, parameter: Parameter) {
        let current = self.page.with_untracked(|page| page.values.get(&parameter).cloned());
        if let Some(current) = current {
            self.settle(&Conflict { parameter, current, last: None }, Choice::Theirs);
        }
        if self.changes.with_untracked(Typed::is_empty) {
            self.outcome.set(None);
        }
    }

    /// Settles a conflict with another administrator's save.
    pub(super) fn settle(&self, conflict: &Conflict, choice: Choice) {
        let Conflict { parameter, current, .. } = conflict;
        let (mut typed, mut seen) = (self.typed.get_untracked(), self.seen.get_untracked());
        saving::settle(&mut typed, &mut seen, *parameter, current, choice);
        self.seen.set(seen);
        self.typed.set(typed);
        let unsaved = self.changes.with_untracked(|changes| !changes.is_empty());
        self.outcome.update(|outcome| {
            if let Some(SaveOutcome::Conflict(conflicts)) = outcome {
                conflicts.retain(|one| one.parameter != *parameter);
                if conflicts.is_empty() {
                    *outcome = unsaved.then_some(SaveOutcome::Settled);
                }
            }
        });
    }

    /// The seen value.
    pub(super) fn seen_value(&self, parameter: Parameter) -> String {
        self.seen.with(|seen| seen.get(&parameter).cloned().unwrap_or_default())
    }

    /// The typed value.
    pub(super) fn typed_value(&self, parameter: Parameter) -> String {
        self.typed.with(|typed| typed.get(&parameter).cloned().unwrap_or_default())
    }

    /// Whether the administrator has edited the value.
    pub(super) fn is_edited(&self, parameter: Parameter) -> bool {
        self.typed_value(parameter) != self.seen_value(parameter)
    }

    /// Types a value.
    /// An earlier question or success message is cleared; an error message stays.
    pub(super) fn set(&self, parameter: Parameter, value: String) {
        self.typed.update(|typed| {
            typed.insert(parameter, value);
        });
        let over = self.outcome.with_untracked(|outcome| {
            use SaveOutcome::{Default, Nothing, Saved};
            matches!(outcome, Some(Saved { .. } | Nothing | Default { .. }))
        });
        if over {
            self.outcome.set(None);
        }
    }

    /// The focus has left a field: if it is unchanged, it takes the value in force.
    pub(super) fn left(&self, parameter: Parameter) {
        let is_edited = untrack(|| self.is_edited(parameter));
        let current = self.page.with_untracked(|page| page.values.get(&parameter).cloned());
        let Some(current) = current.filter(|_| !is_edited) else { return };
        if self.seen.with_untracked(|seen| seen.get(&parameter) != Some(&current)) {
            self.seen.update(|seen| {
                seen.insert(parameter, current.clone());
            });
            self.typed.update(|typed| {
                typed.insert(parameter, current);
            });
        }
    }

    /// Discards the typed values, and takes the values of the last read page.
    pub(super) fn discard(&self) {
        let values = self.page.with_untracked(|page| page.values.clone());
        self.seen.set(values.clone());
        self.typed.set(values);
        self.note.set(String::new());
        self.outcome.set(None);
    }
}
