//! The trace file: a bounded queue and one thread that writes. A request never waits for it.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use engine::UtcMillis;
use jiff::{Timestamp, tz::TimeZone};
use wire::trace::{Entry, Timed};

/// Groups of entries that may wait to be written; one more is dropped and counted.
const QUEUE_GROUPS: usize = 8192;

struct Group {
    at: UtcMillis,
    entries: Vec<Entry>,
}

/// The trace of a cluster.
pub struct Trace {
    queue: Mutex<Option<SyncSender<Group>>>,
    dropped: AtomicU64,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Trace {
    /// Appends to `file`; makes it and its folder if they are not there.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn open(file: &Path) -> io::Result<Self> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::options().create(true).append(true).open(file)?;
        Self::start(BufWriter::new(file))
    }

    fn start(file: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, groups) = sync_channel(QUEUE_GROUPS);
        let zone = TimeZone::system();
        let writer = std::thread::Builder::new()
            .name("trace".to_owned())
            .spawn(move || write_all(&groups, file, &zone))?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            dropped: AtomicU64::new(0),
            writer: Mutex::new(Some(writer)),
        })
    }

    /// Writes entries that belong together, one after the other, under one time.
    pub fn write(&self, at: UtcMillis, entries: Vec<Entry>) {
        let queue = self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let refused = match queue.as_ref().map(|queue| queue.try_send(Group { at, entries })) {
            Some(Ok(())) => return,
            Some(Err(TrySendError::Full(group) | TrySendError::Disconnected(group))) => {
                group.entries.len()
            }
            None => 0,
        };
        self.dropped.fetch_add(refused as u64, Ordering::Relaxed);
    }

    /// How many entries did not fit into the queue.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Writes what is waiting and closes the file.
    pub fn close(&self) {
        let lock = |error| std::sync::PoisonError::into_inner(error);
        drop(self.queue.lock().unwrap_or_else(lock).take());
        let writer = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        if self.dropped() > 0 {
            tracing::warn!(entries = self.dropped(), "the trace was too slow and lost entries");
        }
    }
}

fn write_all(groups: &Receiver<Group>, mut file: impl Write, zone: &TimeZone) {
    let mut waiting = None;
    while let Some(group) = waiting.take().or_else(|| groups.recv().ok()) {
        // A full disk loses trace, never a login: the next group is tried as if nothing had been.
        let _ = write_group(&mut file, &group, zone);
        waiting = groups.try_recv().ok();
        if waiting.is_none() {
            let _ = file.flush();
        }
    }
}

fn write_group(file: &mut impl Write, group: &Group, zone: &TimeZone) -> io::Result<()> {
    let time = local_time(group.at, zone);
    for entry in &group.entries {
        writeln!(file, "{}", Timed(&time, entry))?;
    }
    Ok(())
}

fn local_time(at: UtcMillis, zone: &TimeZone) -> String {
    let Ok(timestamp) = Timestamp::from_millisecond(at.0) else {
        return at.to_string();
    };
    let time = timestamp.to_zoned(zone.clone());
    format!("{},{:03}", time.strftime("%Y-%m-%d %H:%M:%S"), time.millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_originals_form() {
        let at = UtcMillis(1_548_500_250_641);
        assert_eq!(local_time(at, &TimeZone::UTC), "2019-01-26 10:57:30,641");
    }

    #[test]
    fn what_was_written_before_the_end_is_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("trace/emservice.log");
        let trace = Trace::open(&file).unwrap();
        let entries = wire::trace::service_parameters(&terms::ServiceParameters::default());
        trace.write(UtcMillis(0), entries);
        trace.close();
        assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 12);
        assert_eq!(trace.dropped(), 0);
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
        let trace = Trace::start(Stuck(stuck)).unwrap();
        let entry = wire::trace::service_parameters(&terms::ServiceParameters::default());
        let over = 100;
        for _ in 0..QUEUE_GROUPS + over {
            trace.write(UtcMillis(0), entry[..2].to_vec());
        }
        // The writer may have taken one group out of the queue before it got stuck.
        let lost = trace.dropped();
        assert!(lost == 2 * over as u64 || lost == 2 * (over as u64 - 1), "{lost}");
        drop(held);
        trace.close();
    }
}
