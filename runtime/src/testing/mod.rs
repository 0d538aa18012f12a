//! For the tests of programs that use a client: time that passes when a test says so, and answers without a network.
//!
//! [`ScriptedTransport`] takes the network's place: it answers what a test scripted, from what the vendors document or
//! from values of the test's own, and keeps what was sent. [`JobScript`] is the life of a job, [`VirtualClock`] makes
//! waiting for it cost no time.
//!
//! The documented answers are in the generated crates' module `examples`, where their feature `testing` is on.

mod edit;
mod example;
mod job;
mod scripted;
mod virtual_clock;

pub use self::example::ExampleAnswer;
pub use self::job::JobScript;
pub use self::scripted::{ScriptFor, ScriptNotDone, ScriptedTransport, SentRequest};
pub use self::virtual_clock::VirtualClock;
