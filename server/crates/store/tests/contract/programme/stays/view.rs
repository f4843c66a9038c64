//! The rows of a store about stays, as named texts.

use std::collections::BTreeMap;

use engine::{Login, LoginId, OpenCounts, StayRole, StoreError};
use model::Tables;
use terms::LoginType;

use super::super::{super::Node, people::CLUSTERS, view::View};

/// The most rows of a list; a programme has fewer.
const ALL: u32 = 10_000;
/// The number of identities on a page.
const PAGE: u32 = 2;

const ROLES: [StayRole; 2] = [StayRole::Home, StayRole::Visiting];

/// The queries for farewells: the recipient, and the most farewells to show.
const SHOWN_FAREWELLS: [(Option<&str>, u32); 2] = [(None, ALL), (Some(CLUSTERS[0]), PAGE)];
/// The number of stays whose phone's configuration is shown.
const SHOWN_VISITS: usize = 8;

/// The view of a database; the last stays tell the most.
pub async fn of_node(node: &Node, ids: &[LoginId]) -> Result<View, StoreError> {
    let mut farewells = Vec::new();
    for (to, limit) in SHOWN_FAREWELLS {
        let (posted, count) = node.farewells(to, 0, limit).await?;
        let rising = posted.windows(2).all(|pair| pair[0].number < pair[1].number);
        let posted: Vec<_> = posted.into_iter().map(|one| (one.posted, one.farewell)).collect();
        farewells.push((posted, count, rising));
    }
    let mut stays = Vec::new();
    for cluster in CLUSTERS {
        for role in ROLES {
            stays.push(walk(node, cluster, role).await?);
        }
    }
    let mut visits = Vec::new();
    for id in ids.iter().rev().take(SHOWN_VISITS) {
        visits.extend(node.visit(*id).await?.map(|visit| (*id, visit)));
    }
    Ok(vec![
        ("farewells", format!("{farewells:#?}")),
        ("stays", format!("{stays:?}")),
        ("stay counts", format!("{:?}", node.stay_counts().await?)),
        ("next intent", format!("{:?}", node.next_intent().await?)),
        ("visits", format!("{visits:#?}")),
    ])
}

/// The stays with a cluster, page by page.
async fn walk(node: &Node, cluster: &str, role: StayRole) -> Result<Vec<LoginId>, StoreError> {
    let mut walked = Vec::new();
    loop {
        let page = node.stays(cluster, role, walked.last().copied(), PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        walked.extend(page);
        if is_last {
            return Ok(walked);
        }
    }
}

/// The view of the model.
pub fn of_model(tables: &Tables, ids: &[LoginId]) -> View {
    let farewells = SHOWN_FAREWELLS.map(|(to, limit)| {
        let meant = tables.outbox.iter().filter(|one| to.is_none_or(|to| one.farewell.to == to));
        let posted: Vec<_> = meant.map(|one| (one.posted, one.farewell.clone())).collect();
        let count = posted.len() as u64;
        (posted.into_iter().take(limit as usize).collect::<Vec<_>>(), count, true)
    });
    let with = |cluster: &'static str| ROLES.map(|role| stays(tables, cluster, role));
    let visits = ids.iter().rev().take(SHOWN_VISITS);
    let visits = visits.filter_map(|id| Some((*id, tables.visits.get(id)?)));
    let next_intent = tables.intents.values().map(|intent| intent.expires).min();
    vec![
        ("farewells", format!("{farewells:#?}")),
        ("stays", format!("{:?}", CLUSTERS.into_iter().flat_map(with).collect::<Vec<_>>())),
        ("stay counts", format!("{:?}", counts(tables))),
        ("next intent", format!("{next_intent:?}")),
        ("visits", format!("{:#?}", visits.collect::<Vec<_>>())),
    ]
}

/// The open stays with a cluster, in their order.
fn stays(tables: &Tables, cluster: &str, role: StayRole) -> Vec<LoginId> {
    let is_meant = |login: &&Login| match role {
        StayRole::Home => {
            login.login_type == LoginType::Elsewhere && login.phone.cluster == cluster
        }
        StayRole::Visiting => {
            login.login_type == LoginType::Visiting && login.user.cluster == cluster
        }
    };
    let open = tables.open().map(|stored| &stored.login).filter(is_meant);
    let mut ids: Vec<_> = open.map(|login| login.id).collect();
    ids.sort();
    ids
}

/// How many stays are open with each cluster.
fn counts(tables: &Tables) -> BTreeMap<String, OpenCounts> {
    let mut counts: BTreeMap<String, OpenCounts> = BTreeMap::new();
    for Login { user, phone, login_type, .. } in tables.open().map(|stored| &stored.login) {
        let (cluster, visiting, elsewhere) = match login_type {
            LoginType::Visiting => (user.cluster.clone(), 1, 0),
            LoginType::Elsewhere => (phone.cluster.clone(), 0, 1),
            LoginType::Em | LoginType::Other => continue,
        };
        let of_cluster = counts.entry(cluster).or_default();
        of_cluster.visiting += visiting;
        of_cluster.elsewhere += elsewhere;
    }
    counts
}
