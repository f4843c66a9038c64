//! Picking records out of a trace: those of a request, of a phone or user, of a level.

use std::collections::{HashMap, HashSet};

use terms::{LoginFilter, TraceLevel};

use super::{Record, Shape};

/// Which records somebody wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only those of this request.
    pub request: Option<u64>,
    /// Only those of requests that name this phone, user or anything else; compared without case.
    pub find: String,
    /// Only those that are at least so grave.
    pub level: Option<TraceLevel>,
}

/// Looks for records in a trace that is read twice, in order: a name brings the whole request, also
/// what comes before it. No record is kept.
#[derive(Debug)]
pub struct Search {
    wanted: Wanted,
    find: String,
    requests: Requests,
    /// The requests that name what is looked for.
    of_somebody: HashSet<Request>,
}

impl Search {
    /// A search that has read nothing yet.
    #[must_use]
    pub fn new(wanted: Wanted) -> Self {
        let find = LoginFilter::fold(wanted.find.trim());
        Self { wanted, find, requests: Requests::default(), of_somebody: HashSet::new() }
    }

    /// Whether the trace has to be read before it is read for its records.
    #[must_use]
    pub fn looks_first(&self) -> bool {
        !self.find.is_empty()
    }

    /// Reads a record for the first time.
    pub fn look(&mut self, record: &Record<'_>) {
        let request = self.requests.of(record);
        if self.says(record) {
            self.of_somebody.extend(request);
        }
    }

    /// Begins to read for the second time, or the only one.
    pub fn begin(&mut self) {
        self.requests = Requests::default();
    }

    /// Reads a record for the last time; whether it is wanted. A record without a number belongs to
    /// the request that its thread worked on before it; one that names nobody belongs to a request
    /// that does.
    pub fn wants(&mut self, record: &Record<'_>) -> bool {
        let request = self.requests.of(record);
        let Wanted { request: wanted, level: least, .. } = &self.wanted;
        let level = record.meaning.as_ref().map(|meaning| meaning.level);
        wanted.is_none_or(|wanted| request.is_some_and(|one| one.number == wanted))
            && least.is_none_or(|least| level.is_some_and(|level| level >= least))
            && (self.find.is_empty()
                || request.is_some_and(|request| self.of_somebody.contains(&request))
                || self.says(record))
    }

    fn says(&self, record: &Record<'_>) -> bool {
        LoginFilter::fold(record.text).contains(&self.find)
    }
}

/// A request: its number, and which of that number it is, since they are counted anew with each
/// start of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Request {
    number: u64,
    start: u32,
}

/// To which request each record belongs.
#[derive(Debug, Default)]
struct Requests {
    of_thread: HashMap<String, Request>,
    starts: HashMap<u64, u32>,
}

impl Requests {
    /// The request of the next record.
    fn of(&mut self, record: &Record<'_>) -> Option<Request> {
        let meaning = record.meaning.as_ref()?;
        let number = meaning.value("request").and_then(|number| number.parse().ok());
        let Some(number) = number else { return self.of_thread.get(meaning.thread).copied() };
        let start = self.starts.entry(number).or_default();
        if meaning.shape == Shape::RequestNumber {
            *start += 1;
        }
        let request = Request { number, start: *start };
        match self.of_thread.get_mut(meaning.thread) {
            Some(of_thread) => *of_thread = request,
            None => drop(self.of_thread.insert(meaning.thread.to_owned(), request)),
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::records;

    const TEXT: &str = "\
2019-01-26 10:54:45,661 INFO [exec-1] EMServiceServlet - 7: Executing\n\
2019-01-26 10:54:45,661 INFO [exec-1] EMServiceServlet - 7:Executing Login...\n\
2019-01-26 10:54:45,661 INFO [exec-2] EMServiceServlet - 8:Executing Logout for device=SEP2\n\
2019-01-26 10:54:45,661 INFO [exec-1] EMServiceServlet - Effective Login Duration :36000 seconds\n\
2019-01-26 10:54:45,661 ERROR [exec-1] EMServiceServlet - 7: LoginService: Dev: SEP1- Error# 25-com.cisco.emservice.MyException: x\n";

    fn picked(wanted: &Wanted) -> Vec<usize> {
        lines(TEXT, wanted)
    }

    fn lines(text: &str, wanted: &Wanted) -> Vec<usize> {
        let mut search = Search::new(wanted.clone());
        if search.looks_first() {
            records(text).for_each(|record| search.look(&record));
        }
        search.begin();
        records(text).filter(|record| search.wants(record)).map(|record| record.line).collect()
    }

    #[test]
    fn a_request_has_also_what_its_thread_says_without_a_number() {
        assert_eq!(picked(&Wanted::default()), [1, 2, 3, 4, 5]);
        let seven = Wanted { request: Some(7), ..Wanted::default() };
        assert_eq!(picked(&seven), [2, 4, 5]);
        assert_eq!(picked(&Wanted { request: Some(9), ..Wanted::default() }), [0; 0]);
    }

    #[test]
    fn a_name_brings_the_whole_request() {
        let find = |text: &str| picked(&Wanted { find: text.to_owned(), ..Wanted::default() });
        assert_eq!(find("sep1"), [2, 4, 5]);
        assert_eq!(find(" SEP2 "), [3]);
        assert_eq!(find("nobody"), [0; 0]);
    }

    #[test]
    fn a_number_that_came_again_is_another_request() {
        let line = |message: &str| {
            format!("2019-01-26 10:54:45,661 INFO [exec-1] EMServiceServlet - {message}\n")
        };
        let request = |device: &str| {
            line("EMService Request# ----> : 1")
                + &line("1:Finished Parsing XML request")
                + &line(&format!("1:Executing Logout for device={device}"))
        };
        let text = request("SEP1") + &request("SEP2");
        let find = Wanted { find: "SEP2".to_owned(), ..Wanted::default() };
        assert_eq!(lines(&text, &find), [4, 5, 6]);
    }

    #[test]
    fn a_level_brings_what_is_at_least_so_grave() {
        let error = Wanted { level: Some(TraceLevel::Error), ..Wanted::default() };
        assert_eq!(picked(&error), [5]);
    }
}
