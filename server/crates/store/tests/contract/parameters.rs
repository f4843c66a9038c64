//! Service parameters: concurrent saves, and the history of changes.

use engine::{
    Actor, AuditQuery, ConfigurationChange, LogOutJobs, ParameterConflict, ParameterSave,
    ParametersSaved, UtcMillis, ports::StoreError,
};
use terms::{Note, Parameter};

use super::{
    Database, Node,
    fixture::{apply, filled},
    nodes,
};

fn change(parameter: Parameter, seen: &str, value: &str) -> ParameterSave {
    ParameterSave { parameter, seen: seen.to_owned(), value: value.to_owned() }
}

fn who(name: &str) -> Actor {
    Actor::administrator(name, "192.0.2.7")
}

/// Saves `changes`, and returns the result.
async fn save(node: &Node, changes: Vec<ParameterSave>, by: &str, at: i64) -> ParametersSaved {
    save_because(node, changes, "", by, at).await
}

/// Saves `changes` with a note, and returns the result.
async fn save_because(
    node: &Node,
    changes: Vec<ParameterSave>,
    why: &str,
    by: &str,
    at: i64,
) -> ParametersSaved {
    let (end, why) = (LogOutJobs::default(), Note::typed(why).unwrap());
    engine::save_parameters(&**node, changes, why, end, who(by), UtcMillis(at)).await.unwrap()
}

const BEHAVIOR: Parameter = Parameter::MultipleLoginBehavior;

pub async fn the_second_of_two_saves_gets_a_conflict_with_the_first(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    let [first, second] = &nodes[..] else { unreachable!() };
    filled(first).await;
    let mine = vec![change(BEHAVIOR, "Multiple Logins Not Allowed", "Auto Logout")];
    let saved = save(first, mine, "kim", 5).await;
    assert!(matches!(saved, ParametersSaved::Saved { differences, .. } if differences.len() == 1));
    let theirs = vec![
        change(BEHAVIOR, "Multiple Logins Not Allowed", "Multiple Logins Allowed"),
        change(Parameter::InterMaximum, "10:00", "9:00"),
    ];
    let conflict = save(second, theirs, "lee", 6).await;
    assert_eq!(
        conflict,
        ParametersSaved::Conflict(vec![ParameterConflict {
            parameter: BEHAVIOR,
            current: "Auto Logout".into(),
            changed: Some((who("kim"), UtcMillis(5))),
        }])
    );
    let parameters = second.configuration().await.unwrap().parameters;
    assert_eq!(parameters.value(BEHAVIOR), "Auto Logout");
    assert_eq!(
        parameters.value(Parameter::InterMaximum),
        "10:00",
        "a conflict saves none of the values"
    );
    // A save of the value in force has no conflict, and changes nothing.
    let same = vec![change(BEHAVIOR, "Multiple Logins Not Allowed", "Auto Logout")];
    let version = second.configuration().await.unwrap().version;
    let saved = save(second, same, "lee", 7).await;
    let nothing = ParametersSaved::Saved { differences: Vec::new(), jobs: Vec::new() };
    assert_eq!(saved, nothing);
    assert_eq!(second.configuration().await.unwrap().version, version);
}

pub async fn changes_are_kept_with_their_note_which_the_audit_has_too(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    let noted = vec![
        change(BEHAVIOR, "Multiple Logins Not Allowed", "Auto Logout"),
        change(Parameter::InterMaximum, "10:00", "9:00"),
    ];
    save_because(node, noted, " Ticket 4711 ", "kim", 5).await;
    save(node, vec![change(Parameter::InterMaximum, "9:00", "8:00")], "lee", 6).await;
    let (changes, _) = node.parameter_history(0, 9).await.unwrap();
    let kept = changes.iter().map(|change| (change.to.as_str(), change.note.as_str()));
    let expected = [("8:00", ""), ("Auto Logout", "Ticket 4711"), ("9:00", "Ticket 4711")];
    assert_eq!(kept.collect::<Vec<_>>(), expected);
    let last = node.last_parameter_changes().await.unwrap();
    let last = last.iter().find(|change| change.parameter == BEHAVIOR).unwrap();
    assert_eq!(last.note, "Ticket 4711");
    let query = AuditQuery { find: vec!["ticket".into()], limit: 9, ..AuditQuery::default() };
    let audit = node.audit(&query).await.unwrap();
    let detail = "Multiple Logins Not Allowed → Auto Logout, note: Ticket 4711";
    assert!(audit.rows.iter().any(|row| row.detail == detail), "{audit:?}");
    assert_eq!(audit.matching, 2);
}

