//! Ended logins, the audit, refusals, and the page of one phone.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{ActorKind, EndCause, LoginFilter, LoginType, Named};

#[cfg(feature = "ssr")]
use super::console;
use super::{By, Json, LoginRow, NotUnderstoodView, Refused};
use crate::{
    address::address,
    day::{DAY_MS, date, day_start_ms},
};

/// Rows on a page of history, audit or refusals.
pub const ARCHIVE_ROWS: u32 = 50;

/// The rows that a page of history, audit or refusals shows; the URL holds the whole query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveQuery {
    /// Part of a name; every name of the row is searched.
    pub find: String,
    /// The start: UTC, milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// The zone of the day that starts at `since_ms`, in minutes east of UTC; `None` for a day in UTC.
    pub since_zone: Option<i32>,
    /// The end, exclusive: UTC, milliseconds since 1970.
    pub before_ms: Option<i64>,
    /// The zone of the day that ends at `before_ms`, in minutes east of UTC; `None` for a day in UTC.
    pub before_zone: Option<i32>,
    /// The only cause to show (history).
    pub cause: Option<EndCause>,
    /// The only kind of actor to show (audit).
    pub by: Option<ActorKind>,
    /// The only error number to show (refusals).
    pub code: Option<u16>,
    /// Only the last hours (refusals).
    pub hours: Option<u32>,
    /// The page, from 0.
    pub page: u32,
}

/// The longest time for [`ArchiveQuery::hours`].
const MAX_HOURS: u32 = 24 * 366;
const MINUTE_MS: i64 = 60_000;
/// The greatest offset from UTC, in minutes: no zone has a greater offset.
const MAX_ZONE: i32 = 15 * 60;

impl ArchiveQuery {
    /// Reads the query from the parameters of a URL; a value that can't be read falls back to the default.
    /// A day comes with its zone, which only the browser knows; without JavaScript the day is one in UTC.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default();
        let zone = |name: &str| text(name).parse().ok().filter(|zone: &i32| zone.abs() <= MAX_ZONE);
        let since_zone = zone("since_zone");
        let since_ms = day_start_ms(&text("since")).map(|day| day - zone_ms(since_zone));
        let before_zone = zone("before_zone");
        let before_ms =
            day_start_ms(&text("before")).map(|day| day + DAY_MS - zone_ms(before_zone));
        Self {
            find: LoginFilter::new(&text("find"), None).find,
            since_ms,
            since_zone: since_ms.and(since_zone),
            before_ms,
            before_zone: before_ms.and(before_zone),
            cause: EndCause::from_name(&text("cause")),
            by: ActorKind::from_name(&text("by")),
            code: text("code").parse().ok(),
            hours: text("hours").parse().ok().filter(|hours| (1..=MAX_HOURS).contains(hours)),
            page: text("page").parse().unwrap_or(1_u32).saturating_sub(1),
        }
    }

    /// The address of the query.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let number = |number: Option<i32>| number.map(|one| one.to_string()).unwrap_or_default();
        let pairs = [
            ("find", self.find.clone()),
            ("since", self.first_day()),
            ("since_zone", number(self.since_zone)),
            ("before", self.last_day()),
            ("before_zone", number(self.before_zone)),
            ("cause", self.cause.map(EndCause::name).unwrap_or_default().to_owned()),
            ("by", self.by.map(ActorKind::name).unwrap_or_default().to_owned()),
            ("code", self.code.map(|code| code.to_string()).unwrap_or_default()),
            ("hours", self.hours.map(|hours| hours.to_string()).unwrap_or_default()),
            ("page", if self.page > 0 { (self.page + 1).to_string() } else { String::new() }),
        ];
        address(path, &pairs)
    }

    /// The first day of the query; empty for none.
    #[must_use]
    pub fn first_day(&self) -> String {
        self.since_ms.map(|since| date(since + zone_ms(self.since_zone))).unwrap_or_default()
    }

    /// The last day of the query; empty for none.
    #[must_use]
    pub fn last_day(&self) -> String {
        let day = |before: i64| date(before - DAY_MS + zone_ms(self.before_zone));
        self.before_ms.map(day).unwrap_or_default()
    }
}

