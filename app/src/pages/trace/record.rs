//! A record of the trace.

use leptos::prelude::*;
use terms::Named;

use crate::api::TraceRecord;

/// A record: its time, level and logger, and below these the message as written.
#[component]
pub(super) fn Record(record: TraceRecord) -> impl IntoView {
    let TraceRecord { time, level, logger, thread, message } = record;
    let level = level.map_or("", terms::TraceLevel::name);
    // Most records have the same day, so the time of day tells the records apart.
    let clock = time.get(11..).unwrap_or_default().to_owned();
    view! {
        <li class=level.to_ascii_lowercase()>
            <span class="when" title=time>
                {clock}
            </span>
            <span class="level">{level}</span>
            <span class="logger" title=thread>
                {logger}
            </span>
            <code>{message}</code>
        </li>
    }
}
