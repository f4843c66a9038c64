//! The kinds of actors, and the roles of administrators.

use crate::named::named;

named! {
    /// The rights of an administrator in the console; each role includes the rights of the role before.
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
    /// The kind of actor that made a change.
    ActorKind {
        /// An EM API client.
        ApplicationUser = "application_user",
        /// An end user, by id and PIN.
        User = "user",
        /// An administrator who is signed in to the console.
        Administrator = "administrator",
        /// A user of the command line, who has access to the data folder.
        CommandLine = "command_line",
        /// The person at a phone, by the phone's name.
        Phone = "phone",
        /// A remote cluster, by its id.
        RemoteCluster = "remote_cluster",
        /// Sojourn itself, for instance when the time limit of a login is reached.
        System = "system",
    } else Other
}
