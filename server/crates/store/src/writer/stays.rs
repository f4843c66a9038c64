//! The steps about stays.

use async_trait::async_trait;
use engine::{
    Farewell, HomeConfiguration, Intent, Login, LoginId, StayRole, UserId, UtcMillis,
    ports::StoreError,
    transaction::{Stay, StaySteps},
};

use super::{stay_changes::StayChange, steps::Steps};
use crate::{
    error,
    rows::{self, OpenRow, open_login_json},
};

#[async_trait]
impl StaySteps for Steps<'_> {
    async fn hold(&mut self, intent: &Intent) -> Result<(), StoreError> {
        self.changes.stay(StayChange::Hold(intent.clone()));
        Ok(())
    }

    async fn drop_intent(&mut self, id: LoginId) -> Result<(), StoreError> {
        self.changes.stay(StayChange::DropIntent(id));
        Ok(())
    }

    async fn due_intents(&mut self, now: UtcMillis, limit: u32) -> Result<Vec<Intent>, StoreError> {
        let due: Vec<(String, String, String, String, i64)> = sqlx::query_as(
            "SELECT id, phone, user_cluster, user, expires_ms FROM intents
              WHERE expires_ms <= ? ORDER BY expires_ms, id LIMIT ?",
        )
        .bind(now.0)
        .bind(limit)
        .fetch_all(self.alone().await?)
        .await
        .map_err(error::store)?;
        let intent = |(id, phone, cluster, user, expires): (String, _, _, _, _)| {
            let (id, user) = (rows::login_id(&id)?, UserId { cluster, id: user });
            Ok(Intent { id, phone, user, expires: UtcMillis(expires) })
        };
        due.into_iter().map(intent).collect()
    }

    async fn bury(&mut self, stay: &Stay, now: UtcMillis) -> Result<(), StoreError> {
        self.changes.stay(StayChange::Bury(stay.clone(), now));
        Ok(())
    }

    async fn keep_visit(
        &mut self,
        login: LoginId,
        configuration: &HomeConfiguration,
    ) -> Result<(), StoreError> {
        let configuration = serde_json::to_string(configuration).map_err(error::bad_row)?;
        self.changes.stay(StayChange::KeepVisit(login, configuration));
        Ok(())
    }

    async fn forget_visit(&mut self, login: LoginId) -> Result<(), StoreError> {
        self.changes.stay(StayChange::ForgetVisit(login));
        Ok(())
    }

    async fn prolong_visits(
        &mut self,
        logins: &[LoginId],
        before: UtcMillis,
        until: UtcMillis,
        grace_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "WITH limits AS
                 (SELECT l.id, coalesce(l.from_ms + (v.configuration ->> 'seconds_left') * 1000 + ?4,
                                        ?3) AS most
                    FROM json_each(?1) j JOIN visits v ON v.login = j.value
                    JOIN logins l ON l.id = v.login
                   WHERE l.ended_ms IS NULL AND l.until_ms < ?2)
             UPDATE logins SET until_ms = min(most, ?3) FROM limits
              WHERE logins.id = limits.id AND until_ms < most",
        )
        .bind(serde_json::to_string(logins).map_err(error::bad_row)?)
        .bind(before.0)
        .bind(until.0)
        .bind(grace_ms)
        .execute(self.alone().await?)
        .await
        .map(drop)
        .map_err(error::store)
    }

    async fn free_stays(&mut self) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE logins SET sole_user = NULL
              WHERE ended_ms IS NULL AND type = 'elsewhere' AND sole_user IS NOT NULL",
        )
        .execute(self.alone().await?)
        .await
        .map(drop)
        .map_err(error::store)
    }

    async fn open_stays(
        &mut self,
        peer: &str,
        role: StayRole,
        logins: &[LoginId],
    ) -> Result<Vec<Login>, StoreError> {
        let sql = match role {
            StayRole::Home => concat!(
                "SELECT ",
                open_login_json!(),
                " FROM json_each(?2) ids JOIN logins l ON l.id = ids.value AND l.ended_ms IS NULL
                  WHERE l.type = 'elsewhere' AND l.phone_cluster = ?1 ORDER BY ids.key"
            ),
            StayRole::Visiting => concat!(
                "SELECT ",
                open_login_json!(),
                " FROM json_each(?2) ids JOIN logins l ON l.id = ids.value AND l.ended_ms IS NULL
                  WHERE l.type = 'visiting' AND l.user_cluster = ?1 ORDER BY ids.key"
            ),
        };
        let open: Vec<String> = sqlx::query_scalar(sql)
            .bind(peer)
            .bind(serde_json::to_string(logins).map_err(error::bad_row)?)
            .fetch_all(self.alone().await?)
            .await
            .map_err(error::store)?;
        open.iter().map(|row| rows::json::<OpenRow>(row)?.try_into()).collect()
    }

    async fn intents_of(
        &mut self,
        peer: &str,
        ids: &[LoginId],
    ) -> Result<Vec<LoginId>, StoreError> {
        let held: Vec<String> = sqlx::query_scalar(
            "SELECT ids.value FROM json_each(?2) ids
              WHERE EXISTS (SELECT 1 FROM intents i WHERE i.id = ids.value AND i.user_cluster = ?1)
              ORDER BY ids.key",
        )
        .bind(peer)
        .bind(serde_json::to_string(ids).map_err(error::bad_row)?)
        .fetch_all(self.alone().await?)
        .await
        .map_err(error::store)?;
        held.iter().map(|id| rows::login_id(id)).collect()
    }

    async fn post(&mut self, farewell: &Farewell, now: UtcMillis) -> Result<(), StoreError> {
        self.changes.stay(StayChange::Post(farewell.clone(), now));
        Ok(())
    }

    async fn take_out(&mut self, number: u64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM farewells WHERE number = ?")
            .bind(i64::try_from(number).map_err(error::bad_row)?)
            .execute(self.alone().await?)
            .await
            .map(drop)
            .map_err(error::store)
    }
}
