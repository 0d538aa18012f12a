//! A transport without a network.

mod outcome;
mod script;
mod sent;

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

pub(super) use self::outcome::Outcome;
pub(super) use self::script::JobLines;
use self::script::{Line, Script, Target};
pub use self::sent::SentRequest;
use super::{ExampleAnswer, JobScript};
use crate::client;
use crate::codec::{Limits, Write};
use crate::facts::Protocol;
use crate::operation::{Operation, Service};
use crate::server;
use crate::transport::{Transport, TransportError, TransportFuture};

/// A transport that answers what a test scripted. It opens no socket, so nothing it is given leaves the program.
///
/// Clones are the same transport: a test keeps one and gives one to a client. A request is answered by the first of these
/// that is left: what is scripted for its operation ([`ScriptedTransport::on`]), for its job
/// ([`ScriptedTransport::job`]), or as the next answer of all. What nothing is scripted for is an
/// [`crate::Error::Configuration`], which is never retried and says what was asked and what is left of the script.
///
/// ```
/// use mediajobs_runtime::testing::ScriptedTransport;
///
/// let transport = ScriptedTransport::new().answer(200, [("content-type", "application/json")], "{}").repeat(3);
/// // let client = Client::builder("cn-shanghai").transport(transport.clone())…
/// assert!(transport.requests().is_empty());
/// assert_eq!(transport.finish().unwrap_err().to_string(), "not asked for: 3 answers to anything");
/// ```
#[derive(Clone, Default)]
pub struct ScriptedTransport {
    script: Arc<Mutex<Script>>,
}

/// What is scripted for one operation: what [`ScriptedTransport::on`] gives. Each answer is given once, in order, unless
/// it is repeated.
pub struct ScriptFor<O> {
    transport: ScriptedTransport,
    operation: PhantomData<fn() -> O>,
}

impl ScriptedTransport {
    /// A transport for which nothing is scripted.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next answer, whatever is asked.
    pub fn answer<N: AsRef<str>, V: AsRef<str>>(
        self,
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Bytes>,
    ) -> Self {
        self.next(Target::Anything, Outcome::answer(status, headers, body))
    }

    /// The next answer is the first documented success of an operation, and only that operation gets it. Answers of the
    /// vendor's pages go before those that somebody composed of what a page says.
    pub fn documented<O: Operation>(self) -> Self {
        self.next(Target::Operation(O::INFO), documented::<O>())
    }

    /// The next answer is this value, and only its operation gets it.
    pub fn answer_with<O: Operation<Response: Write>>(self, response: &O::Response) -> Self {
        self.next(Target::Operation(O::INFO), typed::<O>(response))
    }

    /// The next answer is a documented one, and only its operation gets it.
    pub fn example(self, example: ExampleAnswer) -> Self {
        let target = example.operation.map_or(Target::Anything, Target::Named);
        self.next(target, of_example(&example))
    }

    /// Next, the service refuses what is asked, in its own notation. See the table of codes on the first page of the
    /// service's crate.
    pub fn refuse(self, status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.next(
            Target::Anything,
            Outcome::Refuse { service: None, status, code: code.into(), message: message.into() },
        )
    }

    /// Next, the network fails: [`TransportError::not_sent`], or [`TransportError::no_answer`].
    pub fn fail(self, error: TransportError) -> Self {
        self.next(Target::Anything, Outcome::Fail(error))
    }

    /// Next, no answer ever comes. With [`super::VirtualClock::skipping`], limits of time are tested at no cost of time.
    pub fn hang(self) -> Self {
        self.next(Target::Anything, Outcome::Hang)
    }

    /// The answer that was scripted last, not by operation, is given so many times.
    pub fn repeat(self, times: u32) -> Self {
        self.last(Some(times))
    }

    /// The answer that was scripted last, not by operation, is given for ever. What is scripted behind it is never reached.
    pub fn forever(self) -> Self {
        self.last(None)
    }

    /// Scripts answers for one operation alone, whenever it is asked.
    ///
    /// ```
    /// # use mediajobs_runtime::testing::ScriptedTransport;
    /// # use mediajobs_runtime::Operation;
    /// # fn f<O: Operation>() {
    /// let transport = ScriptedTransport::new();
    /// transport.on::<O>().refuse(503, "SlowDown", "Slow down.").documented();
    /// # }
    /// ```
    pub fn on<O: Operation>(&self) -> ScriptFor<O> {
        ScriptFor { transport: self.clone(), operation: PhantomData }
    }

    /// Scripts the life of a job: the answer to its submit, and to every question about it.
    pub fn job(self, job: JobScript) -> Self {
        let lines = job.into_lines();
        self.script().jobs.push(lines);
        self
    }