fn zone_ms(zone: Option<i32>) -> i64 {
    i64::from(zone.unwrap_or(0)) * MINUTE_MS
}

/// An ended login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedRow {
    /// The login's identity.
    pub id: String,
    /// The user.
    pub user: String,
    /// The phone.
    pub phone: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// The device profile.
    pub profile: String,
    /// How user and phone belonged to this cluster.
    pub login_type: LoginType,
    /// The start of the login: UTC, milliseconds since 1970.
    pub from_ms: i64,
    /// The end of the login: UTC, milliseconds since 1970.
    pub ended_ms: i64,
    /// Why the login ended.
    pub cause: EndCause,
    /// Who ended the login.
    pub by: By,
    /// The reason that the administrator gave.
    pub reason: String,
}

/// A page of ended logins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The rows, the latest end first.
    pub rows: Vec<EndedRow>,
    /// The number of logins that match.
    pub matching: u64,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// The time: UTC, milliseconds since 1970.
    pub at_ms: i64,
    /// The actor, with the address.
    pub by: By,
    /// The action.
    pub action: String,
    /// The object of the action.
    pub subject: String,
    /// The details of the action.
    pub detail: String,
}

/// A page of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// The lines, the latest first.
    pub rows: Vec<AuditLine>,
    /// The number of lines that match.
    pub matching: u64,
}

/// Refused requests that are alike: those of a minute with the same error, user, phone and sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalLine {
    /// The time of the last: UTC, milliseconds since 1970.
    pub last_ms: i64,
    /// How many there were.
    pub times: u64,
    /// The number of the error.
    pub code: u16,
    /// The user id of the request; empty if the request has none.
    pub user: String,
    /// The phone of the request; empty if the request has none.
    pub phone: String,
    /// The sender, as authenticated or claimed.
    pub by: By,
    /// Why the last of them was not understood (error 1).
    pub why: Option<NotUnderstoodView>,
    /// The user who held the phone (error 18), or the phone at which the user was logged in (error 25).
    pub held_by: Option<String>,
}

/// A page of refusals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// The lines, the latest first.
    pub rows: Vec<RefusalLine>,
    /// The number of lines that match.
    pub matching: u64,
}

/// A line or speed dial: a number and what the phone shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// The number.
    pub number: String,
    /// The label.
    pub label: String,
}

/// Why a phone shows its present lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyShown {
    /// Nobody is logged in.
    Own,
    /// A login gave the phone its device profile.
    Profile,
    /// The login's device profile no longer exists.
    ProfileMissing,
}

/// How a phone is notified of log-ins and log-outs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// Phones are not notified: the site has neither a user for pushes nor a call server that can be asked.
    NotSetUp,
    /// The phone is not notified: its address is unknown.
    NoAddress,
    /// The phone is notified.
    Yes,
    /// The last notification of the phone failed.
    Failed {
        /// Why the notification failed.
        why: NotTold,
        /// When the notification failed: UTC, milliseconds since 1970.
        at_ms: i64,
    },
}

/// Why the notification of a phone failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotTold {
    /// The phone did not answer.
    NoAnswer,
    /// The phone answered with an error.
    Error,
    /// The phone did not accept the credentials.
    NotAuthorized,
    /// The call server, which makes the phone read its configuration anew, could not be asked.
    CallServer,
    /// The phone did not read its configuration anew.
    NotRead,
}

/// The device profile that the home cluster provides during a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitView {
    /// The home cluster.
    pub cluster: String,
    /// Host and port of the home cluster's call server; empty where the home cluster has none.
    pub call_server: String,
}

