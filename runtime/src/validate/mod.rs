//! Documented rules, checked before a request is sent.
//!
//! [`Operation::validate`](crate::Operation::validate) gives all [`Violations`] of a request;
//! [`Client::send`](crate::Client::send) calls it and sends nothing where a rule of severity error is broken.
//! Vendors change their limits: where a rule is wrong today, turn validation off for the client or the one request
//! and report the rule, whose source stands beside it.

mod charset;
mod checker;
mod constraints;
pub mod predicates;
mod values;
mod violation;

pub use checker::{Check, Checker, RuleCheck};
pub use constraints::{ListCheck, NumberCheck, TextCheck};
pub use values::{AsCount, AsNumber, AsText, Number};
pub use violation::{Severity, Violation, Violations};
