//! Phone Simulator: desk phones in the browser.
//!
//! `desk` is what the address says, `page` and `chooser` stand around the phones. A phone is in `phone`:
//! `state` holds what it shows, `operate` says what its keys do, `work` what commands do, `news` follows what
//! the server knows of it, and the other files are its parts.

mod action;
mod chooser;
mod clock;
mod desk;
mod display;
mod form;
mod icons;
mod idle;
mod keyboard;
mod line_keys;
mod menu;
mod multi_tap;
mod news;
mod operate;
mod pad;
mod page;
mod phone;
mod sight;
mod soft_keys;
mod state;
mod style;
mod work;

pub use page::SimulatorPage;
