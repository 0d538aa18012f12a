//! The same calls without `async`.
//!
//! [`Client`] hands each call to the asynchronous client, on a thread of its own, and waits for what comes of it. It may be used
//! from anywhere, also from inside of an asynchronous runtime, where it blocks the thread that calls it.
//!
//! ```no_run
//! # use mediajobs_runtime::{Error, Operation, Response, Service, blocking};
//! fn call<S: Service, O: Operation<Service = S>>(request: O) -> Result<Response<O::Response>, Error> {
//!     // A generated crate names its own: `mediajobs_tencent_ci::blocking::Client`.
//!     let client = blocking::Client::<S>::from_env("ap-guangzhou")?;
//!     client.send(request)
//! }
//! ```

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::mpsc;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::batch::{Batch, BatchReport};
use crate::client::ClientBuilder;
use crate::error::{ConfigurationError, Error};
use crate::job::Job;
use crate::operation::{Operation, Service};
use crate::pages::{PageStream, Paged};
use crate::response::Response;
use crate::wait::{Finished, WaitPolicy};

/// A client whose calls block. Its clones share one thread and one pool of connections.
pub struct Client<S: Service> {
    inner: crate::Client<S>,
    thread: Arc<Thread>,
}

/// The runtime that the calls run on.
struct Thread {
    service: &'static str,
    /// There until it is dropped.
    runtime: Option<Runtime>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // To wait for it is not allowed inside of another runtime.
            runtime.shutdown_background();
        }
    }
}

impl<S: Service> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), thread: Arc::clone(&self.thread) }
    }
}

impl<S: Service> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("blocking::Client").field(&self.inner).finish()
    }
}

impl<S: Service> ClientBuilder<S> {
    /// The client, with calls that block.
    ///
    /// # Errors
    /// As [`ClientBuilder::build`], and where no thread can be had.
    pub fn build_blocking(self) -> Result<Client<S>, Error> {
        Client::new(self.build()?)
    }
}

impl<S: Service> Client<S> {
    /// A blocking client over an asynchronous one.
    ///
    /// # Errors
    /// No thread can be had.
    pub fn new(client: crate::Client<S>) -> Result<Self, Error> {
        // A worker that is always there also notices when the service closes an idle connection.
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("mediajobs").enable_all().build();
        let runtime = runtime
            .map_err(|error| ConfigurationError::new(S::INFO.name, format!("no thread for blocking calls: {error}")))?;
        Ok(Self { inner: client, thread: Arc::new(Thread { service: S::INFO.name, runtime: Some(runtime) }) })
    }

    /// A client for a region, to be told the rest; end with [`ClientBuilder::build_blocking`].
    pub fn builder(region: impl Into<String>) -> ClientBuilder<S> {
        crate::Client::builder(region)
    }

    /// As [`crate::Client::from_env`].
    ///
    /// # Errors
    /// As [`ClientBuilder::build_blocking`].
    pub fn from_env(region: impl Into<String>) -> Result<Self, Error> {
        Self::new(crate::Client::from_env(region)?)
    }

    /// The asynchronous client underneath.
    pub fn as_async(&self) -> &crate::Client<S> {
        &self.inner
    }

    /// As [`crate::Client::send`].
    ///
    /// # Errors
    /// As [`crate::Client::send`].
    pub fn send<O: Operation<Service = S>>(&self, operation: O) -> Result<Response<O::Response>, Error> {
        let client = self.inner.clone();
        self.thread.run(async move { client.send(operation).await })?
    }

