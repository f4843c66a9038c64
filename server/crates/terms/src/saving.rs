//! The rules for saving service parameters, the same in the browser and at the server.

use std::collections::BTreeMap;

use crate::{InvalidValue, LoginTime, Parameter, ParameterError, ServiceParameters};

/// Typed values, by parameter.
pub type Typed = BTreeMap<Parameter, String>;

/// The problems of typed values, by parameter.
#[must_use]
pub fn problems(typed: &Typed) -> BTreeMap<Parameter, InvalidValue> {
    typed
        .iter()
        .filter_map(|(parameter, value)| {
            parameter.definition().check(value).err().map(|problem| (*parameter, problem))
        })
        .collect()
}

/// Values as service parameters. A parameter that does not take its value keeps its default.
#[must_use]
pub fn parameters(values: &Typed) -> ServiceParameters {
    let mut parameters = ServiceParameters::default();
    for (parameter, value) in values {
        let _ = parameters.set(parameter.name(), value);
    }
    parameters
}

/// The typed values that differ from the values in force.
#[must_use]
pub fn changes(typed: &Typed, now: &ServiceParameters) -> Typed {
    typed
        .iter()
        .filter(|(parameter, value)| now.value(**parameter) != value.as_str())
        .map(|(parameter, value)| (*parameter, value.clone()))
        .collect()
}

/// The changes, with *Enforce* set to True where a new time limit requires it.
///
/// A change of Intra-cluster Maximum Login Time to a valid limit sets *Enforce* to True, unless the same
/// save changes *Enforce* too (Feature Configuration Guide 12.5(1)). Zero is no limit and leaves *Enforce*
/// unchanged.
#[must_use]
pub fn with_enforce(mut changes: Typed, now: &ServiceParameters) -> Typed {
    if has_limit(&changes) && !now.is_true(Parameter::EnforceIntraMaximum) {
        changes.entry(Parameter::EnforceIntraMaximum).or_insert_with(|| "True".to_owned());
    }
    changes
}

/// Whether the values have an Intra-cluster Maximum Login Time that limits.
fn has_limit(values: &Typed) -> bool {
    let time = values.get(&Parameter::IntraMaximum).and_then(|value| value.parse().ok());
    time.is_some_and(|time: LoginTime| time.minutes > 0)
}

/// The values of a file, by parameter; the file may use any name of a parameter.
///
/// # Errors
/// If no parameter has a name, if two names belong to one parameter, or if a parameter does not take its
/// value.
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

/// The changes that a file makes. A time limit that the file names sets *Enforce* to True, unless the file
/// has a value for *Enforce*.
///
/// The limit need not be a change: a file that names the default enforces it.
#[must_use]
pub fn changes_of_file(named: &Typed, now: &ServiceParameters) -> Typed {
    let mut wanted = named.clone();
    if has_limit(named) {
        wanted.entry(Parameter::EnforceIntraMaximum).or_insert_with(|| "True".to_owned());
    }
    changes(&wanted, now)
}

/// The changes of *Set to Default*: every parameter that has a suggested value and differs from it.
#[must_use]
pub fn to_default(now: &ServiceParameters) -> Typed {
    let suggested = Parameter::ALL
        .iter()
        .filter_map(|line| Some((line.parameter, line.suggested?.to_owned())))
        .collect();
    changes(&suggested, now)
}

/// The changes whose consequences for open logins are shown before a save: Multiple Login Behavior and the
/// time limit of logins within the cluster.
///
/// Inter-cluster Maximum Login Time limits only logins across clusters (EMCC), and a change of this
/// parameter affects no open login.
#[must_use]
pub fn with_impact(changes: &Typed) -> Typed {
    [Parameter::MultipleLoginBehavior, Parameter::IntraMaximum, Parameter::EnforceIntraMaximum]
        .iter()
        .filter_map(|parameter| Some((*parameter, changes.get(parameter)?.clone())))
        .collect()
}

/// Whether another save came first: the current value is neither the seen nor the wanted value. Two saves
/// of the same value have no conflict.
#[must_use]
pub fn is_conflict(seen: &str, wanted: &str, now: &str) -> bool {
    now != seen && now != wanted
}