/// A phone with everything about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhonePage {
    /// The phone's name.
    pub name: String,
    /// The phone's model.
    pub model: String,
    /// The phone's description.
    pub description: String,
    /// Whether Extension Mobility is enabled on the phone.
    pub extension_mobility: bool,
    /// The phone's network address, from which requests may come while addresses are validated.
    pub address: Option<String>,
    /// The user who last logged out at the phone.
    pub last_user: Option<String>,
    /// The phone's own lines.
    pub lines: Vec<Labelled>,
    /// The phone's own speed dials.
    pub speed_dials: Vec<Labelled>,
    /// The lines that the phone shows now.
    pub lines_now: Vec<Labelled>,
    /// The speed dials that the phone shows now.
    pub speed_dials_now: Vec<Labelled>,
    /// The numbers of the profile for which the phone has no button.
    pub left_out: Vec<String>,
    /// How the phone is notified of log-ins and log-outs.
    pub told: Told,
    /// The time of the day at which the phone's user is logged out, `HH:MM`.
    pub log_out_at: Option<String>,
    /// The zone of that time (IANA name); empty for the zone of the server.
    pub log_out_zone: String,
    /// The minutes without use after which the phone's user is logged out; 0 is never.
    pub idle_minutes: u32,
    /// Why the phone shows its present lines.
    pub why: WhyShown,
    /// The other cluster's part, during a visit.
    pub visit: Option<VisitView>,
    /// The login at the phone.
    pub login: Option<LoginRow>,
    /// Whether the viewer may end the login.
    pub may_end: bool,
    /// Logins that ended at the phone, the latest end first.
    pub recent: Vec<EndedRow>,
    /// The server's time: UTC, milliseconds since 1970.
    pub now_ms: i64,
    /// The number of the last event that the page includes.
    pub as_of: u64,
}

/// A page of ended logins.
///
/// # Errors
/// When nobody is signed in or the server can't read the logins.
#[server(prefix = "/call", endpoint = "login-history", input = Json, output = Json)]
pub async fn read_history(query: ArchiveQuery) -> Result<History, Refused> {
    console().history(query).await
}

/// A page of the audit.
///
/// # Errors
/// As [`read_history`].
#[server(prefix = "/call", endpoint = "audit", input = Json, output = Json)]
pub async fn read_audit(query: ArchiveQuery) -> Result<Audit, Refused> {
    console().audit(query).await
}

/// A page of refusals.
///
/// # Errors
/// As [`read_history`].
#[server(prefix = "/call", endpoint = "refusals", input = Json, output = Json)]
pub async fn read_refusals(query: ArchiveQuery) -> Result<Refusals, Refused> {
    console().refusals(query).await
}

/// A phone; `None` when no phone has the name.
///
/// # Errors
/// As [`read_history`].
#[server(prefix = "/call", endpoint = "phone", output = Json)]
pub async fn read_phone(name: String) -> Result<Option<PhonePage>, Refused> {
    console().phone(name).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Query;

    fn read(url: &str) -> ArchiveQuery {
        let query = Query::read(url.split_once('?').unwrap().1);
        ArchiveQuery::read(|name| query.get(name))
    }

    #[test]
    fn a_query_comes_back_from_its_url() {
        let query = ArchiveQuery {
            find: "a 50%25".into(),
            since_ms: day_start_ms("2026-11-01"),
            before_ms: Some(1_795_446_000_000),
            before_zone: Some(540),
            cause: Some(EndCause::Forced),
            code: Some(18),
            hours: Some(24),
            page: 1,
            ..ArchiveQuery::default()
        };
        let url = query.url("/x");
        assert!(url.starts_with("/x?find=a%2050%2525&since=2026"), "{url}");
        assert_eq!(read(&url), query);
    }

    #[test]
    fn a_day_is_one_of_its_zone_or_of_utc() {
        let (utc, seoul) = (read("?since=2026-11-23"), read("?since=2026-11-23&since_zone=540"));
        assert_eq!(utc.since_ms.unwrap() - seoul.since_ms.unwrap(), 9 * 60 * MINUTE_MS);
        let day = read("?since=2026-03-29&since_zone=60&before=2026-03-29&before_zone=120");
        let hours = (day.before_ms.unwrap() - day.since_ms.unwrap()) / (60 * MINUTE_MS);
        assert_eq!(hours, 23, "the day on which summer begins in Berlin");
        assert_eq!((day.first_day(), day.last_day()), ("2026-03-29".into(), "2026-03-29".into()));
        assert_eq!(read("?since_zone=540"), ArchiveQuery::default());
        assert_eq!(read("?since=2026-11-23&since_zone=9999"), utc);
    }
}
