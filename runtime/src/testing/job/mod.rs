//! The life of a job, made of documented answers.

mod texts;

use std::collections::VecDeque;
use std::fmt;

use self::texts::{Half, Scene};
use super::ExampleAnswer;
use super::scripted::{JobLines, Outcome};
use crate::facts::{JobIdInfo, JobInfo, JobQueryInfo};
use crate::job::Job;
use crate::server::OperationEntry;

/// The life of a job: how its submit is answered, and then every question about it. What [`super::ScriptedTransport::job`]
/// takes.
///
/// Answers are the documented ones with the job's id, state, code and message put in their places. Each of
/// [`JobScript::running`], [`JobScript::state`] and so on is one question's answer, in the order of the calls; after the
/// last, a final state is answered for ever, and a question after any other is not scripted.
///
/// ```no_run
/// # use mediajobs_runtime::Job;
/// # use mediajobs_runtime::testing::{JobScript, ScriptedTransport};
/// # fn f<SubmitSmartCoverJob: Job>() {
/// let job = JobScript::of::<SubmitSmartCoverJob>().running(2).failed("ResourceNotFound", "The input does not exist.");
/// let transport = ScriptedTransport::new().job(job);
/// # }
/// ```
#[derive(Clone)]
pub struct JobScript {
    submit: Half,
    query: Half,
    job: &'static JobInfo,
    places: JobQueryInfo,
    id: Option<String>,
    submitted: Option<ExampleAnswer>,
    is_old: bool,
    acts: Vec<Act>,
    goes_on: bool,
}

/// The answer to one question.
#[derive(Debug, Clone)]
enum Act {
    State(Scene),
    Refuse(u16, String, String),
}

impl JobScript {
    /// The life of a job that this operation submits.
    pub fn of<J: Job>() -> Self {
        Self::new(Half::of::<J>(), Half::of::<J::Query>())
    }

    /// The same, for stand-ins that know the operations of a service as a list only. `query` is the entry of the operation
    /// that [`JobInfo::query`] of `submit` names.
    pub fn of_entries(submit: &'static dyn OperationEntry, query: &'static dyn OperationEntry) -> Self {
        Self::new(Half::of_entry(submit), Half::of_entry(query))
    }

    fn new(submit: Half, query: Half) -> Self {
        const NONE: &JobInfo = &JobInfo::of(JobIdInfo::Answered(""));
        // An operation without a job says so as a broken script, when it is asked.
        let job = submit.info.job.unwrap_or(NONE);
        let nothing = JobQueryInfo { operation: query.info.name, id: "", state: "", item: None, with: &[] };
        let places = job.query.unwrap_or(nothing);
        Self { submit, query, job, places, id: None, submitted: None, is_old: false, acts: Vec::new(), goes_on: false }
    }

    /// The job's id. Unless it is set, it is that of the documented answer, with zeros where the vendor masked it: two jobs
    /// of one test need one each. Whoever asks for it by a query of their own has to keep to the vendor's form, e.g. 32
    /// hexadecimal digits at Huawei.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Answers the submit with this documented answer, and not with the first.
    pub fn submitted_as(mut self, example: ExampleAnswer) -> Self {
        self.submitted = Some(example);
        self
    }

    /// The job was submitted before the test begins: it is only asked for, e.g. by [`crate::Client::wait_for`]. It also serves where
    /// one request starts several jobs: the first is the request's, and all others are scripted with this.
    ///
    /// ```no_run
    /// # use mediajobs_runtime::Job;
    /// # use mediajobs_runtime::testing::{JobScript, ScriptedTransport};
    /// # fn f<SearchIndexJobRerun: Job>() {
    /// // The answer to a request for the ids `a` and `b`, and what becomes of each.
    /// let a = JobScript::of::<SearchIndexJobRerun>().id("a").running(1).done();
    /// let b = JobScript::of::<SearchIndexJobRerun>().id("b").submitted_before().failed("Bad", "No sound in it.");
    /// let transport = ScriptedTransport::new().job(a).job(b);
    /// # }
    /// ```
    pub fn submitted_before(mut self) -> Self {
        self.is_old = true;
        self
    }

