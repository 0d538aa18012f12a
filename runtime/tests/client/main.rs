//! The client from outside: what it prepares, what it makes of answers, and what it says when it can't.

mod answers;
mod building;
mod fixture;
mod preparing;
mod redaction;
#[cfg(feature = "reqwest")]
mod transport;
