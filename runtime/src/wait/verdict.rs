//! What the states of jobs mean.

use crate::facts::JobInfo;
use crate::job::JobReport;

/// What an answer about jobs means for who waits for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// The answer says nothing of them.
    Missing,
    /// They go on, or are in a state that is not known.
    Running,
    /// All that has not ended rests.
    Resting,
    /// All ended well.
    Done,
    /// All ended, this one not well.
    Failed(JobReport<'a>),
}

/// The reports that are about a job: those with its id, and those without any.
pub(super) fn about<'a>(reports: Vec<JobReport<'a>>, id: Option<&str>) -> Vec<JobReport<'a>> {
    let Some(id) = id else { return reports };
    reports.into_iter().filter(|report| report.id.is_none_or(|found| found == id)).collect()
}

/// What all of some reports together mean.
pub(super) fn judge<'a>(info: &JobInfo, reports: &[JobReport<'a>]) -> Verdict<'a> {
    let known = |states: &[&str], report: &JobReport<'_>| report.state.is_some_and(|state| states.contains(&state));
    let ended = |report: &JobReport<'_>| known(info.done, report) || known(info.failed, report);
    if reports.is_empty() {
        return Verdict::Missing;
    }
    if let Some(failed) = reports.iter().find(|report| known(info.failed, report))
        && reports.iter().all(ended)
    {
        return Verdict::Failed(*failed);
    }
    if reports.iter().all(ended) {
        return Verdict::Done;
    }
    if reports.iter().all(|report| ended(report) || known(info.resting, report)) {
        return Verdict::Resting;
    }
    Verdict::Running
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::JobIdInfo;

    const INFO: JobInfo = JobInfo {
        running: &["Running"],
        resting: &["Paused"],
        done: &["Success"],
        failed: &["Failed", "Cancel"],
        ..JobInfo::of(JobIdInfo::Answered("Id"))
    };

    fn verdict(states: &[Option<&'static str>]) -> Verdict<'static> {
        let reports: Vec<_> = states.iter().map(|state| JobReport { state: *state, ..JobReport::default() }).collect();
        judge(&INFO, &reports)
    }

    #[test]
    fn of_several_the_slowest_counts() {
        let failed = |state| Verdict::Failed(JobReport { state: Some(state), ..JobReport::default() });
        for (states, expected) in [
            (&[][..], Verdict::Missing),
            (&[None], Verdict::Running),
            (&[Some("Running")], Verdict::Running),
            (&[Some("NewFangled")], Verdict::Running),
            (&[Some("Paused")], Verdict::Resting),
            (&[Some("Success")], Verdict::Done),
            (&[Some("Cancel")], failed("Cancel")),
            (&[Some("Success"), Some("Success")], Verdict::Done),
            (&[Some("Success"), Some("Failed")], failed("Failed")),
            (&[Some("Running"), Some("Failed")], Verdict::Running),
            (&[Some("Paused"), Some("Failed")], Verdict::Resting),
            (&[Some("Paused"), None], Verdict::Running),
        ] {
            assert_eq!(verdict(states), expected, "{states:?}");
        }
    }

    #[test]
    fn reports_of_other_jobs_do_not_count() {
        let report = |id| JobReport { id, ..JobReport::default() };
        let all = || vec![report(Some("a")), report(Some("b")), report(None)];
        assert_eq!(about(all(), Some("a")).iter().map(|report| report.id).collect::<Vec<_>>(), [Some("a"), None]);
        assert_eq!(about(all(), None).len(), 3);
    }
}
