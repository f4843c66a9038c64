//! The clusters of the simulation, and the events in them.

use std::{collections::BTreeSet, fmt::Write, fs, sync::Arc};

use engine::{
    ListQuery, Login, NamedUser, NewJob, PeerMessage, RemoteCluster, Scope, StayRole, UserSecret,
    UtcMillis,
};
use rand::{RngExt, rngs::StdRng};
use terms::{EndCause, LoginFilter, LoginType, MultipleLoginBehavior, key};
use tokio::task::JoinHandle;
use wire::emcc;

use super::{
    super::{NotVisited, Peer, VisitRequest, Visited},
    queue::{Outgoing, Queue, SentMessage},
};
use crate::{
    cluster::{
        TestCluster,
        peers::{compare, outbox},
    },
    em::{Em, Origin},
};

/// The home cluster, and the visiting clusters.
const IDS: [&str; 3] = ["home", "east", "west"];
const USERS: [&str; 2] = ["rak", "ann"];
const PIN: &str = "12345";
/// The most logins that one step of a job ends.
const ALL: u32 = 100;

/// A cluster with its EM service and its tasks.
struct Node {
    cluster: TestCluster,
    em: Arc<Em>,
    /// Tasks that may wait for an answer.
    tasks: Vec<JoinHandle<()>>,
}

/// Three clusters.
pub(super) struct World {
    nodes: Vec<Node>,
    queue: Arc<Queue>,
    behavior: MultipleLoginBehavior,
    log: Vec<String>,
}

fn phone(cluster: usize, number: usize) -> String {
    format!("SEP{}{number}", IDS[cluster].to_uppercase())
}

impl World {
    pub(super) async fn start(behavior: MultipleLoginBehavior) -> Self {
        let queue = Arc::new(Queue::default());
        let mut nodes = Vec::new();
        for id in IDS {
            let outgoing = Outgoing { from: id.to_owned(), queue: Arc::clone(&queue) };
            let cluster = TestCluster::start_with(id, Some(Arc::new(outgoing))).await;
            let em = Arc::new(Em::new(Arc::clone(&cluster)));
            nodes.push(Node { cluster, em, tasks: Vec::new() });
        }
        let mut world = Self { nodes, queue, behavior, log: Vec::new() };
        world.configure().await;
        world
    }

