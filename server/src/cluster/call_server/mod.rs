//! The call server at which phones register: which registrations a number has, and notifications to
//! phones, which only the registrar can reach. It is Kamailio, asked by JSON-RPC over HTTP (its modules
//! `jsonrpcs`, `xhttp`, `usrloc` and `tm`).

mod registration;
mod rpc;

pub(super) use registration::Registration;
pub(super) use rpc::CallServer;
