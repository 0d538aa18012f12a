//! Jobs that failed, and waits that were given up.

use std::fmt;
use std::time::Duration;

use super::Error;

/// A job that ended, and not well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailedError {
    pub(crate) operation: &'static str,
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) others: Vec<(String, String)>,
}

impl JobFailedError {
    /// The job.
    pub fn job_id(&self) -> &str {
        &self.id
    }

    /// The state it ended in, as the service writes it, e.g. `Failed` or `Cancel`.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The service's code for what went wrong in the job; none where it gave none.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The service's words for what went wrong in the job; none where it gave none.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id of the request that told of it, to quote to the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The other jobs of the same request with the states they ended in.
    pub fn others(&self) -> impl Iterator<Item = (&str, &str)> {
        self.others.iter().map(|(id, state)| (id.as_str(), state.as_str()))
    }
}

impl fmt::Display for JobFailedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the job {} ended as {}", self.operation, self.id, self.state)?;
        if let Some(code) = &self.code {
            write!(f, ", {code}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if !self.others.is_empty() {
            f.write_str("; beside it ")?;
            for (number, (id, state)) in self.others.iter().enumerate() {
                write!(f, "{}{id} ended as {state}", if number > 0 { ", " } else { "" })?;
            }
        }
        if let Some(id) = &self.request_id {
            write!(f, " (status {}, request id {id})", self.status)?;
        }
        Ok(())
    }
}

/// A wait that ended before its job did. The job goes on, and can be waited for again by its id.
#[derive(Debug, Clone)]
pub struct GaveUpError {
    pub(crate) operation: &'static str,
    pub(crate) jobs: Vec<(String, Option<String>)>,
    pub(crate) ended: Vec<(String, String)>,
    pub(crate) waited: Duration,
    pub(crate) reason: GaveUpReason,
}

/// Why a wait ended before its job did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum GaveUpReason {
    /// The time that the caller gave is up.
    Deadline,
    /// The job rests, e.g. because somebody paused it, and won't go on by itself.
    Resting,
    /// The service knows nothing of the job.
    Missing,
    /// The state could not be asked for.
    Query(Box<Error>),
}

impl GaveUpError {
    /// The job; of several, the first that had not ended. Empty where [`crate::Client::wait_for`] could not ask once: the query
    /// says the ids then.
    pub fn job_id(&self) -> &str {
        self.jobs.first().map_or("", |(id, _)| id)
    }

    /// Every job that was waited for and had not ended, with the last state that was seen.
    pub fn jobs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.jobs.iter().map(|(id, state)| (id.as_str(), state.as_deref()))
    }

    /// The other jobs of the same request, which had ended, with the states they ended in.
    pub fn ended(&self) -> impl Iterator<Item = (&str, &str)> {
        self.ended.iter().map(|(id, state)| (id.as_str(), state.as_str()))
    }

    /// The last state that was seen of the job, as the service writes it.
    pub fn state(&self) -> Option<&str> {
        self.jobs.first()?.1.as_deref()
    }

    pub(crate) fn query_error(&self) -> Option<&Error> {
        match &self.reason {
            GaveUpReason::Query(error) => Some(error),
            _ => None,
        }
    }

    /// How long it was waited.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Why it was not waited any longer.
    pub fn reason(&self) -> &GaveUpReason {
        &self.reason
    }
}

impl fmt::Display for GaveUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: gave up waiting", self.operation)?;
        if self.jobs.is_empty() {
            f.write_str(" for what was asked for, of which nothing was seen")?;
        }
        for (number, (id, state)) in self.jobs.iter().enumerate() {
            write!(f, "{}the job {id}", if number > 0 { " and " } else { " for " })?;
            match state {
                Some(state) => write!(f, " (last seen as {state})")?,
                None => f.write_str(" (its state was not seen)")?,
            }
        }
        // Nobody reads nanoseconds.
        let waited = Duration::from_millis(u64::try_from(self.waited.as_millis()).unwrap_or(u64::MAX));
        if !waited.is_zero() {
            write!(f, " after {waited:?}")?;
        }
        f.write_str(": ")?;
        match &self.reason {
            GaveUpReason::Deadline => f.write_str("the time given for it is up; the job goes on"),
            GaveUpReason::Resting => {
                f.write_str("it rests in this state, and nothing goes on until somebody does something")
            }
            GaveUpReason::Missing => {
                f.write_str("the service says nothing of it; it may be too old, or of another region")
            }
            GaveUpReason::Query(error) => write!(f, "{error}"),
        }?;
        for (number, (id, state)) in self.ended.iter().enumerate() {
            write!(f, "{}{id} ended as {state}", if number > 0 { ", " } else { "; beside it " })?;
        }
        Ok(())
    }
}
