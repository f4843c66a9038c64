//! The console: rendered at the server, hydrated in the browser, usable without JavaScript.
//!
//! `api` is the console's interface to the server, `live` the websocket of a tab, `pages` one page a file,
//! `components` the parts of pages that have no term of the domain.
//!
//! An optional part of a view is erased with `into_any`, or shown with `When`: each distinct view type adds
//! code to the browser's program, and `end2end/tests/first-load.spec.ts` counts the bytes.

// A page is one deeply nested type, which exceeds the compiler's default limit.
#![recursion_limit = "512"]

pub mod api;
pub mod live;
pub mod text;

mod address;
mod components;
mod day;
#[cfg(feature = "ssr")]
mod frame;
mod pages;
mod part;
mod release;
mod shell;
mod start;
mod zone;

pub use components::{RenderedAt, SHOWN_TO, ShownTo};
pub use shell::App;
pub use text::LANGUAGE_COOKIE;
pub use zone::ZONE_COOKIE;
#[cfg(feature = "ssr")]
pub use {
    address::{phone_url, user_url},
    components::PLACES,
    frame::{Frame, SavedViewLink, VIEW_COOKIE, ViewOptions},
    shell::{Document, shell},
    zone::{is_zone, zone_names},
};

/// Unused bytes that the alignment of split data needs.
/// Splitting moves data into the parts that use it, and aligns the moved data. When aligned data needs more
/// bytes than all data had before, splitting moves none of it, and the texts of all pages are loaded with the
/// first page.
#[cfg(feature = "hydrate")]
#[used]
static ROOM_FOR_ALIGNMENT: [u8; 4096] = [1; 4096];
