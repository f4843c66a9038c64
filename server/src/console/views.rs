//! Conversions between the engine's types and the console's.

use app::api::{
    By, Change, EndedRow, Happened, ImpactView, JobView, Labelled, LastChange, LoginRow,
    NotUnderstoodView, OpenCounts, SortBy,
};
use engine::{
    Actor, EndedLogin, Event, EventKind, Impact, Job, JobState, Line, Login, LoginOrder,
    SeveralLogins, SpeedDial, UtcMillis,
};
use terms::{ErrorCode, Named, NotUnderstood};

/// An actor.
pub(super) fn by(actor: &Actor) -> By {
    let Actor { kind, name, address } = actor.clone();
    By { kind, name, address }
}

/// Why a request was not understood.
pub(super) fn not_understood(why: &NotUnderstood) -> NotUnderstoodView {
    let (reason, element, parent) = why.parts();
    NotUnderstoodView { reason: reason.into(), element: element.into(), parent: parent.into() }
}

/// The author and time of a change, with its note.
pub(super) fn last_change(actor: &Actor, at: UtcMillis, note: String) -> LastChange {
    LastChange { by: by(actor), at_ms: at.0, note }
}

/// A login as a row.
pub(super) fn login_row(login: &Login) -> LoginRow {
    LoginRow {
        id: login.id.0.to_string(),
        user: login.user.to_string(),
        phone: login.phone.to_string(),
        model: login.model.clone(),
        description: login.description.clone(),
        profile: login.profile.clone(),
        login_type: login.login_type,
        from_ms: login.from.0,
        until_ms: login.until.map(|until| until.0),
        by: by(&login.by),
    }
}

/// An ended login as a row.
pub(super) fn ended_row(login: &EndedLogin) -> EndedRow {
    EndedRow {
        id: login.id.0.to_string(),
        user: login.user.to_string(),
        phone: login.phone.to_string(),
        model: login.model.clone(),
        description: login.description.clone(),
        profile: login.profile.clone(),
        login_type: login.login_type,
        from_ms: login.from.0,
        ended_ms: login.ended.0,
        cause: login.cause,
        by: by(&login.by),
        reason: login.reason.clone(),
    }
}

/// An event as a tab receives it.
pub(crate) fn happened(event: &Event) -> Happened {
    let change = match &event.kind {
        EventKind::LoggedIn(login) => Change::Began(login_row(login)),
        EventKind::LoggedOut(ended) => Change::Ended {
            login: LoginRow {
                id: ended.id.0.to_string(),
                user: ended.user.to_string(),
                phone: ended.phone.to_string(),
                model: ended.model.clone(),
                description: ended.description.clone(),
                profile: ended.profile.clone(),
                login_type: ended.login_type,
                from_ms: ended.from.0,
                until_ms: ended.until.map(|until| until.0),
                by: by(&ended.began_by),
            },
            cause: ended.cause,
            by: by(&ended.by),
            reason: ended.reason.clone(),
        },
        EventKind::Refused { user, phone, code, by: asker, times, .. } => Change::Refused {
            error: ErrorCode::from_number(*code).map_or("", ErrorCode::quick).to_owned(),
            user: user.clone(),
            phone: phone.clone(),
            code: *code,
            by: by(asker),
            times: *times,
        },
        EventKind::Alarm { alarm, phone, user, cluster, reason } => {
            let code = ErrorCode::from_number(*reason);
            let code = code.map(|code| format!("({}) {}", code.number(), code.quick()));
            let parts = [user.clone(), phone.clone(), cluster.clone(), code.unwrap_or_default()];
            let parts = parts.into_iter().filter(|part| !part.is_empty());
            Change::Alarm(alarm.name().to_owned(), parts.collect::<Vec<_>>().join(" · "))
        }
        // Any value may have changed: the page is read anew.
        EventKind::ConfigurationChanged { .. } | EventKind::Unknown => Change::Configured,
    };
    Happened { number: event.number, at_ms: event.at.0, change }
}

/// The order of the page as the store's.
pub(super) fn order(sort: SortBy) -> LoginOrder {
    match sort {
        SortBy::Newest => LoginOrder::Newest,
        SortBy::Oldest => LoginOrder::Oldest,
        SortBy::User => LoginOrder::User,
        SortBy::UserDown => LoginOrder::UserDown,
        SortBy::Phone => LoginOrder::Phone,
        SortBy::PhoneDown => LoginOrder::PhoneDown,
        SortBy::Until => LoginOrder::Until,
        SortBy::UntilDown => LoginOrder::UntilDown,
    }
}

/// The counts of open logins.
pub(super) fn open_counts(open: engine::OpenCounts) -> OpenCounts {
    let engine::OpenCounts { em, visiting, elsewhere, other } = open;
    OpenCounts { em, visiting, elsewhere, other }
}

/// A job.
pub(super) fn job_view(job: &Job) -> JobView {
    JobView {
        id: job.id.0.to_string(),
        total: job.total,
        ended: job.ended,
        running: job.state == JobState::Running,
        cancelled: job.state == JobState::Cancelled,
        cause: job.cause,
        reason: job.reason.clone(),
        by: by(&job.by),
        made_ms: job.made.0,
    }
}

/// The consequences of a save.
pub(super) fn impact_view(impact: Impact) -> ImpactView {
    let Impact { several: SeveralLogins { users, extra, named }, past, past_logins } = impact;
    let several = named.into_iter().map(|(user, logins)| (user.to_string(), logins)).collect();
    ImpactView { several, several_users: users, extra_logins: extra, past, past_logins }
}

/// Lines as number and label.
pub(super) fn lines(lines: &[Line]) -> Vec<Labelled> {
    lines
        .iter()
        .map(|line| Labelled { number: line.dn.clone(), label: line.label.clone() })
        .collect()
}

/// Speed dials as number and label.
pub(super) fn speed_dials(dials: &[SpeedDial]) -> Vec<Labelled> {
    dials
        .iter()
        .map(|dial| Labelled { number: dial.number.clone(), label: dial.label.clone() })
        .collect()
}
