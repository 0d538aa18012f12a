//! A record: the struct, its constructor and setters, and how it is read and written.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Side};
use super::shape::{
    Shape, When, field_type, has_default, holds_secret, ident, integer, is_copy, item, number, present_type,
    rust_fields, suffixed, travels, value_type,
};
use super::text::Doc;
use super::validate;
use crate::model::{Encoding, Field, FieldType, Literal, Location, Number, Record, Service, Type, UNKNOWN_MEMBERS};

/// More arguments than this are worth a word to clippy.
const FEW_ARGUMENTS: usize = 7;

/// The runtime keeps count of so many required fields.
const MOST_REQUIRED: usize = 64;

/// All code of a record that is nested in requests or answers.
pub(crate) fn nested(service: &Service, ty: &Type, record: &Record) -> TokenStream {
    if !travels(ty) {
        return TokenStream::new();
    }
    let side = match (ty.in_requests, ty.in_responses) {
        (true, true) => Side::Both,
        (true, false) => Side::Request,
        _ => Side::Response,
    };
    let doc = docs::rules(service, docs::ty(ty), &record.rules);
    let definition = definition(service, &ty.name, record, &doc, side);
    let builder = ty.in_requests.then(|| builder(service, &ty.name, record));
    let check = ty.in_requests.then(|| validate::record(service, &ty.name, record));
    let write = write(&ty.name, record, When::writes(ty));
    let read = read(service, ty, record, When::reads(ty));
    quote! { #definition #builder #check #write #read }
}

/// The struct.
pub(crate) fn definition(service: &Service, name: &str, record: &Record, doc: &Doc, side: Side) -> TokenStream {
    let name = ident(name);
    let doc = doc.tokens();
    let has_default = has_default(service, record, side != Side::Response);
    let derives = if side == Side::Response && has_default {
        quote!(Debug, Clone, PartialEq, Default)
    } else {
        quote!(Debug, Clone, PartialEq)
    };
    let serde_default =
        (side == Side::Response && has_default).then(|| quote!(#[cfg_attr(feature = "serde", serde(default))]));
    // Setters give the record back; whoever drops it has set nothing.
    let must_use = (side != Side::Response).then(|| quote!(#[must_use]));
    let fields = rust_fields(record).map(|field| {
        let doc = docs::field(service, field, side).tokens();
        let rust = ident(&field.rust);
        let ty = field_type(service, field);
        let skip = holds_secret(field).then(|| quote!(#[cfg_attr(feature = "serde", serde(skip))]));
        quote! { #doc #skip pub #rust: #ty }
    });
    let unknown = record.keep_unknown.then(|| {
        let rust = ident(UNKNOWN_MEMBERS);
        quote! {
            /// What the service said besides, which this version does not know.
            pub #rust: UnknownMembers,
        }
    });
    quote! {
        #doc
        #[derive(#derives)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #serde_default
        #must_use
        #[non_exhaustive]
        pub struct #name { #(#fields,)* #unknown }
    }
}

/// `new` with what is required, a setter for each of the rest, and `Default` where nothing is required.
pub(crate) fn builder(service: &Service, name: &str, record: &Record) -> TokenStream {
    let rust_name = ident(name);
    let required = required_in_order(record);
    let arguments = required.iter().map(|field| {
        let rust = ident(&field.rust);
        let ty = argument_type(service, field);
        quote!(#rust: #ty)
    });
    let values = rust_fields(record).map(|field| {
        let rust = ident(&field.rust);
        let value = match Shape::of(field) {
            _ if field.required => converted(field),
            Shape::Many if matches!(field.ty, FieldType::Map(_)) => quote!(BTreeMap::new()),
            Shape::Many => quote!(Vec::new()),
            _ => quote!(None),
        };
        if rust == value.to_string() { quote!(#rust) } else { quote!(#rust: #value) }
    });
    let allow = (required.len() > FEW_ARGUMENTS).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let doc = match (required.is_empty(), required.len() == rust_fields(record).count()) {
        (true, _) => " One with nothing set.",
        (_, true) => " One with all its fields.",
        _ => " One with what is required; the rest is set by chaining.",
    };
    let setters = rust_fields(record).filter(|field| !field.required).map(|field| setter(service, field));
    let default = required.is_empty().then(|| {
        quote! {
            impl Default for #rust_name {
                fn default() -> Self { Self::new() }
            }
        }
    });
    quote! {
        impl #rust_name {
            #[doc = #doc]
            #allow
            pub fn new(#(#arguments),*) -> Self { Self { #(#values),* } }
            #(#setters)*
        }
        #default
    }
}

/// The required fields in the order of `new`: those of the path first, then as the spec has them.
pub(crate) fn required_in_order(record: &Record) -> Vec<&Field> {
    let mut required: Vec<&Field> = rust_fields(record).filter(|field| field.required).collect();
    required.sort_by_key(|field| field.location != Some(Location::Path));
    required
}

fn setter(service: &Service, field: &Field) -> TokenStream {
    let rust = ident(&field.rust);
    let ty = argument_type(service, field);
    let value = converted(field);
    let value = if Shape::of(field).is_optional() { quote!(Some(#value)) } else { value };
    let doc = format!(" Sets [`{0}`](field@Self::{0}).", field.rust);
    let deprecated = field.deprecated.as_ref().map(|reason| quote!(#[deprecated = #reason]));
    quote! {
        #[doc = #doc]
        #deprecated
        pub fn #rust(mut self, #rust: #ty) -> Self {
            self.#rust = #value;
            self
        }
    }
}

/// The type of an argument: what turns into the field's type without ceremony.
fn argument_type(service: &Service, field: &Field) -> TokenStream {
    if field.allow_empty.is_some() {
        let value = present_type(service, field);
        return quote!(impl Into<#value>);
    }
    let one = |ty: &FieldType| {
        let value = value_type(service, ty, field.secret);
        if is_copy(ty) || item(ty).is_some() { value } else { quote!(impl Into<#value>) }
    };
    match &field.ty {
        FieldType::List(item) => {
            let item = one(item);
            quote!(impl IntoIterator<Item = #item>)
        }
        FieldType::Map(item) => {
            let item = one(item);
            quote!(impl IntoIterator<Item = (impl Into<String>, #item)>)
        }
        ty => one(ty),
    }
}

/// An argument turned into the field's value.
fn converted(field: &Field) -> TokenStream {
    let rust = ident(&field.rust);
    let as_it_is = |ty: &FieldType| is_copy(ty) || item(ty).is_some();
    match &field.ty {
        FieldType::List(item) if as_it_is(item) => quote!(#rust.into_iter().collect()),
        FieldType::List(_) => quote!(#rust.into_iter().map(Into::into).collect()),
        FieldType::Map(item) if as_it_is(item) => {
            quote!(#rust.into_iter().map(|(name, value)| (name.into(), value)).collect())
        }
        FieldType::Map(_) => quote!(#rust.into_iter().map(|(name, value)| (name.into(), value.into())).collect()),
        ty if is_copy(ty) && field.allow_empty.is_none() => quote!(#rust),
        _ => quote!(#rust.into()),
    }
}

/// `impl Read`.
pub(crate) fn read(service: &Service, ty: &Type, record: &Record, when: When) -> TokenStream {
    let name = &ty.name;
    let from_service = ty.in_responses;
    let rust_name = ident(name);
    let attribute = when.attribute();
    let blank = if has_default(service, record, ty.in_requests) {
        quote!(Self::default())
    } else {
        let fields = rust_fields(record).map(|field| {
            let rust = ident(&field.rust);
            quote!(#rust: codec::blank())
        });
        let unknown = record.keep_unknown.then(|| {
            let rust = ident(UNKNOWN_MEMBERS);
            quote!(#rust: UnknownMembers::default())
        });
        quote!(Self { #(#fields,)* #unknown })
    };
    // Without these, a record is of no use.
    let required: Vec<&Field> = rust_fields(record).filter(|field| field.required).take(MOST_REQUIRED).collect();
    let index = |field: &Field| required.iter().position(|other| other.wire == field.wire);
    let mut seen: Vec<String> = Vec::new();
    let mut arms = Vec::new();
    for field in &record.fields {
        let names: Vec<String> = names(field).into_iter().filter(|name| !seen.contains(name)).collect();
        seen.extend(names.iter().cloned());
        if !names.is_empty() {
            arms.extend(read_arm(service, field, &names, index(field), from_service));
        }
    }
    let names = required.iter().map(|field| &field.wire);
    let required = (!required.is_empty()).then(|| {
        quote! { fn required(&self) -> &'static [&'static str] { &[#(#names),*] } }
    });
    let bare = record.fields.iter().find(|field| field.encoding == Encoding::Bare).map(|field| {
        let wire = &field.wire;
        quote! { fn bare(&self) -> Option<&'static str> { Some(#wire) } }
    });
    let request_id = request_id(service, ty, record);
    let shared = (required.is_some() && ty.in_requests && ty.in_responses).then(|| {
        quote! { fn required_in_answers(&self) -> bool { false } }
    });
    let rest = if record.keep_unknown {
        let rust = ident(UNKNOWN_MEMBERS);
        quote!(self.#rust.keep(name, value))
    } else {
        quote!(value.skip())
    };
    let (parameter, body) = match (arms.is_empty(), record.keep_unknown) {
        (true, false) => (quote!(_name), rest),
        (true, true) => (quote!(name), rest),
        (false, _) => (quote!(name), quote!(match name { #(#arms,)* _ => #rest })),
    };
    quote! {
        #attribute
        impl Read for #rust_name {
            fn blank() -> Self { #blank }
            fn read_field(&mut self, #parameter: &str, value: Value<'_, '_>) -> ReadResult { #body }
            #required
            #shared
            #bare
            #request_id
        }
    }
}

/// Where an operation's answer holds the request's id.
fn request_id(service: &Service, ty: &Type, record: &Record) -> Option<TokenStream> {
    let is_answer = service.operations.iter().any(|operation| service.ty(operation.response).name == ty.name);
    let names = &service.errors.request_id;
    let field = rust_fields(record).find(|field| names.contains(&field.wire) && field.ty == FieldType::String)?;
    let rust = ident(&field.rust);
    let id = if field.required { quote!(Some(&self.#rust)) } else { quote!(self.#rust.as_deref()) };
    is_answer.then(|| quote! { fn request_id(&self) -> Option<&str> { #id } })
}

/// The names that are read as a field.
fn names(field: &Field) -> Vec<String> {
    let mut names = vec![field.wire.clone()];
    names.extend(field.aliases.iter().cloned());
    // The case of a header's name is lost on the way.
    let lower = field.wire.to_ascii_lowercase();
    if field.location == Some(Location::Header) && !names.contains(&lower) {
        names.push(lower);
    }
    names
}

fn read_arm(
    service: &Service,
    field: &Field,
    names: &[String],
    required: Option<usize>,
    from_service: bool,
) -> Option<TokenStream> {
    if let Some(constant) = &field.constant {
        // What an answer says instead is no reason to refuse it.
        let text = literal_text(constant).filter(|_| !from_service)?;
        return Some(quote!(#(#names)|* => value.constant(#text)));
    }
    let rust = ident(&field.rust);
    let required = required.map(|index| {
        let index = integer(index as i128);
        // One that may be empty is there also when it is.
        match &field.ty {
            _ if field.allow_empty.is_some() => quote!(.given(#index)),
            FieldType::Named(id) if service.record(*id).is_some() => quote!(.required_record(#index)),
            _ => quote!(.required(#index)),
        }
    });
    let place = quote!(&mut self.#rust);
    let many =
        if Shape::of(field) == Shape::OptionMany { quote!(self.#rust.get_or_insert_default()) } else { place.clone() };
    let read = match &field.encoding {
        Encoding::Comma => quote!(comma(#many)),
        Encoding::Json => quote!(json(#place)),
        Encoding::Wrapped(inner) => quote!(wrapped(#inner, #many)),
        Encoding::Plain | Encoding::Text | Encoding::Numbered | Encoding::Bare => quote!(read(#place)),
    };
    Some(quote!(#(#names)|* => value #required .#read))
}

/// `impl Write`, for a record whose fields stand side by side.
pub(crate) fn write(name: &str, record: &Record, when: When) -> TokenStream {
    let name = ident(name);
    let attribute = when.attribute();
    let fields: Vec<TokenStream> = record.fields.iter().filter_map(write_field).collect();
    let unknown = record.keep_unknown.then(|| {
        let rust = ident(UNKNOWN_MEMBERS);
        quote!(self.#rust.write(out);)
    });
    let parameter = if fields.is_empty() && unknown.is_none() { quote!(_out) } else { quote!(out) };
    let bare = record.fields.iter().find(|field| field.encoding == Encoding::Bare).map(|field| {
        let rust = ident(&field.rust);
        quote! { fn bare(&self) -> Option<&dyn codec::WriteValue> { Some(&self.#rust) } }
    });
    quote! {
        #attribute
        impl Write for #name {
            fn write(&self, #parameter: &mut Fields<'_>) { #(#fields)* #unknown }
            #bare
        }
    }
}

/// The statement that writes a field.
pub(crate) fn write_field(field: &Field) -> Option<TokenStream> {
    let wire = &field.wire;
    if let Some(constant) = &field.constant {
        if field.encoding == Encoding::Text {
            let text = literal_text(constant)?;
            return Some(quote! { out.field(#wire, #text); });
        }
        let value = constant_value(&field.ty, constant)?;
        return Some(quote! { out.field(#wire, #value); });
    }
    let rust = ident(&field.rust);
    let value = quote!(&self.#rust);
    let items = if Shape::of(field) == Shape::OptionMany {
        quote!(self.#rust.as_deref().unwrap_or_default())
    } else {
        value.clone()
    };
    Some(match &field.encoding {
        Encoding::Comma => quote! { out.comma(#wire, #items); },
        Encoding::Json => quote! { out.json(#wire, #value); },
        Encoding::Text => quote! { out.as_text(#wire, #value); },
        Encoding::Numbered => quote! { out.numbered(#wire, #items); },
        Encoding::Wrapped(inner) => quote! { out.wrapped(#wire, #inner, #items); },
        _ if field.required && item(&field.ty).is_some() => quote! { out.always(#wire, #value); },
        _ => quote! { out.field(#wire, #value); },
    })
}

fn constant_value(ty: &FieldType, constant: &Literal) -> Option<TokenStream> {
    let suffix = match ty {
        FieldType::Int32 => "i32",
        FieldType::Uint32 => "u32",
        FieldType::Uint64 => "u64",
        FieldType::Float32 => "f32",
        FieldType::Float64 => "f64",
        _ => "i64",
    };
    Some(match constant {
        Literal::String(text) => quote!(#text),
        Literal::Bool(value) => quote!(&#value),
        Literal::Integer(value) => {
            let value = suffixed(number(ty, Number::Integer(*value)), suffix);
            quote!(&#value)
        }
        Literal::Float(value) => {
            let value = suffixed(number(ty, Number::Float(*value)), suffix);
            quote!(&#value)
        }
        Literal::List(_) | Literal::Table(_) => return None,
    })
}

/// A value as it stands on the wire.
pub(crate) fn literal_text(literal: &Literal) -> Option<String> {
    Some(match literal {
        Literal::String(text) => text.clone(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Float(value) => value.to_string(),
        Literal::List(_) | Literal::Table(_) => return None,
    })
}
