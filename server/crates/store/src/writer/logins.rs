//! Logging in and out inside a transaction: read the facts, let the engine decide, apply.

use engine::{
    Actor, EndedLogin, EventKind, Login, UtcMillis, Version,
    decide::{self, Admission, LoginFacts, OpenLogin, PhoneFacts, UserFacts},
    ports::{LoginAttempt, LogoutAttempt, Outcome, StoreError},
};
use sqlx::{Row, SqliteConnection};
use terms::{EndCause, ErrorCode};

use super::{Answer, Cached};
use crate::{
    configuration, error,
    notes::Notes,
    rows::{self, OpenRow, open_login_json},
};

/// A request that may share a transaction with others.
pub(super) enum Request {
    LogIn(LoginAttempt, Answer<Outcome<Login>>),
    LogOut(LogoutAttempt, Answer<Outcome<EndedLogin>>),
}

/// What became of it.
pub(super) enum Done {
    LogIn(Outcome<Login>),
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

async fn log_in(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    cached: &mut Cached,
    attempt: &LoginAttempt,
) -> Result<Outcome<Login>, StoreError> {
    let LoginAttempt { id, now, request } = attempt;
    // One statement reads everything: on SQLite nobody can write while this transaction does.
    let row = sqlx::query(concat!(
        "SELECT c.version,
                u.id, u.enabled, u.max_login_minutes, u.profiles,
                p.name, p.model, p.extension_mobility,
                (SELECT json_group_array(",
        open_login_json!(),
        ")
                   FROM logins l WHERE l.ended_ms IS NULL AND l.user_key = ?1) AS of_user,
                (SELECT ",
        open_login_json!(),
        "
                   FROM logins l WHERE l.ended_ms IS NULL AND l.phone = ?2) AS on_phone
           FROM configuration c
           LEFT JOIN users u ON u.key = ?1
           LEFT JOIN phones p ON p.name = ?2"
    ))
    .bind(rows::key(&request.user))
    .bind(&request.phone)
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
        open_of_user: rows::json::<Vec<OpenRow>>(&of_user)?.into_iter().map(Into::into).collect(),
        open_on_phone: on_phone.as_deref().map(rows::json::<OpenRow>).transpose()?.map(Into::into),
    };
    match decide::login(&facts, request, *now) {
        Ok(admission) => {
            for (open, cause) in &admission.end_first {
                end(tx, notes, open, *cause, &request.actor, *now).await?;
            }
            let login = Login {
                id: *id,
                user: admission.user.clone(),
                phone: admission.phone.clone(),
                model: admission.model.clone(),
                profile: admission.profile.clone(),
                from: *now,
                until: admission.until,
            };
            insert(tx, notes, &login, &admission, &request.actor).await?;
            Ok(Outcome::Done(login))
        }
        Err(code) => {
            let (user, phone) = (request.user.clone(), request.phone.clone());
            notes.event(*now, &EventKind::Refused { user, phone, code: code.number() })?;
            Ok(Outcome::Refused(code))
        }
    }
}

async fn insert(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    login: &Login,
    admission: &Admission,
    actor: &Actor,
) -> Result<(), StoreError> {
    let user_key = rows::key(&login.user);
    let search = rows::key(&format!("{}\n{}\n{}", login.user, login.phone, login.profile));
    sqlx::query(
        "INSERT INTO logins (id, user, user_key, phone, model, profile, from_ms, until_ms,
                             sole_user, search, began_by_kind, began_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(login.id.0.to_string())
    .bind(&login.user)
    .bind(&user_key)
    .bind(&login.phone)
    .bind(&login.model)
    .bind(&login.profile)
    .bind(login.from.0)
    .bind(login.until.map(|until| until.0))
    .bind(admission.sole.then_some(&user_key))
    .bind(search)
    .bind(actor.kind())
    .bind(actor.name())
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    notes.event(login.from, &EventKind::LoggedIn(login.clone()))?;
    notes.audit(login.from, actor, "log_in", login.phone.clone(), login.user.clone());
    Ok(())
}

async fn log_out(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    attempt: &LogoutAttempt,
) -> Result<Outcome<EndedLogin>, StoreError> {
    let LogoutAttempt { now, request } = attempt;
    let row = sqlx::query(concat!(
        "SELECT c.version, p.name, p.model, p.extension_mobility,
                (SELECT ",
        open_login_json!(),
        "
                   FROM logins l WHERE l.ended_ms IS NULL AND l.phone = ?1) AS on_phone
           FROM configuration c
           LEFT JOIN phones p ON p.name = ?1"
    ))
    .bind(&request.phone)
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
    match (decide::logout(phone_facts(&row)?.as_ref(), open.as_ref(), *now), open) {
        (Ok(cause), Some(open)) => {
            end(tx, notes, &open, cause, &request.actor, *now).await?;
            let OpenLogin { id, user, phone, .. } = open;
            Ok(Outcome::Done(EndedLogin { id, user, phone, cause }))
        }
        (Ok(_), None) => Ok(Outcome::Refused(ErrorCode::NobodyLoggedIn)),
        (Err(code), _) => Ok(Outcome::Refused(code)),
    }
}

/// Ends an open login, once.
pub(super) async fn end(
    tx: &mut SqliteConnection,
    notes: &mut Notes,
    open: &OpenLogin,
    cause: EndCause,
    actor: &Actor,
    now: UtcMillis,
) -> Result<(), StoreError> {
    // What ends because its time is up was ended by nobody, whoever came by to notice.
    let actor = if cause == EndCause::Expired { &Actor::System } else { actor };
    let ended = sqlx::query(
        "UPDATE logins SET ended_ms = ?, cause = ?, ended_by_kind = ?, ended_by = ?
          WHERE id = ? AND ended_ms IS NULL",
    )
    .bind(now.0)
    .bind(cause.name())
    .bind(actor.kind())
    .bind(actor.name())
    .bind(open.id.0.to_string())
    .execute(&mut *tx)
    .await
    .map_err(error::store)?;
    if ended.rows_affected() != 1 {
        return Err(StoreError::BadRow(format!("login {} ended twice", open.id.0)));
    }
    sqlx::query("UPDATE phones SET last_user = ? WHERE name = ?")
        .bind(&open.user)
        .bind(&open.phone)
        .execute(&mut *tx)
        .await
        .map_err(error::store)?;
    let (id, user, phone) = (open.id, open.user.clone(), open.phone.clone());
    let profile = open.profile.clone();
    notes.audit(now, actor, "log_out", phone.clone(), format!("{user}, {cause}"));
    notes.event(now, &EventKind::LoggedOut { id, user, phone, profile, cause })
}

fn phone_facts(row: &sqlx::sqlite::SqliteRow) -> Result<Option<PhoneFacts>, StoreError> {
    let Some(name) = row.try_get::<Option<String>, _>("name").map_err(error::store)? else {
        return Ok(None);
    };
    Ok(Some(PhoneFacts {
        name,
        model: row.try_get("model").map_err(error::store)?,
        extension_mobility: row.try_get("extension_mobility").map_err(error::store)?,
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
