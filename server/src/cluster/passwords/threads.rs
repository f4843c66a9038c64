//! The hash threads.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::{FairQueue, Memory, Share};

/// How long a thread without work goes on; then it ends, and gives its memory back.
const IDLE_SECONDS: u64 = 5;
/// The nice value of the hash threads: the lowest priority there is. At 10 a thread that answers
/// waits several times as often for a hash thread to give its processor up (Linux 6.18).
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that hash; they start when there is work, and end when there is none for a while.
pub(super) struct HashThreads {
    shared: Arc<Shared>,
    most: usize,
}

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    /// Jobs of strangers that may wait.
    strangers: usize,
}

struct State {
    queue: FairQueue<Job>,
    threads: usize,
    /// Those of them that wait for work.
    idle: usize,
}

impl HashThreads {
    /// At most so many threads, for which at most so many jobs of strangers wait.
    pub(super) fn new(most: usize, strangers: usize) -> Self {
        let state = Mutex::new(State { queue: FairQueue::new(strangers), threads: 0, idle: 0 });
        Self { shared: Arc::new(Shared { state, work: Condvar::new(), strangers }), most }
    }

    /// How many threads there are at most.
    pub(super) const fn count(&self) -> usize {
        self.most
    }

    /// Gives a job to the threads. One that finds no place is dropped, as is the one that makes
    /// room for another.
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
                // Without any thread nobody would ever answer.
                Err(error) if state.threads == 0 => {
                    tracing::error!(%error, "no hash thread can be started");
                    state.queue = FairQueue::new(self.shared.strangers);
                }
                Err(error) => tracing::warn!(%error, "a hash thread can't be started"),
            }
        }
        drop(state);
        self.shared.work.notify_one();
        // Outside of the lock: whoever waits for it is woken.
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

    /// The next job; `None` when there was none for a while, and then the thread counts no more.
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

/// Lets the threads that answer requests go first. On Linux a priority is a thread's own.
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
