//! What saving service parameters means, the same in the browser and at the server.

use std::collections::BTreeMap;

use crate::{InvalidValue, LoginTime, Parameter, ParameterError, ServiceParameters};

/// Values that somebody typed, by parameter.
pub type Typed = BTreeMap<Parameter, String>;

/// What is wrong with typed values, by parameter.
#[must_use]
pub fn problems(typed: &Typed) -> BTreeMap<Parameter, InvalidValue> {
    typed
        .iter()
        .filter_map(|(parameter, value)| {
            parameter.definition().check(value).err().map(|problem| (*parameter, problem))
        })
        .collect()
}

/// Values as service parameters. One that its parameter does not take stays at the default.
#[must_use]
pub fn parameters(values: &Typed) -> ServiceParameters {
    let mut parameters = ServiceParameters::default();
    for (parameter, value) in values {
        let _ = parameters.set(parameter.name(), value);
    }
    parameters
}

/// Only what differs from the values in force.
#[must_use]
pub fn changes(typed: &Typed, now: &ServiceParameters) -> Typed {
    typed
        .iter()
        .filter(|(parameter, value)| now.value(**parameter) != value.as_str())
        .map(|(parameter, value)| (*parameter, value.clone()))
        .collect()
}

/// A valid Intra-cluster Maximum Login Time that a person changes turns *Enforce* to True, unless
/// the same save changes Enforce too (Feature Configuration Guide 12.5(1)). Zero is no limit, so it
/// turns nothing on.
#[must_use]
pub fn with_enforce(mut changes: Typed, now: &ServiceParameters) -> Typed {
    let enforces = changes
        .get(&Parameter::IntraMaximum)
        .and_then(|value| value.parse::<LoginTime>().ok())
        .is_some_and(|time| time.minutes > 0);
    let open = !changes.contains_key(&Parameter::EnforceIntraMaximum)
        && !now.is_true(Parameter::EnforceIntraMaximum);
    if enforces && open {
        changes.insert(Parameter::EnforceIntraMaximum, "True".to_owned());
    }
    changes
}

/// The values of a file, which names parameters by any of their names.
///
/// # Errors
/// When there is no parameter of a name, when two names are of one parameter, or when a parameter
/// does not take its value.
pub fn named(values: &BTreeMap<String, String>) -> Result<Typed, ParameterError> {
    let mut names: BTreeMap<Parameter, &str> = BTreeMap::new();
    let mut checked = ServiceParameters::default();
    let mut typed = Typed::new();
    for (name, value) in values {
        let parameter = checked.set(name, value)?;
        if let Some(one) = names.insert(parameter, name) {
            let (one, other) = (one.to_owned(), name.clone());
            return Err(ParameterError::TwoNames { one, other });
        }
        typed.insert(parameter, value.clone());
    }
    Ok(typed)
}

/// What a file changes, and what follows from it: a time limit enforces itself as in
/// [`with_enforce`], unless the file says whether it is enforced.
#[must_use]
pub fn changes_of_file(named: &Typed, now: &ServiceParameters) -> Typed {
    let changes = changes(named, now);
    if named.contains_key(&Parameter::EnforceIntraMaximum) {
        return changes;
    }
    with_enforce(changes, now)
}

/// What *Set to Default* changes: every parameter that has a suggested value and differs from it.
#[must_use]
pub fn to_default(now: &ServiceParameters) -> Typed {
    let suggested = Parameter::ALL
        .iter()
        .filter_map(|line| Some((line.parameter, line.suggested?.to_owned())))
        .collect();
    changes(&suggested, now)
}

/// The changes that are worth a look at what they mean before they are saved: Multiple Login
/// Behavior and the time limit of logins within the cluster.
///
/// Inter-cluster Maximum Login Time is a limit too, but of logins across clusters (EMCC), and there
/// is no such login that a change of it could meet.
#[must_use]
pub fn with_impact(changes: &Typed) -> Typed {
    [Parameter::MultipleLoginBehavior, Parameter::IntraMaximum, Parameter::EnforceIntraMaximum]
        .iter()
        .filter_map(|parameter| Some((*parameter, changes.get(parameter)?.clone())))
        .collect()
}

/// Whether somebody else came first: the value is neither what was seen nor what is wanted. Two who
/// want the same have no conflict.
#[must_use]
pub fn is_conflict(seen: &str, wanted: &str, now: &str) -> bool {
    now != seen && now != wanted
}

/// Which of two values holds where somebody else came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What is typed.
    Mine,
    /// What the other has saved.
    Theirs,
}

