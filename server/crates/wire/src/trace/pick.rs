//! Picking records out of a trace: those of a request, of a phone or user, of a level.

use std::collections::{HashMap, HashSet};

use terms::{LoginFilter, TraceLevel};

use super::Record;

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
    let of_somebody: HashSet<u64> = if find.is_empty() {
        HashSet::new()
    } else {
        let saying = records.iter().zip(&requests).filter(|(record, _)| says(record));
        saying.filter_map(|(_, request)| *request).collect()
    };
    let shown = |record: &Record<'a>, request: Option<u64>| {
        let level = record.meaning.as_ref().map(|meaning| meaning.level);
        wanted.request.is_none_or(|wanted| request == Some(wanted))
            && wanted.level.is_none_or(|least| level.is_some_and(|level| level >= least))
            && (find.is_empty()
                || request.is_some_and(|request| of_somebody.contains(&request))
                || says(record))
    };
    let records = records.into_iter().zip(requests);
    records.filter(|(record, request)| shown(record, *request)).map(|(record, _)| record).collect()
}

/// To which request each record belongs.
fn requests(records: &[Record<'_>]) -> Vec<Option<u64>> {
    let mut of_thread: HashMap<&str, u64> = HashMap::new();
    let request = |record: &Record<'_>| -> Option<u64> {
        record.meaning.as_ref()?.value("request")?.parse().ok()
    };
    records
        .iter()
        .map(|record| {
            let thread = record.meaning.as_ref()?.thread;
            if let Some(request) = request(record) {
                of_thread.insert(thread, request);
            }
            of_thread.get(thread).copied()
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
    fn a_level_brings_what_is_at_least_so_grave() {
        let error = Wanted { level: Some(TraceLevel::Error), ..Wanted::default() };
        assert_eq!(picked(&error), [5]);
    }
}
