//! The server `sojourn`: command line, HTTP, sign-in, and every task and timer.
//!
//! A request comes in by an adapter (`em_service`, `em_app`, `console`, `live`), which parses it, makes one call
//! and writes the answer. `em` is the EM service without transport, `admin` what administrators can do;
//! the rules are in the crate `engine`. `docs/architecture.md` walks through it.

pub mod admin;
pub mod cli;
pub mod cluster;

mod console;
mod edge;
mod em;
mod em_app;
mod em_service;
mod emcc;
mod form;
mod http;
mod lab;
mod live;
mod phone_auth;
mod phone_files;
mod phone_idle;
mod shares;
mod shortened;
mod to_its_end;
