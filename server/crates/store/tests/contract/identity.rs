//! A user and a phone are identified by a cluster and a name in that cluster.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::{
    Actor, ConfigurationCause, Ending, LimitSource, ListQuery, Login, LoginId, PhoneId, Scope,
    Selection, StoreError, UserId, UtcMillis,
    transaction::{Names, Operation, Transaction},
};
use terms::{EndCause, LoginType};
use uuid::Uuid;

use super::{
    Database, Node,
    fixture::{actor, behavior, done, filled, log_in, log_out, refused},
    nodes,
};

/// Begins a login, after reading the open logins of its user and on its phone.
struct Begin {
    login: Login,
    sole: bool,
    found: Arc<Mutex<(usize, bool)>>,
}

#[async_trait]
impl Operation for Begin {
    fn names(&self) -> Names {
        let Login { user, phone, .. } = self.login.clone();
        Names { user: Some(user), phone: Some(phone), profile: None, stay: None }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        let facts = tx.facts().await?;
        *self.found.lock().unwrap() = (facts.open_of_user.len(), facts.open_on_phone.is_some());
        tx.begin(&self.login, LimitSource::Request, self.sole).await
    }
}

/// Ends the open login on a phone.
struct End(PhoneId);

#[async_trait]
impl Operation for End {
    fn names(&self) -> Names {
        Names { phone: Some(self.0.clone()), ..Names::default() }
    }

    async fn run(&mut self, tx: &mut dyn Transaction) -> Result<(), StoreError> {
        let open = tx.facts().await?.open_on_phone.unwrap();
        let by = Actor::SYSTEM;
        let ending = Ending::of(EndCause::Remote, &by);
        engine::end(tx, open, ending, UtcMillis(9)).await.map(drop)
    }
}

fn of_busan(id: &str) -> UserId {
    UserId { cluster: "busan".to_owned(), id: id.to_owned() }
}

fn at_busan(name: &str) -> PhoneId {
    PhoneId { cluster: "busan".to_owned(), name: name.to_owned() }
}

/// Begins a login; returns how many logins of its user were open before, and whether its phone was taken.
async fn begin(
    node: &Node,
    number: u128,
    user: UserId,
    phone: PhoneId,
    sole: bool,
) -> Result<(usize, bool), StoreError> {
    let login_type = match (user.cluster.as_str(), phone.cluster.as_str()) {
        ("", "") => LoginType::Em,
        ("", _) => LoginType::Elsewhere,
        _ => LoginType::Visiting,
    };
    let login = Login {
        id: LoginId(Uuid::from_u128(number << 64)),
        user,
        phone,
        model: String::new(),
        description: String::new(),
        profile: "john-1".to_owned(),
        login_type,
        from: UtcMillis(1),
        until: None,
        by: actor(),
    };
    let found = Arc::default();
    node.run(Box::new(Begin { login, sole, found: Arc::clone(&found) })).await?;
    let found = *found.lock().unwrap();
    Ok(found)
}

pub async fn a_visitor_is_not_the_local_user_of_the_same_id(database: &impl Database) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Not Allowed").await;
    let visiting = begin(&node, 1, of_busan("john"), PhoneId::own("SEP1"), false).await;
    assert_eq!(visiting, Ok((0, false)));
    done(log_in(&node, 2, "john", "SEP2").await);
    assert_eq!(refused(&log_in(&node, 3, "john", "SEP3").await), 25);
    assert_eq!(refused(&log_in(&node, 3, "Jane", "SEP1").await), 18, "a visitor holds the phone");
    let (_, users) = node.users(&["john".to_owned()]).await.unwrap();
    assert_eq!(users[0].as_ref().unwrap().phones, ["SEP2"]);
    let (_, phones) = node.phones(&["SEP1".to_owned()]).await.unwrap();
    assert_eq!(phones[0].as_ref().unwrap().user, Some(of_busan("john")));
    let again = begin(&node, 2, of_busan("john"), PhoneId::own("SEP4"), false).await;
    assert_eq!(again, Ok((1, false)));
    let extra = Scope::Extra.selection(UtcMillis(9));
    assert_eq!(node.open_in(&extra).await, Ok(0), "visitors obey their home cluster");
    let followed = Selection { is_followed: true, ..Selection::default() };
    assert_eq!(node.open_in(&followed).await, Ok(1));
    let detail = node.phone_detail("SEP4").await.unwrap().unwrap();
    assert_eq!(
        detail.effective.why,
        ConfigurationCause::ProfileMissing,
        "the local profile of that name is another one"
    );
    assert_eq!(node.several_logins(9, false).await.unwrap().users, 0);
    done(log_out(&node, 4, "SEP1").await);
    let (_, phones) = node.phones(&["SEP1".to_owned()]).await.unwrap();
    assert_eq!(phones[0].as_ref().unwrap().last_user, Some(of_busan("john")));
    let detail = node.phone_detail("SEP1").await.unwrap().unwrap();
    assert_eq!(detail.phone.last_user, Some(of_busan("john")));
}

pub async fn a_phone_of_another_cluster_is_not_the_local_phone_of_that_name(
    database: &impl Database,
) {
    let node = database.node().await;
    filled(&node).await;
    behavior(&node, "Multiple Logins Not Allowed").await;
    done(log_in(&node, 1, "Jane", "SEP1").await);
    assert_eq!(begin(&node, 1, UserId::own("john"), at_busan("SEP1"), true).await, Ok((0, false)));
    assert_eq!(refused(&log_in(&node, 3, "john", "SEP2").await), 25, "john is elsewhere");
    let (_, users) = node.users(&["john".to_owned()]).await.unwrap();
    assert_eq!(users[0].as_ref().unwrap().phones, ["SEP1"]);
    let (_, phones) = node.phones(&["SEP1".to_owned()]).await.unwrap();
    assert_eq!(phones[0].as_ref().unwrap().user, Some(UserId::own("Jane")));
    node.run(Box::new(End(at_busan("sep1")))).await.unwrap();
    let (_, phones) = node.phones(&["SEP1".to_owned()]).await.unwrap();
    assert_eq!(
        phones[0].as_ref().unwrap().last_user,
        None,
        "no user has logged out at the local phone"
    );
    assert_eq!(node.ended_on_phone("SEP1", 9).await.unwrap().len(), 0);
    let page = node.active_logins(&ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    assert_eq!((page.rows.len(), &page.rows[0].user), (1, &UserId::own("Jane")));
}

pub async fn the_guards_hold_for_each_cluster_separately(database: &impl Database) {
    let nodes = nodes(database, 2).await;
    filled(&nodes[0]).await;
    for (number, user, phone) in [
        (1, of_busan("john"), PhoneId::own("SEP1")),
        (2, UserId::own("john"), at_busan("SEP1")),
        (3, of_busan("kim"), at_busan("SEP2")),
    ] {
        assert_eq!(begin(&nodes[0], number, user, phone, true).await, Ok((0, false)), "{number}");
    }
    for (number, user, phone) in [
        (4, of_busan("JOHN"), PhoneId::own("SEP9")),
        (5, UserId::own("John"), at_busan("SEP9")),
        (6, of_busan("lee"), PhoneId::own("sep1")),
        (7, of_busan("lee"), at_busan("sep1")),
    ] {
        assert!(begin(&nodes[1], number, user, phone, true).await.is_err(), "{number}");
    }
}
