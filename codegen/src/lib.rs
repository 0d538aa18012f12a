//! Endpoint specs in, Rust clients out.
//!
//! Three steps, each with its own vocabulary: the text of specs is read into structs that mirror the files, checked into
//! a [`model`] in which nothing can be wrong, and written as Rust by `emit` (a feature: readers of the model don't need
//! it). A pure library: it reads no disk and no clock.

mod check;
mod diagnostic;
mod diagnostic_render;
#[cfg(feature = "emit")]
pub mod emit;
pub mod evaluate;
pub mod examples;
pub mod model;
mod spec;

pub use check::{Checked, check, codes};
pub use diagnostic::{Diagnostic, Label, Severity, SourceFile};
pub use diagnostic_render::{Style, render};
