//! Reading a trace: ours or the original's, with its padding or without.

use super::{Level, Shape};

/// One record: a line that begins with a time, and the lines that go on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The number of its first line, from 1.
    pub line: usize,
    /// All of it.
    pub text: &'a str,
    /// What it says; `None` where that is not understood.
    pub meaning: Option<Meaning<'a>>,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning<'a> {
    /// Its time, as it is written.
    pub time: &'a str,
    /// How grave it is.
    pub level: Level,
    /// The thread.
    pub thread: &'a str,
    /// The message.
    pub message: &'a str,
    /// The shape of its message.
    pub shape: Shape,
    /// The values in the message, by name.
    pub values: Vec<(&'static str, &'a str)>,
}

impl<'a> Meaning<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (time, rest) = text.split_at_checked(TIME_CHARS)?;
        let (level, rest) = rest.trim_start().split_once(' ')?;
        let (thread, rest) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
        let (logger, message) = rest.split_once(" - ").or_else(|| {
            // The founding document's printed form has lost the blank behind the dash.
            rest.split_once(" -")
        })?;
        let (shape, values) = Shape::of(logger.trim(), message)?;
        let (level, thread) = (Level::from_name(level)?, thread.trim_end());
        Some(Self { time, level, thread, message, shape, values })
    }

    /// The value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.values.iter().find(|(value, _)| *value == name).map(|(_, value)| *value)
    }
}

/// `yyyy-MM-dd HH:mm:ss,SSS`
const TIME_CHARS: usize = 23;

/// Whether a line begins a record: it has a time at its beginning.
fn begins(line: &str) -> bool {
    has_time(line.as_bytes())
}

fn has_time(bytes: &[u8]) -> bool {
    const FORM: &[u8; TIME_CHARS] = b"0000-00-00 00:00:00,000";
    bytes.len() > TIME_CHARS
        && FORM.iter().zip(bytes).all(|(form, byte)| match form {
            b'0' => byte.is_ascii_digit(),
            form => form == byte,
        })
}

/// The records of a trace, in order. Lines before the first time belong to a record that a
/// rotation cut off: they are one record that is not understood.
pub fn records(text: &str) -> impl Iterator<Item = Record<'_>> {
    let mut rest = text;
    let mut line = 1;
    std::iter::from_fn(move || {
        while let Some(blank) = rest.strip_prefix('\n') {
            (rest, line) = (blank, line + 1);
        }
        if rest.is_empty() {
            return None;
        }
        let mut end = 0;
        let mut lines = 0;
        for one in rest.split_inclusive('\n') {
            if lines > 0 && begins(one) {
                break;
            }
            (end, lines) = (end + one.len(), lines + 1);
        }
        let (record, behind) = rest.split_at(end);
        let record = record.trim_end_matches(['\n', '\r']);
        let meaning = begins(record).then(|| Meaning::read(record)).flatten();
        let found = Record { line, text: record, meaning };
        (rest, line) = (behind, line + lines);
        Some(found)
    })
}

/// How many of the first bytes of a trace are whole records: the last one may go on in what follows.
#[must_use]
pub fn whole_records(bytes: &[u8]) -> usize {
    let mut end = bytes.len();
    while let Some(line) = bytes[..end].iter().rposition(|byte| *byte == b'\n') {
        if has_time(&bytes[line + 1..]) {
            return line + 1;
        }
        end = line;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_record_goes_on_to_the_next_time() {
        let text = "2019-01-26 10:54:45,661 INFO [http-bio-8443-exec-19] EMServiceServlet - \
                    110:Request succeeded returning<response>\n<failure/>\n</response>\n\
                    2019-01-26 10:54:45,662 DEBUG [x ] Nobody - what\n";
        let read: Vec<Record<'_>> = records(text).collect();
        assert_eq!((read[0].line, read[1].line, read.len()), (1, 4, 2));
        let meaning = read[0].meaning.as_ref().unwrap();
        assert_eq!(
            (meaning.thread, meaning.value("request")),
            ("http-bio-8443-exec-19", Some("110"))
        );
        assert!(meaning.value("answer").unwrap().ends_with("</response>"));
        assert_eq!(read[1].meaning, None);
    }

    #[test]
    fn what_a_rotation_cut_off_is_a_record_that_is_not_understood() {
        let text = "</response>\n2019-01-26 10:54:45,661 INFO [t] Counters - 1: Counters -->1,2\n";
        let read: Vec<_> = records(text).map(|record| record.meaning.is_some()).collect();
        assert_eq!(read, [false, true]);
    }

    #[test]
    fn what_may_go_on_is_no_whole_record() {
        let record = "2019-01-26 10:54:45,661 INFO [t] Counters - 1: Counters -->1,2\n";
        let whole = |text: &str| whole_records(text.as_bytes());
        assert_eq!(whole(record), 0);
        assert_eq!(whole(&record.repeat(2)), record.len());
        assert_eq!(whole(&format!("{record}{record}more\nand more\n")), record.len());
        assert_eq!(whole(&format!("{record}2019-01-26 10:54:45,66")), 0, "it may become a time");
        assert_eq!(whole("x\ny"), 0);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([0-9:, -]{0,23}|\\PC|\n|2019-01-26 10:54:45,661 INFO \\[t\\] EMServiceServlet - ){0,60}") {
            // Nothing is lost but the ends of lines.
            let read: String = records(&text).map(|record| record.text).collect();
            prop_assert_eq!(read.replace('\n', ""), text.replace('\n', ""));
        }
    }
}
