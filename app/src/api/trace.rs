//! The last records of the trace.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use terms::{LoginFilter, Named, TraceLevel, TraceLog};

#[cfg(feature = "ssr")]
use super::console;
use super::{Json, Refused};
use crate::address::address;

/// The most records that the page shows.
pub const TRACE_RECORDS: usize = 400;

/// The records to show; the URL holds the whole query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceQuery {
    /// The trace.
    pub log: TraceLog,
    /// The only request to show.
    pub request: Option<u64>,
    /// A phone or user; only records of requests that name this phone or user are shown.
    pub find: String,
    /// The lowest level to show.
    pub level: Option<TraceLevel>,
}

impl Default for TraceQuery {
    fn default() -> Self {
        Self { log: TraceLog::Service, request: None, find: String::new(), level: None }
    }
}

impl TraceQuery {
    /// Whether the query leaves out records of its trace.
    #[must_use]
    pub fn narrows(&self) -> bool {
        *self != Self { log: self.log, ..Self::default() }
    }

    /// Reads the query from the parameters of a URL; a value that can't be read falls back to the default.
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

/// The last records of the trace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceEnd {
    /// The size of the trace, as an opaque value to send back.
    pub grown: String,
    /// The last records that match the query, the latest last.
    pub records: Vec<TraceRecord>,
    /// The time of the first record that was searched, where older records were not searched.
    pub since: Option<String>,
}

/// A record of the trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRecord {
    /// The record's time, as written; empty where the record is not understood.
    pub time: String,
    /// The record's level.
    pub level: Option<TraceLevel>,
    /// The logger.
    pub logger: String,
    /// The thread.
    pub thread: String,
    /// The message, or the whole record.
    pub message: String,
}

/// The last records of the trace.
///
/// # Errors
/// When nobody is signed in or the server can't read the trace.
#[server(prefix = "/call", endpoint = "trace", input = Json, output = Json)]
pub async fn read_trace(query: TraceQuery) -> Result<TraceEnd, Refused> {
    Ok(console().trace(query, "").await?.unwrap_or_default())
}

/// Reads what [`read_trace`] reads, for a page that reads itself anew; `None` if the trace has not grown.
/// The trace has not grown if its size is still `grown`. The call does not count as use of the session.
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
