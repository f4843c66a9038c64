//! Phone Simulator: desk phones in the browser.
//!
//! `desk` reads the address; `page` and `chooser` are the frame around the phones. A phone is in `phone`:
//! `state` holds the phone's state, `operate` handles its keys, `work` handles commands, `news` follows the
//! server's state of the phone, and the other files are its parts.

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
mod work;

pub use page::SimulatorPage;
