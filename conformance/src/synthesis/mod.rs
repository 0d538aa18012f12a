//! Requests made of the specs alone: for every rule one that keeps it, at its very edge, and one that breaks just it.
//!
//! Everything is deterministic: no chance, no clock, no order of a hash map.

mod answers;
mod cases;
mod conditions;
mod edges;
mod encode;
mod order;
mod pattern;
mod place;
mod repair;
mod rules;
mod sample;
mod search;
mod settings;
mod text;

pub use answers::{answers, messages};
pub use cases::{Case, Cases, Expect, Tested, Untested, cases};
pub use encode::{literal_tree, request};
pub use pattern::generate;
pub use settings::{SettingCase, setting_cases};
