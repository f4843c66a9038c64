//! The call server at which phones register. The call server lists the registrations of a number, and
//! sends notifications to phones, which only the registrar can reach. The call server is Kamailio,
//! asked by JSON-RPC over HTTP (its modules `jsonrpcs`, `xhttp`, `usrloc` and `tm`).

mod registration;
mod rpc;

pub(super) use registration::Registration;
pub(super) use rpc::CallServerClient;
