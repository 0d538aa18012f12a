//! Requests made of the specs alone: for every rule one that keeps it, at its very edge, and one that breaks just it.
//!
//! Everything is deterministic: no chance, no clock, no order of a hash map.

mod cases;
mod edges;
mod encode;
mod pattern;
mod place;
mod repair;
mod rules;
mod sample;
mod text;

pub use cases::{Case, Cases, Expect, Untested, cases};
pub use encode::{literal_tree, request};
pub use pattern::generate;
