//! The trace lines of one request: collected while the request runs, and written together at its end,
//! so that the lines of two requests never mix.

use std::{fmt::Display, iter, sync::Arc};

use prometheus_client::metrics::gauge::Gauge;
use wire::trace::Shape;

use super::threads::Thread;
use crate::cluster::{Cluster, Lines, Mark, Trace};

/// The trace of one request. The request counts as in progress as long as its journal exists.
pub(crate) struct Journal {
    cluster: Arc<Cluster>,
    /// The server whose trace gets the lines.
    server: Server,
    number: u64,
    /// The collected lines; `None` once they are written.
    lines: Option<Lines>,
    _thread: Thread,
    in_progress: Option<InProgress>,
}

/// A server of the original, with a trace of its own.
#[derive(Clone, Copy)]
enum Server {
    /// The EM service.
    Service,
    /// The EM application, which serves the phones.
    Application,
}

impl Server {
    fn trace(self, cluster: &Cluster) -> &Trace {
        match self {
            Self::Service => &cluster.trace,
            Self::Application => &cluster.app_trace,
        }
    }
}

/// A request in progress, counted until this value is dropped.
struct InProgress(Gauge);

impl InProgress {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Journal {
    /// An empty journal of the next request to the EM service.
    /// `port` is the original's port, 8080 or 8443: the names of the original's threads contain the
    /// port.
    pub(super) fn of_service(cluster: Arc<Cluster>, port: u16, thread: Thread) -> Self {
        let number = cluster.counters.handled.inc() + 1;
        let in_progress = InProgress::of(&cluster.counters.in_progress);
        let mut journal = Self::new(cluster, Server::Service, number, port, thread);
        journal.in_progress = Some(in_progress);
        journal
    }

    /// An empty journal of the next request to the EM application.
    pub(super) fn of_application(cluster: Arc<Cluster>, port: u16, thread: Thread) -> Self {
        let number = cluster.counters.app_handled.inc() + 1;
        Self::new(cluster, Server::Application, number, port, thread)
    }

    fn new(cluster: Arc<Cluster>, server: Server, number: u64, port: u16, thread: Thread) -> Self {
        let lines = server.trace(&cluster);
        let lines = Some(lines.lines(format!("http-bio-{port}-exec-{}", thread.number())));
        Self { cluster, server, number, lines, _thread: thread, in_progress: None }
    }

    /// The number of the request.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Notes a message whose first value is the request's number.
    pub(crate) fn say(&mut self, shape: Shape, values: &[&dyn Display]) {
        let number = self.number;
        self.note(shape, iter::once(&number as &dyn Display).chain(values.iter().copied()));
    }

    /// Notes a message without the request's number.
    pub(crate) fn say_unnumbered(&mut self, shape: Shape, values: &[&dyn Display]) {
        self.note(shape, values.iter().copied());
    }

    /// The position after the last line.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.lines.as_ref().map(Lines::mark)
    }

    /// Drops the lines after a mark, because the work starts again.
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

/// The lines are written even if the client disconnects before the answer.
impl Drop for Journal {
    fn drop(&mut self) {
        if let Some(lines) = self.lines.take() {
            self.server.trace(&self.cluster).write(lines);
        }
    }
}
