//! Operations that take a limited number of ids, over any number of them.

use crate::operation::Operation;

/// An operation on several ids, with a limit on their number: what [`crate::Client::batch`] takes.
///
/// Generated request types implement it.
pub trait Batch: Operation + Clone {
    /// What names one thing.
    type Id: Clone + Send + Sync + 'static;

    /// The most that the service takes at once.
    const MOST: usize;

    #[doc(hidden)]
    fn set_ids(&mut self, ids: Vec<Self::Id>);
}