/// Makes a choice between what is typed and what somebody else has saved meanwhile. The other's
/// value is seen then, so that the next save knows it.
pub fn settle(
    typed: &mut Typed,
    seen: &mut Typed,
    parameter: Parameter,
    theirs: &str,
    choice: Choice,
) {
    seen.insert(parameter, theirs.to_owned());
    if choice == Choice::Theirs {
        typed.insert(parameter, theirs.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Parameter::{EnforceIntraMaximum, IntraMaximum};

    fn typed(pairs: &[(Parameter, &str)]) -> Typed {
        pairs.iter().map(|(parameter, value)| (*parameter, (*value).to_owned())).collect()
    }

    #[test]
    fn a_time_limit_enforces_itself_unless_enforce_is_changed_too() {
        let mut now = ServiceParameters::default();
        let enforced =
            |changes, now: &_| with_enforce(changes, now).get(&EnforceIntraMaximum).cloned();
        let eight = typed(&[(IntraMaximum, "8:00")]);
        assert_eq!(enforced(eight.clone(), &now), Some("True".into()));
        assert_eq!(enforced(typed(&[(IntraMaximum, "0")]), &now), None);
        assert_eq!(enforced(typed(&[(IntraMaximum, "8")]), &now), None);
        now.set(EnforceIntraMaximum.name(), "True").unwrap();
        assert_eq!(enforced(eight, &now), None);
        let both = typed(&[(IntraMaximum, "8:00"), (EnforceIntraMaximum, "False")]);
        assert_eq!(enforced(both, &now), Some("False".into()));
    }

    #[test]
    fn a_time_limit_of_a_file_enforces_itself_unless_the_file_names_enforce() {
        let mut now = ServiceParameters::default();
        let enforced =
            |file: &Typed, now: &_| changes_of_file(file, now).get(&EnforceIntraMaximum).cloned();
        let eight = typed(&[(IntraMaximum, "8:00")]);
        assert_eq!(enforced(&eight, &now), Some("True".into()));
        // False is what it is already, and yet it is said.
        let both = typed(&[(IntraMaximum, "8:00"), (EnforceIntraMaximum, "False")]);
        assert_eq!(changes_of_file(&both, &now), eight);
        // A limit that the file does not change turns nothing on: somebody may have turned it off.
        now.set(IntraMaximum.name(), "8:00").unwrap();
        assert_eq!(changes_of_file(&eight, &now), Typed::new());
    }

    #[test]
    fn a_parameter_by_two_of_its_names_is_refused_with_both() {
        let file = |names: &[&str]| {
            let value = "Auto Logout".to_owned();
            named(&names.iter().map(|name| ((*name).to_owned(), value.clone())).collect())
        };
        let (new, old) = ("Multiple Login Behavior", "Intra-cluster Multiple Login Behavior");
        let behavior = typed(&[(Parameter::MultipleLoginBehavior, "Auto Logout")]);
        for name in [new, old] {
            assert_eq!(file(&[name]), Ok(behavior.clone()));
        }
        // The same value twice is refused too: which of them somebody will change is not known.
        let problem = file(&[new, old]).unwrap_err().to_string();
        assert!(problem.contains(&format!("{new:?}")) && problem.contains(&format!("{old:?}")));
    }

    #[test]
    fn set_to_default_leaves_what_has_no_suggested_value() {
        let mut now = ServiceParameters::default();
        now.set("Trusted List of IPs", "192.0.2.1").unwrap();
        now.set("Multiple Login Behavior", "Auto Logout").unwrap();
        let changes = to_default(&now);
        assert_eq!(changes.get(&IntraMaximum).map(String::as_str), Some("8:00"));
        assert!(changes.contains_key(&Parameter::MultipleLoginBehavior));
        assert!(!changes.contains_key(&Parameter::TrustedIps));
        assert_eq!(changes.len(), 2);
    }

    #[test]
    fn set_to_default_restores_hidden_parameters_too() {
        let values = typed(&[(Parameter::MaximumConcurrentRequests, "40")]);
        let changes = to_default(&parameters(&values));
        assert_eq!(changes.get(&Parameter::MaximumConcurrentRequests).unwrap(), "15");
    }

    #[test]
    fn a_conflict_is_settled_for_one_side_or_the_other() {
        let behavior = Parameter::MultipleLoginBehavior;
        let (mine, theirs) = ("Auto Logout", "Multiple Logins Allowed");
        let before = typed(&[(behavior, "Multiple Logins Not Allowed")]);
        assert!(is_conflict(&before[&behavior], mine, theirs));
        assert!(!is_conflict(&before[&behavior], mine, mine), "both want the same");
        for (choice, wanted) in [(Choice::Mine, Some(mine)), (Choice::Theirs, None)] {
            let (mut typed, mut seen) = (typed(&[(behavior, mine)]), before.clone());
            settle(&mut typed, &mut seen, behavior, theirs, choice);
            assert!(!is_conflict(&seen[&behavior], mine, theirs));
            let changes = changes(&typed, &parameters(&seen));
            assert_eq!(changes.get(&behavior).map(String::as_str), wanted);
        }
    }

    #[test]
    fn only_the_behavior_and_the_limit_within_the_cluster_meet_open_logins() {
        let changes = typed(&[(IntraMaximum, "8:00"), (Parameter::InterMaximum, "8:00")]);
        assert_eq!(with_impact(&changes), typed(&[(IntraMaximum, "8:00")]));
    }

    #[test]
    fn only_what_differs_is_a_change_and_wrong_values_are_named() {
        let now = ServiceParameters::default();
        let same = typed(&[(IntraMaximum, "0"), (EnforceIntraMaximum, "True")]);
        assert_eq!(changes(&same, &now), typed(&[(EnforceIntraMaximum, "True")]));
        let wrong = problems(&typed(&[(IntraMaximum, "8"), (EnforceIntraMaximum, "True")]));
        assert_eq!(wrong.keys().collect::<Vec<_>>(), [&IntraMaximum]);
    }
}
