//! What operations do to a resource: the paths of their requests and answers.

use std::collections::HashMap;

use super::super::draft::{Draft, describe};
use super::super::paths::{self, Resolved};
use super::keys::is_value;
use super::members;
use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use crate::model::{
    FieldPath, FieldType, Operation, RequestValue, ResourceAction, ResourceRecord, Step, TypeId, TypeKind,
};
use crate::spec::resource::{Action, Filter, Pair, Resource};

/// One operation of an action, as far as it was understood.
pub(super) struct Done<'a> {
    pub(super) spec: &'a Action,
    /// Its name, where the action lists it.
    pub(super) named: &'a Spanned<String>,
    /// Its index in the service.
    pub(super) index: usize,
    pub(super) takes: Vec<Taken<'a, RequestValue>>,
    pub(super) gives: Vec<Taken<'a, FieldPath>>,
    pub(super) record: Option<(ResourceRecord, TypeId)>,
    pub(super) missing: Option<FieldPath>,
    pub(super) filters: Vec<(Resolved, &'a Filter)>,
    pub(super) order: Option<Resolved>,
}

/// A place with the member whose value stands there.
pub(super) struct Taken<'a, P> {
    pub(super) place: P,
    pub(super) ty: FieldType,
    pub(super) member: &'a Spanned<String>,
}

impl<P> Taken<'_, P> {
    /// The two, as the model has them.
    pub(super) fn pair(self) -> (P, String) {
        (self.place, self.member.value.clone())
    }
}

/// Every operation that does something to a resource, and whether nothing of it was left out for an error.
pub(super) fn lower<'a>(draft: &Draft<'_>, spec: &'a Resource, sink: &mut Sink) -> (Vec<Done<'a>>, bool) {
    let mut done = Vec::new();
    let mut whole = true;
    let mut first: HashMap<&str, Span> = HashMap::new();
    for action in &spec.actions {
        only_with_record(action, sink);
        order_without_request(action, sink);
        let named = action.operations.iter().flat_map(|list| &list.value);
        if let Some(list) = action.operations.as_ref().filter(|list| list.value.is_empty())
            && !sink.has_error_within(list.span)
        {
            sink.error("resource-operation", list.span, "no operation is listed").help("name one or more of them");
        }
        whole &= action.operations.as_ref().is_some_and(|list| !list.value.is_empty());
        for name in named {
            if let Some(first) = first.get(name.value.as_str()) {
                let message = format!("the resource has {} twice", quote(&name.value));
                sink.error("resource-operation", name.span, message)
                    .label(*first, "the other one")
                    .help("remove one: an operation does one thing to it");
                continue;
            }
            first.insert(&name.value, name.span);
            let Some(index) = find(draft, name, sink) else {
                whole = false;
                continue;
            };
            let Some(operation) = draft.service.operations.get(index) else { continue };
            let belongs = spec.within.is_some();
            let mut lowering = Lowering { draft, operation, index, action, named: name, belongs, sink, whole: true };
            done.push(lowering.lower());
            whole &= lowering.whole;
        }
    }
    (done, whole)
}

fn find(draft: &Draft<'_>, name: &Spanned<String>, sink: &mut Sink) -> Option<usize> {
    let operations = &draft.service.operations;
    let index = operations.iter().position(|operation| operation.name == name.value && !name.value.is_empty());
    if index.is_none() {
        let names = operations.iter().map(|operation| operation.name.as_str());
        let message = format!("the service has no operation {}", quote(&name.value));
        sink.error("resource-operation", name.span, message).maybe_help(suggest(&name.value, "operations", names));
    }
    index
}

fn only_with_record(action: &Action, sink: &mut Sink) {
    if let (None, Some((path, _))) = (&action.record, action.gives.first())
        && action.does != ResourceAction::List
    {
        sink.error("bad-resource", path.span, "the answer gives something, and it is not said where")
            .label(action.span, "here is no `record`")
            .help("add `record`: the path in the answer of what is told; `\"\"` is the answer itself");
    }
}

