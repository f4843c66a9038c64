//! The server `sojourn`: command line, HTTP, sign-in, and every task and timer.
//!
//! A request comes in by an edge (`em_service`, `console`, `live`), which authenticates, parses,
//! makes one call and maps the answer. What administrators can do is in `admin`; the rules are in
//! the crate `engine`.

pub mod admin;
pub mod cli;
pub mod cluster;

mod console;
mod edge;
mod em_service;
mod form;
mod http;
mod lab;
mod live;
mod shares;
