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

/// The records that are wanted, in order. A record without a number belongs to the request that
/// its thread worked on before it; one that names nobody belongs to a request that does.
#[must_use]
pub fn pick<'a>(records: Vec<Record<'a>>, wanted: &Wanted) -> Vec<Record<'a>> {
    let find = LoginFilter::fold(wanted.find.trim());
    let requests = requests(&records);
    let says = |record: &Record<'_>| LoginFilter::fold(record.text).contains(&find);
    let of_somebody: HashSet<Request> = if find.is_empty() {
        HashSet::new()
    } else {
        let saying = records.iter().zip(&requests).filter(|(record, _)| says(record));
        saying.filter_map(|(_, request)| *request).collect()
    };
    let shown = |record: &Record<'a>, request: Option<Request>| {
        let level = record.meaning.as_ref().map(|meaning| meaning.level);
        wanted.request.is_none_or(|wanted| request.is_some_and(|one| one.number == wanted))
            && wanted.level.is_none_or(|least| level.is_some_and(|level| level >= least))
            && (find.is_empty()
                || request.is_some_and(|request| of_somebody.contains(&request))
                || says(record))
    };
    let records = records.into_iter().zip(requests);
    records.filter(|(record, request)| shown(record, *request)).map(|(record, _)| record).collect()
}

/// A request: its number, and which of that number it is, since they are counted anew with each
/// start of the server.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Request {
    number: u64,
    start: usize,
}

/// To which request each record belongs.
fn requests(records: &[Record<'_>]) -> Vec<Option<Request>> {
    let mut of_thread: HashMap<&str, Request> = HashMap::new();
    let mut starts: HashMap<u64, usize> = HashMap::new();
    records
        .iter()
        .map(|record| {
            let meaning = record.meaning.as_ref()?;
            let number = meaning.value("request").and_then(|number| number.parse().ok());
            if let Some(number) = number {
                let start = starts.entry(number).or_default();
                if meaning.shape == Shape::RequestNumber {
                    *start += 1;
                }
                of_thread.insert(meaning.thread, Request { number, start: *start });
            }
            of_thread.get(meaning.thread).copied()
        })
        .collect()
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
        pick(records(TEXT).collect(), wanted).iter().map(|record| record.line).collect()
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
        let lines: Vec<_> =
            pick(records(&text).collect(), &find).iter().map(|record| record.line).collect();
        assert_eq!(lines, [4, 5, 6]);
    }

    #[test]
    fn a_level_brings_what_is_at_least_so_grave() {
        let error = Wanted { level: Some(TraceLevel::Error), ..Wanted::default() };
        assert_eq!(picked(&error), [5]);
    }
}
