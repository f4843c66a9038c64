//! The trace file: a bounded queue and one thread that writes. A request never waits for it.

use std::{
    fmt::{Display, Write as _},
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use engine::UtcMillis;
use jiff::{Timestamp, tz::TimeZone};
use prometheus_client::metrics::counter::Counter;
use wire::trace::{Entry, Level, Shape};

use super::rotated::Rotated;

/// Groups of entries that may wait to be written; one more is dropped and counted.
const QUEUE_GROUPS: usize = 8192;
/// Text that may wait to be written, in bytes; likewise.
const QUEUE_BYTES: usize = 64 * 1024 * 1024;
/// About what a request writes, in bytes.
const REQUEST_BYTES: usize = 4096;
/// How much is written at a time, in bytes.
const PIECE_BYTES: usize = 64 * 1024;

/// How much is traced, and how much of it is kept.
#[derive(Clone, Copy, Debug)]
pub struct TraceLimits {
    /// The least grave level that is written; `None` writes nothing.
    pub level: Option<Level>,
    /// The size at which a file is put aside, in bytes.
    pub file_bytes: usize,
    /// Files put aside that are kept.
    pub files: usize,
}

impl Default for TraceLimits {
    fn default() -> Self {
        Self { level: Some(Level::Debug), file_bytes: 10 * 1024 * 1024, files: 10 }
    }
}

/// Lines that belong together, as they are written.
struct Group {
    text: String,
    entries: u64,
}

/// The trace of a cluster.
pub struct Trace {
    queue: Mutex<Option<SyncSender<Group>>>,
    waiting_bytes: Arc<AtomicUsize>,
    level: Option<Level>,
    zone: TimeZone,
    lost: Counter,
    writer: Mutex<Option<JoinHandle<()>>>,
    file: PathBuf,
}

impl Trace {
    /// Appends to `file`; makes it and its folder if they are not there. What is lost is counted in
    /// `lost`.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn open(file: &Path, limits: TraceLimits, lost: Counter) -> io::Result<Self> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut trace = Self::start(Rotated::open(file, limits)?, limits.level, lost)?;
        file.clone_into(&mut trace.file);
        Ok(trace)
    }

    fn start(
        file: impl Write + Send + 'static,
        level: Option<Level>,
        lost: Counter,
    ) -> io::Result<Self> {
        let (queue, groups) = sync_channel(QUEUE_GROUPS);
        let counted = lost.clone();
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let written = Arc::clone(&waiting_bytes);
        let writer = std::thread::Builder::new()
            .name("trace".to_owned())
            .spawn(move || write_all(&groups, file, &written, &counted))?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            waiting_bytes,
            level,
            zone: TimeZone::system(),
            lost,
            writer: Mutex::new(Some(writer)),
            file: PathBuf::new(),
        })
    }

    /// Whether entries of this level are written.
    #[must_use]
    pub fn writes(&self, level: Level) -> bool {
        self.level.is_some_and(|least| level >= least)
    }

    /// The file; those put aside stand beside it, with a number behind the name.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Lines that belong together, to be written with [`Trace::write`].
    #[must_use]
    pub fn lines(&self, thread: String) -> Lines {
        Lines {
            level: self.level,
            thread,
            times: Times::new(self.zone.clone()),
            text: String::new(),
            entries: 0,
        }
    }

    /// Writes entries under one thread and time.
    pub fn write_entries(&self, thread: &str, at: UtcMillis, entries: &[Entry]) {
        let mut lines = self.lines(thread.to_owned());
        for entry in entries.iter().filter(|entry| self.writes(entry.shape.level())) {
            entry.line(&mut lines.text, lines.times.local(at), thread);
            lines.entries += 1;
        }
        self.write(lines);
    }

    /// Writes lines, one after the other.
    pub fn write(&self, lines: Lines) {
        let Lines { text, entries, .. } = lines;
        if entries == 0 {
            return;
        }
        let bytes = text.len();
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        // Added here alone, under the lock.
        let has_room = self.waiting_bytes.load(Ordering::Relaxed) + bytes <= QUEUE_BYTES;
        let Some(queue) = queue.as_ref().filter(|_| has_room) else {
            self.lost.inc_by(entries);
            return;
        };
        self.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        if queue.try_send(Group { text, entries }).is_err() {
            self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.lost.inc_by(entries);
        }
    }

    /// Writes what is waiting and closes the file.
    pub fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        if self.lost.get() > 0 {
            tracing::warn!(entries = self.lost.get(), "the trace was too slow and lost entries");
        }
    }
}

fn write_all(
    groups: &Receiver<Group>,
    mut file: impl Write,
    waiting_bytes: &AtomicUsize,
    lost: &Counter,
) {
    let mut text = String::new();
    while let Ok(group) = groups.recv() {
        let mut waiting = Some(group);
        text.clear();
        let mut number = 0;
        while let Some(group) = waiting {
            number += group.entries;
            waiting_bytes.fetch_sub(group.text.len(), Ordering::Relaxed);
            text.push_str(&group.text);
            // A full disk is met in pieces of this size, and a file put aside is not much larger
            // than it should be.
            waiting = if text.len() < PIECE_BYTES { groups.try_recv().ok() } else { None };
        }
        // A full disk loses trace, never a login: the next piece is tried as if nothing had been.
        if file.write_all(text.as_bytes()).and_then(|()| file.flush()).is_err() {
            lost.inc_by(number);
        }
    }
}

/// Lines that belong together, written as they come.
pub struct Lines {
    level: Option<Level>,
    thread: String,
    times: Times,
    text: String,
    entries: u64,
}

