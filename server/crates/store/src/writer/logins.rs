//! Logging in and out inside a transaction: read the facts, let the engine decide, apply.

use engine::{
    Actor, Admitted, EndedLogin, EventKind, Login, UtcMillis, Version,
    decide::{self, Admission, LoginFacts, OpenLogin, PhoneFacts, UserFacts},
    ports::{LoginAttempt, LogoutAttempt, Outcome, StoreError},
};
use sqlx::{Row, SqliteConnection};
use terms::{EndCause, ErrorCode, LoginFilter, LoginType};

use super::{Answer, Cached};
use crate::{
    configuration, error,
    notes::Notes,
    rows::{self, OpenRow, open_login_json},
};

/// A request that may share a transaction with others.
pub(super) enum Request {
    LogIn(LoginAttempt, Answer<Outcome<Admitted>>),
    LogOut(LogoutAttempt, Answer<Outcome<EndedLogin>>),
}

/// What became of it.
pub(super) enum Done {
    LogIn(Outcome<Admitted>),
    LogOut(Outcome<EndedLogin>),
}

impl Request {
    pub(super) async fn execute(
        &self,
        tx: &mut SqliteConnection,
        notes: &mut Notes,
        parameters: &mut Cached,
    ) -> Result<Done, StoreError> {
        match self {
            Self::LogIn(attempt, _) => {
                log_in(tx, notes, parameters, attempt).await.map(Done::LogIn)
            }
            Self::LogOut(attempt, _) => log_out(tx, notes, attempt).await.map(Done::LogOut),
        }
    }

    /// Tells whoever asked, who may have gone away; what is committed stays.
    pub(super) fn answer(self, done: Done) {
        match (self, done) {
            (Self::LogIn(_, answer), Done::LogIn(outcome)) => {
                let _ = answer.send(Ok(outcome));
            }
            (Self::LogOut(_, answer), Done::LogOut(outcome)) => {
                let _ = answer.send(Ok(outcome));
            }
            (request, _) => request.fail(StoreError::Failed("the answer is another's".into())),
        }
    }

    pub(super) fn fail(self, error: StoreError) {
        match self {
            Self::LogIn(_, answer) => {
                let _ = answer.send(Err(error));
            }
            Self::LogOut(_, answer) => {
                let _ = answer.send(Err(error));
            }
        }
    }
}

