//! The commands that a phone gets when a user logs in or out there.

use engine::{Actor, EventKind};
use terms::{ActorKind, EndCause, LoginType, Parameter, ServiceParameters};
use wire::phone::Priority;

/// Closes the services that the phone shows.
const CLOSE_SERVICES: &str = "Init:Services";
/// Deletes the phone's call history.
const CLEAR_CALLS: &str = "Init:CallHistory";

/// Commands to a phone, in order.
pub(super) type Commands = Vec<(&'static str, Priority)>;

/// The phone at which an event has changed something, with the commands for the phone.
pub(super) fn of(event: &EventKind, parameters: &ServiceParameters) -> Option<(String, Commands)> {
    let (phone, by, is_manual, login_type) = match event {
        EventKind::LoggedIn(login) => (&login.phone, &login.by, true, login.login_type),
        EventKind::LoggedOut(ended) => {
            (&ended.phone, &ended.by, ended.cause == EndCause::Logout, ended.login_type)
        }
        _ => return None,
    };
    if !phone.cluster.is_empty() {
        return None;
    }
    // A user at the phone first reads the answer to the request: close services when the phone is
    // idle.
    let priority = if is_at_the_phone(by) { Priority::WhenIdle } else { Priority::Now };
    let mut commands = vec![(CLOSE_SERVICES, priority)];
    // A visit from another cluster always deletes the call history.
    let is_visit = login_type == LoginType::Visiting;
    if is_visit || (is_manual && parameters.is_true(Parameter::ClearCallLogs)) {
        commands.push((CLEAR_CALLS, Priority::Now));
    }
    Some((phone.name.clone(), commands))
}

/// Whether the actor was at the phone itself.
fn is_at_the_phone(by: &Actor) -> bool {
    matches!(by.kind, ActorKind::User | ActorKind::Phone)
}

/// Merges later commands into commands that were not sent yet: no command is lost.
pub(super) fn merged(waiting: &mut Commands, later: &Commands) {
    waiting.retain(|(command, _)| later.iter().all(|(one, _)| one != command));
    waiting.extend(later.iter().copied());
}
