//! Routes, and which of them plain HTTP serves to everybody.

use axum::{Router, routing::MethodRouter};

/// A router with the list of its paths that are open on plain HTTP.
/// A route declares this where it is defined; a route without the declaration is closed on plain HTTP.
#[derive(Default)]
pub(crate) struct Routes {
    /// All routes.
    pub(crate) router: Router,
    /// Exact paths that plain HTTP serves to everybody.
    pub(crate) open: Vec<&'static str>,
}

impl Routes {
    /// Adds a route that plain HTTP serves to everybody.
    pub(crate) fn open(mut self, path: &'static str, methods: MethodRouter) -> Self {
        self.open.push(path);
        self.closed(path, methods)
    }

    /// Adds a route that is served over HTTPS, and on plain HTTP to this machine alone.
    pub(crate) fn closed(mut self, path: &'static str, methods: MethodRouter) -> Self {
        self.router = self.router.route(path, methods);
        self
    }

    /// Adds the routes of `others`.
    pub(crate) fn merge(mut self, others: impl Into<Routes>) -> Self {
        let Routes { router, open } = others.into();
        self.router = self.router.merge(router);
        self.open.extend(open);
        self
    }
}

/// The routes of a bare [`Router`] are closed on plain HTTP.
impl From<Router> for Routes {
    fn from(router: Router) -> Self {
        Self { router, open: Vec::new() }
    }
}
