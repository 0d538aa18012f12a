//! What an operation is about: every member of the key stands in its request, or its answer tells it.

use super::super::draft::{Draft, describe};
use super::actions::Done;
use crate::diagnostic::{Sink, Spanned, all_of, nearest, quote};
use crate::model::{Field, FieldType, Operation, ResourceAction, Service, TypeId, TypeKind};
use crate::spec::resource::Resource;

/// Whether every operation knows what it is about.
pub(super) fn check(draft: &Draft<'_>, spec: &Resource, done: &[Done<'_>], sink: &mut Sink) {
    let Some(key) = &spec.key else { return };
    let Some((own, before)) = key.value.split_last() else { return };
    if sink.has_error_within(key.span) {
        return;
    }
    for done in done {
        // What could not be understood may be what is missed.
        let broken = done.takes.len() < done.spec.takes.len() || done.filters.len() < done.spec.filters.len();
        let Some(operation) = draft.service.operations.get(done.index).filter(|_| !broken) else { continue };
        let about = About { draft, operation, done, own: &own.value };
        match done.spec.does {
            ResourceAction::List => about.all_or_none(before, sink),
            ResourceAction::Create if spec.id.is_some() => {
                about.told(own, sink);
                about.asked(before, sink);
            }
            ResourceAction::Create | ResourceAction::Read | ResourceAction::Update | ResourceAction::Delete => {
                about.asked(before, sink);
                about.asked(std::slice::from_ref(own), sink);
            }
        }
    }
}

struct About<'a> {
    draft: &'a Draft<'a>,
    operation: &'a Operation,
    done: &'a Done<'a>,
    /// The last member of the key.
    own: &'a str,
}

