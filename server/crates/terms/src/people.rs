//! Who acts, and what an administrator may do.

use crate::named::named;

named! {
    /// What an administrator may do in the console; each role may do what the one before may.
    Role {
        /// Reads.
        Viewer = "viewer",
        /// Ends logins, changes nothing else.
        Operator = "operator",
        /// Everything.
        Administrator = "administrator",
    }
}

named! {
    /// What kind of asker changed something.
    ActorKind {
        /// An EM API client.
        ApplicationUser = "application_user",
        /// An end user, by id and PIN.
        User = "user",
        /// Somebody signed in to the console.
        Administrator = "administrator",
        /// Somebody with access to the data folder.
        CommandLine = "command_line",
        /// Whoever stands at a phone, by the phone's name.
        Phone = "phone",
        /// A remote cluster, by its id.
        RemoteCluster = "remote_cluster",
        /// Sojourn itself, for instance when a login's time is up.
        System = "system",
    } else Other
}
