//! The trace in the console: its last records, and all of it as a file.

use std::{
    io::{self, SeekFrom},
    path::Path,
    time::UNIX_EPOCH,
};

use app::api::{Refused, TRACE_RECORDS, TraceEnd, TraceQuery, TraceRecord};
use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt, stream};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;
use tower_sessions::Session;
use wire::trace::{Wanted, pick, records};

use super::{
    Web,
    request::{ConsoleRequest, signed_in, status},
};
use crate::cluster::aside;

/// How much of the end of the trace is looked through for all records, in bytes.
const ALL_BYTES: u64 = 1024 * 1024;
/// How much of it for those of somebody, of a request or of a level, in bytes.
const SOME_BYTES: u64 = 16 * 1024 * 1024;
/// The most files put aside that a download looks for.
const MAX_FILES: usize = 1000;

impl ConsoleRequest {
    pub(super) async fn trace(
        &self,
        query: TraceQuery,
        seen: &str,
    ) -> Result<Option<TraceEnd>, Refused> {
        self.caller().await?;
        let file = self.cluster.trace.file();
        let grown = grown(file).await.map_err(|error| unreadable(&error))?;
        if grown == seen {
            return Ok(None);
        }
        let bytes = if query == TraceQuery::default() { ALL_BYTES } else { SOME_BYTES };
        let TraceQuery { request, find, level } = query;
        let wanted = Wanted { request, find, level };
        let text = end(file, bytes).await.map_err(|error| unreadable(&error))?;
        // Looking through it is work for a processor: not for the threads that answer.
        let shown = tokio::task::spawn_blocking(move || shown(grown, &text, &wanted)).await;
        shown.map(Some).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Refused {
    tracing::error!(%error, "the trace can't be read");
    Refused::Unavailable
}

/// How far the trace has grown: another text whenever more was written.
async fn grown(file: &Path) -> io::Result<String> {
    let metadata = tokio::fs::metadata(file).await?;
    let written = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{}.{}", metadata.len(), written.as_nanos()))
}

/// The end of the trace.
struct End {
    text: String,
    /// Whether there is more before it.
    is_cut: bool,
}

/// So much of the end of the trace, from whole lines; it goes over into files that were put aside.
async fn end(file: &Path, bytes: u64) -> io::Result<End> {
    let mut end = End { text: String::new(), is_cut: false };
    for number in 0..=MAX_FILES {
        let wanted = bytes.saturating_sub(end.text.len() as u64);
        let opened = File::open(aside(file, number)).await;
        let mut before = match opened {
            Err(error) if number > 0 && error.kind() == io::ErrorKind::NotFound => break,
            opened => tail(opened?, wanted).await?,
        };
        before.text.push_str(&end.text);
        end = before;
        if end.is_cut {
            break;
        }
    }
    Ok(end)
}

async fn tail(mut file: File, bytes: u64) -> io::Result<End> {
    let length = file.metadata().await?.len();
    let from = length.saturating_sub(bytes);
    file.seek(SeekFrom::Start(from)).await?;
    let mut read = Vec::new();
    file.take(bytes).read_to_end(&mut read).await?;
    let text = String::from_utf8_lossy(&read).into_owned();
    // The first line is a half.
    let whole = if from == 0 { 0 } else { text.find('\n').map_or(text.len(), |end| end + 1) };
    Ok(End { text: text[whole..].to_owned(), is_cut: from > 0 })
}

fn shown(grown: String, end: &End, wanted: &Wanted) -> TraceEnd {
    let all: Vec<_> = records(&end.text).collect();
    let first = all.iter().find_map(|record| record.meaning.as_ref());
    let since = first.filter(|_| end.is_cut).map(|first| first.time.to_owned());
    let picked = pick(all, wanted);
    let last = picked.len().saturating_sub(TRACE_RECORDS);
    // More than are shown: what is shown says itself how far back it goes.
    let since = since.filter(|_| last == 0);
    let records = picked[last..]
        .iter()
        .map(|record| match &record.meaning {
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
        })
        .collect();
    TraceEnd { grown, records, since }
}

/// The whole trace: the files put aside, the oldest first, and the one that is written.
pub(super) async fn download(State(web): State<Web>, session: Session) -> Response {
    if let Err(refused) = signed_in(&web.cluster, &session).await {
        return status(&refused).into_response();
    }
    let files = match whole(web.cluster.trace.file()).await {
        Ok(files) => files,
        Err(error) => return status(&unreadable(&error)).into_response(),
    };
    let bytes = stream::iter(files).map(|file| Ok::<_, io::Error>(ReaderStream::new(file)));
    let bytes = bytes.try_flatten();
    let headers = [
        (header::CONTENT_TYPE, "text/plain;charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"emservice.log\""),
    ];
    (headers, Body::from_stream(bytes)).into_response()
}

/// The files of the trace, the oldest first. All are opened before the first is sent, the newest
/// first: what is put aside meanwhile leaves none out, and an open file stays what it is.
async fn whole(current: &Path) -> io::Result<Vec<File>> {
    let mut files = vec![File::open(current).await?];
    for number in 1..=MAX_FILES {
        match File::open(aside(current, number)).await {
            Ok(file) => files.push(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        }
    }
    files.reverse();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_goes_over_into_the_file_that_was_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let record = |number: u64| {
            format!(
                "2019-01-26 10:54:45,661 INFO [t] EMServiceServlet - {number}:Executing Login...\n"
            )
        };
        std::fs::write(aside(&file, 1), record(1)).unwrap();
        std::fs::write(&file, record(2)).unwrap();
        let whole = end(&file, ALL_BYTES).await.unwrap();
        let all = shown(String::new(), &whole, &Wanted::default());
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

    #[tokio::test]
    async fn as_much_as_is_shown_is_the_latest_and_what_was_not_looked_at_is_said() {
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
        let find = |name: &str| Wanted { find: name.to_owned(), ..Wanted::default() };
        let some = end(&file, 4096).await.unwrap();
        assert!(some.is_cut && some.text.starts_with("2019") && some.text.len() <= 4096);
        let found = shown(String::new(), &some, &find("SEP2")).records;
        assert_eq!(found.len(), some.text.lines().count(), "all are of one request");
        let none = shown(String::new(), &some, &find("SEPOLD"));
        assert_eq!(none.records, []);
        assert_eq!(none.since.as_deref(), Some("2019-01-26 10:54:11,661"));
        let whole = end(&file, ALL_BYTES).await.unwrap();
        let all = shown(String::new(), &whole, &Wanted::default());
        assert_eq!((all.records.len(), all.since), (TRACE_RECORDS, None));
        assert_eq!(all.records.last().unwrap().time, "2019-01-26 10:54:12,661");
        assert!(!whole.is_cut && whole.text.contains("SEPOLD"));
    }
}
