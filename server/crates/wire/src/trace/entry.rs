//! The line of a trace.
//!
//! Layout: `yyyy-MM-dd HH:mm:ss,SSS`, level (5 wide), thread (20 wide, in brackets), logger
//! (25 wide), `- `, message. A message may go on over several lines.

use std::fmt;

use terms::Named;

use super::Shape;

/// The padding of the widest column, the logger's 25 characters.
const BLANKS: &str = "                         ";

/// One entry of a trace, without its time and thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry's shape, which names logger and level.
    pub shape: Shape,
    /// The message; may have several lines.
    pub message: String,
}

impl Entry {
    /// An entry of this shape with these values, in the order of the shape's placeholders.
    ///
    /// Control characters in a value become blanks, so that no text of a client begins a line of its own; only an
    /// answer, whose bytes Sojourn writes, goes on over several lines.
    #[must_use]
    pub fn new(shape: Shape, values: &[&dyn fmt::Display]) -> Self {
        Self { shape, message: shape.template().fill(values) }
    }

    /// Appends the entry to `out` as a line, with its time (`yyyy-MM-dd HH:mm:ss,SSS`) and thread.
    pub fn line(&self, out: &mut String, time: &str, thread: &str) {
        self.shape.head(out, time, thread);
        out.push_str(&self.message);
        out.push('\n');
    }
}

impl Shape {
    /// Appends a line of this shape to `out`, as [`Entry::line`] does with an entry of these values, but without
    /// making an entry.
    pub fn line<'a>(
        self,
        out: &mut String,
        time: &str,
        thread: &str,
        values: impl IntoIterator<Item = &'a dyn fmt::Display>,
    ) {
        self.head(out, time, thread);
        self.template().fill_into(out, values);
        out.push('\n');
    }

    /// Appends the columns before the message.
    fn head(self, out: &mut String, time: &str, thread: &str) {
        let (level, logger) = (self.level().name(), self.logger());
        let pad = |out: &mut String, text: &str, width: usize| {
            out.push_str(text);
            out.push_str(&BLANKS[..width.saturating_sub(text.len())]);
        };
        out.push_str(time);
        out.push(' ');
        pad(out, level, 5);
        out.push_str(" [");
        pad(out, thread, 20);
        out.push_str("] ");
        pad(out, logger, 25);
        out.push_str(" - ");
    }
}
