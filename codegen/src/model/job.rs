//! What becomes of what an operation starts.

use super::FieldPath;

/// What becomes of what an operation starts: a job, a library.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// What it is, in a word.
    pub what: String,
    /// Where its id stands.
    pub id: JobId,
    /// How its state is asked for; none where no operation tells it.
    pub query: Option<JobQuery>,
    /// What cancels it.
    pub cancel: Option<JobAction>,
    /// What else can be done with it, by name, e.g. `delete`.
    pub actions: Vec<(String, JobAction)>,
    /// States in which it goes on.
    pub running: Vec<String>,
    /// States in which nothing goes on until somebody does something.
    pub resting: Vec<String>,
    /// Final states: it went well.
    pub done: Vec<String>,
    /// Final states: it did not.
    pub failed: Vec<String>,
    /// The field of the query's answer with the vendor's code of a failure.
    pub error_code: Option<FieldPath>,
    /// The field of the query's answer with the vendor's words for a failure.
    pub error_message: Option<FieldPath>,
    /// The field of the query's answer that tells how much is done, in percent.
    pub progress: Option<FieldPath>,
    /// The field of the query's answer with what came of it.
    pub result: Option<FieldPath>,
    /// For how many days it can be asked for.
    pub kept_days: Option<u64>,
}

/// Where the id of what was started stands.
#[derive(Debug, Clone, PartialEq)]
pub enum JobId {
    /// In the answer: the service gives it.
    Answered(FieldPath),
    /// In the request: the caller gives it.
    Given(FieldPath),
}

/// How a state is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct JobQuery {
    /// The operation (an index) that tells it.
    pub operation: usize,
    /// Its request field with the id.
    pub id: FieldPath,
    /// Its response field with the state.
    pub state: FieldPath,
    /// Its response field with the id, where it tells the states of several; of those, the one with the id counts. Where
    /// the state's path leads to several and this is none, all have to have ended.
    pub item: Option<FieldPath>,
    /// Request fields that go along, by wire name: both requests have them.
    pub with: Vec<String>,
}

/// What can be done with what was started.
#[derive(Debug, Clone, PartialEq)]
pub struct JobAction {
    /// The operation (an index) that does it.
    pub operation: usize,
    /// Its request field with the id.
    pub id: FieldPath,
    /// The states from which it is documented to work; empty where that is not documented.
    pub from: Vec<String>,
    /// Request fields that go along, by wire name: both requests have them.
    pub with: Vec<String>,
}
