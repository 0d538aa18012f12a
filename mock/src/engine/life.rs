//! What becomes of a job with time.

use mediajobs_runtime::facts::JobInfo;
use mediajobs_runtime::server::ResourceInfo;

use crate::store::{Failure, Life, Millis};

/// Where a job is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phase {
    /// The vendor's word for it.
    pub(crate) state: String,
    /// How much is done.
    pub(crate) percent: u8,
    /// When work began.
    pub(crate) started: Option<Millis>,
    /// When it ended, well or not.
    pub(crate) ended: Option<Millis>,
    /// Why it failed.
    pub(crate) failure: Option<Failure>,
    /// Whether what came of it can be seen.
    pub(crate) is_done: bool,
}

/// Where a job is at a time.
pub(crate) fn phase(life: &Life, job: &JobInfo, resource: &ResourceInfo, now: Millis) -> Phase {
    let start = life.since.saturating_add(life.queued);
    let end = start.saturating_add(life.running);
    if let Some((state, at)) = &life.halted {
        let started = (start <= *at).then_some(start);
        let ended = Some(*at);
        return Phase { state: state.clone(), percent: 0, started, ended, failure: None, is_done: false };
    }
    if now >= end {
        let states = if life.failure.is_some() { job.failed } else { job.done };
        let state = failed_state(states).to_owned();
        let is_done = life.failure.is_none();
        let percent = if is_done { 100 } else { 0 };
        return Phase {
            state,
            percent,
            started: Some(start),
            ended: Some(end),
            failure: life.failure.clone(),
            is_done,
        };
    }
    let course = if resource.course.is_empty() { job.running.get(..2).unwrap_or(job.running) } else { resource.course };
    let (first, rest) = course.split_first().unwrap_or((&"", &[]));
    let is_started = now >= start && !rest.is_empty();
    let share = |of: usize| {
        let passed = i128::from(now.saturating_sub(start)) * of as i128 / i128::from(life.running.max(1));
        usize::try_from(passed).unwrap_or_default().min(of.saturating_sub(1))
    };
    let state = if is_started { rest.get(share(rest.len())).unwrap_or(first) } else { first };
    let percent = if is_started { u8::try_from(share(100)).unwrap_or_default() } else { 0 };
    let started = is_started.then_some(start);
    Phase { state: (*state).to_owned(), percent, started, ended: None, failure: None, is_done: false }
}

/// Of several final states, the one that says no more than that it ended.
fn failed_state(states: &[&'static str]) -> &'static str {
    let plain = states.iter().find(|state| ["failed", "fail"].contains(&state.to_ascii_lowercase().as_str()));
    plain.or(states.first()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use mediajobs_runtime::facts::JobIdInfo;

    use super::*;

    const JOB: JobInfo = JobInfo {
        running: &["Submitted", "Running", "Pause"],
        done: &["Success"],
        failed: &["Cancel", "Failed"],
        ..JobInfo::of(JobIdInfo::Answered("JobId"))
    };

    fn life() -> Life {
        let (submit, failure, halted) = ("Submit".to_owned(), None, None);
        Life { submit, since: 1_000, queued: 100, running: 200, failure, halted, told: false }
    }

    fn at(life: &Life, resource: &ResourceInfo, now: Millis) -> (String, u8) {
        let phase = phase(life, &JOB, resource, now);
        (phase.state, phase.percent)
    }

    #[test]
    fn from_the_queue_to_the_end() {
        let plain = &ResourceInfo::EMPTY;
        let states = [0, 1_000, 1_099, 1_100, 1_200, 1_299, 1_300, i64::MAX].map(|now| at(&life(), plain, now));
        let states: Vec<(&str, u8)> = states.iter().map(|(state, percent)| (state.as_str(), *percent)).collect();
        let (submitted, success) = (("Submitted", 0), ("Success", 100));
        let running = [("Running", 0), ("Running", 50), ("Running", 99)];
        assert_eq!(states, [submitted, submitted, submitted, running[0], running[1], running[2], success, success]);
    }

    #[test]
    fn a_course_of_its_own() {
        let long = ResourceInfo { course: &["PENDING", "STARTING", "RUNNING"], ..ResourceInfo::EMPTY };
        let states = [1_000, 1_100, 1_199, 1_200, 1_299].map(|now| at(&life(), &long, now).0);
        assert_eq!(states, ["PENDING", "STARTING", "STARTING", "RUNNING", "RUNNING"]);
    }

    #[test]
    fn failed_and_halted() {
        let failure = Some(Failure { code: "Bad".to_owned(), message: "Worse.".to_owned() });
        let failed = phase(&Life { failure: failure.clone(), ..life() }, &JOB, &ResourceInfo::EMPTY, 1_300);
        assert_eq!((failed.state.as_str(), failed.failure, failed.is_done), ("Failed", failure, false));
        let halted = Life { halted: Some(("Cancel".to_owned(), 1_050)), ..life() };
        let halted = phase(&halted, &JOB, &ResourceInfo::EMPTY, 9_999);
        assert_eq!((halted.state.as_str(), halted.started, halted.ended), ("Cancel", None, Some(1_050)));
    }
}
