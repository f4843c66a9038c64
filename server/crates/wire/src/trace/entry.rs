//! The line of a trace.
//!
//! Layout: `yyyy-MM-dd HH:mm:ss,SSS`, level (5 wide), thread (20 wide, in brackets), logger
//! (25 wide), `- `, message. A message may go on over several lines.

use std::fmt;

use super::Shape;

/// As many as the widest column has.
const BLANKS: &str = "                         ";

/// One entry of a trace, without its time and thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its shape, which names logger and level.
    pub shape: Shape,
    /// The message; may have several lines.
    pub message: String,
}

impl Entry {
    /// An entry of this shape with these values, in the order of the shape's places.
    ///
    /// Control characters in a value become blanks, so that nothing a client sends begins a line of
    /// its own; only an answer, whose bytes are ours, goes on over several lines.
    #[must_use]
    pub fn new(shape: Shape, values: &[&dyn fmt::Display]) -> Self {
        Self { shape, message: shape.template().fill(values) }
    }

    /// Writes it as a line behind what `out` has, with its time (`yyyy-MM-dd HH:mm:ss,SSS`) and
    /// thread.
    pub fn line(&self, out: &mut String, time: &str, thread: &str) {
        self.shape.head(out, time, thread);
        out.push_str(&self.message);
        out.push('\n');
    }
}

impl Shape {
    /// Writes a line of this shape behind what `out` has, as [`Entry::line`] does with an entry of
    /// these values: without making one.
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

    /// The layout, up to the message.
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
