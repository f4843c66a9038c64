//! Saving service parameters: a preview shows the consequences, and the save follows the preview.

use app::api::{Answered, Conflict, Intent, Preview, Save, SaveOutcome, Shown, fingerprint};
use engine::ParameterConflict;
use terms::{
    Note,
    saving::{self, Typed},
};

use super::{values, views};
use crate::admin::{Admin, AdminError, Caller, EndNow, Saved};

/// Carries out the intent of a form.
pub(super) async fn answer(
    admin: &Admin,
    caller: &Caller,
    save: &Save,
) -> Result<SaveOutcome, AdminError> {
    if matches!(save.intent, Intent::Advanced | Intent::Cancel | Intent::Discard) {
        return Ok(SaveOutcome::GoOn);
    }
    if save.intent == Intent::Settle {
        return settle(admin, caller, save).await;
    }
    admin.may_save_parameters(caller)?;
    let Some(note) = Note::typed(&save.note) else { return Ok(SaveOutcome::NoteWrong) };
    if save.intent == Intent::Save {
        let changes = changes(save);
        let to_look_at = saving::with_impact(&changes);
        let changes = (changes, to_look_at);
        return save_changes(admin, caller, changes, &save.seen, &save.shown, note).await;
    }
    set_to_default(admin, caller, save, note).await
}

/// The changes that the administrator typed, with the changes that follow from them.
fn changes(save: &Save) -> Typed {
    let seen = saving::parameters(&save.seen);
    saving::with_enforce(saving::changes(&save.typed, &seen), &seen)
}

/// Saves exactly these values, unless there is a conflict, or a preview that was not shown yet.
/// `to_look_at` are the changes to show first.
pub(super) async fn save_changes(
    admin: &Admin,
    caller: &Caller,
    (changes, to_look_at): (Typed, Typed),
    seen: &Typed,
    shown: &Shown,
    note: Note,
) -> Result<SaveOutcome, AdminError> {
    admin.may_save_parameters(caller)?;
    if changes.is_empty() {
        return Ok(SaveOutcome::Nothing);
    }
    let problems = saving::problems(&changes);
    if !problems.is_empty() {
        return Ok(SaveOutcome::Invalid(problems.into_keys().collect()));
    }
    // Report conflicts before the impact: a page that returns with the impact must still hold the seen values.
    let before = saving::parameters(seen);
    let conflicts = admin.conflicts(caller, &changes, &before).await?;
    if !conflicts.is_empty() {
        return Ok(outcome(Saved::Conflict(conflicts)));
    }
    if !to_look_at.is_empty() && shown.changes != fingerprint(&to_look_at, seen) {
        return Ok(SaveOutcome::Preview(preview(admin, caller, to_look_at).await?));
    }
    // Ticked boxes belong to the preview that was shown; without a preview they are left over from an earlier one.
    let ends = !saving::with_impact(&changes).is_empty();
    let end = if ends { end_now(shown) } else { EndNow::default() };
    let saved = admin.save_parameters(caller, changes, &before, note, end).await?;
    Ok(outcome(saved))
}

/// Sets all parameters in force to their defaults.
/// These include the parameters that the form's page has not shown.
async fn set_to_default(
    admin: &Admin,
    caller: &Caller,
    save: &Save,
    note: Note,
) -> Result<SaveOutcome, AdminError> {
    let now = admin.parameters_to_change(caller).await?;
    let changes = saving::to_default(&now);
    if changes.is_empty() {
        return Ok(SaveOutcome::Nothing);
    }
    let mut from = values(&now);
    from.retain(|parameter, _| changes.contains_key(parameter));
    let confirmed = save.intent == Intent::DefaultConfirmed
        && save.shown.changes == fingerprint(&changes, &from);
    if confirmed {
        let end = end_now(&save.shown);
        return Ok(outcome(admin.save_parameters(caller, changes, &now, note, end).await?));
    }
    Ok(SaveOutcome::Default { from, preview: preview(admin, caller, changes).await? })
}

/// Reports the conflicts that are left to settle.
async fn settle(admin: &Admin, caller: &Caller, save: &Save) -> Result<SaveOutcome, AdminError> {
    let (changes, before) = (changes(save), saving::parameters(&save.seen));
    let conflicts = admin.conflicts(caller, &changes, &before).await?;
    Ok(match (conflicts.is_empty(), changes.is_empty()) {
        (true, true) => SaveOutcome::GoOn,
        (true, false) => SaveOutcome::Settled,
        (false, _) => outcome(Saved::Conflict(conflicts)),
    })
}

/// Changes, with the consequences of saving them.
pub(super) async fn preview(
    admin: &Admin,
    caller: &Caller,
    changes: Typed,
) -> Result<Preview, AdminError> {
    let foreseen = admin.foresee(caller, &changes).await?;
    let limited = foreseen.limit_minutes > 0;
    Ok(Preview { changes, limited, impact: views::impact_view(foreseen.impact) })
}

/// The state of the page to which a form returns.
/// Values that are not saved remain typed, with the values that were seen.
pub(super) fn answered(outcome: SaveOutcome, save: Save) -> Answered {
    let Save { typed, mut seen, intent, mut note, .. } = save;
    let mut typed = saving::changes(&typed, &saving::parameters(&seen));
    typed.retain(|parameter, _| match &outcome {
        SaveOutcome::Saved { changed, .. } => !changed.contains(parameter),
        _ => intent != Intent::Discard,
    });
    seen.retain(|parameter, _| typed.contains_key(parameter));
    if intent == Intent::Discard || matches!(outcome, SaveOutcome::Saved { .. }) {
        note.clear();
    }
    Answered { outcome, typed, seen, note }
}

fn end_now(shown: &Shown) -> EndNow {
    EndNow { extra: shown.end_extra.is_some(), past: shown.end_past.is_some() }
}

fn outcome(saved: Saved) -> SaveOutcome {
    let conflict = |conflict: ParameterConflict| Conflict {
        parameter: conflict.parameter,
        current: conflict.current,
        last: conflict.changed.map(|(by, at)| views::last_change(&by, at, String::new())),
    };
    match saved {
        Saved::Saved { changed, jobs } => {
            SaveOutcome::Saved { changed, jobs: jobs.iter().map(views::job_view).collect() }
        }
        Saved::Invalid(parameters) => SaveOutcome::Invalid(parameters),
        Saved::Conflict(conflicts) => {
            SaveOutcome::Conflict(conflicts.into_iter().map(conflict).collect())
        }
    }
}

#[cfg(test)]
mod tests;