impl Lines {
    /// Adds a line, if it is grave enough; `at` is asked only then.
    pub fn say<'a>(
        &mut self,
        at: impl Fn() -> UtcMillis,
        shape: Shape,
        values: impl IntoIterator<Item = &'a dyn Display>,
    ) {
        if self.level.is_some_and(|least| shape.level() >= least) {
            if self.text.is_empty() {
                self.text.reserve(REQUEST_BYTES);
            }
            shape.line(&mut self.text, self.times.local(at()), &self.thread, values);
            self.entries += 1;
        }
    }
}

/// Local times; the second is kept, because most entries share it with the one before.
struct Times {
    zone: TimeZone,
    second: i64,
    text: String,
}

impl Times {
    fn new(zone: TimeZone) -> Self {
        Self { zone, second: i64::MIN, text: String::new() }
    }

    /// `yyyy-MM-dd HH:mm:ss,SSS`
    fn local(&mut self, at: UtcMillis) -> &str {
        let (second, millis) = (at.0.div_euclid(1000), at.0.rem_euclid(1000));
        if second != self.second
            && let Ok(timestamp) = Timestamp::from_second(second)
        {
            self.second = second;
            let local = timestamp.to_zoned(self.zone.clone());
            self.text = local.strftime("%Y-%m-%d %H:%M:%S").to_string();
        }
        self.text.truncate(SECOND_CHARS);
        let _ = write!(self.text, ",{millis:03}");
        &self.text
    }
}

/// `yyyy-MM-dd HH:mm:ss`
const SECOND_CHARS: usize = 19;

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Vec<Entry> {
        wire::trace::service_parameters(&terms::ServiceParameters::default())
    }

    fn write(trace: &Trace, entries: &[Entry]) {
        trace.write_entries("Thread-68", UtcMillis(0), entries);
    }

    #[test]
    fn times_have_the_originals_form() {
        let mut times = Times::new(TimeZone::UTC);
        assert_eq!(times.local(UtcMillis(1_548_500_250_641)), "2019-01-26 10:57:30,641");
        assert_eq!(times.local(UtcMillis(1_548_500_250_007)), "2019-01-26 10:57:30,007");
        assert_eq!(times.local(UtcMillis(1_548_500_251_000)), "2019-01-26 10:57:31,000");
    }

    #[test]
    fn what_was_written_before_the_end_is_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trace/emservice.log");
        let lost = Counter::default();
        let trace = Trace::open(&file, TraceLimits::default(), lost.clone()).unwrap();
        write(&trace, &block());
        trace.close();
        assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 12);
        write(&trace, &block());
        assert_eq!(lost.get(), 12, "what comes after the end is lost, and counted");
    }

    #[test]
    fn files_are_put_aside_by_size_and_kept_by_count() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let limits = TraceLimits { file_bytes: 4096, files: 2, ..TraceLimits::default() };
        let trace = Trace::open(&file, limits, Counter::default()).unwrap();
        for _ in 0..100 {
            write(&trace, &block());
        }
        trace.close();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["emservice.log", "emservice.log.1", "emservice.log.2"]);
        // No record is cut in two: each file begins with a time.
        for name in names {
            let text = fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(text.is_empty() || text.starts_with("1970-01-0"), "{text:.40}");
        }
    }

    #[test]
    fn a_level_keeps_what_is_less_grave_out() {
        let folder = tempfile::tempdir().unwrap();
        let open = |level| {
            let limits = TraceLimits { level, ..TraceLimits::default() };
            Trace::open(&folder.path().join("t.log"), limits, Counter::default()).unwrap()
        };
        assert!(open(Some(Level::Debug)).writes(Level::Debug));
        assert!(!open(Some(Level::Info)).writes(Level::Debug));
        assert!(!open(None).writes(Level::Error));
    }

    /// A disk that stands still until it is let go.
    struct Stuck(Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // An error once nobody holds it any more.
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_disk_that_stands_still_holds_nobody_up_and_what_is_lost_is_counted() {
        let (held, stuck) = std::sync::mpsc::channel();
        let lost = Counter::default();
        let trace = Trace::start(Stuck(stuck), Some(Level::Debug), lost.clone()).unwrap();
        // The writer takes at most this many groups out of the queue before it gets stuck.
        let taken = PIECE_BYTES / 100;
        for _ in 0..QUEUE_GROUPS + 2 * taken {
            write(&trace, &block()[..2]);
        }
        let least = 2 * taken as u64;
        assert!((least..=2 * least).contains(&lost.get()), "{}", lost.get());
        drop(held);
        trace.close();
    }

    #[test]
    fn what_waits_is_bound_in_bytes_too() {
        let (held, stuck) = std::sync::mpsc::channel();
        let lost = Counter::default();
        let trace = Trace::start(Stuck(stuck), Some(Level::Debug), lost.clone()).unwrap();
        let long = Entry { shape: Shape::True, message: "x".repeat(1024 * 1024) };
        // One more than fits may be at the disk that stands still.
        for _ in 0..70 {
            write(&trace, std::slice::from_ref(&long));
        }
        assert!((6..=8).contains(&lost.get()), "{}", lost.get());
        drop(held);
        trace.close();
    }

    /// A disk that is full.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_a_full_disk_loses_is_counted() {
        let lost = Counter::default();
        let trace = Trace::start(Full, Some(Level::Debug), lost.clone()).unwrap();
        write(&trace, &block());
        trace.close();
        assert_eq!(lost.get(), 12);
    }
}
