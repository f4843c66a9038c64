//! What saving service parameters means, the same in the browser and at the server.

use std::collections::BTreeMap;

use crate::{InvalidValue, LoginTime, Parameter, ServiceParameters};

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
