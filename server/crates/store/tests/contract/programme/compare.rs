//! One programme on a database and on the model.

use engine::{StoreError, UtcMillis};
use model::{Memory, Tables};
use proptest::test_runner::TestCaseError;

use super::{
    super::{Database, Node, nodes},
    Met, Programme,
    people::people,
    run::{Moment, On, job_ids, login_id},
    stays,
    step::{Request, Step},
    view::{self, Before, View},
};

/// The time at which a programme begins, in minutes.
const BEGIN: u32 = 1_000;

/// Runs a programme on a new database and on the model; fails where the two differ.
pub async fn compare(
    database: &impl Database,
    programme: &Programme,
    met: &mut Met,
) -> Result<(), TestCaseError> {
    let nodes = nodes(database, 2).await;
    let configuration = nodes[0].configuration().await.map_err(|error| failed(&error))?;
    let parameters = configuration.parameters.clone();
    let model = Memory::new(Tables { configuration, ..Tables::default() });
    let now = UtcMillis(0).plus_minutes(BEGIN);
    let mut moment = Moment::new(now, parameters);
    let of_node = moment.apply(&*nodes[0], people()).await;
    let of_model = moment.apply(&model, people()).await;
    same("the answer", &of_node, &of_model)?;
    for (number, (node, step)) in programme.0.iter().enumerate() {
        moment.before(number, step, &model);
        let one = one_step(&nodes, *node, &model, &moment, step, met).await;
        one.map_err(|error| TestCaseError::fail(format!("step {number}: {error}")))?;
    }
    let of_node = view::of_node_at_the_end(&nodes[0]).await.map_err(|error| failed(&error))?;
    let of_model = view::of_model_at_the_end(&model.state().tables);
    all_the_same(&of_node, &of_model)?;
    close(&nodes).await;
    Ok(())
}

/// Runs a step on the database and on the model, and compares the answers and the views.
async fn one_step(
    nodes: &[Node],
    node: usize,
    model: &Memory,
    moment: &Moment,
    step: &Step,
    met: &mut Met,
) -> Result<(), TestCaseError> {
    // One node runs the step, and the other node shows the result.
    let (asked, shown) = (&*nodes[node], &nodes[1 - node]);
    let version = asked.version().await.map_err(|error| failed(&error))?;
    let after = model.state().tables.events.len() as u64;
    let before = Before { version, after };
    let (farewells, _) =
        asked.farewells(None, 0, u32::MAX).await.map_err(|error| failed(&error))?;
    let outbox = farewells.iter().map(|posted| posted.number).collect();
    let on = On { store: asked, version, outbox, in_order: false };
    let of_node = moment.run(&on, step).await;
    let version = model.state().tables.configuration.version;
    let outbox = model.state().tables.outbox.iter().map(|posted| posted.number).collect();
    let on = On { store: model, version, outbox, in_order: true };
    let of_model = moment.run(&on, step).await;
    met.note(&of_model);
    same("the answer", &of_node, &of_model)?;
    let of_node = view::of_node(shown, &moment.jobs, before).await;
    let mut of_node = of_node.map_err(|error| failed(&error))?;
    let of_stays = stays::of_node(shown, &moment.stays).await;
    of_node.extend(of_stays.map_err(|error| failed(&error))?);
    let before = Before { version, after };
    let mut of_model = view::of_model(&model.state().tables, &moment.jobs, before);
    of_model.extend(stays::of_model(&model.state().tables, &moment.stays));
    for (_, text) in of_model.iter().filter(|(what, _)| ["events", "farewells"].contains(what)) {
        met.note(text);
    }
    all_the_same(&of_node, &of_model)
}

impl Moment {
    /// The moment of the next step.
    fn before(&mut self, number: usize, step: &Step, model: &Memory) {
        self.number = number;
        let state = model.state();
        self.parameters = state.tables.configuration.parameters.clone();
        self.sort_stays(&state.tables);
        match step {
            Step::Clock { minutes } => self.now = UtcMillis(self.now.0 + minutes * 60_000),
            Step::Begin { .. } => self.logins.push(login_id(number, 0)),
            Step::Ask(request) => self.note(0, request),
            Step::Together(requests) => {
                requests.iter().enumerate().for_each(|(index, one)| self.note(index, one));
            }
            Step::Stays(step) => self.note_stays(step),
            Step::MakeJob { .. } => self.jobs.push(job_ids(number)[0]),
            Step::Save { end_extra, end_past, .. } => {
                let [extra, past] = job_ids(number);
                self.jobs.extend(end_extra.then_some(extra));
                self.jobs.extend(end_past.then_some(past));
            }
            _ => {}
        }
    }

    /// Records the identities that a request uses.
    fn note(&mut self, index: usize, request: &Request) {
        match request {
            Request::LogIn { .. } => self.logins.push(login_id(self.number, index)),
            Request::LogOut { .. } => {}
            Request::Stay(request) => self.note_stay(index, request),
        }
    }
}

async fn close(nodes: &[Node]) {
    for node in nodes {
        node.close().await;
    }
}

fn failed(error: &StoreError) -> TestCaseError {
    TestCaseError::fail(format!("the database can't: {error}"))
}

fn all_the_same(of_node: &View, of_model: &View) -> Result<(), TestCaseError> {
    let mut both = of_node.iter().zip(of_model);
    both.try_for_each(|((what, of_node), (_, of_model))| same(what, of_node, of_model))
}

/// Fails with both texts if they differ.
fn same(what: &str, of_node: &str, of_model: &str) -> Result<(), TestCaseError> {
    if of_node == of_model {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "{what} differ\n--- the database:\n{of_node}\n--- the model:\n{of_model}"
    )))
}
