//! Picking records out of a trace by request, by phone or user, and by level.

use std::collections::{HashMap, HashSet};

use terms::{LoginFilter, TraceLevel};

use super::{Record, Shape};

/// The records to pick.
#[derive(Clone, Debug, Default)]
pub struct RecordFilter {
    /// Only records of this request.
    pub request: Option<u64>,
    /// Only records of requests that name this phone, user or any other text; compared without case.
    pub find: String,
    /// Only records of at least this level.
    pub level: Option<TraceLevel>,
}

/// A search for records in a trace that is read twice, in order: a name picks the whole request, also the
/// records before the name. No record is kept.
#[derive(Debug)]
pub struct Search {
    wanted: RecordFilter,
    find: String,
    requests: Requests,
    /// The requests that name `find`.
    of_somebody: HashSet<RequestId>,
}

impl Search {
    /// A search that has read nothing yet.
    #[must_use]
    pub fn new(wanted: RecordFilter) -> Self {
        let find = LoginFilter::fold(wanted.find.trim());
        Self { wanted, find, requests: Requests::default(), of_somebody: HashSet::new() }
    }

    /// Whether the search needs a first pass over the trace, with [`Search::look`].
    #[must_use]
    pub fn looks_first(&self) -> bool {
        !self.find.is_empty()
    }

    /// Reads a record in the first pass.
    pub fn look(&mut self, record: &Record<'_>) {
        let request = self.requests.of(record);
        if self.says(record) {
            self.of_somebody.extend(request);
        }
    }

    /// Begins the second pass, or the only pass.
    pub fn begin(&mut self) {
        self.requests = Requests::default();
    }

    /// Reads a record in the last pass; returns whether the search picks the record.
    ///
    /// A record without a request's number belongs to the request on which its thread worked before. A record that
    /// does not name `find` is picked if another record of its request does.
    pub fn wants(&mut self, record: &Record<'_>) -> bool {
        let request = self.requests.of(record);
        let RecordFilter { request: wanted, level: least, .. } = &self.wanted;
        let level = record.meaning.as_ref().map(|meaning| meaning.level);
        wanted.is_none_or(|wanted| request.is_some_and(|one| one.number.is(wanted)))
            && least.is_none_or(|least| level.is_some_and(|level| level >= least))
            && (self.find.is_empty()
                || request.is_some_and(|request| self.of_somebody.contains(&request))
                || self.says(record))
    }

    fn says(&self, record: &Record<'_>) -> bool {
        LoginFilter::fold(record.text).contains(&self.find)
    }
}

/// A request: its number, and its ordinal among the requests of that number, since numbers begin anew with each
/// start of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct RequestId {
    number: Number,
    start: u32,
}

/// The number of a request. The EM service and the `EMApp` each number their own requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Number {
    Service(u64),
    Application(u64),
}

impl Number {
    fn is(self, number: u64) -> bool {
        let (Self::Service(own) | Self::Application(own)) = self;
        own == number
    }
}

/// The assignment of records to requests.
#[derive(Debug, Default)]
struct Requests {
    of_thread: HashMap<String, RequestId>,
    starts: HashMap<Number, u32>,
}

