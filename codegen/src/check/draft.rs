//! A service while it is checked: the model so far, and beside every part of it the text it comes from.

use std::collections::HashMap;

use crate::diagnostic::{Span, Spanned};
use crate::model::{Field, FieldType, Owner, Service, Step, TypeId, TypeKind};
use crate::spec;

/// The model of a service in the making. What a spec gets wrong has a harmless value here, so that every check can run.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) service: Service,
    pub(crate) spec: &'a spec::service::Service,
    /// In step with [`Service::operations`].
    pub(crate) operations: Vec<OperationOrigin<'a>>,
    /// In step with [`Service::callbacks`].
    pub(crate) callbacks: Vec<CallbackOrigin<'a>>,
    /// In step with [`Service::types`].
    pub(crate) origins: Vec<TypeOrigin<'a>>,
    /// Shared types by name.
    pub(crate) shared: HashMap<String, TypeId>,
    /// Types that are named somewhere, e.g. as a base; they are not unused.
    pub(crate) named: Vec<bool>,
}

/// Where an operation comes from.
#[derive(Debug)]
pub(crate) struct OperationOrigin<'a> {
    pub(crate) spec: &'a spec::operation::Operation,
    pub(crate) file: usize,
    /// Its own types by name.
    pub(crate) types: HashMap<String, TypeId>,
}

/// Where a callback comes from.
#[derive(Debug)]
pub(crate) struct CallbackOrigin<'a> {
    pub(crate) spec: &'a spec::callback::Callback,
}

/// Where a type comes from.
#[derive(Debug)]
pub(crate) struct TypeOrigin<'a> {
    /// The declaration's name, or the operation's.
    pub(crate) span: Span,
    pub(crate) role: Role<'a>,
    /// In step with the record's fields.
    pub(crate) fields: Vec<FieldOrigin<'a>>,
    /// The record's rules, inherited ones first.
    pub(crate) rules: Vec<&'a spec::rule::Rule>,
    /// The types whose fields and rules come first.
    pub(crate) extends: Vec<&'a Spanned<String>>,
}

/// What a type is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role<'a> {
    Declared(&'a spec::types::Type),
    Request(&'a spec::operation::Operation),
    Response(&'a spec::operation::Operation),
    Message(&'a spec::callback::Callback),
}

/// Where a field comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldOrigin<'a> {
    pub(crate) spec: &'a spec::field::Field,
    /// Whether its type could be resolved; if not, nothing is said about values of it.
    pub(crate) known: bool,
}

impl<'a> Draft<'a> {
    /// The type that a name means in the file of an operation, or in a shared file.
    pub(crate) fn lookup(&self, name: &str, owner: Owner) -> Option<TypeId> {
        let own = self.own_types(owner).and_then(|types| types.get(name));
        own.or_else(|| self.shared.get(name)).copied()
    }

    /// Every type name that can be used there.
    pub(crate) fn names(&self, owner: Owner) -> Vec<&str> {
        let own = self.own_types(owner).map(HashMap::keys);
        let mut names: Vec<&str> = own.into_iter().flatten().chain(self.shared.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// The types of one file; only operations have some of their own.
    fn own_types(&self, owner: Owner) -> Option<&HashMap<String, TypeId>> {
        match owner {
            Owner::Operation(index) => self.operations.get(index).map(|operation| &operation.types),
            Owner::Shared | Owner::Callback(_) => None,
        }
    }

    /// Ids of all types.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.service.types.len()).map(TypeId)
    }

    /// Where a type comes from; ids are only made together with their origin.
    pub(crate) fn origin(&self, id: TypeId) -> &TypeOrigin<'a> {
        &self.origins[id.0]
    }

    /// Whether the types along a path are known; if not, nothing is said about values there.
    pub(crate) fn knows(&self, steps: &[Step]) -> bool {
        steps.iter().all(|step| match step {
            Step::Field { record, field, .. } => {
                self.origin(*record).fields.get(*field).is_some_and(|origin| origin.known)
            }
            Step::Tag { .. } | Step::Variant { .. } => true,
        })
    }

    /// The fields of a record with their origins.
    pub(crate) fn fields(&self, id: TypeId) -> impl Iterator<Item = (&Field, FieldOrigin<'a>)> {
        let fields = self.service.record(id).map(|record| record.fields.as_slice()).unwrap_or_default();
        fields.iter().zip(self.origin(id).fields.iter().copied())
    }
}

/// A type in the words of a spec.
pub(crate) fn show(service: &Service, ty: &FieldType) -> String {
    super::type_expr::show(ty, &|id| service.ty(id).name.clone())
}

/// What a message calls a type.
pub(crate) fn describe(service: &Service, ty: &FieldType) -> String {
    match ty {
        FieldType::String => "a text".to_owned(),
        FieldType::Bool => "`true` or `false`".to_owned(),
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => {
            format!("a whole number (`{}`)", show(service, ty))
        }
        FieldType::Float32 | FieldType::Float64 => "a number".to_owned(),
        FieldType::Time(_) => "a time".to_owned(),
        FieldType::Json => "any value".to_owned(),
        FieldType::JsonText => "a text that holds JSON".to_owned(),
        FieldType::Named(id) => match &service.ty(*id).kind {
            TypeKind::Record(_) => format!("a table (record `{}`)", service.ty(*id).name),
            TypeKind::Enum(_) => format!("a text of enum `{}`", service.ty(*id).name),
            TypeKind::Union(_) => format!("a table (union `{}`)", service.ty(*id).name),
        },
        FieldType::List(_) => format!("a list (`{}`)", show(service, ty)),
        FieldType::Map(_) => format!("a table (`{}`)", show(service, ty)),
    }
}
