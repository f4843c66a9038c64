//! Downloads that take minutes end with the session of their reader.

use std::{io, sync::Arc};

use futures::{Stream, StreamExt};
use tower_sessions::Session;

use super::{Web, request::still_signed_in};

/// The reader of a file.
pub(super) struct Reader {
    pub(super) web: Web,
    pub(super) session: Session,
}

impl Reader {
    /// The parts of a file, up to the end of the session.
    /// The session ends with a sign-out, a change of role, or the removal of the administrator. A file
    /// that breaks off does not look whole. Each part costs a query for the session, so parts are
    /// large.
    pub(super) fn while_signed_in<T: Send>(
        self,
        parts: impl Stream<Item = io::Result<T>> + Send,
    ) -> impl Stream<Item = io::Result<T>> + Send {
        let reader = Arc::new(self);
        parts.then(move |part| {
            let reader = Arc::clone(&reader);
            async move {
                reader.is_still_signed_in().await?;
                part
            }
        })
    }

    async fn is_still_signed_in(&self) -> io::Result<()> {
        let Web { admin, sessions, .. } = &self.web;
        let signed_in = still_signed_in(admin, sessions, &self.session).await;
        signed_in.map_err(|_| io::Error::other("the session of the reader has ended"))
    }
}