    async fn configure(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            // Enough permits: no log-in waits for the permit of another log-in, which may wait for a
            // message.
            let mut toml =
                "[service_parameters]\n'Maximum Concurrent Requests' = '100'\n".to_owned();
            if index == 0 {
                let name = self.behavior.label();
                writeln!(toml, "'Multiple Login Behavior' = '{name}'").unwrap();
                toml += "[[device_profiles]]\nname = 'desk'\nmodel = '8861'\n";
                for user in USERS {
                    let user =
                        format!("id = '{user}'\npin = '{PIN}'\nemcc = true\nprofiles = ['desk']");
                    writeln!(toml, "[[users]]\n{user}").unwrap();
                }
            }
            for number in 0..2 {
                let name = phone(index, number);
                writeln!(toml, "[[phones]]\nname = '{name}'\nmodel = '8861'").unwrap();
            }
            node.cluster.apply(&toml).await;
            for (other, peer) in self.nodes.iter().enumerate().filter(|(other, _)| *other != index)
            {
                // Visiting clusters are linked with the home cluster alone.
                if index == 0 || other == 0 {
                    let https = "127.0.0.1:1".parse().unwrap();
                    crate::lab::link(&node.cluster, https, &peer.cluster).await.unwrap();
                }
            }
            let version = node.cluster.store.version().await.unwrap();
            let mut known = node.cluster.configuration.clone();
            known.wait_for(|known| known.version == version).await.unwrap();
        }
    }

    fn say(&mut self, line: String) {
        self.log.push(line);
    }

    /// Runs a task of a cluster until it waits for another cluster, or ends.
    async fn run(&mut self, node: usize, task: impl Future<Output = ()> + Send + 'static) {
        let queue = Arc::clone(&self.queue);
        queue.begin();
        let ends = Arc::clone(&queue);
        let task = tokio::spawn(async move {
            task.await;
            ends.end();
        });
        self.nodes[node].tasks.push(task);
        self.queue.quiet().await;
    }

    /// A user logs in at a phone of a visiting cluster.
    pub(super) async fn log_in(&mut self, node: usize, user: usize, number: usize) {
        let request = VisitRequest {
            phone: phone(node, number),
            named: NamedUser::Id(USERS[user].to_owned()),
            user: None,
            secret: UserSecret::Pin(PIN.to_owned()),
            profile: None,
            origin: Origin::default(),
            log_out_url: String::new(),
        };
        self.say(format!("{} at {}", USERS[user], request.phone));
        let em = Arc::clone(&self.nodes[node].em);
        self.run(node, async move {
            let mut journal = em.begin(8443);
            // The stores show the outcome.
            let _: Result<Visited, NotVisited> = em.visit(&request, &mut journal).await;
        })
        .await;
    }

    /// A user logs in at a phone of the home cluster.
    pub(super) async fn log_in_at_home(&mut self, user: usize) {
        let request = engine::LoginRequest {
            phone: phone(0, user),
            user: USERS[user].to_owned(),
            profile: None,
            profile_right: engine::ProfileRight::Own,
            phone_address: None,
            duration: engine::RequestedDuration::Unset,
            actor: engine::Actor::SYSTEM,
            authenticated_at: None,
        };
        self.say(format!("{} at {}", USERS[user], request.phone));
        self.nodes[0].cluster.engine.log_in(request).await.unwrap();
    }

    /// The user at a phone logs out.
    pub(super) async fn log_out(&mut self, node: usize, number: usize) {
        let request = engine::LogoutRequest {
            phone: phone(node, number),
            phone_address: None,
            only: None,
            actor: engine::Actor::SYSTEM,
            authenticated_at: None,
        };
        self.say(format!("log out at {}", request.phone));
        self.nodes[node].cluster.engine.log_out(request).await.unwrap();
    }

    /// An administrator ends all logins of a cluster.
    pub(super) async fn end_all(&mut self, node: usize) {
        self.say(format!("all logins of {} end", IDS[node]));
        let cluster = &self.nodes[node].cluster;
        let job = NewJob {
            id: cluster.ids.job_id(),
            scope: Scope::Matching { filter: LoginFilter::default() },
            cause: EndCause::Forced,
            reason: String::new(),
            by: engine::Actor::SYSTEM,
        };
        let (store, now) = (&*cluster.store, cluster.clock.now());
        let job = engine::make_job(store, job, now).await.unwrap();
        engine::step_job(store, job.id, now, ALL).await.unwrap();
    }

    /// Eleven hours pass in a cluster: logins and intents are due.
    pub(super) async fn time_is_up(&mut self, node: usize) {
        self.say(format!("time passes in {}", IDS[node]));
        let cluster = &self.nodes[node].cluster;
        cluster.advance(11 * 3_600_000);
        let now = cluster.clock.now();
        cluster.engine.due(now).await.unwrap();
        engine::give_up_intents(&*cluster.store, now, now, ALL).await.unwrap();
    }

    /// A cluster crashes with all its tasks, and restarts.
    pub(super) async fn die(&mut self, node: usize) {
        self.say(format!("{} dies", IDS[node]));
        for task in self.nodes[node].tasks.drain(..) {
            task.abort();
            let _ = task.await;
        }
        let Node { cluster, em, .. } = &mut self.nodes[node];
        *em = Arc::new(Em::new(Arc::clone(cluster)));
        let now = cluster.clock.now();
        engine::give_up_intents(&*cluster.store, UtcMillis(i64::MAX), now, ALL).await.unwrap();
    }

    /// A cluster sends the first farewell that it owes.
    pub(super) async fn send_farewell(&mut self, node: usize) {
        let cluster = Arc::clone(&self.nodes[node].cluster);
        let (farewells, _) = cluster.store.farewells(None, 0, 1).await.unwrap();
        let Some(farewell) = farewells.into_iter().next() else { return };
        self.say(format!("{} sends a farewell", IDS[node]));
        let peer = farewell.farewell.to.clone();
        self.run(node, async move { drop(outbox::send(&cluster, &peer, farewell).await) }).await;
    }

    /// A cluster compares its stays with those of each linked cluster.
    pub(super) async fn compare(&mut self, node: usize) {
        self.say(format!("{} compares", IDS[node]));
        let others: &[usize] = if node == 0 { &[1, 2] } else { &[0] };
        for other in others {
            let (cluster, peer) = (Arc::clone(&self.nodes[node].cluster), IDS[*other]);
            let role = if node == 0 { StayRole::Home } else { StayRole::Visiting };
            let task = async move { drop(compare::compare(&cluster, peer, role, None).await) };
            self.run(node, task).await;
        }
    }

    fn draw(&self, dice: &mut StdRng) -> Option<SentMessage> {
        let waiting = self.queue.len();
        (waiting > 0).then(|| self.queue.take(dice.random_range(0..waiting)))
    }

    /// A message and its answer arrive.
    pub(super) async fn deliver(&mut self, dice: &mut StdRng) {
        let Some(message) = self.draw(dice) else { return };
        let answer = self.arrive(&message).await;
        self.say(format!("{} → {}: {} = {answer}", message.from, message.to, message.xml));
        self.queue.answer(message, Some(&answer));
        self.queue.quiet().await;
    }

    /// A message is lost, or (`arrives`) only its answer is lost.
    pub(super) async fn lose(&mut self, dice: &mut StdRng, arrives: bool) {
        let Some(message) = self.draw(dice) else { return };
        if arrives {
            self.arrive(&message).await;
        }
        self.say(format!("{} → {}: {} lost, {arrives}", message.from, message.to, message.xml));
        self.queue.answer(message, None);
        self.queue.quiet().await;
    }

    /// A message arrives twice.
    pub(super) async fn double(&mut self, dice: &mut StdRng) {
        let Some(message) = self.draw(dice) else { return };
        self.arrive(&message).await;
        let answer = self.arrive(&message).await;
        self.say(format!("{} → {}: {} twice = {answer}", message.from, message.to, message.xml));
        self.queue.answer(message, Some(&answer));
        self.queue.quiet().await;
    }

    /// The answer of the receiving cluster.
    async fn arrive(&self, waiting: &SentMessage) -> String {
        let message: PeerMessage = emcc::parse(&waiting.xml).unwrap();
        let node = &self.nodes[IDS.iter().position(|id| *id == waiting.to).unwrap()];
        let cluster: RemoteCluster = node.cluster.remote_cluster(&waiting.from).unwrap();
        let mut journal = node.em.begin(8443);
        let peer = Peer { cluster, address: String::new() };
        let answer = node.em.answer_peer(&peer, &message, &mut journal).await;
        emcc::answer(&message.request, &answer)
    }

    async fn open(&self, node: usize) -> Vec<Login> {
        let query = ListQuery { limit: ALL, ..ListQuery::default() };
        self.nodes[node].cluster.store.active_logins(&query).await.unwrap().rows
    }

    /// Checks the promise of the home cluster: under *Not Allowed* and *Auto Logout* no user has two
    /// logins.
    pub(super) async fn check(&mut self) {
        let mut all = Vec::new();
        for node in 0..IDS.len() {
            let open = self.open(node).await;
            all.push(
                open.iter().map(|one| format!("{} at {}", one.user, one.phone)).collect::<Vec<_>>(),
            );
            let phones: BTreeSet<_> = open.iter().map(|one| one.phone.clone()).collect();
            assert_eq!(phones.len(), open.len(), "two logins on one phone: {:#?}", self.log);
            if node == 0 && self.behavior != MultipleLoginBehavior::Allowed {
                let users: BTreeSet<_> = open.iter().map(|one| key(&one.user.id)).collect();
                assert_eq!(users.len(), open.len(), "two logins of one user: {:#?}", self.log);
            }
        }
        let line = format!("logged in: {all:?}");
        if self.log.last() != Some(&line) && all.iter().any(|open| !open.is_empty()) {
            self.say(line);
        }
    }

    /// All messages arrive, and all clusters send the farewells that they owe.
    pub(super) async fn heal(&mut self) {
        self.say("the network heals".to_owned());
        let mut dice = rand::SeedableRng::seed_from_u64(0);
        loop {
            while self.queue.len() > 0 {
                self.deliver(&mut dice).await;
            }
            let mut owed = 0;
            for node in 0..IDS.len() {
                owed += self.nodes[node].cluster.store.farewells(None, 0, 1).await.unwrap().1;
                self.send_farewell(node).await;
            }
            if owed == 0 && self.queue.len() == 0 {
                return;
            }
        }
    }

    /// Checks that both clusters of each stay have its login.
    pub(super) async fn agree(&mut self) {
        let name = |login: &Login| (login.id, key(&login.user.id), login.phone.name.clone());
        let home = self.open(0).await;
        let elsewhere: BTreeSet<_> =
            home.iter().filter(|one| one.login_type == LoginType::Elsewhere).map(name).collect();
        let mut visiting = BTreeSet::new();
        for node in 1..IDS.len() {
            assert_eq!(self.nodes[node].cluster.store.next_intent().await.unwrap(), None);
            visiting.extend(self.open(node).await.iter().map(name));
        }
        assert_eq!(elsewhere, visiting, "{:#?}", self.log);
    }

    /// Stops all clusters, and returns the events and the clusters' traces.
    pub(super) async fn stop(mut self) -> Vec<String> {
        for node in std::mem::take(&mut self.nodes) {
            let file = node.cluster.folder().join("trace/emservice.log");
            node.cluster.trace.close();
            let text = fs::read_to_string(file).unwrap();
            self.log.extend(text.lines().map(ToOwned::to_owned));
            node.cluster.stop().await;
        }
        self.log
    }
}
