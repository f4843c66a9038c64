//! Exploring all states of a run.

use stateright::{Checker, CheckerBuilder, HasDiscoveries, Model};

use super::{clusters::Clusters, run::Run};

/// Explores all states that a run can reach: their number, or a property that fails, with a shortest
/// path to its failure.
pub fn explore(run: Run) -> Result<usize, String> {
    let checker = checker(run).threads(2).spawn_bfs().join();
    if failure(&checker).is_some() {
        return Err(shortest_failure(run));
    }
    checker.assert_properties();
    Ok(checker.unique_state_count())
}

fn checker(run: Run) -> CheckerBuilder<Clusters> {
    Clusters::new(run).checker().finish_when(HasDiscoveries::AnyFailures)
}

fn shortest_failure(run: Run) -> String {
    let within = |depth| failure(&checker(run).target_max_depth(depth).spawn_bfs().join());
    (2..).find_map(within).unwrap()
}

/// The first property that fails, with its path.
fn failure(checker: &impl Checker<Clusters>) -> Option<String> {
    let is_failure = |name: &str| {
        let mut properties = checker.model().properties().into_iter();
        properties.any(|one| one.name == name && one.expectation.discovery_is_failure())
    };
    let found = checker.discoveries().into_iter().filter(|(name, _)| is_failure(name));
    let mut failures: Vec<_> = found
        .map(|(name, path)| format!("not always: {name}\n{path}{:#?}", path.last_state()))
        .collect();
    failures.sort();
    failures.into_iter().next()
}
