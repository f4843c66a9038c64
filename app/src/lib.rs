//! The console: rendered at the server, hydrated in the browser, usable without JavaScript.
//!
//! `api` is what the console asks of the server, `live` the websocket of a tab, `pages` one page a
//! file, `components` what has no word of the domain in it.
//!
//! What a view may be or may lack is made `into_any`, and `When` shows it: each type of its own brings
//! its code into the browser, and `script/first-load` counts it.

// A page is one type; the compiler has to look deeper into it than it does by itself.
#![recursion_limit = "512"]

pub mod api;
pub mod live;
pub mod text;

mod address;
mod components;
mod day;
mod pages;
mod part;
mod release;
mod shell;
mod start;

pub use components::{PLACES, RenderedAt, SHOWN_TO, ShownTo};
pub use shell::App;
#[cfg(feature = "ssr")]
pub use shell::{Document, shell};
pub use text::LANGUAGE_COOKIE;

/// Room that nobody uses. Splitting moves data into the parts that use it, and aligns what it moves;
/// when that needs more room than all data had before, it moves none, and every page's words are
/// loaded with the first one.
#[cfg(feature = "hydrate")]
#[used]
static ROOM_FOR_ALIGNMENT: [u8; 4096] = [1; 4096];