/// Everything about a log-in: `?1` is the key of the user, `?2` of the phone, `?3` of the profile.
const LOGIN_FACTS: &str = concat!(
    "SELECT c.version,
            u.id, u.enabled, u.max_login_minutes, u.profiles, d.name AS profile,
            p.name, p.model, p.description, p.extension_mobility, p.address,
            (SELECT json_group_array(",
    open_login_json!(),
    ")
               FROM logins l WHERE l.ended_ms IS NULL AND l.user_key = ?1) AS of_user,
            (SELECT ",
    open_login_json!(),
    "
               FROM logins l WHERE l.ended_ms IS NULL AND l.phone_key = ?2) AS on_phone
       FROM configuration c
       LEFT JOIN users u ON u.key = ?1
       LEFT JOIN phones p ON p.key = ?2
       LEFT JOIN device_profiles d ON d.key = ?3"
);

async fn log_in(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    cached: &mut Cached,
    attempt: &LoginAttempt,
) -> Result<Outcome<Admitted>, StoreError> {
    let LoginAttempt { id, now, request } = attempt;
    // One statement reads everything: on SQLite nobody can write while this transaction does.
    let row = sqlx::query(LOGIN_FACTS)
        .bind(rows::key(&request.user))
        .bind(rows::phone_key(&request.phone))
        .bind(request.profile.as_deref().map(rows::key))
        .fetch_one(&mut *tx)
        .await
        .map_err(error::store)?;

    let version = Version(rows::count(row.try_get(0).map_err(error::store)?)?);
    if request.authenticated_at.is_some_and(|authenticated| authenticated != version) {
        return Ok(Outcome::ConfigurationMoved);
    }
    let parameters = match cached {
        Some((cached, parameters)) if *cached == version => parameters,
        other => {
            let configuration = configuration::read(tx).await?;
            &mut other.insert((configuration.version, configuration.parameters)).1
        }
    };
    let of_user: String = row.try_get("of_user").map_err(error::store)?;
    let on_phone: Option<String> = row.try_get("on_phone").map_err(error::store)?;
    let facts = LoginFacts {
        parameters,
        phone: phone_facts(&row)?,
        user: user_facts(&row)?,
        profile: row.try_get("profile").map_err(error::store)?,
        open_of_user: rows::json::<Vec<OpenRow>>(&of_user)?.into_iter().map(Into::into).collect(),
        open_on_phone: on_phone.as_deref().map(rows::json::<OpenRow>).transpose()?.map(Into::into),
    };
    match decide::login(&facts, request, *now) {
        Ok(admission) => {
            let mut ended = Vec::with_capacity(admission.end_first.len());
            for (open, cause) in &admission.end_first {
                let ending = Ending::of(*cause, &request.actor);
                ended.push(end(tx, notes, open, &ending, *now).await?);
            }
            let login = Login {
                id: *id,
                user: admission.user.clone(),
                phone: admission.phone.clone(),
                model: admission.model.clone(),
                description: admission.description.clone(),
                profile: admission.profile.clone(),
                login_type: LoginType::Em,
                from: *now,
                until: admission.until,
                by: request.actor.clone(),
            };
            insert(tx, notes, &login, &admission).await?;
            let limit_source = admission.limit_source;
            Ok(Outcome::Done(Admitted { login, limit_source, ended }))
        }
        // Those come as fast as somebody can send them: the edge writes some of them down.
        Err(code @ ErrorCode::UntrustedIp) => Ok(Outcome::Refused(code)),
        Err(code) => {
            // Names that are known stand there as they are stored.
            let user = facts.user.map_or_else(|| request.user.clone(), |user| user.id);
            let phone = facts.phone.map_or_else(|| request.phone.clone(), |phone| phone.name);
            let (code_number, by) = (code.number(), request.actor.clone());
            let (times, why) = (1, None);
            let refused = EventKind::Refused { user, phone, code: code_number, by, times, why };
            notes.event(*now, &refused)?;
            Ok(Outcome::Refused(code))
        }
    }
}

async fn insert(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    login: &Login,
    admission: &Admission,
) -> Result<(), StoreError> {
    let user_key = rows::key(&login.user);
    let search = LoginFilter::searched(&login.user, &login.phone, &login.profile);
    sqlx::query(
        "INSERT INTO logins (id, user, user_key, phone, phone_key, model, description, profile, type,
                             from_ms, until_ms, limit_source, sole_user, search, began_by_kind, began_by,
                             began_by_address)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(login.id.0.to_string())
    .bind(&login.user)
    .bind(&user_key)
    .bind(&login.phone)
    .bind(rows::phone_key(&login.phone))
    .bind(&login.model)
    .bind(&login.description)
    .bind(&login.profile)
    .bind(login.login_type.name())
    .bind(login.from.0)
    .bind(login.until.map(|until| until.0))
    .bind(admission.limit_source.name())
    .bind(admission.sole.then_some(&user_key))
    .bind(search)
    .bind(login.by.kind.name())
    .bind(&login.by.name)
    .bind(&login.by.address)
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    notes.event(login.from, &EventKind::LoggedIn(login.clone()))?;
    notes.audit(login.from, &login.by, "log_in", login.phone.clone(), login.user.clone());
    Ok(())
}

async fn log_out(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    attempt: &LogoutAttempt,
) -> Result<Outcome<EndedLogin>, StoreError> {
    let LogoutAttempt { now, request } = attempt;
    let row = sqlx::query(concat!(
        "SELECT c.version, p.name, p.model, p.description, p.extension_mobility, p.address,
                (SELECT ",
        open_login_json!(),
        "
                   FROM logins l WHERE l.ended_ms IS NULL AND l.phone_key = ?1) AS on_phone
           FROM configuration c
           LEFT JOIN phones p ON p.key = ?1"
    ))
    .bind(rows::phone_key(&request.phone))
    .fetch_one(&mut *tx)
    .await
    .map_err(error::store)?;
    let version = Version(rows::count(row.try_get(0).map_err(error::store)?)?);
    if request.authenticated_at.is_some_and(|authenticated| authenticated != version) {
        return Ok(Outcome::ConfigurationMoved);
    }
    let on_phone: Option<String> = row.try_get("on_phone").map_err(error::store)?;
    let open: Option<OpenLogin> =
        on_phone.as_deref().map(rows::json::<OpenRow>).transpose()?.map(Into::into);
    match (decide::logout(phone_facts(&row)?.as_ref(), open.as_ref(), request, *now), open) {
        (Ok(cause), Some(open)) => {
            let ending = Ending::of(cause, &request.actor);
            end(tx, notes, &open, &ending, *now).await.map(Outcome::Done)
        }
        (Ok(_), None) => Ok(Outcome::Refused(ErrorCode::NobodyLoggedIn)),
        (Err(code), _) => Ok(Outcome::Refused(code)),
    }
}

/// How a login ends.
pub(super) struct Ending<'a> {
    pub(super) cause: EndCause,
    pub(super) by: &'a Actor,
    pub(super) reason: &'a str,
}

