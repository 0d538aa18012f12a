//! `src/server/schema.rs`: what requests and answers hold, as data for stand-ins.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::format::{RustFile, items};
use super::imports;
use super::record::literal_text;
use super::shape::{ident, travels};
use crate::model::{
    Callback, Encoding, Field, FieldType, Location, Operation, Owner, Record, Service, TimeNotation, Type, TypeId,
    TypeKind,
};

/// The names of the statics, in the order of the service's types.
pub(super) struct Names(Vec<Ident>);

impl Names {
    pub(super) fn of(service: &Service) -> Self {
        let mut taken = BTreeSet::new();
        let names = service.types.iter().map(|ty| {
            let mut name = ty.name.to_shouty_snake_case();
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            format_ident!("{name}")
        });
        Self(names.collect())
    }

    fn of_type(&self, id: TypeId) -> &Ident {
        &self.0[id.0]
    }

    /// The schemas of an operation's request and answer, as the module `server` names them.
    pub(super) fn of_operation(&self, operation: &Operation) -> TokenStream {
        let (request, response) = (self.of_type(operation.request), self.of_type(operation.response));
        quote!(&schema::#request, &schema::#response)
    }

    /// The schema of a callback's message, as the module `server` names it.
    pub(super) fn of_callback(&self, callback: &Callback) -> TokenStream {
        let message = self.of_type(callback.message);
        quote!(&schema::#message)
    }
}

/// The text of the file.
pub(super) fn file(service: &Service, names: &Names) -> String {
    let statics = service.types.iter().enumerate().filter_map(|(index, ty)| {
        let name = names.of_type(TypeId(index));
        let travels = travels(ty) || is_whole(service, TypeId(index));
        let schema = record(service, names, ty).filter(|_| travels)?;
        Some(quote! { pub(crate) static #name: RecordSchema = #schema; })
    });
    let items = items(quote!(#(#statics)*));
    let uses = imports::imports(
        &items,
        &BTreeMap::from([
            ("callbacks", "crate".to_owned()),
            ("operations", "crate".to_owned()),
            ("types", "crate".to_owned()),
        ]),
    );
    RustFile {
        from: format!("{}/operations", service.name),
        docs: vec!["What requests and answers hold, as data for stand-ins.".to_owned()],
        imports: uses,
        items,
    }
    .render()
}

/// Whether a type is a whole request, answer or message.
fn is_whole(service: &Service, id: TypeId) -> bool {
    service.operations.iter().any(|operation| operation.request == id || operation.response == id)
        || service.callbacks.iter().any(|callback| callback.message == id)
}

fn record(service: &Service, names: &Names, ty: &Type) -> Option<TokenStream> {
    let name = &ty.name;
    let (fields, variants) = match &ty.kind {
        TypeKind::Enum(_) => return None,
        TypeKind::Record(Record { fields, .. }) => {
            let fields = fields.iter().map(|known| field(service, names, known));
            (quote!(&[#(#fields),*]), quote!(None))
        }
        TypeKind::Union(union) => {
            let tag = &union.tag;
            let records = union.variants.iter().map(|variant| {
                let (wire, record) = (&variant.wire, names.of_type(variant.record));
                quote!((#wire, &#record))
            });
            let variants = quote!(Some(VariantSchema { tag: #tag, records: &[#(#records),*] }));
            (quote!(&[FieldSchema::text(#tag).required()]), variants)
        }
    };
    Some(quote!(RecordSchema { name: #name, fields: #fields, variants: #variants }))
}

fn field(service: &Service, names: &Names, field: &Field) -> TokenStream {
    let (ty, many) = match &field.ty {
        FieldType::List(item) => (&**item, Some(quote!(.list()))),
        FieldType::Map(item) => (&**item, Some(quote!(.map()))),
        ty => (ty, None),
    };
    let value = value(service, names, &field.wire, ty);
    let aliases = &field.aliases;
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])));
    let required = field.required.then(|| quote!(.required()));
    let place = match field.location {
        None | Some(Location::Body) => None,
        Some(Location::Path) => Some(quote!(.place(Place::Path))),
        Some(Location::Query) => Some(quote!(.place(Place::Query))),
        Some(Location::Header) => Some(quote!(.place(Place::Header))),
        Some(Location::Form) => Some(quote!(.place(Place::Form))),
    };
    let layout = match &field.encoding {
        Encoding::Plain => None,
        Encoding::Comma => Some(quote!(.layout(Layout::Comma))),
        Encoding::Json => Some(quote!(.layout(Layout::Json))),
        Encoding::Text => Some(quote!(.layout(Layout::Text))),
        Encoding::Numbered => Some(quote!(.layout(Layout::Numbered))),
        Encoding::Wrapped(inner) => Some(quote!(.layout(Layout::Wrapped(#inner)))),
        Encoding::Bare => Some(quote!(.layout(Layout::Bare))),
    };
    let constant = field.constant.as_ref().and_then(literal_text).map(|text| quote!(.constant(#text)));
    let default = field.default.as_ref().and_then(literal_text).map(|text| quote!(.default(#text)));
    quote!(#value #many #aliases #required #place #layout #constant #default)
}

/// The field's constructor.
fn value(service: &Service, names: &Names, name: &str, ty: &FieldType) -> TokenStream {
    let kind = match ty {
        FieldType::String => return quote!(FieldSchema::text(#name)),
        FieldType::Bool => return quote!(FieldSchema::bool(#name)),
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => {
            return quote!(FieldSchema::integer(#name));
        }
        FieldType::Named(id) => return named(service, names, name, *id),
        FieldType::Float32 | FieldType::Float64 => quote!(Float),
        FieldType::Time(TimeNotation::Utc) => quote!(UtcTime),
        FieldType::Time(TimeNotation::Offset) => quote!(OffsetTime),
        // Lists of lists are declared as JSON.
        FieldType::Json | FieldType::List(_) | FieldType::Map(_) => quote!(Json),
        FieldType::JsonText => quote!(JsonText),
    };
    quote!(FieldSchema::new(#name, ValueSchema::#kind))
}

fn named(service: &Service, names: &Names, field: &str, id: TypeId) -> TokenStream {
    let ty = service.ty(id);
    if !matches!(ty.kind, TypeKind::Enum(_)) {
        let record = names.of_type(id);
        return quote!(FieldSchema::record(#field, &#record));
    }
    let name = ident(&ty.name);
    let module = match ty.owner {
        Owner::Shared => quote!(types),
        Owner::Operation(index) => {
            let module = service.operations.get(index).map_or("", |operation| operation.module.as_str());
            let module = ident(module);
            quote!(operations::#module)
        }
        Owner::Callback(index) => {
            let module = service.callbacks.get(index).map_or("", |callback| callback.module.as_str());
            let module = ident(module);
            quote!(callbacks::#module)
        }
    };
    quote!(FieldSchema::word(#field, #module::#name::DOCUMENTED))
}
