//! The trace in the console: its last records, and the whole trace as a file.

mod end;

use std::{collections::VecDeque, io, path, time::UNIX_EPOCH};

use app::api::{Refused, TRACE_RECORDS, TraceEnd, TraceQuery, TraceRecord};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt, stream};
use terms::{Named, TraceLog};
use tokio::fs::File;
use tokio_util::io::ReaderStream;
use tower_sessions::Session;
use wire::trace::{Record, RecordFilter, Search};

use super::{
    Web,
    reader::Reader,
    request::{ConsoleRequest, refused, status},
};
use crate::{admin::Caller, cluster::aside, edge::sampled_error};
use end::{End, end};

/// The bytes at the end of the trace that are searched without a filter.
const ALL_BYTES: u64 = 1024 * 1024;
/// The bytes at the end of the trace that are searched for a text, a request or a level.
const SOME_BYTES: u64 = 16 * 1024 * 1024;
/// The bytes of a download that are read at a time.
const PART_BYTES: usize = 256 * 1024;
/// The most rotated files that a search or a download reads.
const MAX_FILES: usize = 1000;

impl ConsoleRequest {
    pub(super) async fn trace(
        &self,
        query: TraceQuery,
        seen: &str,
    ) -> Result<Option<TraceEnd>, Refused> {
        let caller = self.caller().await?;
        let file = self.admin.trace_file(&caller, query.log).map_err(refused)?;
        let grown = grown(&file).await.map_err(|error| unreadable(&error))?;
        if grown == seen {
            return Ok(None);
        }
        let bytes = if query.narrows() { SOME_BYTES } else { ALL_BYTES };
        let TraceQuery { request, find, level, .. } = query;
        let wanted = RecordFilter { request, find, level };
        let place = self.admin.viewers().searches.wait(caller.name()).await;
        let place = place.ok_or(Refused::Unavailable)?;
        // A search is CPU-bound, so it runs on a blocking thread. It runs to completion even if the
        // client disconnects, and holds its permit until then.
        let looked = tokio::task::spawn_blocking(move || {
            let _place = place;
            shown(grown, &mut end(&file, bytes)?, wanted)
        });
        let shown = looked.await.map_err(|error| unreadable(&error))?;
        shown.map(Some).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Refused {
    sampled_error!(%error, "the trace can't be read");
    Refused::Unavailable
}

/// The size of the trace with the time of its last write: a text that changes with each write.
async fn grown(file: &path::Path) -> io::Result<String> {
    let metadata = match tokio::fs::metadata(file).await {
        // The file was deleted: the next entry creates it anew.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok("0".to_owned()),
        metadata => metadata?,
    };
    let written = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{}.{}", metadata.len(), written.as_nanos()))
}

/// The last wanted records at the end of the trace, at most [`TRACE_RECORDS`].
fn shown(grown: String, end: &mut End, wanted: RecordFilter) -> io::Result<TraceEnd> {
    let mut search = Search::new(wanted);
    if search.looks_first() {
        end.walk(|record| search.look(record))?;
    }
    search.begin();
    let mut first = None;
    let mut last = VecDeque::with_capacity(TRACE_RECORDS + 1);
    let mut is_more = false;
    end.walk(|record| {
        if first.is_none() {
            first = record.meaning.as_ref().map(|meaning| meaning.time.to_owned());
        }
        if search.wants(record) {
            last.push_back(owned(record));
        }
        if last.len() > TRACE_RECORDS {
            is_more = true;
            last.pop_front();
        }
    })?;
    // With more records than are shown, the first shown record itself says how far back the list goes.
    let since = first.filter(|_| end.is_cut && !is_more);
    Ok(TraceEnd { grown, records: last.into(), since })
}

fn owned(record: &Record<'_>) -> TraceRecord {
    match &record.meaning {
        Some(meaning) => TraceRecord {
            time: meaning.time.to_owned(),
            level: Some(meaning.level),
            logger: meaning.shape.logger().to_owned(),
            thread: meaning.thread.to_owned(),
            message: meaning.message.to_owned(),
        },
        None => TraceRecord {
            time: String::new(),
            level: None,
            logger: String::new(),
            thread: String::new(),
            message: record.text.to_owned(),
        },
    }
}

/// Sends a whole trace: the rotated files, the oldest first, and the current file.
pub(super) async fn download(
    State(web): State<Web>,
    Path(file): Path<String>,
    caller: Caller,
    session: Session,
) -> Result<Response, StatusCode> {
    let log = file.strip_suffix(".log").and_then(TraceLog::from_name);
    let log = log.ok_or(StatusCode::NOT_FOUND)?;
    let disposition = format!("attachment; filename=\"{}.log\"", log.name());
    let file = web.admin.trace_file(&caller, log).map_err(|error| status(&refused(error)))?;
    let place = web.admin.viewers().downloads.take(caller.name());
    let place = place.ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    let files = whole(&file).await.map_err(|error| status(&unreadable(&error)))?;
    let part = |file| ReaderStream::with_capacity(file, PART_BYTES);
    let bytes = stream::iter(files).map(move |file| Ok::<_, io::Error>(part(file)));
    let bytes = Reader { web, session }.while_signed_in(bytes.try_flatten());
    let bytes = place.held_by(bytes);
    let headers = [
        (header::CONTENT_TYPE, "text/plain;charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// The files of the trace, the oldest first.
/// All files are opened before the first is sent, the newest first: a rotation meanwhile leaves no file
/// out, and an open file keeps its content.
async fn whole(current: &path::Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for number in 0..=MAX_FILES {
        match File::open(aside(current, number)).await {
            Ok(file) => files.push(file),
            // The current file may have been deleted: the next entry creates it anew.
            Err(error) if error.kind() == io::ErrorKind::NotFound && number == 0 => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        }
    }
    files.reverse();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    fn all() -> RecordFilter {
        RecordFilter::default()
    }

    #[test]
    fn the_end_goes_over_into_the_file_that_was_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let record = |number: u64| {
            format!(
                "2019-01-26 10:54:45,661 INFO [t] EMServiceServlet - {number}:Executing Login...\n"
            )
        };
        std::fs::write(aside(&file, 1), record(1)).unwrap();
        // The current file is deleted.
        let mut count = 0;
        end(&file, ALL_BYTES).unwrap().walk(|_| count += 1).unwrap();
        assert_eq!(count, 1);
        std::fs::write(&file, record(2)).unwrap();
        let mut whole = end(&file, ALL_BYTES).unwrap();
        let all = shown(String::new(), &mut whole, all()).unwrap();
        assert_eq!(all.since, None);
        let all = all.records;
        let messages: Vec<_> = all.iter().map(|record| record.message.as_str()).collect();
        assert_eq!(messages, ["1:Executing Login...", "2:Executing Login..."]);
        assert_eq!(all[0].logger, "EMServiceServlet");
    }

    #[tokio::test]
    async fn a_download_is_whole_when_files_are_put_aside_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        for (number, text) in ["three ", "two ", "one "].into_iter().enumerate() {
            std::fs::write(aside(&file, number), text).unwrap();
        }
        let files = whole(&file).await.unwrap();
        for number in (0..3).rev() {
            std::fs::rename(aside(&file, number), aside(&file, number + 1)).unwrap();
        }
        let mut text = String::new();
        for mut file in files {
            file.read_to_string(&mut text).await.unwrap();
        }
        assert_eq!(text, "one two three ");
    }

    #[test]
    fn as_much_as_is_shown_is_the_latest_and_what_was_not_looked_at_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let line = |second: usize, device: &str| {
            format!(
                "2019-01-26 10:54:{second:02},661 INFO [t] EMServiceServlet - 1:Executing Logout \
                 for device={device}\n"
            )
        };
        std::fs::write(aside(&file, 1), line(10, "SEPOLD")).unwrap();
        std::fs::write(&file, line(11, "SEP1").repeat(500) + &line(12, "SEP2")).unwrap();
        let find = |name: &str| RecordFilter { find: name.to_owned(), ..RecordFilter::default() };
        let mut some = end(&file, 4096).unwrap();
        let mut whole_lines = 0;
        some.walk(|record| {
            assert!(record.text.starts_with("2019"), "{}", record.text);
            whole_lines += 1;
        })
        .unwrap();
        assert!(some.is_cut && whole_lines == 4096 / line(11, "SEP1").len());
        let found = shown(String::new(), &mut some, find("SEP2")).unwrap().records;
        assert_eq!(found.len(), whole_lines, "all are of one request");
        let none = shown(String::new(), &mut some, find("SEPOLD")).unwrap();
        assert_eq!(none.records, []);
        assert_eq!(none.since.as_deref(), Some("2019-01-26 10:54:11,661"));
        let mut whole = end(&file, ALL_BYTES).unwrap();
        let shown = shown(String::new(), &mut whole, all()).unwrap();
        assert_eq!((shown.records.len(), shown.since), (TRACE_RECORDS, None));
        assert_eq!(shown.records.last().unwrap().time, "2019-01-26 10:54:12,661");
        let mut first = String::new();
        whole.walk(|record| first.push_str(&record.text[..120.min(record.text.len())])).unwrap();
        assert!(!whole.is_cut && first.contains("SEPOLD"));
    }

    #[test]
    fn a_record_is_whole_wherever_a_piece_ends() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let record = |number: usize| {
            format!("2019-01-26 10:54:45,661 INFO [t] Nobody - {number} 김\nand more of {number}")
        };
        let texts: Vec<_> = (0..5_000).map(record).collect();
        std::fs::write(&file, texts.join("\n") + "\n").unwrap();
        let mut read = Vec::new();
        end(&file, ALL_BYTES).unwrap().walk(|record| read.push(record.text.to_owned())).unwrap();
        assert_eq!(read, texts);
    }
}
