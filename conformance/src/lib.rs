//! Holds the generated clients to the vendors' own documents.
//!
//! - [`example`] reads documented exchanges, one file each; the format is described in this crate's `README.md`.
//! - [`judge`] holds the clients to an example: a request is read, checked, written again and must mean the same; an
//!   answer is read as a client reads it, and nothing of it may be lost.
//! - [`coverage`] counts in how many examples each field of the specs occurs.
//! - [`synthesis`] makes requests of the specs alone: one that breaks each rule and no other, and ones at its very edge.
//! - [`signed`] makes signed requests for programs in other languages that judge them.
//! - [`contradictions`] tells which entries of the list of contradictions no longer hold.
//!
//! What an example means is found out without the clients' own code: [`tree`] reads texts with other libraries, and
//! [`meaning`] goes by the checked specs.

#![forbid(unsafe_code)]

pub mod contradictions;
pub mod coverage;
pub mod example;
pub mod judge;
pub mod meaning;
pub mod problem;
pub mod signed;
pub mod suite;
pub mod synthesis;
pub mod tree;

/// The code of the front page compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct FrontPage;

/// The programs of the guide to tests run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/testing-your-program.md")]
struct GuideToTests;

/// So do those of the guide to the stand-in.
#[cfg(doctest)]
#[doc = include_str!("../../docs/stand-in.md")]
struct GuideToTheStandIn;
