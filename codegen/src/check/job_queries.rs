//! What several jobs say of one operation that tells their states.

use std::collections::HashMap;

use super::draft::Draft;
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::spec::job::{Job, Query};

/// One operation's answer is read in one way, whichever job it is about.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    let mut first: HashMap<&str, (&str, &Job, &Query)> = HashMap::new();
    for origin in &draft.operations {
        let Some(job) = &origin.spec.job else { continue };
        let Some(query) = &job.query else { continue };
        // One that the service does not have was reported.
        if !draft.service.operations.iter().any(|operation| operation.name == query.operation.value) {
            continue;
        }
        let name = origin.spec.name.value.as_str();
        match first.get(query.operation.value.as_str()) {
            Some((other_name, other_job, other_query)) => {
                compare(name, (job, query), other_name, (other_job, other_query), sink);
            }
            None => {
                first.insert(&query.operation.value, (name, job, query));
            }
        }
    }
}

fn compare(name: &str, ours: (&Job, &Query), other_name: &str, theirs: (&Job, &Query), sink: &mut Sink) {
    for ((key, ours_here), (_, there)) in readings(ours).into_iter().zip(readings(theirs)) {
        let text = |path: Option<&Spanned<String>>| path.map_or("left out".to_owned(), |path| quote(&path.value));
        let span = |path: Option<&Spanned<String>>, query: &Query| path.map_or(query.operation.span, |path| path.span);
        let (here, elsewhere): (Span, Span) = (span(ours_here, ours.1), span(there, theirs.1));
        let same = ours_here.map(|path| &path.value) == there.map(|path| &path.value);
        let is_broken = [ours_here, there].into_iter().flatten().any(|path| sink.has_error_at(path.span));
        if same || is_broken {
            continue;
        }
        let message = format!(
            "{} and {} read the answer of {} in two ways: {} is {} here and {} there",
            quote(name),
            quote(other_name),
            quote(&ours.1.operation.value),
            quote(key),
            text(ours_here),
            text(there)
        );
        sink.error("job-query", here, message)
            .label(elsewhere, format!("in {}", quote(other_name)))
            .help("say the same in both: an answer does not tell which of them started the job");
    }
}

/// How a job reads the answer of its query.
fn readings<'a>((job, query): (&'a Job, &'a Query)) -> [(&'static str, Option<&'a Spanned<String>>); 5] {
    let error = job.error.as_ref();
    [
        ("state", Some(&query.state)),
        ("item", query.item.as_ref()),
        ("error.code", error.and_then(|error| error.code.as_ref())),
        ("error.message", error.and_then(|error| error.message.as_ref())),
        ("progress", job.progress.as_ref()),
    ]
}