impl Requests {
    /// The request of the next record. The `EMApp` writes a request's number only in the request's first record.
    fn of(&mut self, record: &Record<'_>) -> Option<RequestId> {
        let meaning = record.meaning.as_ref()?;
        let number = meaning.value("request").and_then(|number| number.parse().ok());
        let Some(number) = number else { return self.of_thread.get(meaning.thread).copied() };
        let (number, begins) = match meaning.shape {
            Shape::AppRequest => (Number::Application(number), true),
            shape => (Number::Service(number), shape == Shape::RequestNumber),
        };
        let start = self.starts.entry(number).or_default();
        *start += u32::from(begins);
        let request = RequestId { number, start: *start };
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

    fn picked(wanted: &RecordFilter) -> Vec<usize> {
        lines(TEXT, wanted)
    }

    fn lines(text: &str, wanted: &RecordFilter) -> Vec<usize> {
        let mut search = Search::new(wanted.clone());
        if search.looks_first() {
            records(text).for_each(|record| search.look(&record));
        }
        search.begin();
        records(text).filter(|record| search.wants(record)).map(|record| record.line).collect()
    }

    #[test]
    fn a_request_has_also_what_its_thread_says_without_a_number() {
        assert_eq!(picked(&RecordFilter::default()), [1, 2, 3, 4, 5]);
        let seven = RecordFilter { request: Some(7), ..RecordFilter::default() };
        assert_eq!(picked(&seven), [2, 4, 5]);
        assert_eq!(picked(&RecordFilter { request: Some(9), ..RecordFilter::default() }), [0; 0]);
    }

    #[test]
    fn a_name_brings_the_whole_request() {
        let find =
            |text: &str| picked(&RecordFilter { find: text.to_owned(), ..RecordFilter::default() });
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
        let find = RecordFilter { find: "SEP2".to_owned(), ..RecordFilter::default() };
        assert_eq!(lines(&text, &find), [4, 5, 6]);
    }

    /// Two concurrent requests of the `EMApp`, and the requests of the EM service that the second request made.
    const APPLICATION: &str = "\
2018-04-14 19:10:51,885 INFO  [http-bio-8080-exec-1] EMAppServlet - EMApp Request# ----->5\n\
2018-04-14 19:10:51,886 INFO  [http-bio-8080-exec-2] EMAppServlet - EMApp Request# ----->6\n\
2018-04-14 19:10:51,886 INFO  [http-bio-8080-exec-2] EMAppServlet - EM Request for ann\n\
2018-04-14 19:10:51,887 INFO  [http-bio-8080-exec-1] CMDatabase - CMDatabase:checkDeviceAllowsAlternateScript\n\
2018-04-14 19:10:51,888 INFO  [http-bio-8443-exec-2] EMServiceServlet - 6:Executing Login...\n\
2018-04-14 19:10:51,889 INFO  [http-bio-8080-exec-2] EMAppServlet -  my charset =utf-8\n\
2018-04-14 19:10:52,885 INFO  [http-bio-8080-exec-2] EMAppServlet - EMApp Request# ----->6\n\
2018-04-14 19:10:52,886 INFO  [http-bio-8080-exec-2] EMAppServlet - Sent login page for device SEP1\n";

    #[test]
    fn a_request_of_the_application_has_what_its_thread_says_until_the_next_one() {
        let request = |number| RecordFilter { request: Some(number), ..RecordFilter::default() };
        assert_eq!(lines(APPLICATION, &request(5)), [1, 4]);
        assert_eq!(lines(APPLICATION, &request(6)), [2, 3, 5, 6, 7, 8], "of both that count");
    }

    #[test]
    fn a_name_brings_the_whole_request_of_the_application_and_nothing_of_the_services() {
        let find = |text: &str| RecordFilter { find: text.to_owned(), ..RecordFilter::default() };
        assert_eq!(lines(APPLICATION, &find("Ann")), [2, 3, 6]);
        assert_eq!(lines(APPLICATION, &find("SEP1")), [7, 8], "the number came again");
        assert_eq!(lines(APPLICATION, &find("AlternateScript")), [1, 4]);
    }

    #[test]
    fn a_level_brings_what_is_at_least_so_grave() {
        let least = |level| RecordFilter { level: Some(level), ..RecordFilter::default() };
        assert_eq!(picked(&least(TraceLevel::Error)), [5]);
        let warning = "2019-01-26 10:54:45,661 WARN [exec-1] EMServiceServlet - 7: executeQuery MyException.\n";
        let text = format!("{TEXT}{warning}");
        assert_eq!(lines(&text, &least(TraceLevel::Warn)), [5, 6]);
        assert_eq!(lines(&text, &least(TraceLevel::Error)), [5]);
    }
}
