//! The trace: its last records.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{LoginFilter, TraceLevel, TraceLog};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};
use crate::address::address;

/// The most records that are shown.
pub const TRACE_RECORDS: usize = 400;

/// Which records are shown; all of it stands in the URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceQuery {
    /// Of which trace.
    pub log: TraceLog,
    /// Only those of this request.
    pub request: Option<u64>,
    /// Only those of requests that name this phone or user.
    pub find: String,
    /// Only those that are at least so grave.
    pub level: Option<TraceLevel>,
}

impl Default for TraceQuery {
    fn default() -> Self {
        Self { log: TraceLog::Service, request: None, find: String::new(), level: None }
    }
}

impl TraceQuery {
    /// Whether it leaves out records of its trace.
    #[must_use]
    pub fn narrows(&self) -> bool {
        *self != Self { log: self.log, ..Self::default() }
    }

    /// Reads the query from the parameters of a URL; what is not understood falls back.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default();
        Self {
            log: TraceLog::from_name(&text("log")).unwrap_or(TraceLog::Service),
            request: text("request").trim().parse().ok(),
            find: LoginFilter::new(&text("find"), None).find,
            level: TraceLevel::from_name(&text("level")),
        }
    }

    /// The address of the query.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let log = Some(self.log).filter(|log| *log != TraceLog::Service);
        let pairs = [
            ("log", log.map(TraceLog::name).unwrap_or_default().to_owned()),
            ("find", self.find.clone()),
            ("request", self.request.map(|number| number.to_string()).unwrap_or_default()),
            ("level", self.level.map(TraceLevel::name).unwrap_or_default().to_owned()),
        ];
        address(path, &pairs)
    }
}

/// The end of the trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceEnd {
    /// How far the trace had grown, to be handed back and not to be understood.
    pub grown: String,
    /// The last records that are wanted, the latest last.
    pub records: Vec<TraceRecord>,
    /// The time of the first record that was looked at, where older ones were not.
    pub since: Option<String>,
}

/// A record of the trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRecord {
    /// Its time, as it is written; empty where the record is not understood.
    pub time: String,
    /// How grave it is.
    pub level: Option<TraceLevel>,
    /// The logger.
    pub logger: String,
    /// The thread.
    pub thread: String,
    /// The message, or the whole record.
    pub message: String,
}

/// The end of the trace.
///
/// # Errors
/// When nobody is signed in or the server can't read it.
#[server(prefix = "/call", endpoint = "trace", input = Json, output = Json)]
pub async fn read_trace(query: TraceQuery) -> Result<TraceEnd, Refused> {
    Ok(console().trace(query, "").await?.unwrap_or_default())
}

/// Likewise, for a page that reads itself anew, which is no use of a session; `None` when the trace
/// is still as `grown` says.
///
/// # Errors
/// As [`read_trace`].
#[server(prefix = "/call", endpoint = "trace-anew", input = Json, output = Json)]
pub async fn read_trace_anew(
    query: TraceQuery,
    grown: String,
) -> Result<Option<TraceEnd>, Refused> {
    console().trace(query, &grown).await
}
