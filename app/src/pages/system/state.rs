//! What is typed on the page of service parameters, against what is in force.

use leptos::prelude::*;
use terms::{
    Parameter, ServiceParameters,
    saving::{self, Typed},
};

use crate::api::{ImpactView, ParameterPage, SaveOutcome};

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// What was in force when the page was read.
    pub(super) page: StoredValue<ParameterPage>,
    /// What is typed.
    pub(super) typed: RwSignal<Typed>,
    /// What the last save came to.
    pub(super) outcome: RwSignal<Option<SaveOutcome>>,
    /// Whether the hidden parameters are shown.
    pub(super) advanced: RwSignal<bool>,
    /// What the changes would mean, asked for as they are made.
    pub(super) impact: RwSignal<Option<ImpactView>>,
}

impl State {
    /// The state before anything is read.
    pub(super) fn new(advanced: bool) -> Self {
        Self {
            page: StoredValue::new(ParameterPage::default()),
            typed: RwSignal::new(Typed::new()),
            outcome: RwSignal::new(None),
            advanced: RwSignal::new(advanced),
            impact: RwSignal::new(None),
        }
    }

    /// Shows a page that was just read; what a form without JavaScript had typed is typed still,
    /// unless it was saved.
    pub(super) fn show(&self, page: ParameterPage) {
        let mut typed = page.values.clone();
        if let Some((answer, sent)) = page.answered.clone() {
            if !matches!(answer, SaveOutcome::Saved { .. }) {
                typed.extend(sent);
            }
            self.outcome.set(Some(answer));
        }
        self.page.set_value(page);
        self.typed.set(typed);
    }

    /// The values in force when the page was read.
    pub(super) fn seen(&self) -> ServiceParameters {
        let mut seen = ServiceParameters::default();
        self.page.with_value(|page| {
            for (parameter, value) in &page.values {
                let _ = seen.set(parameter.name(), value);
            }
        });
        seen
    }

    /// What a save would change, with what follows from it.
    pub(super) fn changes(&self) -> Typed {
        let seen = self.seen();
        saving::with_enforce(self.typed.with(|typed| saving::changes(typed, &seen)), &seen)
    }

    /// What was in force.
    pub(super) fn seen_value(&self, parameter: Parameter) -> String {
        self.page.with_value(|page| page.values.get(&parameter).cloned().unwrap_or_default())
    }

    /// Types a value.
    pub(super) fn set(&self, parameter: Parameter, value: String) {
        self.typed.update(|typed| {
            typed.insert(parameter, value);
        });
    }

    /// Forgets what was typed.
    pub(super) fn discard(&self) {
        self.typed.set(self.page.with_value(|page| page.values.clone()));
        self.outcome.set(None);
    }
}
