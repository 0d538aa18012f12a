//! How what an operation starts is waited for: `impl Job` of what starts it, `impl JobQuery` of what tells its state.

use proc_macro2::TokenStream;
use quote::quote;

use super::reach::{self, Reached};
use super::record::required_in_order;
use super::shape::{Shape, ident, is_copy};
use crate::model::{Field, FieldPath, FieldType, Job, JobId, JobQuery, Literal, Operation, Service, Step};

/// The operation that tells the state of what this one starts.
pub(crate) fn asks<'m>(service: &'m Service, operation: &Operation) -> Option<&'m Operation> {
    service.operations.get(operation.job.as_ref()?.query.as_ref()?.operation)
}

/// `impl Job`; nothing where no state can be asked for.
pub(crate) fn starts(service: &Service, operation: &Operation) -> Option<TokenStream> {
    let job = operation.job.as_ref()?;
    let query = job.query.as_ref()?;
    let (name, asked) = (ident(&operation.rust), service.operations.get(query.operation)?);
    let query_name = ident(&asked.rust);
    let request = request(service, operation, query, asked)?;
    let ids = match &job.id {
        JobId::Given(path) => {
            let ids = given(service, path)?;
            quote! { fn given_ids(&self) -> Vec<String> { #ids } }
        }
        JobId::Answered(path) => {
            let ids = reach::texts(service, quote!(answer), path)?;
            quote! { fn answered_ids(answer: &Self::Response) -> Vec<String> { #ids } }
        }
    };
    Some(quote! {
        impl mediajobs_runtime::Job for #name {
            type Query = #query_name;
            fn query(&self, id: &str) -> #query_name { #request }
            #ids
        }
    })
}

/// The ids in the request; the documented default where there is none.
fn given(service: &Service, path: &FieldPath) -> Option<TokenStream> {
    let ids = reach::texts(service, quote!(self), path)?;
    let field = path.last_field(service)?;
    Some(match (path.steps.as_slice(), &field.default) {
        ([_], Some(Literal::String(default))) if Shape::of(field) == Shape::Option => {
            let rust = ident(&field.rust);
            quote!(vec![self.#rust.clone().unwrap_or_else(|| #default.to_owned())])
        }
        _ => ids,
    })
}

/// The request that asks for the state of one.
fn request(service: &Service, operation: &Operation, query: &JobQuery, asked: &Operation) -> Option<TokenStream> {
    let name = ident(&asked.rust);
    let id_field = query.id.last_field(service)?;
    let id = if matches!(id_field.ty, FieldType::List(_)) { quote!([id]) } else { quote!(id) };
    let ours = |wire: &str| service.record(operation.request)?.fields.iter().find(|field| field.wire == wire);
    let is_along = |field: &Field| query.with.contains(&field.wire) && field.wire != id_field.wire;
    let theirs = service.record(asked.request)?;
    let arguments = required_in_order(theirs).into_iter().filter_map(|field| match is_along(field) {
        true => ours(&field.wire).map(copied),
        false => Some(id.clone()),
    });
    let mut value = quote!(#name::new(#(#arguments),*));
    if !id_field.required {
        let setter = ident(&id_field.rust);
        value = quote!(#value.#setter(#id));
    }
    let rest: Vec<TokenStream> = theirs
        .fields
        .iter()
        .filter(|field| is_along(field) && !field.required)
        .filter_map(|field| {
            let rust = ident(&field.rust);
            let ours = ours(&field.wire)?;
            let value = copied(ours);
            let becomes_optional = Shape::of(field).is_optional() && !Shape::of(ours).is_optional();
            Some(if becomes_optional { quote!(#rust: Some(#value)) } else { quote!(#rust: #value) })
        })
        .collect();
    Some(if rest.is_empty() { value } else { quote!(#name { #(#rest,)* ..#value }) })
}

fn copied(field: &Field) -> TokenStream {
    let rust = ident(&field.rust);
    if is_copy(&field.ty) { quote!(self.#rust) } else { quote!(self.#rust.clone()) }
}

/// `impl JobQuery`; nothing where no job names the operation. All that name it read its answer in the same way.
pub(crate) fn tells(service: &Service, index: usize, operation: &Operation) -> Option<TokenStream> {
    let jobs = service.operations.iter().filter_map(|operation| operation.job.as_ref());
    let (job, query) = jobs
        .filter_map(|job| job.query.as_ref().map(|query| (job, query)))
        .find(|(_, query)| query.operation == index)?;
    let name = ident(&operation.rust);
    let ids = reach::texts(service, quote!(self), &query.id)?;
    let (list, _) = reach::split(&query.state);
    let report = report(service, job, query);
    let reports = match reach::go(service, quote!(answer), list)? {
        Reached::One(_) => quote!(Vec::from([#report])),
        Reached::Several(items) => quote!(#items.map(|item| #report).collect()),
    };
    Some(quote! {
        impl mediajobs_runtime::JobQuery for #name {
            fn asked_ids(&self) -> Vec<String> { #ids }
            fn reports(answer: &Self::Response) -> Vec<JobReport<'_>> { #reports }
        }
    })
}

/// What is said of one item of the list, or in the answer as a whole.
fn report(service: &Service, job: &Job, query: &JobQuery) -> TokenStream {
    let text = |path: &FieldPath| {
        let (place, steps) = within(path);
        reach::text(service, place, steps)
    };
    let number = |path: &FieldPath| {
        let (place, steps) = within(path);
        reach::number(service, place, steps)
    };
    let all = [
        ("id", query.item.as_ref().and_then(text)),
        ("state", text(&query.state)),
        ("error_code", job.error_code.as_ref().and_then(text)),
        ("error_message", job.error_message.as_ref().and_then(text)),
        ("progress", job.progress.as_ref().and_then(number)),
    ];
    let is_whole = all.iter().all(|(_, value)| value.is_some());
    let said = all.into_iter().filter_map(|(name, value)| {
        let name = ident(name);
        value.map(|value| quote!(#name: #value))
    });
    let rest = (!is_whole).then(|| quote!(..JobReport::default()));
    quote!(JobReport { #(#said,)* #rest })
}

/// Where a path begins in the code for one item: what stands beside the list is said of every item.
fn within(path: &FieldPath) -> (TokenStream, &[Step]) {
    let (list, steps) = reach::split(path);
    (if list.is_empty() { quote!(answer) } else { quote!(item) }, steps)
}
