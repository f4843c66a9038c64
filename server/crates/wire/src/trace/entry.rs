//! The line of a trace.
//!
//! Layout: `yyyy-MM-dd HH:mm:ss,SSS`, level (5 wide), thread (20 wide, in brackets), logger
//! (25 wide), `- `, message. A message may go on over several lines.

use std::fmt;

use super::Shape;

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
}

impl Shape {
    /// Writes a line of this shape behind what `out` has: its time (`yyyy-MM-dd HH:mm:ss,SSS`),
    /// level, thread, logger and the message with these values, as [`Entry::new`] takes them.
    pub fn line(self, out: &mut String, time: &str, thread: &str, values: &[&dyn fmt::Display]) {
        let pad = |out: &mut String, text: &str, width: usize| {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(text.len())));
        };
        out.push_str(time);
        out.push(' ');
        pad(out, self.level().name(), 5);
        out.push_str(" [");
        pad(out, thread, 20);
        out.push_str("] ");
        pad(out, self.logger(), 25);
        out.push_str(" - ");
        self.template().fill_into(out, values);
        out.push('\n');
    }
}

/// An entry with its time (`yyyy-MM-dd HH:mm:ss,SSS`) and thread, in the layout.
pub struct Timed<'a>(pub &'a str, pub &'a str, pub &'a Entry);

impl fmt::Display for Timed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(time, thread, Entry { shape, message }) = self;
        let (level, logger) = (shape.level().name(), shape.logger());
        write!(f, "{time} {level:<5} [{thread:<20}] {logger:<25} - {message}")
    }
}
