//! How an operation goes on: pages, and what becomes of what it starts. As documentation, and as facts.

use proc_macro2::TokenStream;
use quote::quote;

use super::paths::wire_path;
use super::text::{Doc, code, codes, escape};
use crate::model::{FieldPath, Job, JobAction, JobId, Operation, Paging, Service};

/// The sentence on pages; empty where there are none.
pub(crate) fn pages(service: &Service, operation: &Operation) -> String {
    let name = |path| code(&wire_path(service, path));
    let ways: Vec<String> = operation
        .paging
        .iter()
        .map(|paging| match paging {
            Paging::Token { request, response, .. } => {
                format!("its {} given as {} asks for the next", name(response), name(request))
            }
            Paging::Page { number, .. } => format!("{} asks for another, counted from 1", name(number)),
            Paging::Offset { offset, .. } => format!("{} says how many entries stand before it", name(offset)),
        })
        .collect();
    if ways.is_empty() {
        return String::new();
    }
    format!(
        "An answer is one page; {}. `client.items(request)` goes through all of them item by item, and \
         `client.pages(request)` page by page.",
        ways.join("; or ")
    )
}

/// The sentence on any number of ids; empty where it takes none, or as many as one likes.
pub(crate) fn batch(service: &Service, operation: &Operation) -> String {
    operation.batch.as_ref().map_or_else(String::new, |batch| {
        format!(
            "`client.batch(request, ids, concurrency)` takes any number of {}, and sends {} in each request.",
            code(&wire_path(service, &batch.ids)),
            batch.most
        )
    })
}

/// The sentence on a token that makes repeating safe; empty where there is none.
pub(crate) fn token(service: &Service, operation: &Operation) -> String {
    operation.idempotency_token.as_ref().map_or_else(String::new, |path| {
        format!("Sent again with the same {}, it makes no second.", code(&wire_path(service, path)))
    })
}

/// The life of what the operation starts, as a list.
pub(crate) fn job(service: &Service, operation: &Operation, doc: Doc) -> Doc {
    let Some(job) = &operation.job else { return doc };
    let name = |path: &FieldPath| code(&wire_path(service, path));
    let states = |states: &[String]| codes(states.iter().map(String::as_str));
    let link = |index| link(service, operation, index);
    let mut items = vec![match &job.id {
        JobId::Answered(path) => format!("Its id is {} of the answer.", name(path)),
        JobId::Given(path) => format!("Its id is {} of the request.", name(path)),
    }];
    if let Some((query, link)) = job.query.as_ref().and_then(|query| Some((query, link(query.operation)?))) {
        let mut text = format!("{link} tells its state, in {}", name(&query.state));
        if let Some(item) = &query.item {
            text.push_str(&format!(" beside its id in {}", name(item)));
        }
        text.push_str(&along(&query.with));
        items.push(format!("{text}."));
        items.push("`client.wait(request, WaitPolicy::within(…))` starts it and waits until it has ended.".to_owned());
    }
    for (what, list) in [
        ("It goes on while it is", &job.running),
        ("It rests, until somebody does something, while it is", &job.resting),
        ("It has ended well when it is", &job.done),
        ("It has failed when it is", &job.failed),
    ] {
        if !list.is_empty() {
            items.push(format!("{what} {}.", states(list)));
        }
    }
    let why: Vec<String> = job.error_code.iter().chain(&job.error_message).map(name).collect();
    if !why.is_empty() {
        items.push(format!("Why it failed stands in {}.", why.join(" and ")));
    }
    items.extend(job.progress.as_ref().map(|path| format!("How much is done stands in {}, in percent.", name(path))));
    items.extend(job.result.as_ref().map(|path| format!("What came of it stands in {}.", name(path))));
    let cancel = job.cancel.iter().map(|action| ("cancel", action));
    let others = job.actions.iter().map(|(what, action)| (what.as_str(), action));
    for (what, action) in cancel.chain(others) {
        let Some(link) = link(action.operation) else { continue };
        let from =
            if action.from.is_empty() { String::new() } else { format!(", while it is {}", states(&action.from)) };
        items.push(format!("To {what} it: {link}{from}{}.", along(&action.with)));
    }
    items.extend(job.kept_days.map(|days| format!("It is kept for {days} days.")));
    doc.list(&format!("The {}", escape(&job.what)), &items)
}

fn along(with: &[String]) -> String {
    match with {
        [] => String::new(),
        names => format!("; {} goes along", codes(names.iter().map(String::as_str))),
    }
}

/// A link of rustdoc's from the module of one operation to another, or to itself.
fn link(service: &Service, from: &Operation, index: usize) -> Option<String> {
    let to = service.operations.get(index)?;
    let query = from.job.as_ref().and_then(|job| job.query.as_ref());
    // What is in scope is linked by its name: rustdoc has it so.
    let is_in_scope = query.is_some_and(|query| query.operation == index) || to.name == from.name;
    Some(match is_in_scope {
        true => format!("[`{}`]", to.rust),
        false => format!("[`{0}`](crate::operations::{1}::{0})", to.rust, to.module),
    })
}