fn order_without_request(action: &Action, sink: &mut Sink) {
    let Some(order) = action.order.as_ref().filter(|order| order.request.is_none()) else { return };
    let others = order.others.first().map(|(value, _)| ("others", value.span));
    if let Some((key, span)) = order.ascending.as_ref().map(|list| ("ascending", list.span)).or(others) {
        let message = format!("{} lists values of no field of the request", quote(key));
        sink.error("bad-resource", span, message)
            .help("name the field with `request`; for an order that is always the same, write `default` alone");
    }
}

/// Where a path begins.
#[derive(Clone, Copy)]
enum End {
    Request,
    Answer,
    Record,
}

struct Lowering<'a, 'd, 's> {
    draft: &'s Draft<'d>,
    operation: &'s Operation,
    index: usize,
    action: &'a Action,
    named: &'a Spanned<String>,
    /// Whether the resource belongs to another, in whose record it may stand.
    belongs: bool,
    sink: &'s mut Sink,
    /// Whether nothing was left out.
    whole: bool,
}

impl<'a> Lowering<'a, '_, '_> {
    fn lower(&mut self) -> Done<'a> {
        let action = self.action;
        let takes = self.takes(&action.takes);
        let record = action.record.as_ref().and_then(|path| self.record(path));
        self.whole &= record.is_some() == action.record.is_some();
        let gives = match &record {
            Some((_, record)) => self.gives(*record, &action.gives),
            None => Vec::new(),
        };
        let missing = action.missing.as_ref().and_then(|path| self.missing(path));
        let filters = action.filters.iter().filter_map(|filter| Some((self.filter(filter)?, filter))).collect();
        let order = self.order();
        Done { spec: action, named: self.named, index: self.index, takes, gives, record, missing, filters, order }
    }

    fn takes(&mut self, pairs: &'a [Pair]) -> Vec<Taken<'a, RequestValue>> {
        let mut found = Vec::new();
        for (path, member) in pairs {
            let request = self.operation.request;
            let setting = path.value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let place = match (path.value.as_str(), setting) {
                ("", _) => Some((RequestValue::Whole, FieldType::Named(request))),
                (_, Some(name)) => {
                    self.setting(name, path).map(|index| (RequestValue::Setting(index), FieldType::String))
                }
                (_, None) => {
                    self.follow(request, End::Request, path).map(|found| (RequestValue::Field(found.path), found.ty))
                }
            };
            match place {
                Some((place, ty)) => found.push(Taken { place, ty, member }),
                None => self.whole = false,
            }
        }
        found
    }

    /// A setting of the client: a request has it in its host or path.
    fn setting(&mut self, name: &str, path: &Spanned<String>) -> Option<usize> {
        let settings = &self.draft.service.settings;
        let index = settings.iter().position(|setting| setting.name == name);
        if index.is_none() {
            let names = settings.iter().map(|setting| setting.name.as_str());
            self.sink
                .error("bad-path", path.span, format!("the service has no setting {}", quote(name)))
                .maybe_help(suggest(name, "settings", names));
        }
        index
    }

    fn gives(&mut self, record: TypeId, pairs: &'a [Pair]) -> Vec<Taken<'a, FieldPath>> {
        let mut found = Vec::new();
        for (path, member) in pairs {
            match self.follow(record, End::Record, path) {
                Some(resolved) => found.push(Taken { place: resolved.path, ty: resolved.ty, member }),
                None => self.whole = false,
            }
        }
        found
    }

    /// Follows a path, and reports where it leads nowhere, unless that is for a type that was reported.
    fn follow(&mut self, from: TypeId, end: End, path: &Spanned<String>) -> Option<Resolved> {
        let resolved = match paths::resolve(&self.draft.service, from, &path.value) {
            Ok(resolved) => resolved,
            Err(problem) => {
                if self.draft.knows(&problem.steps) {
                    let place = match end {
                        End::Request => "in the request of this operation",
                        End::Answer => "in the answer of this operation",
                        End::Record => "in the record that this operation tells",
                    };
                    self.sink
                        .error("bad-path", path.span, problem.message)
                        .label(self.named.span, place)
                        .maybe_help(problem.help);
                }
                return None;
            }
        };
        self.draft.knows(&resolved.path.steps).then_some(resolved)
    }

    /// A path to a value, or to a list of values; and the type of one.
    fn value(&mut self, path: &Spanned<String>, end: End) -> Option<(Resolved, FieldType)> {
        let (from, place) = match end {
            End::Request => (self.operation.request, "request"),
            End::Answer | End::Record => (self.operation.response, "answer"),
        };
        let resolved = self.follow(from, end, path)?;
        let service = &self.draft.service;
        let ty = match &resolved.ty {
            FieldType::List(item) => (**item).clone(),
            ty => ty.clone(),
        };
        if is_value(service, &ty) {
            return Some((resolved, ty));
        }
        let found = describe(service, &resolved.ty);
        let message = format!("{} is {found}, and this has to be a value or a list of them", quote(&path.value));
        self.sink
            .error("bad-resource", path.span, message)
            .label(self.named.span, format!("in the {place} of this operation"))
            .help(format!("name another field of the {place}"));
        None
    }

    /// Where the answer lists the ids that are not known.
    fn missing(&mut self, path: &Spanned<String>) -> Option<FieldPath> {
        self.value(path, End::Answer).map(|(resolved, _)| resolved.path)
    }

    fn filter(&mut self, filter: &'a Filter) -> Option<Resolved> {
        let (resolved, ty) = self.value(&filter.request, End::Request)?;
        filter.all.iter().for_each(|value| members::value(&self.draft.service, &[&ty], value, self.sink));
        Some(resolved)
    }

    fn order(&mut self) -> Option<Resolved> {
        let order = self.action.order.as_ref()?;
        let (resolved, ty) = self.value(order.request.as_ref()?, End::Request)?;
        let ascending = order.ascending.iter().flat_map(|list| &list.value);
        for value in ascending.chain(order.others.iter().map(|(value, _)| value)) {
            members::value(&self.draft.service, &[&ty], value, self.sink);
        }
        Some(resolved)
    }

    /// Where the answer tells of a thing, or of several.
    fn record(&mut self, path: &Spanned<String>) -> Option<(ResourceRecord, TypeId)> {
        if path.value.is_empty() {
            return self.whole_answer(path);
        }
        let resolved = self.follow(self.operation.response, End::Answer, path)?;
        let is_record = |ty: &FieldType| match ty {
            FieldType::Named(id) if matches!(self.draft.service.ty(*id).kind, TypeKind::Record(_)) => Some(*id),
            _ => None,
        };
        let lists = resolved.path.steps.iter().filter(|step| matches!(step, Step::Field { each: true, .. })).count();
        let (problem, help) = match (&resolved.ty, is_record(&resolved.ty)) {
            (_, Some(record))
                if lists == 1
                    || lists == 0 && self.action.does != ResourceAction::List
                    || lists == 2 && self.belongs && self.action.does == ResourceAction::List =>
            {
                return Some((ResourceRecord::At(resolved.path), record));
            }
            (_, Some(_)) if lists == 0 => {
                ("is one record, and a list tells of several".to_owned(), "name a list, with `[]` behind it".to_owned())
            }
            (_, Some(_)) => {
                ("goes into lists in lists".to_owned(), "name records that stand in one list, or in none".to_owned())
            }
            (FieldType::List(item), None) if is_record(item).is_some() => {
                ("is a list, not what stands in it".to_owned(), format!("write `{}[]`", path.value))
            }
            (ty, None) => {
                let found = describe(&self.draft.service, ty);
                (format!("is {found}, and this has to be a record"), "name a record, or a list of them".to_owned())
            }
        };
        self.sink
            .error("resource-record", path.span, format!("{} {problem}", quote(&path.value)))
            .label(self.named.span, "in the answer of this operation")
            .help(help);
        None
    }

    fn whole_answer(&mut self, path: &Spanned<String>) -> Option<(ResourceRecord, TypeId)> {
        let origin = self.draft.operations.get(self.index)?;
        if self.action.does == ResourceAction::List {
            self.sink
                .error("resource-record", path.span, "the answer is one record, and a list tells of several")
                .help("name the list in the answer, with `[]` behind it");
            return None;
        }
        if origin.spec.response.is_empty() && origin.spec.response_extends.is_empty() {
            let message = format!("the answer of {} tells nothing", quote(&self.named.value));
            self.sink
                .error("resource-record", path.span, message)
                .label(self.named.span, "this operation")
                .help("leave `record` out; what other operations tell, say in a table of their own");
            return None;
        }
        Some((ResourceRecord::Answer, self.operation.response))
    }
}
