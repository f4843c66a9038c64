//! The differences that a change of the configuration makes.

use terms::Note;

use crate::{
    Actor, Difference, EventKind, StoreError, UtcMillis,
    transaction::{Act, Transaction},
};

/// The differences so far.
#[derive(Default)]
pub(super) struct Differences {
    pub(super) all: Vec<Difference>,
    /// Whether `all` has a change of a credential, a right, a parameter or a setting of the cluster.
    pub(super) moves_on: bool,
    /// What the audit says after each difference.
    why: String,
}

impl Differences {
    /// No differences yet; the note stands in the audit with each.
    pub(super) fn because(note: &Note) -> Self {
        let why = match note.as_str() {
            "" => String::new(),
            note => format!(", note: {note}"),
        };
        Self { why, ..Self::default() }
    }

    /// Records a changed value; equal values are no difference.
    pub(super) fn compare(&mut self, what: &str, field: &str, from: &str, to: &str) {
        if from != to {
            self.note(what, field, Some(from.to_owned()), to);
        }
    }

    /// Records a new row.
    pub(super) fn added(&mut self, what: &str) {
        self.note(what, "", None, "added");
    }

    /// Records a removed row with its old values.
    pub(super) fn removed(&mut self, what: &str, values: &str) {
        self.note(what, "", Some(values.to_owned()), "removed");
    }

    /// Records that a secret has changed, without the secret.
    pub(super) fn secret(&mut self, what: &str, field: &str) {
        self.note(what, field, None, "changed");
    }

    fn note(&mut self, what: &str, field: &str, from: Option<String>, to: &str) {
        let (what, field, to) = (what.to_owned(), field.to_owned(), to.to_owned());
        self.all.push(Difference { what, field, from, to });
    }

    /// Writes the differences to the audit, and an event about the changed configuration.
    pub(super) async fn write_down(
        self,
        tx: &mut dyn Transaction,
        by: &Actor,
        now: UtcMillis,
    ) -> Result<Vec<Difference>, StoreError> {
        if self.all.is_empty() {
            return Ok(self.all);
        }
        let version =
            if self.moves_on { tx.move_on().await? } else { tx.configuration().await?.version };
        for Difference { what, field, from, to } in &self.all {
            let subject = format!("{what} {field}").trim_end().to_owned();
            let detail = match from {
                Some(from) => format!("{from} → {to}{}", self.why),
                None => format!("{to}{}", self.why),
            };
            tx.audit(now, by, Act { action: "configure", subject, detail }).await?;
        }
        tx.event(now, EventKind::ConfigurationChanged { version }).await?;
        Ok(self.all)
    }
}
