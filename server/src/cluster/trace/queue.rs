//! Text that waits to be written, bounded in bytes.
//!
//! The queue hands text over in pieces: waking the writer for every request would cost the requests
//! as much as their entries do.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The most text that waits, in bytes; further text is refused.
pub(super) const QUEUE_BYTES: usize = 64 * 1024 * 1024;
/// The size to which a piece grows, in bytes: a full disk is met in pieces of this size, and a
/// rotated file is little larger than its limit.
pub(super) const PIECE_BYTES: usize = 64 * 1024;
/// How long a piece waits for more text after its first text.
const GATHER: Duration = Duration::from_millis(10);

/// Text that is written in one call: whole entries.
#[derive(Default)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) entries: u64,
}

#[derive(Default)]
struct QueuedPieces {
    pieces: VecDeque<Piece>,
    bytes: usize,
    is_closed: bool,
}

/// Pieces that wait for the writer.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<QueuedPieces>,
    changed: Condvar,
}

impl Queue {
    /// Adds text, which holds this many entries. False when the queue is full or closed.
    pub(super) fn add(&self, text: &str, entries: u64) -> bool {
        let mut waiting = self.waiting();
        if waiting.is_closed || waiting.bytes + text.len() > QUEUE_BYTES {
            return false;
        }
        waiting.bytes += text.len();
        let begins = waiting.pieces.back().is_none_or(Piece::is_full);
        if begins {
            waiting.pieces.push_back(Piece::default());
        }
        if let Some(last) = waiting.pieces.back_mut() {
            last.text.push_str(text);
            last.entries += entries;
        }
        // The writer waits for the first piece to exist, and for the first piece to be full.
        let first = waiting.pieces.front().filter(|_| waiting.pieces.len() == 1);
        let is_news = first.is_some_and(|first| begins || first.is_full());
        drop(waiting);
        if is_news {
            self.changed.notify_one();
        }
        true
    }

    /// The next piece, once it is full or has waited for [`GATHER`]; `None` once the queue is
    /// closed and empty.
    pub(super) fn next(&self) -> Option<Piece> {
        let begun = self
            .changed
            .wait_while(self.waiting(), |waiting| waiting.pieces.is_empty() && !waiting.is_closed)
            .unwrap_or_else(PoisonError::into_inner);
        let gathers = |waiting: &mut QueuedPieces| {
            !waiting.is_closed && waiting.pieces.front().is_some_and(|first| !first.is_full())
        };
        let (mut waiting, _) = self
            .changed
            .wait_timeout_while(begun, GATHER, gathers)
            .unwrap_or_else(PoisonError::into_inner);
        let piece = waiting.pieces.pop_front()?;
        waiting.bytes -= piece.text.len();
        Some(piece)
    }

    /// Closes the queue, which then accepts no text.
    pub(super) fn close(&self) {
        self.waiting().is_closed = true;
        self.changed.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, QueuedPieces> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Piece {
    fn is_full(&self) -> bool {
        self.text.len() >= PIECE_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_together_is_one_piece_and_a_full_one_is_followed_by_another() {
        let queue = Queue::default();
        assert!(queue.add("one\n", 1));
        assert!(queue.add("two\nthree\n", 2));
        let long = "x".repeat(PIECE_BYTES);
        assert!(queue.add(&long, 1));
        assert!(queue.add("four\n", 1));
        queue.close();
        let piece = queue.next().unwrap();
        assert_eq!((piece.text, piece.entries), (format!("one\ntwo\nthree\n{long}"), 4));
        let piece = queue.next().unwrap();
        assert_eq!((piece.text.as_str(), piece.entries), ("four\n", 1));
        assert!(queue.next().is_none());
        assert!(!queue.add("five\n", 1), "nobody writes any more");
    }

    #[test]
    fn a_piece_that_gets_no_more_is_written_all_the_same() {
        let queue = Queue::default();
        assert!(queue.add("one\n", 1));
        assert_eq!(queue.next().unwrap().text, "one\n");
    }

    #[test]
    fn what_waits_is_bound_and_what_was_taken_makes_room() {
        let queue = Queue::default();
        let long = "x".repeat(QUEUE_BYTES / 2);
        assert!(queue.add(&long, 1) && queue.add(&long, 1));
        assert!(!queue.add("one\n", 1));
        queue.next();
        assert!(queue.add("one\n", 1));
    }
}
