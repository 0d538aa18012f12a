//! Operations that take a limited number of ids, over any number of them.

use std::fmt;

use futures_util::stream::{self, StreamExt};

use crate::client::Client;
use crate::error::Error;
use crate::operation::{Operation, Service};
use crate::response::Response;

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

/// What became of every id: what [`Client::batch`] gives.
pub struct BatchReport<O: Batch> {
    chunks: Vec<BatchChunk<O>>,
}

/// Ids that went in one request, and what became of it.
#[non_exhaustive]
pub struct BatchChunk<O: Batch> {
    /// The ids, in the order they were given.
    pub ids: Vec<O::Id>,
    /// What the service said to them.
    pub result: Result<Response<O::Response>, Error>,
}

impl<O: Batch> BatchReport<O> {
    /// All chunks, in the order of their ids.
    pub fn chunks(&self) -> &[BatchChunk<O>] {
        &self.chunks
    }

    /// All chunks, taken out.
    pub fn into_chunks(self) -> Vec<BatchChunk<O>> {
        self.chunks
    }

    /// Whether the service took every chunk.
    pub fn is_success(&self) -> bool {
        self.chunks.iter().all(|chunk| chunk.result.is_ok())
    }

    /// The answers of the chunks that the service took.
    pub fn answers(&self) -> impl Iterator<Item = &Response<O::Response>> {
        self.chunks.iter().filter_map(|chunk| chunk.result.as_ref().ok())
    }

    /// The chunks that failed, each with its error.
    pub fn failures(&self) -> impl Iterator<Item = (&[O::Id], &Error)> {
        self.chunks.iter().filter_map(|chunk| Some((chunk.ids.as_slice(), chunk.result.as_ref().err()?)))
    }
}

impl<O: Batch> fmt::Debug for BatchReport<O>
where
    O::Id: fmt::Debug,
    O::Response: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.chunks).finish()
    }
}

impl<O: Batch> fmt::Debug for BatchChunk<O>
where
    O::Id: fmt::Debug,
    O::Response: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchChunk").field("ids", &self.ids).field("result", &self.result).finish()
    }
}

impl<S: Service> Client<S> {
    /// Does with any number of ids what the service does with a limited number of them, [`Batch::MOST`] at once.
    ///
    /// `request` says everything but the ids; those that it has are replaced. `concurrency` is how many requests are on their
    /// way at once, at least 1. Each is a call of its own, retried and refused on its own: one that fails ends no other, and
    /// the report has all of them. No ids, no request. Dropping the future drops what it learned; to keep it, run it in a
    /// task.
    pub async fn batch<O: Batch<Service = S>>(
        &self,
        request: O,
        ids: impl IntoIterator<Item = impl Into<O::Id>>,
        concurrency: usize,
    ) -> BatchReport<O> {
        let ids: Vec<O::Id> = ids.into_iter().map(Into::into).collect();
        let chunks: Vec<Vec<O::Id>> = ids.chunks(O::MOST.max(1)).map(<[O::Id]>::to_vec).collect();
        let calls = chunks.into_iter().map(|ids| {
            let mut request = request.clone();
            request.set_ids(ids.clone());
            async move { BatchChunk { ids, result: self.send(request).await } }
        });
        BatchReport { chunks: stream::iter(calls).buffered(concurrency.max(1)).collect().await }
    }
}
