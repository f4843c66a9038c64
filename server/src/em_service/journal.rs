//! What one request writes to the trace: collected as it goes, written together at its end, so that
//! the lines of two requests never mix.

use std::{fmt::Display, sync::Arc};

use engine::UtcMillis;
use wire::trace::{Entry, Shape};

use super::threads::Thread;
use crate::cluster::Cluster;

/// The trace of one request.
pub(super) struct Journal {
    cluster: Arc<Cluster>,
    number: u64,
    port: u16,
    thread: Thread,
    entries: Vec<(UtcMillis, Entry)>,
}

impl Journal {
    /// An empty one of request `number`. `port` is the original's, 8080 or 8443: its threads are
    /// named after it.
    pub(super) fn new(cluster: Arc<Cluster>, number: u64, port: u16, thread: Thread) -> Self {
        Self { cluster, number, port, thread, entries: Vec::new() }
    }

    /// The number of the request.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Notes a message whose first place is the request's number.
    pub(super) fn say(&mut self, shape: Shape, values: &[&dyn Display]) {
        if self.cluster.trace.writes(shape.level()) {
            let mut all: Vec<&dyn Display> = Vec::with_capacity(values.len() + 1);
            all.push(&self.number);
            all.extend_from_slice(values);
            let entry = Entry::new(shape, &all);
            self.entries.push((self.cluster.clock.now(), entry));
        }
    }

    /// Notes a message without the request's number.
    pub(super) fn say_unnumbered(&mut self, shape: Shape, values: &[&dyn Display]) {
        if self.cluster.trace.writes(shape.level()) {
            self.entries.push((self.cluster.clock.now(), Entry::new(shape, values)));
        }
    }
}

/// Written also when the client goes away before it is answered.
impl Drop for Journal {
    fn drop(&mut self) {
        let thread = format!("http-bio-{}-exec-{}", self.port, self.thread.number());
        self.cluster.trace.write(thread, std::mem::take(&mut self.entries));
    }
}