    /// One call with options of its own: the function gets the call and sets them.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use mediajobs_runtime::{Error, Operation, Response, Service, blocking};
    /// # fn call<S: Service, O: Operation<Service = S>>(client: blocking::Client<S>, request: O) -> Result<Response<O::Response>, Error> {
    /// client.send_with(request, |call| call.deadline(Duration::from_secs(5)))
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`crate::Client::send`].
    pub fn send_with<O: Operation<Service = S>>(
        &self,
        operation: O,
        options: impl FnOnce(crate::Call<'_, O>) -> crate::Call<'_, O> + Send + 'static,
    ) -> Result<Response<O::Response>, Error> {
        let client = self.inner.clone();
        self.thread.run(async move { options(client.call(operation)).send().await })?
    }

    /// As [`crate::Client::wait`].
    ///
    /// # Errors
    /// As [`crate::Client::wait`].
    pub fn wait<O: Job<Service = S>>(&self, request: O, policy: WaitPolicy) -> Result<Finished<O>, Error> {
        let client = self.inner.clone();
        self.thread.run(async move { client.wait(request, policy).await })?
    }

    /// As [`crate::Client::wait_for`].
    ///
    /// # Errors
    /// As [`crate::Client::wait_for`].
    pub fn wait_for<O: Job<Service = S>>(
        &self,
        query: O::Query,
        policy: WaitPolicy,
    ) -> Result<Response<<O::Query as Operation>::Response>, Error> {
        let client = self.inner.clone();
        self.thread.run(async move { client.wait_for::<O>(query, policy).await })?
    }

    /// The pages of a list; see [`crate::Client::pages`].
    pub fn pages<O: Paged<Service = S>>(&self, request: O) -> Pages<Response<O::Response>> {
        Pages { stream: Some(self.inner.pages(request)), thread: Arc::clone(&self.thread) }
    }

    /// The items of a list over all its pages; see [`crate::Client::items`].
    pub fn items<O: Paged<Service = S>>(&self, request: O) -> Pages<O::Item> {
        Pages { stream: Some(self.inner.items(request)), thread: Arc::clone(&self.thread) }
    }

    /// As [`crate::Client::batch`].
    ///
    /// # Errors
    /// The calls could not be made at all. What became of each is in the report.
    pub fn batch<O: Batch<Service = S>>(
        &self,
        request: O,
        ids: impl IntoIterator<Item = impl Into<O::Id>>,
        concurrency: usize,
    ) -> Result<BatchReport<O>, Error> {
        let client = self.inner.clone();
        let ids: Vec<O::Id> = ids.into_iter().map(Into::into).collect();
        self.thread.run(async move { client.batch(request, ids, concurrency).await })
    }
}

impl Thread {
    /// Runs a future on the thread, and waits for it here.
    fn run<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        let failed = |what: &str| Error::from(ConfigurationError::new(self.service, what));
        let runtime = self.runtime.as_ref().ok_or_else(|| failed("the thread for blocking calls has ended"))?;
        let (sender, receiver) = mpsc::sync_channel(1);
        runtime.spawn(async move {
            // Nobody waits any more where this fails.
            let _ = sender.send(future.await);
        });
        // The thread itself calls where a program's own code does, e.g. one that is told of progress. It may not wait for
        // itself: another takes its place for the time.
        let is_itself = Handle::try_current().is_ok_and(|current| current.id() == runtime.handle().id());
        let outcome = if is_itself { tokio::task::block_in_place(|| receiver.recv()) } else { receiver.recv() };
        outcome.map_err(|_| failed("the call ended without an outcome: a function that it was given panicked"))
    }
}

/// A list that is asked for page by page as it is read: an iterator. After an error it ends.
#[must_use = "nothing is asked for before it is read"]
pub struct Pages<T> {
    stream: Option<PageStream<T>>,
    thread: Arc<Thread>,
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<T: Send + 'static> Iterator for Pages<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut stream = self.stream.take()?;
        let outcome = self.thread.run(async move {
            let item = stream.next().await;
            (item, stream)
        });
        match outcome {
            Ok((item, stream)) => {
                // What has ended stays ended.
                self.stream = item.is_some().then_some(stream);
                item
            }
            Err(error) => Some(Err(error)),
        }
    }
}