    /// What was sent, in order.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.script().sent.clone()
    }

    /// Whether everything that was scripted was asked for, and nothing else.
    ///
    /// What is scripted to go on for ever need not be asked for.
    ///
    /// # Errors
    /// What is left of the script, and what was asked without being scripted.
    pub fn finish(&self) -> Result<(), ScriptNotDone> {
        let script = self.script();
        let not_done = ScriptNotDone { left: script.left(), unscripted: script.unscripted.clone() };
        if not_done.left.is_empty() && not_done.unscripted.is_empty() { Ok(()) } else { Err(not_done) }
    }

    fn next(self, target: Target, outcome: Outcome) -> Self {
        self.script().in_order.push_back(Line { target, outcome, left: Some(1) });
        self
    }

    fn last(self, left: Option<u32>) -> Self {
        if let Some(line) = self.script().in_order.back_mut() {
            line.left = left;
        }
        self
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<O: Operation> ScriptFor<O> {
    /// Answers in these words.
    pub fn answer<N: AsRef<str>, V: AsRef<str>>(
        self,
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Bytes>,
    ) -> Self {
        self.push(Outcome::answer(status, headers, body))
    }

    /// Answers with the first documented success, as [`ScriptedTransport::documented`].
    pub fn documented(self) -> Self {
        self.push(documented::<O>())
    }

    /// Answers with a value.
    pub fn answer_with(self, response: &O::Response) -> Self
    where
        O::Response: Write,
    {
        self.push(typed::<O>(response))
    }

    /// Answers with a documented answer.
    pub fn example(self, example: ExampleAnswer) -> Self {
        self.push(of_example(&example))
    }

    /// Refuses, as [`ScriptedTransport::refuse`].
    pub fn refuse(self, status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        let service = Some(<O::Service as Service>::INFO);
        self.push(Outcome::Refuse { service, status, code: code.into(), message: message.into() })
    }

    /// Fails, as [`ScriptedTransport::fail`].
    pub fn fail(self, error: TransportError) -> Self {
        self.push(Outcome::Fail(error))
    }

    /// Never answers, as [`ScriptedTransport::hang`].
    pub fn hang(self) -> Self {
        self.push(Outcome::Hang)
    }

    /// The answer before is given so many times.
    pub fn repeat(self, times: u32) -> Self {
        self.last(Some(times))
    }

    /// The answer before is given for ever. What is scripted behind it is never reached.
    pub fn forever(self) -> Self {
        self.last(None)
    }

    fn push(self, outcome: Outcome) -> Self {
        let line = Line { target: Target::Operation(O::INFO), outcome, left: Some(1) };
        self.transport.script().by_operation.push(line);
        self
    }

    fn last(self, left: Option<u32>) -> Self {
        let mut script = self.transport.script();
        let mut lines = script.by_operation.iter_mut().rev();
        if let Some(line) = lines.find(|line| line.target.is(O::INFO)) {
            line.left = left;
        }
        drop(script);
        self
    }
}

impl Transport for ScriptedTransport {
    fn send(&self, request: http::Request<Bytes>, max_body_bytes: usize) -> TransportFuture<'_> {
        let result = self.script().take(request);
        Box::pin(async move {
            let Some(result) = result else { return std::future::pending().await };
            let answer = result?;
            if answer.body().len() > max_body_bytes {
                let (head, body) = answer.into_parts();
                let begun = body.slice(..max_body_bytes);
                return Err(TransportError::too_long(max_body_bytes).with_head(head).with_partial_body(begun));
            }
            Ok(answer)
        })
    }
}

fn of_example(example: &ExampleAnswer) -> Outcome {
    Outcome::answer(example.status, example.headers.iter().copied(), Bytes::from_static(example.body.as_bytes()))
}

fn documented<O: Operation>() -> Outcome {
    let good = |example: &&ExampleAnswer| {
        let answer = example.to_http().ok();
        answer.is_some_and(|answer| client::parse_answer::<O>(&answer, Limits::DEFAULT).is_ok())
    };
    match O::EXAMPLES.iter().find(good) {
        Some(example) => of_example(example),
        None => Outcome::Broken(format!(
            "no success of {} is documented, or the feature `testing` of its crate is off: script an answer",
            O::INFO.name
        )),
    }
}

fn typed<O: Operation<Response: Write>>(response: &O::Response) -> Outcome {
    let service = <O::Service as Service>::INFO;
    let status = O::INFO.statuses.first().copied().unwrap_or(200);
    let kind = match service.protocol {
        Protocol::RestXml => "application/xml",
        Protocol::Rpc | Protocol::RestJson => "application/json",
    };
    match server::body(service, response) {
        _ if O::INFO.empty_response => Outcome::answer::<&str, &str>(status, [], Bytes::new()),
        Ok(body) => Outcome::answer(status, [("content-type", kind)], body),
        Err(error) => Outcome::Broken(format!("the answer to {} can't be written: {error}", O::INFO.name)),
    }
}

/// How much there is, and none of it.
impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        f.debug_struct("ScriptedTransport")
            .field("left", &script.left())
            .field("sent", &script.sent)
            .finish_non_exhaustive()
    }
}

impl<O: Operation> fmt::Debug for ScriptFor<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptFor").field("operation", &O::INFO.name).finish_non_exhaustive()
    }
}

/// A test did not go as it was scripted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptNotDone {
    left: Vec<String>,
    unscripted: Vec<String>,
}

impl ScriptNotDone {
    /// What was scripted and not asked for, each in words.
    pub fn left(&self) -> &[String] {
        &self.left
    }

    /// What was asked for and not scripted: operation, method and path.
    pub fn unscripted(&self) -> &[String] {
        &self.unscripted
    }
}

impl fmt::Display for ScriptNotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.left.is_empty() {
            parts.push(format!("not asked for: {}", self.left.join("; ")));
        }
        if !self.unscripted.is_empty() {
            parts.push(format!("asked for and not scripted: {}", self.unscripted.join("; ")));
        }
        f.write_str(&parts.join(". "))
    }
}

impl std::error::Error for ScriptNotDone {}
