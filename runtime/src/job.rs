//! Operations that start something that takes time, and those that tell how far it is.

use crate::operation::Operation;

/// An operation that starts a job whose state can be asked for: what [`crate::Client::wait`] takes.
///
/// Generated request types implement it. [`crate::facts::OperationInfo::job`] says which states are final.
pub trait Job: Operation {
    /// What asks for the state of one.
    type Query: JobQuery<Service = Self::Service>;

    #[doc(hidden)]
    fn query(&self, id: &str) -> Self::Query;

    /// The ids that the caller gave; none where the service gives them.
    #[doc(hidden)]
    fn given_ids(&self) -> Vec<String> {
        Vec::new()
    }

    /// The ids that the service gave.
    #[doc(hidden)]
    fn answered_ids(_answer: &Self::Response) -> Vec<String> {
        Vec::new()
    }
}

/// An operation that tells how far jobs are.
pub trait JobQuery: Operation {
    /// The ids of the jobs that it asks for.
    #[doc(hidden)]
    fn asked_ids(&self) -> Vec<String>;

    /// What an answer says, in its order.
    #[doc(hidden)]
    fn reports(answer: &Self::Response) -> Vec<JobReport<'_>>;
}

/// What one answer says of one job.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobReport<'a> {
    /// None where the answer is about one job only.
    pub id: Option<&'a str>,
    pub state: Option<&'a str>,
    pub error_code: Option<&'a str>,
    pub error_message: Option<&'a str>,
    /// In percent, as the service wrote it.
    pub progress: Option<i64>,
}
