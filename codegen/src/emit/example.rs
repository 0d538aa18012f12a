//! The example in an operation's documentation: the vendor's own, as a program.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::format::statements;
use super::record::required_in_order;
use super::shape::{self, ident, integer, is_copy, is_float, leaf, number, rust_fields, scalar};
use super::text::json;
use crate::model::{Field, FieldType, Literal, Number, Operation, Owner, Record, Service, TypeId, TypeKind};

/// A block of code that sends the documented request.
pub(crate) fn operation(context: &Context<'_>, operation: &Operation) -> Vec<String> {
    let service = context.service;
    let krate = context.crate_ident();
    let mut writer =
        Writer { service, operation, local: BTreeSet::new(), shared: BTreeSet::new(), runtime: BTreeSet::new() };
    let Some(request) = service.record(operation.request) else { return Vec::new() };
    let value = writer.record(&operation.rust, request, &operation.example);
    writer.local.insert(operation.rust.clone());
    let answers = service.record(operation.response).is_some_and(|record| rust_fields(record).next().is_some());
    let mut lines = vec!["```no_run".to_owned()];
    lines.push(format!("# async fn example(client: {krate}::Client) -> Result<(), Box<dyn std::error::Error>> {{"));
    let module = format!("{krate}::operations::{}", operation.module);
    lines.extend(use_line(&module, &writer.local));
    lines.extend(use_line(&format!("{krate}::runtime"), &writer.runtime));
    lines.extend(use_line(&format!("{krate}::types"), &writer.shared));
    lines.push(String::new());
    lines.extend(statements(quote! { let request = #value; }));
    if answers {
        lines.push("let response = client.send(request).await?;".to_owned());
        lines.push("println!(\"{response:?}\");".to_owned());
    } else {
        lines.push("client.send(request).await?;".to_owned());
    }
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    lines
}

fn use_line(module: &str, names: &BTreeSet<String>) -> Vec<String> {
    let names: Vec<_> = names.iter().map(|name| ident(name)).collect();
    let Ok(path) = syn::parse_str::<syn::Path>(module) else { return Vec::new() };
    match names.as_slice() {
        [] => Vec::new(),
        [one] => statements(quote!(use #path::#one;)),
        _ => statements(quote!(use #path::{#(#names),*};)),
    }
}

/// Writes values as expressions, and keeps the names that they need.
struct Writer<'m> {
    service: &'m Service,
    operation: &'m Operation,
    local: BTreeSet<String>,
    shared: BTreeSet<String>,
    runtime: BTreeSet<String>,
}

impl Writer<'_> {
    fn name(&mut self, id: TypeId) -> TokenStream {
        let ty = self.service.ty(id);
        let is_own = match ty.owner {
            Owner::Operation(owner) => {
                self.service.operations.get(owner).is_some_and(|owner| owner.name == self.operation.name)
            }
            Owner::Shared | Owner::Callback(_) => false,
        };
        let names = if is_own { &mut self.local } else { &mut self.shared };
        names.insert(ty.name.clone());
        let name = ident(&ty.name);
        quote!(#name)
    }

    /// `Name::new(…).field(…)`.
    fn record(&mut self, name: &str, record: &Record, members: &IndexMap<String, Literal>) -> TokenStream {
        let name = ident(name);
        let required = required_in_order(record);
        let arguments: Vec<TokenStream> = required
            .iter()
            .map(|field| match given(field, members).or(field.example.as_ref()) {
                Some(literal) => self.argument(field, literal),
                None => self.argument(field, &stand_in(&field.ty)),
            })
            .collect();
        let mut out = quote!(#name::new(#(#arguments),*));
        for field in rust_fields(record).filter(|field| !field.required) {
            let Some(literal) = given(field, members) else { continue };
            // An empty list says nothing, and its type could not be told.
            if matches!(literal, Literal::List(items) if items.is_empty()) {
                continue;
            }
            let setter = ident(&field.rust);
            let argument = self.argument(field, literal);
            out = quote!(#out.#setter(#argument));
        }
        out
    }

    /// What is given to a setter, or to `new`.
    fn argument(&mut self, field: &Field, literal: &Literal) -> TokenStream {
        if field.is_empty_value(literal) {
            self.runtime.insert("OrEmpty".to_owned());
            return quote!(OrEmpty::Empty);
        }
        self.value(&field.ty, literal)
    }

    fn value(&mut self, ty: &FieldType, literal: &Literal) -> TokenStream {
        match (ty, literal) {
            (FieldType::List(item), Literal::List(items)) => {
                let values: Vec<TokenStream> = items.iter().map(|literal| self.value(item, literal)).collect();
                if values.is_empty() {
                    let item = self.owned_type(item);
                    return quote!(Vec::<#item>::new());
                }
                quote!([#(#values),*])
            }
            (FieldType::List(item), one) => {
                let one = self.value(item, one);
                quote!([#one])
            }
            (FieldType::Map(item), Literal::Table(members)) => {
                let values: Vec<TokenStream> = members
                    .iter()
                    .map(|(name, literal)| {
                        let value = self.value(item, literal);
                        quote!((#name, #value))
                    })
                    .collect();
                if values.is_empty() {
                    let item = self.owned_type(item);
                    return quote!(Vec::<(String, #item)>::new());
                }
                quote!([#(#values),*])
            }
            (FieldType::Named(id), literal) => self.named(*id, literal),
            (FieldType::Json, literal) => {
                self.runtime.insert("Json".to_owned());
                let text = shape::text(&json(literal));
                quote!(Json::parse(#text)?)
            }
            (FieldType::JsonText, Literal::Table(_) | Literal::List(_)) => shape::text(&json(literal)),
            (FieldType::String | FieldType::JsonText | FieldType::Time(_), literal) => match literal {
                Literal::String(text) => shape::text(text),
                other => shape::text(&json(other)),
            },
            (FieldType::Bool, Literal::Bool(value)) => quote!(#value),
            (ty, Literal::Integer(value)) if is_copy(ty) => number(ty, Number::Integer(*value)),
            (ty, Literal::Float(value)) if is_float(ty) => number(ty, Number::Float(*value)),
            (ty, Literal::String(text)) if is_copy(ty) => parsed(ty, text),
            (ty, _) => {
                let fallback = stand_in(ty);
                scalar(ty, &fallback).unwrap_or_else(|| quote!(Default::default()))
            }
        }
    }

    /// The type of an item as a caller gives it: texts of all kinds as `String`.
    fn owned_type(&mut self, ty: &FieldType) -> TokenStream {
        match ty {
            FieldType::Named(id) => self.name(*id),
            FieldType::Json => {
                self.runtime.insert("Json".to_owned());
                quote!(Json)
            }
            FieldType::Time(_) | FieldType::JsonText => quote!(String),
            ty => shape::value_type(self.service, ty, false),
        }
    }

    fn named(&mut self, id: TypeId, literal: &Literal) -> TokenStream {
        let service = self.service;
        let ty = service.ty(id);
        match (&ty.kind, literal) {
            (TypeKind::Enum(kind), literal) => {
                let text = match literal {
                    Literal::String(text) => text.clone(),
                    other => json(other),
                };
                let known = kind.values.iter().find(|value| value.wire == text || value.aliases.contains(&text));
                let name = self.name(id);
                match known.map(|value| ident(&value.rust)) {
                    Some(variant) => quote!(#name::#variant),
                    None => quote!(#name::forced(#text)),
                }
            }
            (TypeKind::Record(record), literal) => {
                self.name(id);
                self.record(&ty.name, record, table(literal).unwrap_or(&IndexMap::new()))
            }
            (TypeKind::Union(kind), literal) => {
                let empty = IndexMap::new();
                let members = table(literal).unwrap_or(&empty);
                let name = self.name(id);
                let tag = match members.get(&kind.tag) {
                    Some(Literal::String(tag)) => tag.as_str(),
                    _ => "",
                };
                let variant = kind.variants.iter().find(|variant| variant.wire == tag).or(kind.variants.first());
                let Some(variant) = variant else { return quote!(Default::default()) };
                let Some(record) = service.record(variant.record) else { return quote!(Default::default()) };
                self.name(variant.record);
                let value = self.record(&service.ty(variant.record).name, record, members);
                let variant = ident(&variant.rust);
                quote!(#name::#variant(#value))
            }
        }
    }
}

/// What an example gives for a field, under its name or another that is read as it.
fn given<'e>(field: &Field, members: &'e IndexMap<String, Literal>) -> Option<&'e Literal> {
    members.get(&field.wire).or_else(|| field.aliases.iter().find_map(|alias| members.get(alias)))
}

fn table(literal: &Literal) -> Option<&IndexMap<String, Literal>> {
    match literal {
        Literal::Table(members) => Some(members),
        _ => None,
    }
}

/// A number or truth value that an example writes as text.
fn parsed(ty: &FieldType, text: &str) -> TokenStream {
    if let Ok(value) = text.parse::<i128>() {
        number(ty, Number::Integer(value))
    } else if let (true, Ok(value)) = (is_float(ty), text.parse::<f64>()) {
        number(ty, Number::Float(value))
    } else if let (FieldType::Bool, Ok(value)) = (ty, text.parse::<bool>()) {
        quote!(#value)
    } else {
        scalar(ty, &stand_in(ty)).unwrap_or_else(|| integer(0))
    }
}

/// Something of the type, where an example leaves out what is required.
fn stand_in(ty: &FieldType) -> Literal {
    match ty {
        FieldType::Bool => Literal::Bool(false),
        FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64 => Literal::Integer(1),
        FieldType::Float32 | FieldType::Float64 => Literal::Float(1.0),
        // A record may hold more of itself in a list.
        FieldType::List(item) if matches!(leaf(item), FieldType::Named(_)) => Literal::List(Vec::new()),
        FieldType::List(item) => Literal::List(vec![stand_in(item)]),
        FieldType::Named(_) | FieldType::Map(_) | FieldType::Json => Literal::Table(IndexMap::new()),
        FieldType::String | FieldType::JsonText | FieldType::Time(_) => Literal::String("…".to_owned()),
    }
}
