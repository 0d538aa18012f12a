//! What a client does besides a call, with operations of the service for which it does: the way from the crate's first page to
//! what its programs need.

use crate::model::{JobId, Operation, Service};

/// A list of Markdown; `name` is how a page names an operation.
pub(super) fn list(service: &Service, name: &dyn Fn(&Operation) -> String) -> String {
    let first = |what: &dyn Fn(&&Operation) -> bool| {
        let current = |operation: &&Operation| operation.deprecated.is_none() && operation.undocumented.is_none();
        let mut fitting = service.operations.iter().filter(what);
        fitting.clone().find(current).or_else(|| fitting.next())
    };
    let waited =
        |operation: &&Operation| operation.job.as_ref().is_some_and(|job| job.query.is_some() && job.what == "job");
    let answered = |operation: &&Operation| {
        waited(operation) && operation.job.as_ref().is_some_and(|job| matches!(job.id, JobId::Answered(_)))
    };
    let mut items = Vec::new();
    if let Some(job) = first(&answered).or_else(|| first(&waited)) {
        items.push(format!(
            "Wait for a job: `client.wait(request, WaitPolicy::within(…))` starts it and ends when the job does, e.g. {}. \
             `client.wait_for::<{}>(query, policy)` waits for one that was started before; the type says which kind of job it is.",
            name(job),
            job.rust
        ));
    }
    if let Some(paged) = first(&|operation| !operation.paging.is_empty()) {
        items.push(format!(
            "Read a whole list: `client.items(request)` is a stream over all its pages, and `client.pages(request)` one of pages, \
             e.g. {}.",
            name(paged)
        ));
    }
    if let Some(batch) = first(&|operation| operation.batch.is_some()) {
        items.push(format!(
            "Do it for more ids than one request takes: `client.batch(request, ids, concurrency)`, e.g. {}.",
            name(batch)
        ));
    }
    items.push(
        "Call with a deadline or a policy of its own: `client.call(request).deadline(…).retry(…).send()`. Unless told otherwise, \
         what failed is sent again where that makes nothing twice (`runtime::RetryPolicy`)."
            .to_owned(),
    );
    items.push(
        "Call without `async`: `blocking::Client`, with the feature `blocking`. All other calls are made inside of Tokio, unless the \
         client has a transport of your own."
            .to_owned(),
    );
    items.push(
        "Test a program without a network: `runtime::testing`, and the documented answers in `examples`, with the feature `testing`."
            .to_owned(),
    );
    items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n")
}