impl<'a> Ending<'a> {
    /// An end without a given reason.
    pub(super) const fn of(cause: EndCause, by: &'a Actor) -> Self {
        Self { cause, by, reason: "" }
    }
}

/// Ends an open login, once.
pub(super) async fn end(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    open: &OpenLogin,
    ending: &Ending<'_>,
    now: UtcMillis,
) -> Result<EndedLogin, StoreError> {
    let Ending { cause, by, reason } = *ending;
    // What ends because its time is up was ended by nobody, whoever came by to notice.
    let by = if cause == EndCause::Expired { &Actor::SYSTEM } else { by };
    let ended = sqlx::query(
        "UPDATE logins SET ended_ms = ?, cause = ?, ended_by_kind = ?, ended_by = ?,
                ended_by_address = ?, reason = ?
          WHERE id = ? AND ended_ms IS NULL",
    )
    .bind(now.0)
    .bind(cause.name())
    .bind(by.kind.name())
    .bind(&by.name)
    .bind(&by.address)
    .bind(reason)
    .bind(open.id.0.to_string())
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    if ended.rows_affected() != 1 {
        return Err(StoreError::BadRow(format!("login {} ended twice", open.id.0)));
    }
    sqlx::query("UPDATE phones SET last_user = ? WHERE key = ?")
        .bind(&open.user)
        .bind(rows::phone_key(&open.phone))
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let detail = format!("{}, {}{because}", open.user, cause.name());
    notes.audit(now, by, "log_out", open.phone.clone(), detail);
    let ended = open.clone().ended(cause, by.clone(), reason.to_owned(), now);
    notes.event(now, &EventKind::LoggedOut(ended.clone()))?;
    Ok(ended)
}

fn phone_facts(row: &sqlx::sqlite::SqliteRow) -> Result<Option<PhoneFacts>, StoreError> {
    let Some(name) = row.try_get::<Option<String>, _>("name").map_err(error::store)? else {
        return Ok(None);
    };
    Ok(Some(PhoneFacts {
        name,
        model: row.try_get("model").map_err(error::store)?,
        description: row.try_get("description").map_err(error::store)?,
        extension_mobility: row.try_get("extension_mobility").map_err(error::store)?,
        address: row.try_get("address").map_err(error::store)?,
    }))
}

fn user_facts(row: &sqlx::sqlite::SqliteRow) -> Result<Option<UserFacts>, StoreError> {
    let Some(id) = row.try_get::<Option<String>, _>("id").map_err(error::store)? else {
        return Ok(None);
    };
    let profiles: String = row.try_get("profiles").map_err(error::store)?;
    Ok(Some(UserFacts {
        id,
        enabled: row.try_get("enabled").map_err(error::store)?,
        max_login_minutes: row.try_get("max_login_minutes").map_err(error::store)?,
        profiles: rows::json(&profiles)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, SqliteStore};

    /// A login reads as many rows as it needs, however many there are.
    #[tokio::test]
    async fn the_facts_of_a_login_are_found_by_key() {
        let folder = tempfile::tempdir().unwrap();
        let store =
            SqliteStore::open(&folder.path().join("s.db"), Limits::default()).await.unwrap();
        let plan: Vec<String> =
            sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {LOGIN_FACTS}")))
                .fetch_all(&store.readers)
                .await
                .unwrap()
                .iter()
                .map(|row| row.get("detail"))
                .collect();
        // `c` is the one row of the configuration.
        let scans = plan.iter().filter(|step| step.starts_with("SCAN")).collect::<Vec<_>>();
        assert_eq!(scans, ["SCAN c"], "{plan:#?}");
        for step in [
            "SEARCH u USING PRIMARY KEY (key=?) LEFT-JOIN",
            "SEARCH p USING PRIMARY KEY (key=?) LEFT-JOIN",
            "SEARCH d USING PRIMARY KEY (key=?) LEFT-JOIN",
            "SEARCH l USING INDEX login_open_user (user_key=?)",
            "SEARCH l USING INDEX login_open_phone (phone_key=?)",
        ] {
            assert!(plan.iter().any(|found| found == step), "{step}: {plan:#?}");
        }
    }
}
