//! The level of a line in the trace.

use crate::named::named;

named! {
    /// The level of a line in the trace, by its name in the line.
    TraceLevel {
        /// For readers who follow the code.
        Debug = "DEBUG",
        /// For readers who follow a request.
        Info = "INFO",
        /// A query failed.
        Warn = "WARN",
        /// A request failed.
        Error = "ERROR",
    }
}
