//! What a service keeps, as data: `RESOURCES` in `src/server.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::paths::wire_path;
use super::service::option;
use super::shape::{ident, integer};
use super::text::{Doc, code, escape, link, one_line};
use crate::model::{
    FilterTest, RequestValue, Resource, ResourceAction, ResourceFilter, ResourceOperation, ResourceOrder,
    ResourceRecord, ResourceRefusal, Service,
};

/// The item, with a line of documentation for each resource.
pub(super) fn list(service: &Service) -> TokenStream {
    let lines: Vec<String> = service
        .resources
        .iter()
        .map(|resource| {
            let summary = escape(&one_line(&resource.summary));
            format!("{}: {summary} {}", code(&resource.name), link("Vendor's page", &resource.source))
        })
        .collect();
    let doc = Doc::new("What the service keeps, sorted by name.").list("Resources", &lines).tokens();
    let resources = service.resources.iter().map(|resource| self::resource(service, resource));
    quote! {
        #doc
        pub static RESOURCES: &[ResourceInfo] = &[#(#resources),*];
    }
}

/// What [`list`] imports from the runtime.
pub(super) fn names(service: &Service) -> Vec<TokenStream> {
    let operations = || service.resources.iter().flat_map(|resource| &resource.operations);
    let refuses = |resource: &Resource| {
        [&resource.absent, &resource.exists, &resource.conflict].iter().any(|said| said.is_some())
    };
    let named = [
        (true, quote!(ResourceInfo)),
        (operations().next().is_some(), quote!(ResourceAction)),
        (operations().next().is_some(), quote!(ResourceOperation)),
        (operations().any(|operation| !operation.filters.is_empty()), quote!(FilterTest)),
        (operations().any(|operation| !operation.filters.is_empty()), quote!(ResourceFilter)),
        (operations().any(|operation| operation.order.is_some()), quote!(ResourceOrder)),
        (service.resources.iter().any(refuses), quote!(ResourceRefusal)),
    ];
    named.into_iter().filter(|(is_used, _)| *is_used).map(|(_, name)| name).collect()
}

/// The fields of a struct that say something; the rest come from its `EMPTY`.
struct Said {
    fields: Vec<TokenStream>,
    all: usize,
}

impl Said {
    fn new() -> Self {
        Self { fields: Vec::new(), all: 0 }
    }

    fn say(&mut self, field: TokenStream) -> &mut Self {
        self.all += 1;
        self.fields.push(field);
        self
    }

    fn say_some(&mut self, name: &str, value: Option<TokenStream>) -> &mut Self {
        self.all += 1;
        let name = ident(name);
        self.fields.extend(value.map(|value| quote!(#name: Some(#value))));
        self
    }

    fn say_many(&mut self, name: &str, values: Vec<TokenStream>) -> &mut Self {
        self.all += 1;
        let name = ident(name);
        if !values.is_empty() {
            self.fields.push(quote!(#name: &[#(#values),*]));
        }
        self
    }

    fn tokens(&self, name: &TokenStream) -> TokenStream {
        let fields = &self.fields;
        let rest = (fields.len() < self.all).then(|| quote!(..#name::EMPTY));
        quote!(#name { #(#fields,)* #rest })
    }
}

fn resource(service: &Service, resource: &Resource) -> TokenStream {
    let name = &resource.name;
    let text = |text: &Option<String>| text.as_ref().map(|text| quote!(#text));
    let operation_name = |index: usize| service.operations.get(index).map(|operation| operation.name.clone());
    let within = resource.within.and_then(|outer| service.resources.get(outer)).map(|outer| outer.name.clone());
    let refusal = |refusal: &Option<ResourceRefusal>| refusal.as_ref().map(self::refusal);
    let operations = resource.operations.iter().map(|operation| self::operation(service, operation));
    let mut said = Said::new();
    said.say(quote!(name: #name))
        .say_many("key", texts(&resource.key))
        .say_some("id", text(&resource.id))
        .say_some("within", text(&within))
        .say_many("initial", pairs(&resource.initial))
        .say_some("state", text(&resource.state))
        .say_many("course", texts(&resource.course))
        .say_some("created", text(&resource.created))
        .say_some("updated", text(&resource.updated))
        .say_some("started", text(&resource.started))
        .say_some("ended", text(&resource.ended))
        .say_some("seeded", text(&resource.seeded.and_then(operation_name)))
        .say_some("absent", refusal(&resource.absent))
        .say_some("exists", refusal(&resource.exists))
        .say_some("conflict", refusal(&resource.conflict))
        .say_many("operations", operations.collect());
    said.tokens(&quote!(ResourceInfo))
}

fn operation(service: &Service, operation: &ResourceOperation) -> TokenStream {
    let name = service.operations.get(operation.operation).map(|operation| operation.name.as_str()).unwrap_or_default();
    let does = match operation.does {
        ResourceAction::Create => quote!(ResourceAction::Create),
        ResourceAction::Read => quote!(ResourceAction::Read),
        ResourceAction::List => quote!(ResourceAction::List),
        ResourceAction::Update => quote!(ResourceAction::Update),
        ResourceAction::Delete => quote!(ResourceAction::Delete),
    };
    let record = operation.record.as_ref().map(|record| match record {
        ResourceRecord::Answer => String::new(),
        ResourceRecord::At(path) => wire_path(service, path),
    });
    let takes = operation.takes.iter().map(|(value, member)| {
        let place = match value {
            RequestValue::Whole => String::new(),
            RequestValue::Field(path) => wire_path(service, path),
            RequestValue::Setting(index) => {
                service.settings.get(*index).map(|setting| format!("{{{}}}", setting.name)).unwrap_or_default()
            }
        };
        quote!((#place, #member))
    });
    let gives = operation.gives.iter().map(|(path, member)| {
        let path = wire_path(service, path);
        quote!((#path, #member))
    });
    let filters = operation.filters.iter().map(|filter| self::filter(service, filter));
    let missing = operation.missing.as_ref().map(|path| wire_path(service, path));
    let mut said = Said::new();
    said.say(quote!(operation: #name))
        .say(quote!(does: #does))
        .say_some("record", record.map(|record| quote!(#record)))
        .say_some("missing", missing.map(|path| quote!(#path)))
        .say_many("takes", takes.collect())
        .say_many("gives", gives.collect())
        .say_many("sets", pairs(&operation.sets))
        .say_many("from", texts(&operation.from))
        .say_many("filters", filters.collect())
        .say_some("order", operation.order.as_ref().map(|order| self::order(service, order)));
    said.tokens(&quote!(ResourceOperation))
}

fn filter(service: &Service, filter: &ResourceFilter) -> TokenStream {
    let (request, member) = (wire_path(service, &filter.request), &filter.member);
    let test = match filter.test {
        FilterTest::Equal => quote!(FilterTest::Equal),
        FilterTest::Prefix => quote!(FilterTest::Prefix),
        FilterTest::Contains => quote!(FilterTest::Contains),
        FilterTest::From => quote!(FilterTest::From),
        FilterTest::Until => quote!(FilterTest::Until),
    };
    let all = texts(&filter.all);
    quote!(ResourceFilter { request: #request, member: #member, test: #test, all: &[#(#all),*] })
}

fn order(service: &Service, order: &ResourceOrder) -> TokenStream {
    let request = option(order.request.as_ref().map(|path| wire_path(service, path)).as_deref());
    let (member, others, ascending) = (&order.member, pairs(&order.others), texts(&order.ascending));
    let by_default = order.ascending_by_default;
    quote! {
        ResourceOrder {
            request: #request,
            member: #member,
            others: &[#(#others),*],
            ascending: &[#(#ascending),*],
            ascending_by_default: #by_default,
        }
    }
}

fn refusal(refusal: &ResourceRefusal) -> TokenStream {
    let (status, code, message) = (integer(i128::from(refusal.status)), &refusal.code, &refusal.message);
    quote!(ResourceRefusal { status: #status, code: #code, message: #message })
}

fn texts(texts: &[String]) -> Vec<TokenStream> {
    texts.iter().map(|text| quote!(#text)).collect()
}

fn pairs(pairs: &[(String, String)]) -> Vec<TokenStream> {
    pairs.iter().map(|(name, value)| quote!((#name, #value))).collect()
}
