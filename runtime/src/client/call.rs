//! One call, with options of its own.

use std::time::Duration;

use tracing::Instrument;

use super::attempts::Course;
use super::{Client, Options, prepare};
use crate::error::Error;
use crate::operation::{Operation, Service};
use crate::response::Response;
use crate::retry::RetryPolicy;

/// What an answer lacks without which it is good for nothing: the field, and why.
pub(crate) type Lacks<R> = dyn Fn(&Response<R>) -> Option<(&'static str, &'static str)> + Sync;

/// One call, with options of its own: what [`Client::call`] gives. [`Call::send`] makes it.
#[must_use = "nothing is sent before `send`"]
pub struct Call<'c, O: Operation> {
    client: &'c Client<O::Service>,
    operation: O,
    options: Options,
}

impl<O: Operation> std::fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("operation", &O::INFO.name).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<'c, O: Operation> Call<'c, O> {
    pub(super) fn new(client: &'c Client<O::Service>, operation: O) -> Self {
        Self { client, operation, options: client.shared.options.clone() }
    }

    /// Whether the request is held to the documented rules before it is sent.
    pub fn validation(mut self, on: bool) -> Self {
        self.options.validate = on;
        self
    }

    /// When the call is made again, in place of the client's policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = policy;
        self
    }

    /// The longest the call takes, pauses and all attempts together.
    pub fn deadline(mut self, most: Duration) -> Self {
        self.options.deadline = most;
        self
    }

    /// The longest one attempt takes.
    pub fn attempt_timeout(mut self, most: Duration) -> Self {
        self.options.attempt_timeout = most;
        self
    }

    /// Makes the call.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send(self) -> Result<Response<O::Response>, Error> {
        let Self { client, operation, options } = self;
        client.dispatch(&operation, &options).await
    }
}

impl<S: Service> Client<S> {
    /// Checks a request and makes the call.
    pub(crate) async fn dispatch<O: Operation<Service = S>>(
        &self,
        operation: &O,
        options: &Options,
    ) -> Result<Response<O::Response>, Error> {
        self.dispatch_unless(operation, options, &|_| None).await
    }

    /// As [`Client::dispatch`], with an error for an answer that lacks something.
    pub(crate) async fn dispatch_unless<O: Operation<Service = S>>(
        &self,
        operation: &O,
        options: &Options,
        lacks: &Lacks<O::Response>,
    ) -> Result<Response<O::Response>, Error> {
        if options.validate {
            self.check(operation)?;
        }
        let draft = prepare::draft(&self.shared, S::INFO, operation)?;
        let mut course = Course::new(&self.shared, S::INFO, draft, options)?;
        let span = course.span();
        let attempts = async {
            loop {
                match course.attempt::<O>(lacks).await {
                    Ok(response) => return Ok(course.succeed(response)),
                    Err(error) => course.fail(error).await?,
                }
            }
        };
        attempts.instrument(span).await
    }
}
