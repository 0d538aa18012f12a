//! Waiting for jobs.

mod policy;
mod verdict;

use std::fmt;
use std::time::Duration;

use futures_util::future::join_all;

pub use self::policy::{JobProgress, WaitPolicy};
use self::verdict::Verdict;
use crate::client::Client;
use crate::error::{ConfigurationError, Error, ErrorKind, GaveUpError, GaveUpReason, JobFailedError};
use crate::facts::{JobIdInfo, JobInfo, OperationInfo};
use crate::job::{Job, JobQuery, JobReport};
use crate::operation::{Operation, Service};
use crate::response::Response;

/// How often the service may not know a job that was submitted a moment ago.
const LOOKS_FOR_A_NEW_JOB: u32 = 5;
/// For how long it may not know it, however often is looked.
const TIME_FOR_A_NEW_JOB: Duration = Duration::from_secs(15);

/// The longest pause that a service is granted that asks to be left alone. One absurd header is not to end a wait.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(300);

/// A job that ended well: what [`Client::wait`] gives.
pub struct Finished<O: Job> {
    submitted: Response<O::Response>,
    jobs: Vec<(String, Answer<O>)>,
}

/// The answer of the query of a job.
type Answer<O> = Response<<<O as Job>::Query as Operation>::Response>;

impl<O: Job> Finished<O> {
    /// What the service answered to the submission.
    pub fn submitted(&self) -> &Response<O::Response> {
        &self.submitted
    }

    /// The job's id; of several, the first.
    pub fn job_id(&self) -> &str {
        self.jobs.first().map_or("", |(id, _)| id)
    }

    /// Every job with the answer that told of its end: one for most requests, several where one request starts several.
    pub fn jobs(&self) -> impl ExactSizeIterator<Item = (&str, &Answer<O>)> {
        self.jobs.iter().map(|(id, answer)| (id.as_str(), answer))
    }

    /// The answers that told of the ends, taken out.
    pub fn into_answers(self) -> Vec<Answer<O>> {
        self.jobs.into_iter().map(|(_, answer)| answer).collect()
    }
}

impl<O: Job> fmt::Debug for Finished<O>
where
    O::Response: fmt::Debug,
    <O::Query as Operation>::Response: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished").field("submitted", &self.submitted).field("jobs", &self.jobs).finish()
    }
}

/// What is waited for, and since when.
struct Wait<'w> {
    operation: &'static str,
    info: &'static JobInfo,
    policy: &'w WaitPolicy,
    started: Duration,
    /// The service may need a moment until it knows the job.
    is_new: bool,
    /// Ids that the service gave are asked for whatever rule they break: the job runs and is paid for.
    unchecked: bool,
}

/// A job that ended well.
struct Ended<R> {
    answer: Response<R>,
    state: String,
}

impl<S: Service> Client<S> {
    /// Submits a job and waits until it has ended.
    ///
    /// Where one request starts several jobs, all of them are waited for. Dropping the future ends the wait and leaves the job
    /// as it is: it goes on, and is paid for. It is not cancelled either when this gives up.
    ///
    /// A job that rests because somebody paused it is not waited for, unless the policy says so. A state that this version does
    /// not know counts as running.
    ///
    /// # Errors
    /// - [`Error::JobFailed`], with the job's own code and message, where it ended in a state that is no success.
    /// - [`Error::GaveUp`], with the job's id, where it had not ended in time, rests, is unknown to the service, or can't be
    ///   asked for. Errors that may pass don't end a wait before its time.
    /// - As [`Client::send`] where it could not be submitted.
    pub async fn wait<O: Job<Service = S>>(&self, request: O, policy: WaitPolicy) -> Result<Finished<O>, Error> {
        let info = job_info(O::INFO)?;
        let unchecked = matches!(info.id, JobIdInfo::Answered(_));
        let started = self.monotonic();
        let wait = Wait { operation: O::INFO.name, info, policy: &policy, started, is_new: true, unchecked };
        let names_no_job = |answer: &Response<O::Response>| match info.id {
            JobIdInfo::Answered(path) => {
                let blank = O::answered_ids(answer).iter().all(|id| id.trim().is_empty());
                blank.then_some((path, "the answer names no job"))
            }
            JobIdInfo::Given(_) => None,
        };
        let options = self.options_within(policy.within);
        let submitted = self.dispatch_unless(&request, &options, &names_no_job).await?;
        let mut ids = match info.id {
            JobIdInfo::Answered(_) => O::answered_ids(&submitted),
            JobIdInfo::Given(_) => request.given_ids(),
        };
        let mut known = std::collections::HashSet::new();
        ids.retain(|id| known.insert(id.clone()));
        let ends = join_all(ids.iter().map(|id| self.poll(&wait, request.query(id), vec![id.clone()]))).await;
        let jobs = all_ended(ids, ends)?;
        Ok(Finished { submitted, jobs })
    }