/// The value of `OperationInfo::paging`.
pub(crate) fn paging_facts(service: &Service, operation: &Operation) -> TokenStream {
    let name = |path: &FieldPath| wire_path(service, path);
    let ways = operation.paging.iter().map(|paging| match paging {
        Paging::Token { request, response, size, items } => {
            let (request, response, items) = (name(request), name(response), name(items));
            let size = optional(service, size.as_ref());
            quote!(PagingInfo::Token { request: #request, response: #response, size: #size, items: #items })
        }
        Paging::Page { number, size, total, items } => {
            let (number, size, items) = (name(number), name(size), name(items));
            let total = optional(service, total.as_ref());
            quote!(PagingInfo::Page { number: #number, size: #size, total: #total, items: #items })
        }
        Paging::Offset { offset, size, total, items } => {
            let (offset, size, items) = (name(offset), name(size), name(items));
            let total = optional(service, total.as_ref());
            quote!(PagingInfo::Offset { offset: #offset, size: #size, total: #total, items: #items })
        }
    });
    quote!(&[#(#ways),*])
}

/// The value of `OperationInfo::idempotency_token`.
pub(crate) fn token_fact(service: &Service, operation: &Operation) -> TokenStream {
    optional(service, operation.idempotency_token.as_ref())
}

/// The value of `OperationInfo::job`.
pub(crate) fn job_facts(service: &Service, operation: &Operation) -> TokenStream {
    let Some(job) = &operation.job else { return quote!(None) };
    let id = match &job.id {
        JobId::Answered(path) => {
            let path = wire_path(service, path);
            quote!(JobIdInfo::Answered(#path))
        }
        JobId::Given(path) => {
            let path = wire_path(service, path);
            quote!(JobIdInfo::Given(#path))
        }
    };
    let known = known(service, job);
    quote!(Some(&JobInfo { #(#known,)* ..JobInfo::of(#id) }))
}

/// What is known of a job besides its id.
fn known(service: &Service, job: &Job) -> Vec<TokenStream> {
    let mut known = Vec::new();
    if job.what != "job" {
        let what = &job.what;
        known.push(quote!(what: #what));
    }
    if let Some(query) = &job.query {
        let operation = operation_name(service, query.operation);
        let (id, state) = (wire_path(service, &query.id), wire_path(service, &query.state));
        let item = optional(service, query.item.as_ref());
        let with = &query.with;
        known.push(quote!(query: Some(JobQueryInfo {
            operation: #operation,
            id: #id,
            state: #state,
            item: #item,
            with: &[#(#with),*],
        })));
    }
    if let Some(cancel) = &job.cancel {
        let action = action_facts(service, cancel);
        known.push(quote!(cancel: Some(#action)));
    }
    if !job.actions.is_empty() {
        let actions = job.actions.iter().map(|(name, action)| {
            let action = action_facts(service, action);
            quote!((#name, #action))
        });
        known.push(quote!(actions: &[#(#actions),*]));
    }
    let lists = [
        (quote!(running), &job.running),
        (quote!(resting), &job.resting),
        (quote!(done), &job.done),
        (quote!(failed), &job.failed),
    ];
    known.extend(
        lists.into_iter().filter(|(_, list)| !list.is_empty()).map(|(name, list)| quote!(#name: &[#(#list),*])),
    );
    let paths = [
        (quote!(error_code), &job.error_code),
        (quote!(error_message), &job.error_message),
        (quote!(progress), &job.progress),
        (quote!(result), &job.result),
    ];
    for (name, path) in paths {
        if path.is_some() {
            let path = optional(service, path.as_ref());
            known.push(quote!(#name: #path));
        }
    }
    if let Some(days) = job.kept_days {
        let days = super::shape::integer(i128::from(days));
        known.push(quote!(kept_days: Some(#days)));
    }
    known
}

fn action_facts(service: &Service, action: &JobAction) -> TokenStream {
    let operation = operation_name(service, action.operation);
    let id = wire_path(service, &action.id);
    let (from, with) = (&action.from, &action.with);
    quote!(JobActionInfo { operation: #operation, id: #id, from: &[#(#from),*], with: &[#(#with),*] })
}

fn operation_name(service: &Service, index: usize) -> &str {
    service.operations.get(index).map_or("", |operation| operation.name.as_str())
}

fn optional(service: &Service, path: Option<&FieldPath>) -> TokenStream {
    match path {
        None => quote!(None),
        Some(path) => {
            let path = wire_path(service, path);
            quote!(Some(#path))
        }
    }
}
