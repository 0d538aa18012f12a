//! Calls over time: attempts, waits, lists and batches, in a time that passes by itself and with answers from a list.

mod batching;
#[cfg(feature = "blocking")]
mod blocking;
mod cloud;
mod observing;
mod paging;
mod retrying;
mod scripting;
mod secrets;
mod waiting;
