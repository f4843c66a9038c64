//! A fair queue of the jobs that wait for a hash thread.
//!
//! The queue serves the classes in rotation, and the sources within a class in rotation: many jobs
//! of a source hold up a job of another source by at most one hash per source. The number of
//! waiting jobs is bounded per source and per class. In a full class, a job of a source with fewer
//! waiting jobs displaces the last job of the source with the most.

use std::collections::{HashMap, VecDeque};

use super::Source;

/// The most waiting jobs of one source.
const WAITING_JOBS_PER_SOURCE: usize = 64;
/// The most waiting jobs of one class: about the number that the threads complete in the longest
/// wait.
pub(super) const WAITING_JOBS_PER_CLASS: usize = 512;

/// The class of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The console and commands.
    Console,
    /// A user of the EM API at a source where the user's secret was right before.
    Known,
    /// Any other user of the EM API.
    Stranger,
}

/// The class and source to which a job counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The class.
    pub class: Class,
    /// The source.
    pub source: Source,
}

/// The queue.
pub(super) struct FairQueue<J> {
    classes: [ClassQueue<J>; 3],
    /// The index of the class that is served next.
    turn: usize,
}

/// The waiting jobs of one class.
struct ClassQueue<J> {
    /// The sources with jobs, in the order of service.
    round: VecDeque<Source>,
    jobs: HashMap<Source, VecDeque<J>>,
    count: usize,
    most: usize,
}

impl<J> FairQueue<J> {
    /// A queue in which at most `strangers` jobs of strangers wait.
    pub(super) fn new(strangers: usize) -> Self {
        let mut classes = std::array::from_fn(|_| ClassQueue::new(WAITING_JOBS_PER_CLASS));
        classes[Class::Stranger as usize] = ClassQueue::new(strangers);
        Self { classes, turn: 0 }
    }

    /// Adds a job; returns the job that does not fit: the new job, or the job that the new job
    /// displaces.
    pub(super) fn push(&mut self, share: Share, job: J) -> Option<J> {
        self.classes[share.class as usize].push(share.source, job)
    }

    /// The number of waiting jobs.
    pub(super) fn len(&self) -> usize {
        self.classes.iter().map(|class| class.count).sum()
    }

    /// The next job.
    pub(super) fn pop(&mut self) -> Option<J> {
        for _ in 0..self.classes.len() {
            let class = self.turn;
            self.turn = (self.turn + 1) % self.classes.len();
            if let Some(job) = self.classes[class].pop() {
                return Some(job);
            }
        }
        None
    }
}

impl<J> ClassQueue<J> {
    fn new(most: usize) -> Self {
        Self { round: VecDeque::new(), jobs: HashMap::new(), count: 0, most }
    }

    fn push(&mut self, source: Source, job: J) -> Option<J> {
        let own = self.jobs.get(&source).map_or(0, VecDeque::len);
        if own >= WAITING_JOBS_PER_SOURCE {
            return Some(job);
        }
        let mut displaced = None;
        if self.count >= self.most {
            let longest = self.jobs.iter_mut().max_by_key(|(_, jobs)| jobs.len());
            match longest {
                Some((_, jobs)) if jobs.len() > own + 1 => displaced = jobs.pop_back(),
                _ => return Some(job),
            }
            self.count -= 1;
        }
        let jobs = self.jobs.entry(source.clone()).or_default();
        if jobs.is_empty() {
            self.round.push_back(source);
        }
        jobs.push_back(job);
        self.count += 1;
        displaced
    }

    fn pop(&mut self) -> Option<J> {
        let source = self.round.pop_front()?;
        let jobs = self.jobs.get_mut(&source)?;
        let job = jobs.pop_front();
        if jobs.is_empty() {
            self.jobs.remove(&source);
        } else {
            self.round.push_back(source);
        }
        self.count -= 1;
        job
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(class: Class, number: u16) -> Share {
        let [high, low] = number.to_be_bytes();
        Share { class, source: Source::of(Some([192, 0, high, low].into())) }
    }

    fn drained(queue: &mut FairQueue<(Class, u16)>) -> Vec<(Class, u16)> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn classes_take_turns_and_in_them_the_sources() {
        use Class::{Console, Known, Stranger};
        let mut queue = FairQueue::new(WAITING_JOBS_PER_CLASS);
        for (class, number) in
            [(Stranger, 1), (Stranger, 1), (Stranger, 1), (Stranger, 2), (Known, 1), (Console, 3)]
        {
            assert_eq!(queue.push(from(class, number), (class, number)), None);
        }
        let order =
            [(Console, 3), (Known, 1), (Stranger, 1), (Stranger, 2), (Stranger, 1), (Stranger, 1)];
        assert_eq!(drained(&mut queue), order);
        assert!(queue.classes.iter().all(|class| class.count == 0 && class.jobs.is_empty()));
    }

    #[test]
    fn one_source_takes_no_more_than_its_share_and_no_class_anothers() {
        let mut queue = FairQueue::new(WAITING_JOBS_PER_CLASS);
        for _ in 0..WAITING_JOBS_PER_SOURCE {
            assert!(queue.push(from(Class::Stranger, 1), ()).is_none());
        }
        assert!(queue.push(from(Class::Stranger, 1), ()).is_some(), "its share is full");
        assert!(queue.push(from(Class::Known, 1), ()).is_none());
        assert!(queue.push(from(Class::Stranger, 2), ()).is_none());
    }

    #[test]
    fn in_a_full_class_who_has_little_takes_the_place_of_who_has_much() {
        let mut queue = FairQueue::new(WAITING_JOBS_PER_CLASS);
        let stranger = |number| from(Class::Stranger, number);
        let sources = u16::try_from(WAITING_JOBS_PER_CLASS / WAITING_JOBS_PER_SOURCE).unwrap();
        for number in 0..sources {
            for _ in 0..WAITING_JOBS_PER_SOURCE {
                assert_eq!(queue.push(stranger(number), number), None);
            }
        }
        let displaced = queue.push(stranger(1_000), 1_000).unwrap();
        assert!(displaced < sources, "somebody's last");
        assert_eq!(queue.classes[Class::Stranger as usize].count, WAITING_JOBS_PER_CLASS);
        let all: Vec<u16> = std::iter::from_fn(|| queue.pop()).collect();
        let turn = all.iter().position(|number| *number == 1_000).unwrap();
        assert!(turn <= usize::from(sources), "its turn comes in the first round: {turn}");
    }

    #[test]
    fn strangers_have_a_bound_of_their_own() {
        let mut queue = FairQueue::new(2);
        assert!(queue.push(from(Class::Stranger, 1), ()).is_none());
        assert!(queue.push(from(Class::Stranger, 2), ()).is_none());
        assert!(queue.push(from(Class::Stranger, 3), ()).is_some());
        assert!(queue.push(from(Class::Known, 3), ()).is_none());
        assert!(queue.push(from(Class::Console, 3), ()).is_none());
    }

    #[test]
    fn who_has_as_much_as_the_others_waits_for_a_place() {
        let mut queue = FairQueue::new(WAITING_JOBS_PER_CLASS);
        for number in 0..WAITING_JOBS_PER_CLASS {
            let number = u16::try_from(number).unwrap();
            assert_eq!(queue.push(from(Class::Stranger, number), number), None);
        }
        assert_eq!(queue.push(from(Class::Stranger, 9_999), 9_999), Some(9_999));
    }
}