impl About<'_> {
    /// The request has all of these members.
    fn asked(&self, members: &[Spanned<String>], sink: &mut Sink) {
        for member in members.iter().filter(|member| !self.is_asked(&member.value)) {
            let (problem, help) = self.why_not(&member.value);
            sink.error("resource-key", self.done.named.span, problem)
                .label(member.span, "a member of the key")
                .help(help);
        }
    }

    /// The request has all of these members, or none: then it is about those of all.
    fn all_or_none(&self, members: &[Spanned<String>], sink: &mut Sink) {
        if members.iter().any(|member| self.is_asked(&member.value)) {
            self.asked(members, sink);
        }
    }

    fn is_asked(&self, member: &str) -> bool {
        let is_key = |ty: &FieldType| match ty {
            FieldType::List(item) => is_value(&self.draft.service, item),
            ty => is_value(&self.draft.service, ty),
        };
        let taken = self.done.takes.iter().any(|taken| taken.member.value == member && is_key(&taken.ty));
        let filtered = self.done.filters.iter().any(|(_, filter)| filter.member.value == member);
        // A field whose value is a member of another name is none of its own name.
        let renamed = self.done.spec.takes.iter().any(|(path, _)| path.value == member);
        taken || filtered || !renamed && self.has(self.operation.request, member, &is_key)
    }

    fn has(&self, record: TypeId, name: &str, fits: &dyn Fn(&FieldType) -> bool) -> bool {
        self.draft.fields(record).any(|(field, origin)| field.wire == name && (fits(&field.ty) || !origin.known))
    }

    /// Why the request does not have a member, and what to do about it.
    fn why_not(&self, member: &str) -> (String, String) {
        let operation = quote(&self.operation.name);
        let fields: Vec<&Field> = self.draft.fields(self.operation.request).map(|(field, _)| field).collect();
        if let Some((_, other)) = self.done.spec.takes.iter().find(|(path, _)| path.value == member) {
            let problem = format!(
                "the {} in the request of {operation} is {} by its `takes`, and nothing else is {0}",
                quote(member),
                quote(&other.value)
            );
            return (problem, format!("say with `takes` what is: `takes = {{ \"…\" = {member:?} }}`"));
        }
        if let Some(field) = fields.iter().find(|field| field.wire == member) {
            let found = describe(&self.draft.service, &field.ty);
            let problem = format!("the {} in the request of {operation} is {found}", quote(member));
            let help = format!(
                "a key is a value, or a list of them; say with `takes` where it is: `takes = {{ \"{member}.…\" = {member:?} }}`"
            );
            return (problem, help);
        }
        (format!("the request of {operation} has no {}", quote(member)), self.where_instead(member, &fields))
    }

    fn where_instead(&self, member: &str, fields: &[&Field]) -> String {
        let names = fields.iter().map(|field| field.wire.as_str());
        let makes = self.done.spec.does == ResourceAction::Create && self.own == member;
        if let Some(near) = nearest(member, names.clone()) {
            return format!("if that is {}, write `takes = {{ {near:?} = {member:?} }}`", quote(near));
        }
        let mut help = match (fields.len(), self.draft.service.settings.first()) {
            (0, Some(setting)) => format!(
                "its request has no fields; a setting of the client is written `takes = {{ \"{{{}}}\" = {member:?} }}`",
                setting.name
            ),
            (0, None) => "remove the operation here: its request names nothing".to_owned(),
            (1..=8, _) => format!(
                "say with `takes` which of its fields that is, `takes = {{ \"…\" = {member:?} }}`; they are {}",
                all_of(names)
            ),
            _ => format!("say with `takes` where it is: `takes = {{ \"…\" = {member:?} }}`"),
        };
        if makes {
            help.push_str(". If the service makes it, say how with `id`");
        }
        help
    }

    /// The answer tells the id that the service has made.
    fn told(&self, own: &Spanned<String>, sink: &mut Sink) {
        let Some((_, record)) = &self.done.record else {
            // A `record` that leads nowhere was reported.
            if self.done.spec.record.is_none() {
                let message = format!(
                    "the service makes {}, and the answer of {} is not said to tell it",
                    quote(&own.value),
                    quote(&self.operation.name)
                );
                sink.error("resource-key", self.done.named.span, message)
                    .label(own.span, "the key of its own")
                    .help("add `record`: the path in the answer of what is told; `\"\"` is the answer itself");
            }
            return;
        };
        let given = self.done.gives.iter().any(|given| given.member.value == own.value);
        let renamed = self.done.spec.gives.iter().any(|(path, _)| path.value == own.value);
        let broken = self.done.gives.len() < self.done.spec.gives.len();
        if given || broken || !renamed && self.has(*record, &own.value, &|ty| is_value(&self.draft.service, ty)) {
            return;
        }
        let message = format!(
            "the service makes {}, and the record of {} does not have it",
            quote(&own.value),
            quote(&self.operation.name)
        );
        let fields = self.draft.fields(*record).map(|(field, _)| field.wire.as_str());
        let help = match nearest(&own.value, fields) {
            Some(near) if near != own.value => {
                format!("if that is {}, write `gives = {{ {near:?} = {:?} }}`", quote(near), own.value)
            }
            _ => format!("say with `gives` where it is: `gives = {{ \"…\" = {:?} }}`", own.value),
        };
        sink.error("resource-key", self.done.named.span, message).label(own.span, "the key of its own").help(help);
    }
}

/// Whether a type is that of single values, which can be compared as texts.
pub(super) fn is_value(service: &Service, ty: &FieldType) -> bool {
    match ty {
        FieldType::Named(id) => matches!(service.ty(*id).kind, TypeKind::Enum(_)),
        FieldType::List(_) | FieldType::Map(_) | FieldType::Json | FieldType::JsonText => false,
        FieldType::String
        | FieldType::Bool
        | FieldType::Int32
        | FieldType::Int64
        | FieldType::Uint32
        | FieldType::Uint64
        | FieldType::Float32
        | FieldType::Float64
        | FieldType::Time(_) => true,
    }
}