/// The value that applies after a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The typed value.
    Mine,
    /// The value of the other save.
    Theirs,
}

/// Settles a conflict between the typed value and the value of another save. The other save's value becomes
/// the seen value, so that the next save does not conflict with it.
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
        let nine = typed(&[(IntraMaximum, "9:00")]);
        assert_eq!(enforced(nine.clone(), &now), Some("True".into()));
        assert_eq!(enforced(typed(&[(IntraMaximum, "0")]), &now), None);
        assert_eq!(enforced(typed(&[(IntraMaximum, "8")]), &now), None);
        now.set(EnforceIntraMaximum.name(), "True").unwrap();
        assert_eq!(enforced(nine, &now), None);
        let both = typed(&[(IntraMaximum, "9:00"), (EnforceIntraMaximum, "False")]);
        assert_eq!(enforced(both, &now), Some("False".into()));
    }

    #[test]
    fn a_time_limit_of_a_file_enforces_itself_unless_the_file_names_enforce() {
        let mut now = ServiceParameters::default();
        let enforce = typed(&[(EnforceIntraMaximum, "True")]);
        let eight = typed(&[(IntraMaximum, "8:00")]);
        assert_eq!(changes_of_file(&eight, &now), enforce, "the limit is the default already");
        let nine = typed(&[(IntraMaximum, "9:00")]);
        let changed = typed(&[(EnforceIntraMaximum, "True"), (IntraMaximum, "9:00")]);
        assert_eq!(changes_of_file(&nine, &now), changed);
        assert_eq!(changes_of_file(&typed(&[(IntraMaximum, "0:00")]), &now).len(), 1);
        // *Enforce* is False already, and the file has a value for it nevertheless.
        let both = typed(&[(IntraMaximum, "9:00"), (EnforceIntraMaximum, "False")]);
        assert_eq!(changes_of_file(&both, &now), nine);
        now.set(EnforceIntraMaximum.name(), "True").unwrap();
        assert_eq!(changes_of_file(&eight, &now), Typed::new());
    }

    /// A save in the console sends every field of the page: what is unchanged is not named.
    #[test]
    fn an_unchanged_time_limit_of_a_page_enforces_nothing() {
        let now = ServiceParameters::default();
        let page = typed(&[(IntraMaximum, "8:00"), (EnforceIntraMaximum, "False")]);
        assert_eq!(with_enforce(changes(&page, &now), &now), Typed::new());
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
        // Two equal values are refused too: a later edit of the file may change only one of them.
        let problem = file(&[new, old]).unwrap_err().to_string();
        assert!(problem.contains(&format!("{new:?}")) && problem.contains(&format!("{old:?}")));
    }

    #[test]
    fn set_to_default_leaves_what_has_no_suggested_value() {
        let mut now = ServiceParameters::default();
        now.set("Trusted List of IPs", "192.0.2.1").unwrap();
        now.set("Multiple Login Behavior", "Auto Logout").unwrap();
        let behavior = (Parameter::MultipleLoginBehavior, "Multiple Logins Not Allowed");
        assert_eq!(to_default(&now), typed(&[behavior]));
        assert_eq!(to_default(&ServiceParameters::default()), Typed::new());
    }

    #[test]
    fn set_to_default_restores_the_time_limit_without_enforcing_it() {
        let mut now = ServiceParameters::default();
        now.set("Intra-cluster Maximum Login Time", "0").unwrap();
        assert_eq!(to_default(&now), typed(&[(IntraMaximum, "8:00")]));
        now.set("Enforce Intra-cluster Maximum Login Time", "True").unwrap();
        let both = typed(&[(EnforceIntraMaximum, "False"), (IntraMaximum, "8:00")]);
        assert_eq!(to_default(&now), both);
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
        let same = typed(&[(IntraMaximum, "8:00"), (EnforceIntraMaximum, "True")]);
        assert_eq!(changes(&same, &now), typed(&[(EnforceIntraMaximum, "True")]));
        let wrong = problems(&typed(&[(IntraMaximum, "8"), (EnforceIntraMaximum, "True")]));
        assert_eq!(wrong.keys().collect::<Vec<_>>(), [&IntraMaximum]);
    }
}