pub async fn changes_are_kept_with_actor_time_and_old_value(database: &impl Database) {
    let nodes = nodes(database, 1).await;
    let node = &nodes[0];
    filled(node).await;
    let mut seen = "Multiple Logins Not Allowed";
    for (at, value) in [(5, "Auto Logout"), (6, "Multiple Logins Allowed")] {
        let changes = vec![change(BEHAVIOR, seen, value)];
        save(node, changes, "kim", at).await;
        seen = value;
    }
    let (changes, all) = node.parameter_history(0, 1).await.unwrap();
    assert_eq!((changes.len(), all), (1, 2));
    let last = &changes[0];
    assert_eq!((last.from.as_str(), last.to.as_str()), ("Auto Logout", "Multiple Logins Allowed"));
    assert_eq!((&last.by, last.at, last.parameter), (&who("kim"), UtcMillis(6), BEHAVIOR));
    assert_eq!(node.parameter_change(last.number).await.unwrap().as_ref(), Some(last));
    assert_eq!(node.parameter_change(99).await.unwrap(), None);
}

/// The changes of a file with these lines, as pairs of parameter and new value.
async fn file(
    node: &Node,
    lines: &[(&str, &str)],
    dry_run: bool,
) -> Result<Vec<(String, String)>, StoreError> {
    let line = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let parameters = lines.iter().map(line).collect();
    let change = ConfigurationChange { parameters, ..ConfigurationChange::default() };
    let differences = if dry_run {
        engine::differences(&**node, change, &|_| {}).await?
    } else {
        apply(node, change).await?
    };
    Ok(differences.into_iter().map(|difference| (difference.field, difference.to)).collect())
}

pub async fn a_file_that_sets_a_time_limit_enforces_it(database: &impl Database) {
    let node = database.node().await;
    let limit = "Intra-cluster Maximum Login Time";
    let enforce = "Enforce Intra-cluster Maximum Login Time";
    let difference = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let on = vec![difference(enforce, "True")];
    // The limit is the default already: the file names it, and so it is enforced.
    for dry_run in [true, false] {
        assert_eq!(file(&node, &[(limit, "8:00")], dry_run).await.unwrap(), on);
    }
    assert_eq!(node.configuration().await.unwrap().parameters.intra_limit_minutes(), 480);
    assert_eq!(file(&node, &[(limit, "8:00")], false).await.unwrap(), []);
    // A file that sets the enforcement is applied, even if the enforcement already has that value.
    for (value, changed) in [("9:00", 2), ("10:00", 1)] {
        let lines = [(limit, value), (enforce, "False")];
        assert_eq!(file(&node, &lines, false).await.unwrap().len(), changed);
        assert_eq!(node.configuration().await.unwrap().parameters.intra_limit_minutes(), 0);
    }
}

pub async fn a_file_names_a_parameter_once(database: &impl Database) {
    let node = database.node().await;
    let (new, old) = ("Multiple Login Behavior", "Intra-cluster Multiple Login Behavior");
    let lines = [(new, "Auto Logout"), (old, "Multiple Logins Allowed")];
    let Err(StoreError::Invalid(problem)) = file(&node, &lines, false).await else { panic!() };
    assert!(problem.contains(&format!("{new:?}")) && problem.contains(&format!("{old:?}")));
    let parameters = node.configuration().await.unwrap().parameters;
    assert_eq!(parameters.value(BEHAVIOR), "Multiple Logins Not Allowed");
}
