//! Calls over time: attempts, waits, lists and batches, in a time that passes by itself and with answers from a list.

mod batching;
mod cloud;
mod observing;
mod paging;
mod retrying;
mod waiting;
