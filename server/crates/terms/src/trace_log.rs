//! The traces of a cluster.

use crate::named::named;

named! {
    /// A trace of a cluster, by the name of its file without the ending `.log`, as the original has it.
    TraceLog {
        /// The EM service.
        Service = "emservice",
        /// The EM application, which serves the phones.
        Application = "emapp",
    }
}
