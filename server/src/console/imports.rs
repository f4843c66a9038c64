//! Files that administrators import: each has at most one, whose pieces arrive, whose rows are judged, and which is
//! applied.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use engine::UtcMillis;
use terms::{ImportProblem, RecordKind};

use crate::admin::{Import, ImportProgress, MAX_IMPORT_BYTES};

/// The most files that are kept, of all administrators.
const MAX_FILES: usize = 4;
/// The milliseconds after which a file that nobody uses is dropped.
const KEPT_MS: u64 = 60 * 60 * 1000;

/// The files.
#[derive(Clone, Default)]
pub(crate) struct Imports(Arc<Mutex<Vec<Held>>>);

struct Held {
    administrator: String,
    kind: RecordKind,
    used: UtcMillis,
    file: File,
}

/// A file.
#[derive(Clone)]
pub(super) struct File {
    /// The name that the browser gave.
    pub(super) name: String,
    /// What has become of it.
    pub(super) stage: Stage,
}

/// What has become of a file.
#[derive(Clone)]
pub(super) enum Stage {
    /// These bytes have arrived, in this number of pieces.
    Arriving(Vec<u8>, usize),
    /// It can't be imported.
    Refused(ImportProblem),
    /// Its rows are judged.
    Judged(Arc<Running>),
}

/// A judged file, and the progress of applying it.
pub(super) struct Running {
    pub(super) import: Arc<Import>,
    /// Rows that are done.
    pub(super) done: AtomicUsize,
    state: Mutex<State>,
    refused: Mutex<Vec<u64>>,
    cancelled: AtomicBool,
}

/// The state of applying a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Running,
    Done,
    Cancelled,
    BrokenOff,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    pub(super) fn new(import: Import) -> Self {
        Self {
            import: Arc::new(import),
            done: AtomicUsize::new(0),
            state: Mutex::new(State::Waiting),
            refused: Mutex::default(),
            cancelled: AtomicBool::new(false),
        }
    }

    pub(super) fn state(&self) -> State {
        *lock(&self.state)
    }

    /// Begins once; returns whether it has begun now.
    pub(super) fn begin(&self) -> bool {
        let mut state = lock(&self.state);
        let is_first = *state == State::Waiting;
        if is_first {
            *state = State::Running;
        }
        is_first
    }

    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// The lines of the rows that the store has refused.
    pub(super) fn refused_lines(&self) -> Vec<u64> {
        lock(&self.refused).clone()
    }
}

impl ImportProgress for Running {
    fn applied(&self, rows: usize) {
        self.done.store(rows, Ordering::Relaxed);
    }

    fn refused(&self, lines: &[u64]) {
        lock(&self.refused).extend(lines);
    }