    /// Waits for a job that was submitted before, and gives the answer that tells of its end. The type says what kind of job it
    /// is: `client.wait_for::<SubmitSmartCoverJob>(DescribeMediaJob::new(["j8d121820f5e411ec926ef19d53ba9c5d"]), policy)`.
    ///
    /// If the query asks for several jobs, all have to have ended. As with [`Client::wait`], dropping the future leaves the
    /// job as it is.
    ///
    /// # Errors
    /// As [`Client::wait`], without those of the submission.
    pub async fn wait_for<O: Job<Service = S>>(&self, query: O::Query, policy: WaitPolicy) -> Result<Answer<O>, Error> {
        let info = job_info(O::INFO)?;
        let started = self.monotonic();
        let wait = Wait { operation: O::INFO.name, info, policy: &policy, started, is_new: false, unchecked: false };
        let ids = query.asked_ids();
        self.poll(&wait, query, ids).await.map(|ended| ended.answer)
    }

    async fn poll<Q: JobQuery<Service = S>>(
        &self,
        wait: &Wait<'_>,
        query: Q,
        ids: Vec<String>,
    ) -> Result<Ended<Q::Response>, Error> {
        let mut watch = Watch { wait, ids, looks: 0, seen: Vec::new(), last_error: None };
        loop {
            let left = wait.policy.within.saturating_sub(self.waited(wait));
            let pause = if watch.looks == 0 && !wait.is_new {
                Duration::ZERO
            } else {
                wait.policy.pause(watch.looks.saturating_sub(u32::from(!wait.is_new)), self.jitter())
            };
            let asked_for = watch.last_error.as_ref().and_then(Error::retry_after).unwrap_or_default();
            let pause = pause.max(asked_for.min(LONGEST_ASKED_FOR));
            if pause > Duration::ZERO {
                self.sleep(pause.min(left)).await;
            }
            let left = wait.policy.within.saturating_sub(self.waited(wait));
            if left.is_zero() {
                return Err(watch.gave_up(self.waited(wait), None));
            }
            let options = self.options_within(left);
            let options = if wait.unchecked { options.unchecked() } else { options };
            let outcome = self.dispatch(&query, &options).await;
            watch.looks += 1;
            let waited = self.waited(wait);
            let answer = match outcome {
                Ok(answer) => answer,
                Err(error) => {
                    watch.query_failed(error, waited)?;
                    continue;
                }
            };
            match watch.look(&verdict::about(Q::reports(&answer), &watch.ids), waited) {
                Ok(None) => {}
                Ok(Some(state)) => return Ok(Ended { answer, state }),
                Err(Error::JobFailed(mut failed)) => {
                    failed.code = failed.code.map(|code| self.redact(code));
                    failed.message = failed.message.map(|message| self.redact(message));
                    failed.status = answer.status();
                    failed.request_id = answer.request_id().map(str::to_owned);
                    return Err(Error::JobFailed(failed));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn waited(&self, wait: &Wait<'_>) -> Duration {
        self.monotonic().saturating_sub(wait.started)
    }
}

/// One job, or those of one query, while they are waited for.
struct Watch<'w> {
    wait: &'w Wait<'w>,
    /// Those that are asked for.
    ids: Vec<String>,
    looks: u32,
    /// The jobs that were seen, with their states.
    seen: Vec<(String, Option<String>)>,
    last_error: Option<Error>,
}

impl Watch<'_> {
    /// The state could not be asked for: an error where it won't be possible later either.
    fn query_failed(&mut self, error: Error, waited: Duration) -> Result<(), Error> {
        let unknown_yet = error.kind() == ErrorKind::NotFound && self.may_be_unknown(waited);
        if !unknown_yet && !error.is_retryable() {
            return Err(self.gave_up(waited, Some(GaveUpReason::Query(Box::new(error)))));
        }
        self.last_error = Some(error);
        self.tell(None, waited);
        Ok(())
    }

    /// The job that a report without an id is about.
    fn only_id(&self) -> Option<&str> {
        match self.ids.as_slice() {
            [id] => Some(id),
            _ => None,
        }
    }

    /// Whether the service may need a moment more until it knows the job.
    fn may_be_unknown(&self, waited: Duration) -> bool {
        self.wait.is_new && (self.looks < LOOKS_FOR_A_NEW_JOB || waited < TIME_FOR_A_NEW_JOB)
    }

    /// What came of one look: the state of the end, or none while there is nothing to say.
    fn look(&mut self, reports: &[JobReport<'_>], waited: Duration) -> Result<Option<String>, Error> {
        self.last_error = None;
        if !reports.is_empty() {
            let text = |text: Option<&str>| text.map(str::to_owned);
            let id = |report: &JobReport<'_>| text(report.id.or(self.only_id())).unwrap_or_default();
            self.seen = reports.iter().map(|report| (id(report), text(report.state))).collect();
        }
        self.tell_all(reports, waited);
        let info = self.wait.info;
        match verdict::judge(info, reports, &self.ids) {
            Verdict::Done => Ok(Some(reports.first().and_then(|report| report.state).unwrap_or_default().to_owned())),
            Verdict::Failed(failed) => Err(self.failed(failed)),
            Verdict::Running => Ok(None),
            Verdict::Resting if self.wait.policy.through_rest => Ok(None),
            Verdict::Resting => Err(self.gave_up(waited, Some(GaveUpReason::Resting))),
            Verdict::Missing if self.may_be_unknown(waited) => Ok(None),
            Verdict::Missing => Err(self.gave_up(waited, Some(GaveUpReason::Missing))),
        }
    }

    fn tell_all(&self, reports: &[JobReport<'_>], waited: Duration) {
        if reports.is_empty() {
            self.tell(None, waited);
        }
        for report in reports {
            self.tell(Some(report), waited);
        }
    }

    fn tell(&self, report: Option<&JobReport<'_>>, waited: Duration) {
        let percent = report.and_then(|report| report.progress).map(|percent| percent.clamp(0, 100));
        let progress = JobProgress {
            job_id: report.and_then(|report| report.id).or(self.only_id()).unwrap_or_default(),
            state: report.and_then(|report| report.state),
            percent: percent.and_then(|percent| u8::try_from(percent).ok()),
            looks: self.looks,
            waited,
        };
        tracing::debug!(
            target: "mediajobs",
            operation = self.wait.operation,
            job = progress.job_id,
            state = progress.state,
            percent = progress.percent,
            looks = progress.looks,
            "waiting"
        );
        if let Some(report) = &self.wait.policy.progress {
            report(&progress);
        }
    }

    fn failed(&self, failed: JobReport<'_>) -> Error {
        let id = failed.id.or(self.only_id()).unwrap_or_default();
        let others = self.seen.iter().filter(|(other, _)| other != id);
        Error::JobFailed(Box::new(JobFailedError {
            operation: self.wait.operation,
            id: id.to_owned(),
            state: failed.state.unwrap_or_default().to_owned(),
            code: failed.error_code.filter(|code| !code.is_empty()).map(str::to_owned),
            message: failed.error_message.filter(|message| !message.is_empty()).map(str::to_owned),
            status: 0,
            request_id: None,
            others: others.map(|(id, state)| (id.clone(), state.clone().unwrap_or_default())).collect(),
        }))
    }

    fn gave_up(&self, waited: Duration, reason: Option<GaveUpReason>) -> Error {
        let reason = reason.unwrap_or_else(|| match &self.last_error {
            Some(error) => GaveUpReason::Query(Box::new(error.clone())),
            None => GaveUpReason::Deadline,
        });
        let is_seen = |id: &String| self.seen.iter().any(|(seen, _)| seen == id);
        let (ended, mut jobs): (Vec<_>, Vec<_>) = self
            .seen
            .iter()
            .cloned()
            .partition(|(_, state)| state.as_deref().is_some_and(|state| self.wait.info.has_ended(state)));
        jobs.extend(self.ids.iter().filter(|id| !is_seen(id)).map(|id| (id.clone(), None)));
        let ended = ended.into_iter().map(|(id, state)| (id, state.unwrap_or_default())).collect();
        Error::GaveUp(Box::new(GaveUpError { operation: self.wait.operation, jobs, ended, waited, reason }))
    }
}

/// The answers of all jobs, or one error that tells of all.
fn all_ended<R>(ids: Vec<String>, ends: Vec<Result<Ended<R>, Error>>) -> Result<Vec<(String, Response<R>)>, Error> {
    let mut well = Vec::with_capacity(ids.len());
    let mut states = Vec::with_capacity(ids.len());
    let mut failed: Option<Box<JobFailedError>> = None;
    let mut gave_up: Option<Box<GaveUpError>> = None;
    for (id, end) in ids.into_iter().zip(ends) {
        match end {
            Ok(Ended { answer, state }) => {
                states.push((id.clone(), state));
                well.push((id, answer));
            }
            Err(Error::JobFailed(error)) => match &mut failed {
                Some(first) => first.others.push((error.id, error.state)),
                None => failed = Some(error),
            },
            Err(Error::GaveUp(error)) => match &mut gave_up {
                Some(first) => {
                    first.jobs.extend(error.jobs);
                    first.ended.extend(error.ended);
                }
                None => gave_up = Some(error),
            },
            Err(error) => return Err(error),
        }
    }
    // What has not ended matters more than what failed: it goes on.
    match (gave_up, failed) {
        (Some(mut error), failed) => {
            states.extend(
                failed.into_iter().flat_map(|failed| std::iter::once((failed.id, failed.state)).chain(failed.others)),
            );
            error.ended.extend(states);
            Err(Error::GaveUp(error))
        }
        (None, Some(mut error)) => {
            error.others.extend(states);
            Err(Error::JobFailed(error))
        }
        (None, None) => Ok(well),
    }
}

fn job_info(info: &'static OperationInfo) -> Result<&'static JobInfo, Error> {
    info.job.ok_or_else(|| Error::from(ConfigurationError::new("mediajobs", format!("{} starts no job", info.name))))
}
