//! The steps about stays.

use async_trait::async_trait;
use engine::{
    Farewell, HomeConfiguration, Intent, Login, LoginId, PostedFarewell, StayRole, StoreError,
    UtcMillis,
    transaction::{Stay, StaySteps},
};
use terms::{LoginType, phone_key};

use super::{Stored, Tables, pause, steps::Steps, writes::Write};

impl Steps<'_> {
    async fn change(
        &mut self,
        change: impl Fn(&mut Tables) + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write(Write::Other(Box::new(change))).await
    }
}

#[async_trait]
impl StaySteps for Steps<'_> {
    async fn hold(&mut self, intent: &Intent) -> Result<(), StoreError> {
        let (key, intent) = (phone_key(&intent.phone), intent.clone());
        self.change(move |tables| drop(tables.intents.insert(key.clone(), intent.clone()))).await
    }

    async fn drop_intent(&mut self, id: LoginId) -> Result<(), StoreError> {
        self.change(move |tables| tables.intents.retain(|_, intent| intent.id != id)).await
    }

    async fn due_intents(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Intent>, StoreError> {
        pause().await;
        Ok(self.view(|tables| {
            let due = tables.intents.values().filter(|intent| intent.is_due(now));
            let mut due: Vec<_> = due.cloned().collect();
            due.sort_by_key(|intent| (intent.expires, intent.id));
            due.truncate(limit as usize);
            due
        }))
    }

    async fn bury(&mut self, stay: &Stay, now: UtcMillis) -> Result<(), StoreError> {
        let stay = stay.clone();
        self.change(move |tables| {
            tables.buried.insert(stay.clone(), now);
        })
        .await
    }

    async fn keep_visit(
        &mut self,
        login: LoginId,
        configuration: &HomeConfiguration,
    ) -> Result<(), StoreError> {
        let configuration = configuration.clone();
        self.change(move |tables| drop(tables.visits.insert(login, configuration.clone()))).await
    }

    async fn forget_visit(&mut self, login: LoginId) -> Result<(), StoreError> {
        self.change(move |tables| drop(tables.visits.remove(&login))).await
    }

    async fn prolong_visits(
        &mut self,
        logins: &[LoginId],
        before: UtcMillis,
        until: UtcMillis,
        grace_ms: i64,
    ) -> Result<(), StoreError> {
        let logins = logins.to_vec();
        self.change(move |tables| prolong(tables, &logins, before, until, grace_ms)).await
    }

    async fn free_stays(&mut self) -> Result<(), StoreError> {
        let is_stay = |stored: &&mut Stored| {
            stored.ended.is_none() && stored.login.login_type == LoginType::Elsewhere
        };
        self.change(move |tables| {
            tables.logins.iter_mut().filter(is_stay).for_each(|stored| stored.sole = false);
        })
        .await
    }

    async fn open_stays(
        &mut self,
        peer: &str,
        role: StayRole,
        logins: &[LoginId],
    ) -> Result<Vec<Login>, StoreError> {
        pause().await;
        Ok(self.view(|tables| {
            let open = logins.iter().flat_map(|id| tables.open_where(|login| login.id == *id));
            open.filter(|open| is_stay(open, peer, role)).collect()
        }))
    }

    async fn intents_of(
        &mut self,
        peer: &str,
        ids: &[LoginId],
    ) -> Result<Vec<LoginId>, StoreError> {
        pause().await;
        Ok(self.view(|tables| {
            let held = |id: &&LoginId| {
                tables.intents.values().any(|one| one.id == **id && one.user.cluster == peer)
            };
            ids.iter().filter(held).copied().collect()
        }))
    }

    async fn post(&mut self, farewell: &Farewell, now: UtcMillis) -> Result<(), StoreError> {
        let farewell = farewell.clone();
        self.change(move |tables| {
            tables.posted += 1;
            let (number, farewell) = (tables.posted, farewell.clone());
            tables.outbox.push(PostedFarewell { number, posted: now, farewell });
        })
        .await
    }

    async fn take_out(&mut self, number: u64) -> Result<(), StoreError> {
        self.change(move |tables| tables.outbox.retain(|posted| posted.number != number)).await
    }
}

/// Whether an open login is a stay shared with `peer`, in which this cluster has the role `role`.
fn is_stay(open: &Login, peer: &str, role: StayRole) -> bool {
    match role {
        StayRole::Home => open.login_type == LoginType::Elsewhere && open.phone.cluster == peer,
        StayRole::Visiting => open.login_type == LoginType::Visiting && open.user.cluster == peer,
    }
}

fn prolong(
    tables: &mut Tables,
    logins: &[LoginId],
    before: UtcMillis,
    until: UtcMillis,
    grace_ms: i64,
) {
    for Stored { login, ended, .. } in &mut tables.logins {
        let Some(visit) = tables.visits.get(&login.id).filter(|_| logins.contains(&login.id))
        else {
            continue;
        };
        let limit = visit.seconds_left.map_or(i128::MAX, |seconds| {
            i128::from(login.from.0) + i128::from(seconds) * 1_000 + i128::from(grace_ms)
        });
        let most = i64::try_from(limit).map_or(until, |limit| until.min(UtcMillis(limit)));
        if ended.is_none() && login.until.is_some_and(|end| end < before && end < most) {
            login.until = Some(most);
        }
    }
}
