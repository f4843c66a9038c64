//! The console's side of the server: implements app's port over `admin` and the store, and renders
//! pages.

mod archive;
mod choices;
mod cookie;
mod csv;
mod deep_link;
mod directory;
mod find;
mod flash;
mod import_file;
mod imports;
mod jobs;
mod locks;
mod log_in;
mod log_outs;
mod logins;
mod pages;
mod parameters;
mod people;
mod phone;
mod port;
mod reader;
mod records;
mod relay;
mod remote_clusters;
mod request;
mod saved_views;
mod session_store;
#[cfg(test)]
mod sessions_test;
mod settings;
mod shape;
mod simulator;
mod trace;
mod unsaved;
mod user;
mod views;

use axum::{
    Router,
    extract::Query,
    response::Redirect,
    routing::{get, post},
};
use leptos::prelude::LeptosOptions;
use serde::Deserialize;
use tower_http::{CompressionLevel, compression::CompressionLayer};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::admin::Admin;
use imports::Imports;
pub(crate) use relay::Relay;
pub(crate) use request::still_signed_in;
pub(crate) use session_store::Sessions;
pub(crate) use views::happened;

/// Minutes after which an unused session ends; an open page alone does not count as use.
const IDLE_MINUTES: i64 = 60;

/// The state that requests for the console share.
#[derive(Clone)]
struct Web {
    admin: Admin,
    sessions: Sessions,
    options: LeptosOptions,
    relay: Relay,
    imports: Imports,
}

impl axum::extract::FromRef<Web> for Admin {
    fn from_ref(web: &Web) -> Self {
        web.admin.clone()
    }
}

impl axum::extract::FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.options.clone()
    }
}

/// How well pages are compressed: Brotli needs a fifth less than gzip, in about the same time.
const PAGE_QUALITY: CompressionLevel = CompressionLevel::Precise(5);

/// The routes of the console.
pub(crate) fn routes(admin: Admin, sessions: Sessions, relay: Relay) -> Router {
    let options = LeptosOptions::builder().output_name("sojourn").hash_files(false).build();
    pages::routes()
        .route("/language", post(choices::language))
        .route("/view", post(choices::view))
        .route("/zone", post(choices::zone))
        .route("/views", post(saved_views::change))
        .route("/related", get(related))
        .route("/directory", get(async || Redirect::to("/directory/users")))
        .route("/list.csv", get(csv::this_list))
        .route("/active-logins.csv", get(csv::logins))
        .route("/records/{kind}", get(csv::directory))
        .route("/records/{kind}/pieces", post(import_file::piece))
        .route("/records/{kind}/paste", post(import_file::paste))
        .route("/records/{kind}/report", get(import_file::report))
        .route("/login-history.csv", get(csv::login_history))
        .route("/audit.csv", get(csv::audit))
        .route("/refusals.csv", get(csv::refusals))
        .route("/trace/{file}", get(trace::download))
        .layer(CompressionLayer::new().quality(PAGE_QUALITY))
        .with_state(Web { admin, sessions, options, relay, imports: Imports::default() })
}

/// The layer that finds a request's session. The cookie's name holds the cluster id: cookies
/// ignore ports, and two consoles on one host must not sign each other out.
pub(crate) fn sessions(sessions: Sessions, cluster_id: &str) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(sessions)
        .with_name(session_cookie(cluster_id))
        .with_secure(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(IDLE_MINUTES)))
}

fn session_cookie(cluster_id: &str) -> String {
    format!("__Host-sojourn-{cluster_id}")
}

#[derive(Deserialize)]
struct Related {
    to: String,
}

/// Redirects to a related page, and to no other address.
async fn related(Query(related): Query<Related>) -> Redirect {
    let known = app::PLACES.iter().find(|place| **place == related.to);
    Redirect::to(known.copied().unwrap_or("/"))
}
