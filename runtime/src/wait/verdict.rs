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

/// The reports that are about these jobs: those with an id of theirs, and those without any.
pub(super) fn about<'a>(reports: Vec<JobReport<'a>>, ids: &[String]) -> Vec<JobReport<'a>> {
    let is_asked = |report: &JobReport<'a>| report.id.is_none_or(|found| ids.iter().any(|id| id == found));
    reports.into_iter().filter(|report| ids.is_empty() || is_asked(report)).collect()
}

/// The jobs that no report is about.
pub(super) fn unreported<'i>(reports: &[JobReport<'_>], ids: &'i [String]) -> impl Iterator<Item = &'i String> {
    let is_about = |id: &str| reports.iter().any(|report| report.id.is_none_or(|found| found == id));
    ids.iter().filter(move |id| !is_about(id))
}

/// What all of some reports together mean.
pub(super) fn judge<'a>(info: &JobInfo, reports: &[JobReport<'a>], ids: &[String]) -> Verdict<'a> {
    let known = |states: &[&str], report: &JobReport<'_>| report.state.is_some_and(|state| states.contains(&state));
    let ended = |report: &JobReport<'_>| report.state.is_some_and(|state| info.has_ended(state));
    if reports.is_empty() || unreported(reports, ids).next().is_some() {
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
        judge(&INFO, &reports, &[])
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
    fn reports_of_other_jobs_do_not_count_and_missing_ones_do() {
        let done = |id| JobReport { id, state: Some("Success"), ..JobReport::default() };
        let all = || vec![done(Some("a")), done(Some("b")), done(None)];
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let kept = about(all(), &ids(&["a", "c"]));
        assert_eq!(kept.iter().map(|report| report.id).collect::<Vec<_>>(), [Some("a"), None]);
        assert_eq!(about(all(), &[]).len(), 3);
        assert_eq!(judge(&INFO, &all()[..2], &ids(&["a", "b"])), Verdict::Done);
        assert_eq!(judge(&INFO, &all()[..2], &ids(&["a", "c"])), Verdict::Missing);
        assert_eq!(judge(&INFO, &all(), &ids(&["c"])), Verdict::Done);
    }
}
