//! Service parameters: concurrent saves, and the history of changes.

use engine::{
    Actor, ConfigurationChange, LogOutJobs, ParameterConflict, ParameterSave, ParametersSaved,
    UtcMillis, ports::StoreError,
};
use terms::Parameter;

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
    let end = LogOutJobs::default();
    engine::save_parameters(&**node, changes, end, who(by), UtcMillis(at)).await.unwrap()
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
    let both = vec![difference(enforce, "True"), difference(limit, "8:00")];
    for dry_run in [true, false] {
        assert_eq!(file(&node, &[(limit, "8:00")], dry_run).await.unwrap(), both);
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
