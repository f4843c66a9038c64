//! The hash threads.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::{FairQueue, Memory, Share};

/// How long a thread waits for work before the thread ends and frees its memory.
const IDLE_SECONDS: u64 = 5;
/// The nice value of the hash threads: the lowest priority. At 10, a thread that answers requests
/// waits several times as often for a hash thread's processor (Linux 6.18).
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Hash threads, which start when there is work and end after [`IDLE_SECONDS`] without work.
pub(super) struct HashThreads {
    shared: Arc<Shared>,
    most: usize,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    /// The most waiting jobs of strangers.
    strangers: usize,
}

struct State {
    queue: FairQueue<Job>,
    threads: usize,
    /// Threads that wait for work.
    idle: usize,
}

impl HashThreads {
    /// At most `most` threads, with at most `strangers` waiting jobs of strangers.
    pub(super) fn new(most: usize, strangers: usize) -> Self {
        let state = Mutex::new(State { queue: FairQueue::new(strangers), threads: 0, idle: 0 });
        Self { shared: Arc::new(Shared { state, work: Condvar::new(), strangers }), most }
    }

    /// The most threads that run at a time.
    pub(super) const fn count(&self) -> usize {
        self.most
    }

    /// Gives a job to the threads. A job that does not fit in the queue is dropped, as is a job
    /// that another job displaces.
    pub(super) fn give(&self, share: Share, job: impl FnOnce(&mut Memory) + Send + 'static) {
        let mut state = self.shared.state();
        let displaced = state.queue.push(share, Box::new(job));
        if state.queue.len() > state.idle && state.threads < self.most {
            let shared = Arc::clone(&self.shared);
            let started = thread::Builder::new().name("hash".to_owned()).spawn(move || {
                lower_priority();
                shared.work_on();
            });
            match started {
                Ok(_) => state.threads += 1,
                // Without any thread, queued jobs would never be answered: drop the jobs.
                Err(error) if state.threads == 0 => {
                    tracing::error!(%error, "no hash thread can be started");
                    state.queue = FairQueue::new(self.shared.strangers);
                }
                Err(error) => tracing::warn!(%error, "a hash thread can't be started"),
            }
        }
        drop(state);
        self.shared.work.notify_one();
        // Dropped outside of the lock: the drop wakes the caller that waits for the job.
        drop(displaced);
    }
}

impl Shared {
    fn work_on(&self) {
        let mut memory = Memory::default();
        while let Some(job) = self.next() {
            if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
                tracing::error!("a hash thread met a fault of the program");
            }
        }
    }

    /// The next job; `None` after [`IDLE_SECONDS`] without work, and then the thread is no longer
    /// counted.
    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.queue.pop() {
                return Some(job);
            }
            state.idle += 1;
            let idle = Duration::from_secs(IDLE_SECONDS);
            let waited =
                self.work.wait_timeout(state, idle).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            state.idle -= 1;
            if waited.1.timed_out() {
                let job = state.queue.pop();
                if job.is_none() {
                    state.threads -= 1;
                }
                return job;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives precedence to the threads that answer requests. On Linux each thread has its own priority.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        if let Err(error) = rustix::process::setpriority_process(None, NICE) {
            tracing::warn!(%error, "the hash threads have the priority of all others");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::cluster::{Source, passwords::Class};

    const SHARE: Share = Share { class: Class::Stranger, source: Source::Unknown };

    #[test]
    fn a_thread_is_used_again_and_a_fault_does_not_end_it() {
        let threads = HashThreads::new(1, 512);
        let (tell, told) = mpsc::channel();
        for number in 0..4 {
            let tell = tell.clone();
            threads.give(SHARE, move |_| {
                tell.send(thread::current().id()).unwrap();
                assert!(number != 1, "on purpose");
            });
        }
        let ids: Vec<_> = told.iter().take(4).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[test]
    fn no_more_threads_work_than_there_may_be() {
        let threads = HashThreads::new(2, 512);
        let (begun, begins) = mpsc::channel();
        let (go_on, goes_on) = mpsc::channel::<()>();
        let goes_on = Arc::new(Mutex::new(goes_on));
        for _ in 0..6 {
            let (begun, goes_on) = (begun.clone(), Arc::clone(&goes_on));
            threads.give(SHARE, move |_| {
                begun.send(()).unwrap();
                let _ = goes_on.lock().unwrap().recv();
            });
        }
        begins.recv().unwrap();
        begins.recv().unwrap();
        assert_eq!(threads.shared.state().threads, 2);
        assert!(begins.try_recv().is_err(), "a third one works");
        (0..4).for_each(|_| go_on.send(()).unwrap());
        (0..4).for_each(|_| begins.recv().unwrap());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_hash_thread_has_a_low_priority_of_its_own() {
        let threads = HashThreads::new(1, 512);
        let (tell, told) = mpsc::channel();
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let here = nice();
        threads.give(SHARE, move |_| tell.send(nice()).unwrap());
        assert_eq!((told.recv().unwrap(), nice()), (NICE, here));
    }
}
