//! The trace file: a bounded queue and one thread that writes. A request never waits for the
//! thread.

mod local_time;
mod queue;
mod rotated;

use std::{
    fmt::Display,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use engine::UtcMillis;
use prometheus_client::metrics::counter::Counter;
use wire::trace::{Entry, Level, Shape};

use local_time::with_local_time;
use queue::Queue;
use rotated::Rotated;
pub(crate) use rotated::aside;

/// The approximate size of a request's entries, in bytes.
const REQUEST_BYTES: usize = 4096;

/// The level of the trace, and the size and number of its files.
#[derive(Clone, Copy, Debug)]
pub struct TraceLimits {
    /// The lowest level that is written; `None` writes nothing.
    pub level: Option<Level>,
    /// The size at which a file is rotated, in bytes.
    pub file_bytes: usize,
    /// Rotated files that are kept.
    pub files: usize,
}

impl Default for TraceLimits {
    fn default() -> Self {
        Self { level: Some(Level::Debug), file_bytes: 10 * 1024 * 1024, files: 10 }
    }
}

/// The trace of a cluster.
pub struct Trace {
    queue: Arc<Queue>,
    level: Option<Level>,
    lost: Counter,
    writer: Mutex<Option<JoinHandle<()>>>,
    file: PathBuf,
}

impl Trace {
    /// Appends to `file`; makes the file and its folder if they are missing. `lost` counts lost
    /// entries.
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
        let queue = Arc::new(Queue::default());
        let (pieces, counted) = (Arc::clone(&queue), lost.clone());
        let writer = std::thread::Builder::new()
            .name("trace".to_owned())
            .spawn(move || write_all(&pieces, file, &counted))?;
        Ok(Self { queue, level, lost, writer: Mutex::new(Some(writer)), file: PathBuf::new() })
    }

    /// The current file; rotated files are in the same folder, with a number behind the name.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Lines that belong together, to be written with [`Trace::write`].
    #[must_use]
    pub fn lines(&self, thread: String) -> Lines {
        Lines { level: self.level, thread, text: String::new(), entries: 0 }
    }

    /// Writes entries under one thread and time.
    pub fn write_entries(&self, thread: &str, at: UtcMillis, entries: &[Entry]) {
        let mut lines = self.lines(thread.to_owned());
        for entry in entries {
            if lines.has(entry.shape.level()) {
                with_local_time(at, |time| entry.line(&mut lines.text, time, thread));
                lines.entries += 1;
            }
        }
        self.write(lines);
    }

    /// Writes lines, one after the other.
    pub fn write(&self, lines: Lines) {
        let Lines { text, entries, .. } = lines;
        if entries > 0 && !self.queue.add(&text, entries) {
            self.lost.inc_by(entries);
        }
    }

    /// Writes the waiting text and closes the file.
    pub fn close(&self) {
        self.queue.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        if self.lost.get() > 0 {
            tracing::warn!(entries = self.lost.get(), "the trace was too slow and lost entries");
        }
    }
}

fn write_all(queue: &Queue, mut file: impl Write, lost: &Counter) {
    while let Some(piece) = queue.next() {
        // A full disk loses trace, never a login: the next piece is tried all the same.
        if file.write_all(piece.text.as_bytes()).and_then(|()| file.flush()).is_err() {
            lost.inc_by(piece.entries);
        }
    }
}

/// Lines that belong together, in the order in which they are added.
pub struct Lines {
    level: Option<Level>,
    thread: String,
    text: String,
    entries: u64,
}

/// A position in lines.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    bytes: usize,
    entries: u64,
}

impl Lines {
    /// The current position.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { bytes: self.text.len(), entries: self.entries }
    }

    /// Removes the lines after `mark`.
    pub fn back_to(&mut self, mark: Mark) {
        self.text.truncate(mark.bytes);
        self.entries = self.entries.min(mark.entries);
    }

    /// Whether entries of this level are written.
    fn has(&self, level: Level) -> bool {
        self.level.is_some_and(|least| level >= least)
    }

    /// Adds a line, if its level is written; `at` is called only then.
    pub fn say<'a>(
        &mut self,
        at: impl Fn() -> UtcMillis,
        shape: Shape,
        values: impl IntoIterator<Item = &'a dyn Display>,
    ) {
        if self.has(shape.level()) {
            if self.text.is_empty() {
                self.text.reserve(REQUEST_BYTES);
            }
            with_local_time(at(), |time| {
                shape.line(&mut self.text, time, &self.thread, values);
            });
            self.entries += 1;
        }
    }
}

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
            let trace = Trace::open(&folder.path().join("t.log"), limits, Counter::default());
            trace.unwrap().lines(String::new())
        };
        assert!(open(Some(Level::Debug)).has(Level::Debug));
        assert!(!open(Some(Level::Info)).has(Level::Debug));
        assert!(!open(None).has(Level::Error));
    }

    /// A disk that blocks until the test releases it.
    struct Stuck(std::sync::mpsc::Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // `recv` returns an error once the test has dropped the sender.
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
        let long = Entry { shape: Shape::True, message: "x".repeat(1024 * 1024) };
        let fit = queue::QUEUE_BYTES / (1024 * 1024) - 1;
        for _ in 0..fit + 7 {
            write(&trace, std::slice::from_ref(&long));
        }
        // The writer may hold one entry in addition to the queue.
        assert!((6..=7).contains(&lost.get()), "{}", lost.get());
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