    /// So many questions are answered with the first state in which the job goes on.
    pub fn running(mut self, questions: usize) -> Self {
        let state = self.job.running.first().copied().unwrap_or_default();
        self.acts.extend((0..questions).map(|_| Act::State(Scene::of(state))));
        self
    }

    /// As [`JobScript::running`] once, with how much is done, in percent, where the service tells.
    pub fn running_at(self, percent: u8) -> Self {
        let state = self.job.running.first().copied().unwrap_or_default();
        self.act(Scene { progress: Some(percent.to_string()), ..Scene::of(state) })
    }

    /// One question is answered with this state, documented or not.
    pub fn state(self, state: impl Into<String>) -> Self {
        self.act(Scene::of(state))
    }

    /// One question is answered with a refusal, as [`super::ScriptedTransport::refuse`].
    pub fn refuse(mut self, status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.acts.push(Act::Refuse(status, code.into(), message.into()));
        self
    }

    /// From now on the job goes on for ever.
    pub fn running_forever(mut self) -> Self {
        self.goes_on = true;
        self.running(1)
    }

    /// The job is done.
    pub fn done(self) -> Self {
        let state = self.job.done.first().copied().unwrap_or_default();
        self.act(Scene::of(state))
    }

    /// The job is done, with the results of this documented answer of the query.
    pub fn done_as(self, example: ExampleAnswer) -> Self {
        let state = self.job.done.first().copied().unwrap_or_default();
        self.act(Scene { example: Some(example), ..Scene::of(state) })
    }

    /// The job failed, with a code and a message where the service tells them.
    pub fn failed(self, code: impl Into<String>, message: impl Into<String>) -> Self {
        let state = self.job.failed.first().copied().unwrap_or_default();
        self.failed_as(state, code, message)
    }

    /// As [`JobScript::failed`], with another of the states that are failures, e.g. of a job that was cancelled.
    pub fn failed_as(self, state: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        self.act(Scene { failure: Some((code.into(), message.into())), ..Scene::of(state) })
    }

    fn act(mut self, scene: Scene) -> Self {
        self.acts.push(Act::State(scene));
        self
    }

    /// Every answer, as text.
    pub(super) fn into_lines(self) -> JobLines {
        let (submitted, id) = match self.submit_answer() {
            Ok((answer, id)) => (answer, id),
            Err(problem) => (self.broken(&problem), self.id.clone()),
        };
        let last_stays = match self.acts.last() {
            Some(Act::State(scene)) => self.goes_on || self.job.has_ended(&scene.state),
            _ => false,
        };
        let polls: VecDeque<Outcome> = self.acts.iter().map(|act| self.poll(act, id.as_deref())).collect();
        JobLines {
            submit: self.submit.info,
            submitted: (!self.is_old).then_some(submitted),
            query: self.places.operation,
            id,
            polls,
            last_stays,
            last_given: false,
        }
    }

    fn broken(&self, problem: &str) -> Outcome {
        Outcome::Broken(format!("the job of {} can't be scripted: {problem}", self.submit.info.name))
    }

    fn poll(&self, act: &Act, id: Option<&str>) -> Outcome {
        match act {
            Act::Refuse(status, code, message) => {
                let service = Some(self.query.service);
                Outcome::Refuse { service, status: *status, code: code.clone(), message: message.clone() }
            }
            Act::State(scene) => self.query_answer(scene, id).unwrap_or_else(|problem| self.broken(&problem)),
        }
    }
}

impl fmt::Debug for JobScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobScript")
            .field("submit", &self.submit.info.name)
            .field("id", &self.id)
            .field("acts", &self.acts)
            .finish_non_exhaustive()
    }
}
