//! Judges the rows of a file against the stored records.

use std::collections::HashMap;

use terms::{
    FieldControl, FieldProblem, ImportProblem, RecordField, RecordKind, Role, RowProblem, key,
};

use super::{
    super::{RecordError, RecordValues, entry, key_of, name_of, trim, values::values},
    FieldChange, Import, ImportRow, Verdict,
    read::{Rows, read},
};
use crate::{
    admin::{Admin, AdminError, Caller, formula::unguarded},
    cluster::Cluster,
};

/// Rows whose records are read at a time.
const AT_A_TIME: usize = 1_000;

impl Admin {
    /// Reads a file, and judges its rows against the stored records. Nothing is changed.
    ///
    /// # Errors
    /// When the caller's role does not allow it, or the store fails; the inner error says that the file can't be
    /// imported.
    pub async fn judge_import(
        &self,
        caller: &Caller,
        kind: RecordKind,
        bytes: &[u8],
    ) -> Result<Result<Import, ImportProblem>, AdminError> {
        let cluster = self.gate.open(caller, Role::Administrator)?;
        let Rows { fields, rows } = match read(kind, bytes) {
            Ok(rows) => rows,
            Err(error) => return Ok(Err(error)),
        };
        let mut import = Import { kind, fields, rows: Vec::with_capacity(rows.len()) };
        let mut seen = HashMap::new();
        for (line, cells) in rows {
            let (name, problem) = match import.values(&cells) {
                Ok(values) => match entry::new_name(kind, &values) {
                    Ok(name) => (name, None),
                    Err(error) => (String::new(), Some(problem(error)?)),
                },
                Err(problem) => (cells.get(0).unwrap_or_default().to_owned(), Some(problem)),
            };
            let problem = problem.or_else(|| {
                let first = *seen.entry(key_of(kind, &name)).or_insert(line);
                (first != line).then_some(RowProblem::Twice(first))
            });
            let verdict = problem.map_or(Verdict::Same, Verdict::Wrong);
            import.rows.push(ImportRow { line, name, verdict, cells });
        }
        for from in (0..import.rows.len()).step_by(AT_A_TIME) {
            import.judge(cluster, from).await?;
        }
        Ok(Ok(import))
    }
}

impl Import {
    /// Judges the rows from a place on, at most [`AT_A_TIME`].
    async fn judge(&mut self, cluster: &Cluster, from: usize) -> Result<(), AdminError> {
        let kind = self.kind;
        let until = self.rows.len().min(from + AT_A_TIME);
        let names: Vec<_> = self.rows[from..until].iter().map(|row| row.name.clone()).collect();
        let stored = cluster.store.records(kind, &names).await?;
        let stored: HashMap<_, _> =
            stored.iter().map(|row| (key_of(kind, name_of(row)), values(row))).collect();
        let profiles = self.profiles(cluster, from, until).await?;
        for at in from..until {
            let row = &self.rows[at];
            if matches!(row.verdict, Verdict::Wrong(_)) {
                continue;
            }
            let verdict = self.verdict(row, stored.get(&key_of(kind, &row.name)), &profiles)?;
            self.rows[at].verdict = verdict;
        }
        Ok(())
    }

    /// The stored spelling of the device profiles that rows name, by key.
    async fn profiles(
        &self,
        cluster: &Cluster,
        from: usize,
        until: usize,
    ) -> Result<HashMap<String, String>, AdminError> {
        let mut named = HashMap::new();
        for row in &self.rows[from..until] {
            let values = self.values(&row.cells).unwrap_or_default();
            let profiles =
                values.get(&RecordField::Profiles).into_iter().flat_map(|text| text.lines());
            named.extend(profiles.map(|name| (key(name.trim()), name.trim().to_owned())));
        }
        let named: Vec<_> = named.into_values().collect();
        let stored = cluster.store.records(RecordKind::DeviceProfiles, &named).await?;
        Ok(stored.iter().map(|one| (key(name_of(one)), name_of(one).to_owned())).collect())
    }

    fn verdict(
        &self,
        row: &ImportRow,
        stored: Option<&RecordValues>,
        profiles: &HashMap<String, String>,
    ) -> Result<Verdict, AdminError> {
        let wrong = |error| problem(error).map(Verdict::Wrong);
        let given = match self.values(&row.cells) {
            Ok(given) => given,
            Err(problem) => return Ok(Verdict::Wrong(problem)),
        };
        if let Err(error) = entry::secrets(self.kind, &given, stored.is_none()) {
            return wrong(error);
        }
        let mut changes = Vec::new();
        for (field, text) in given {
            let to = match entry::canonical(field, &text) {
                Ok(to) => to,
                Err(problem) => return Ok(Verdict::Wrong(RowProblem::Field(field, problem))),
            };
            let to = match in_stored_spelling(field, to, profiles) {
                Ok(to) => to,
                Err(problem) => return Ok(Verdict::Wrong(RowProblem::Field(field, problem))),
            };
            let from = stored.and_then(|stored| stored.get(&field)).cloned().unwrap_or_default();
            if field.control() == FieldControl::Secret {
                // The text of a secret is not kept. Applying finds out whether it is the stored one.
                if !to.is_empty() {
                    let (from, to) = (String::new(), String::new());
                    changes.push(FieldChange { field, from, to });
                }
            } else if from != to {
                changes.push(FieldChange { field, from, to });
            }
        }
        Ok(match stored {
            None => Verdict::New,
            Some(_) if changes.is_empty() => Verdict::Same,
            Some(_) => Verdict::Changed(changes),
        })
    }

    /// The values of a row. A cell that is absent keeps the value of its field.
    pub(super) fn values(&self, cells: &csv::StringRecord) -> Result<RecordValues, RowProblem> {
        if cells.iter().skip(self.fields.len()).any(|cell| !cell.trim().is_empty()) {
            return Err(RowProblem::TooManyCells);
        }
        let cells = self.fields.iter().zip(cells);
        let mut values: RecordValues =
            cells.map(|(field, cell)| (*field, unguarded(cell).to_owned())).collect();
        trim(&mut values);
        Ok(values)
    }
}

/// Device profiles have their stored spelling; other values stay.
fn in_stored_spelling(
    field: RecordField,
    text: String,
    profiles: &HashMap<String, String>,
) -> Result<String, FieldProblem> {
    if field != RecordField::Profiles {
        return Ok(text);
    }
    let stored = |name: &str| {
        profiles.get(&key(name)).cloned().ok_or_else(|| FieldProblem::NoProfile(name.to_owned()))
    };
    Ok(text.lines().map(stored).collect::<Result<Vec<_>, _>>()?.join("\n"))
}

/// What an error says about a row.
fn problem(error: RecordError) -> Result<RowProblem, AdminError> {
    match error {
        RecordError::Field(field, problem) => Ok(RowProblem::Field(field, problem)),
        RecordError::Admin(error) => Err(error),
    }
}
