//! What one request writes to the trace: collected as it goes, written together at its end, so that
//! the lines of two requests never mix.

use std::{fmt::Display, iter, sync::Arc};

use wire::trace::Shape;

use super::threads::Thread;
use crate::cluster::{Cluster, Lines, Mark};

/// The trace of one request.
pub(super) struct Journal {
    cluster: Arc<Cluster>,
    number: u64,
    /// Gone once they are written.
    lines: Option<Lines>,
    _thread: Thread,
}

impl Journal {
    /// An empty one of request `number`. `port` is the original's, 8080 or 8443: its threads are
    /// named after it.
    pub(super) fn new(cluster: Arc<Cluster>, number: u64, port: u16, thread: Thread) -> Self {
        let lines = cluster.trace.lines(format!("http-bio-{port}-exec-{}", thread.number()));
        Self { cluster, number, lines: Some(lines), _thread: thread }
    }

    /// The number of the request.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Notes a message whose first place is the request's number.
    pub(super) fn say(&mut self, shape: Shape, values: &[&dyn Display]) {
        let number = self.number;
        self.note(shape, iter::once(&number as &dyn Display).chain(values.iter().copied()));
    }

    /// Notes a message without the request's number.
    pub(super) fn say_unnumbered(&mut self, shape: Shape, values: &[&dyn Display]) {
        self.note(shape, values.iter().copied());
    }

    /// Where it stands.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.lines.as_ref().map(Lines::mark)
    }

    /// Takes back what was said since: it is done anew.
    pub(super) fn back_to(&mut self, mark: Option<Mark>) {
        if let (Some(lines), Some(mark)) = (&mut self.lines, mark) {
            lines.back_to(mark);
        }
    }

    fn note<'a>(&mut self, shape: Shape, values: impl IntoIterator<Item = &'a dyn Display>) {
        if let Some(lines) = &mut self.lines {
            lines.say(|| self.cluster.clock.now(), shape, values);
        }
    }
}

/// Written also when the client goes away before it is answered.
impl Drop for Journal {
    fn drop(&mut self) {
        if let Some(lines) = self.lines.take() {
            self.cluster.trace.write(lines);
        }
    }
}