    fn finished(&self, is_whole: bool) {
        *lock(&self.state) = match (is_whole, self.is_cancelled()) {
            (false, _) => State::BrokenOff,
            (true, true) => State::Cancelled,
            (true, false) => State::Done,
        };
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Why a piece is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceRefused {
    /// Other files are being imported: their administrators are in the way.
    Busy,
    /// The pieces before are not here.
    OutOfOrder,
    /// The file is larger than [`MAX_IMPORT_BYTES`].
    TooLarge,
}

impl Imports {
    /// Adds a piece to the file of an administrator. The first piece, of number 0, begins a new file.
    pub(super) fn add(
        &self,
        administrator: &str,
        kind: RecordKind,
        (name, number): (&str, usize),
        piece: &[u8],
        now: UtcMillis,
    ) -> Result<(), PieceRefused> {
        let mut all = lock(&self.0);
        all.retain(|held| is_kept(held, administrator, now));
        if number == 0 {
            let is_running = |held: &Held| matches!(&held.file.stage, Stage::Judged(running) if running.state() == State::Running);
            if all.iter().any(|held| held.administrator == administrator && is_running(held)) {
                return Err(PieceRefused::Busy);
            }
            all.retain(|held| held.administrator != administrator);
            if all.len() >= MAX_FILES {
                return Err(PieceRefused::Busy);
            }
            let file = File { name: name.to_owned(), stage: Stage::Arriving(Vec::new(), 0) };
            all.push(Held { administrator: administrator.to_owned(), kind, used: now, file });
        }
        let held = all.iter_mut().find(|held| held.administrator == administrator);
        let Some(Held { kind: of, used, file, .. }) = held else {
            return Err(PieceRefused::OutOfOrder);
        };
        let (bytes, pieces) = match &mut file.stage {
            Stage::Arriving(bytes, pieces) if *of == kind && *pieces == number => (bytes, pieces),
            _ => return Err(PieceRefused::OutOfOrder),
        };
        if bytes.len() + piece.len() > MAX_IMPORT_BYTES {
            return Err(PieceRefused::TooLarge);
        }
        bytes.extend_from_slice(piece);
        *pieces += 1;
        *used = now;
        Ok(())
    }

    /// Takes the bytes of an administrator's file, which has arrived.
    pub(super) fn take(&self, administrator: &str) -> Option<Vec<u8>> {
        let mut all = lock(&self.0);
        let held = all.iter_mut().find(|held| held.administrator == administrator)?;
        match &mut held.file.stage {
            Stage::Arriving(bytes, _) => Some(std::mem::take(bytes)),
            Stage::Refused(_) | Stage::Judged(_) => None,
        }
    }

    /// Keeps what has become of an administrator's file.
    pub(super) fn keep(&self, administrator: &str, stage: Stage) {
        let mut all = lock(&self.0);
        if let Some(held) = all.iter_mut().find(|held| held.administrator == administrator) {
            held.file.stage = stage;
        }
    }

    /// The file of records of this kind that an administrator imports, once it has arrived.
    pub(super) fn of(&self, administrator: &str, kind: RecordKind, now: UtcMillis) -> Option<File> {
        let mut all = lock(&self.0);
        all.retain(|held| is_kept(held, administrator, now));
        let held = all.iter_mut().find(|held| held.administrator == administrator)?;
        held.used = now;
        let has_come = !matches!(held.file.stage, Stage::Arriving(..));
        (held.kind == kind && has_come).then(|| held.file.clone())
    }
}

/// Whether a file is kept: it is that of `administrator`, it was used lately, or it is being applied.
fn is_kept(held: &Held, administrator: &str, now: UtcMillis) -> bool {
    let is_running =
        matches!(&held.file.stage, Stage::Judged(running) if running.state() == State::Running);
    held.administrator == administrator || is_running || now.millis_since(held.used) < KEPT_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: RecordKind = RecordKind::Users;

    #[test]
    fn pieces_come_in_order_and_within_the_bound() {
        let imports = Imports::default();
        let add = |number, piece: &[u8]| {
            imports.add("kim", USERS, ("x.csv", number), piece, UtcMillis(0))
        };
        assert_eq!(add(1, b"x"), Err(PieceRefused::OutOfOrder));
        assert_eq!(add(0, b"ab"), Ok(()));
        assert_eq!(add(2, b"c"), Err(PieceRefused::OutOfOrder));
        assert_eq!(add(1, b"c"), Ok(()));
        assert_eq!(add(2, &vec![0; MAX_IMPORT_BYTES]), Err(PieceRefused::TooLarge));
        assert_eq!(imports.take("kim").as_deref(), Some(&b"abc"[..]));
        assert_eq!(add(0, b"new"), Ok(()), "another file takes the place of the one before");
    }

    #[test]
    fn few_files_are_kept_and_an_unused_one_makes_room() {
        let imports = Imports::default();
        let add = |name: &str, now| imports.add(name, USERS, ("x", 0), b"x", UtcMillis(now));
        for number in 0..MAX_FILES {
            assert_eq!(add(&number.to_string(), 0), Ok(()));
        }
        assert_eq!(add("kim", 1), Err(PieceRefused::Busy));
        assert_eq!(add("kim", KEPT_MS.cast_signed()), Ok(()));
        assert!(imports.of("0", USERS, UtcMillis(KEPT_MS.cast_signed())).is_none());
        assert!(imports.of("kim", RecordKind::Phones, UtcMillis(KEPT_MS.cast_signed())).is_none());
    }
}
