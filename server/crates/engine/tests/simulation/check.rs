//! Invariants of every moment.

use engine::{JobState, LoginId};
use model::{Memory, Stored};

/// The first invariant that does not hold. `history` is the earlier content of the store.
pub fn holds(store: &Memory, history: &mut Vec<Stored>) -> Result<(), String> {
    let state = store.state();
    if state.ended_twice > 0 {
        return Err("a login ended twice".to_owned());
    }
    // The promise, as the unique indexes guard it: one login at a phone, and of those not admitted
    // under Allowed one for each user.
    let logins = &state.tables.logins;
    let open: Vec<_> = state.tables.open().collect();
    for (index, one) in open.iter().enumerate() {
        for other in &open[index + 1..] {
            if one.login.phone == other.login.phone {
                return Err(format!("two logins on {}", one.login.phone));
            }
            if one.sole && other.sole && one.login.user == other.login.user {
                return Err(format!("two logins of {}", one.login.user));
            }
        }
    }
    if state.uncancelled > 0 {
        return Err("a job that was stopped went on".to_owned());
    }
    for stored in &state.tables.jobs {
        let is_its = |one: &&Stored| {
            one.ended.as_ref().is_some_and(|ended| ended.reason == stored.job.reason)
        };
        let ended: Vec<_> = logins.iter().filter(is_its).collect();
        let is_left = |id: &LoginId| open.iter().any(|one| one.login.id == *id);
        if ended.len() as u64 != stored.job.ended
            || ended.iter().any(|one| !stored.logins.contains(&one.login.id))
            || (stored.job.state == JobState::Done && stored.logins.iter().any(is_left))
        {
            return Err(format!("{stored:?} has ended {ended:?}"));
        }
    }
    // History only grows, and ended logins stay unchanged.
    for (before, after) in history.iter().zip(logins) {
        if before.login != after.login || (before.ended.is_some() && before.ended != after.ended) {
            return Err(format!("history changed: {before:?} became {after:?}"));
        }
    }
    if logins.len() < history.len() {
        return Err("history shrank".to_owned());
    }
    history.clone_from(logins);
    Ok(())
}
