//! How grave a line of the trace is.

use crate::named::named;

named! {
    /// How grave a line of the trace is, by its name in the line.
    TraceLevel {
        /// For whoever follows the code.
        Debug = "DEBUG",
        /// For whoever follows a request.
        Info = "INFO",
        /// A query failed.
        Warn = "WARN",
        /// A request failed.
        Error = "ERROR",
    }
}
