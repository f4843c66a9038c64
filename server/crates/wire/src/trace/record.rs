//! Reading a trace of Sojourn or of the original, with padding or without.

use super::{Level, Shape};
use terms::Named;

/// One record: a line that begins with a time, and the lines that go on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The number of the record's first line, from 1.
    pub line: usize,
    /// The whole text, without the blanks behind it.
    pub text: &'a str,
    /// The meaning of the record; `None` if the record is not understood.
    pub meaning: Option<Meaning<'a>>,
}

/// The meaning of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning<'a> {
    /// The time, as written.
    pub time: &'a str,
    /// The level.
    pub level: Level,
    /// The thread.
    pub thread: &'a str,
    /// The message.
    pub message: &'a str,
    /// The shape of the message.
    pub shape: Shape,
    /// The values in the message, by name.
    pub values: Vec<(&'static str, &'a str)>,
}

impl<'a> Meaning<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (time, rest) = text.trim_start().split_at_checked(TIME_CHARS)?;
        let (level, rest) = rest.trim_start().split_once(char::is_whitespace)?;
        let (thread, rest) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
        let (logger, rest) = rest.trim_start().split_once(char::is_whitespace)?;
        let message = rest.trim_start().strip_prefix('-')?;
        // The founding document's printed form has lost the blank behind the dash.
        let message = message.strip_prefix(char::is_whitespace).unwrap_or(message);
        let (shape, values) = Shape::of(logger, message)?;
        let (level, thread) = (Level::from_name(level)?, thread.trim());
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

/// Whether a line begins a record, with a time at its beginning. A copy of a trace may be indented.
fn begins(line: &[u8]) -> bool {
    const FORM: &[u8; TIME_CHARS] = b"0000-00-00 00:00:00,000";
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let bytes = &line[indent..];
    bytes.len() > TIME_CHARS
        && FORM.iter().zip(bytes).all(|(form, byte)| match form {
            b'0' => byte.is_ascii_digit(),
            form => form == byte,
        })
}

/// The records of a trace, in order, without the blanks and ends of lines behind them. Lines before the first
/// time belong to a record that a rotation cut off: these lines are one record that is not understood.
pub fn records(text: &str) -> impl Iterator<Item = Record<'_>> {
    // Some editors begin a UTF-8 file with a byte order mark.
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    std::iter::from_fn(move || {
        while let Some((blank, behind)) = rest.split_once('\n')
            && blank.trim().is_empty()
        {
            (rest, line) = (behind, line + 1);
        }
        if rest.trim_start().is_empty() {
            return None;
        }
        let mut end = 0;
        let mut lines = 0;
        for one in rest.split_inclusive('\n') {
            if lines > 0 && begins(one.as_bytes()) {
                break;
            }
            (end, lines) = (end + one.len(), lines + 1);
        }
        let (record, behind) = rest.split_at(end);
        let record = record.trim_end();
        let meaning = begins(record.as_bytes()).then(|| Meaning::read(record)).flatten();
        let found = Record { line, text: record, meaning };
        (rest, line) = (behind, line + lines);
        Some(found)
    })
}

/// The number of bytes of whole records at the beginning of a trace: the last record may go on in later bytes.
#[must_use]
pub fn whole_records(bytes: &[u8]) -> usize {
    let mut end = bytes.len();
    while let Some(line) = bytes[..end].iter().rposition(|byte| *byte == b'\n') {
        if begins(&bytes[line + 1..]) {
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
    fn blank_lines_and_ends_of_lines_of_any_kind_are_no_part_of_a_record() {
        let text = "\u{feff}\r\n \t\r\n2019-01-26 10:54:45,661\tINFO [ t ]\tCounters\t-\t1: Counters -->1,2 \r\n\
                    \r\n   2019-01-26 10:54:45,662 WARN  [t] EMServiceServlet -1: executeQuery MyException.\r\n \r\n";
        let read: Vec<_> = records(text).collect();
        let lines: Vec<_> = read.iter().map(|record| record.line).collect();
        assert_eq!(lines, [3, 5]);
        let meaning = |at: usize| read[at].meaning.as_ref().unwrap();
        assert_eq!((meaning(0).thread, meaning(0).value("numbers")), ("t", Some("1,2")));
        assert_eq!((meaning(1).level, meaning(1).value("request")), (Level::Warn, Some("1")));
        assert_eq!(whole_records(text.as_bytes()), text.find("   2019").unwrap());
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
            // Nothing is lost but blanks and the ends of lines.
            let read: String = records(&text).map(|record| record.text).collect();
            let without = |text: &str| text.replace(char::is_whitespace, "");
            prop_assert_eq!(without(&read), without(text.strip_prefix('\u{feff}').unwrap_or(&text)));
        }
    }
}
