//! The text of specs as structs that mirror the files one to one, with a place for everything.
//!
//! Nothing here knows what a spec means, let alone Rust: it reports unknown and missing keys, values of a wrong kind
//! and unknown words. Everything else is for [`crate::check`].

pub(crate) mod allow;
pub(crate) mod callback;
pub(crate) mod constraints;
pub(crate) mod credentials;
mod depth;
pub(crate) mod field;
pub(crate) mod job;
pub(crate) mod operation;
pub(crate) mod reader;
pub(crate) mod resource;
pub(crate) mod rule;
pub(crate) mod service;
pub(crate) mod tree;
pub(crate) mod types;
