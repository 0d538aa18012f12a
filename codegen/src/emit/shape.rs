//! How a field stands in Rust, and which code a type needs.

use std::str::FromStr;

use proc_macro2::{Ident, Literal as Lit, Span, TokenStream, TokenTree};
use quote::quote;

use crate::model::{Constraints, Field, FieldType, Literal, Number, Record, Service, Type, TypeId, TypeKind};

/// How the value of a field is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The value itself.
    Plain,
    /// `Option<T>`.
    Option,
    /// `Vec<T>` or `BTreeMap<String, T>`; empty is absent.
    Many,
    /// `Option<Vec<T>>` or `Option<BTreeMap<String, T>>`; empty is not absent.
    OptionMany,
}

impl Shape {
    pub(crate) fn of(field: &Field) -> Self {
        let many = matches!(field.ty, FieldType::List(_) | FieldType::Map(_));
        match (many, field.required) {
            (false, true) => Self::Plain,
            (false, false) => Self::Option,
            (true, false) if field.keep_empty => Self::OptionMany,
            (true, _) => Self::Many,
        }
    }

    pub(crate) fn is_optional(self) -> bool {
        matches!(self, Self::Option | Self::OptionMany)
    }
}

/// When a type needs a piece of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    /// Only under the feature `server`.
    Server,
}

impl When {
    pub(crate) fn reads(ty: &Type) -> Self {
        if ty.in_responses { Self::Always } else { Self::Server }
    }

    pub(crate) fn writes(ty: &Type) -> Self {
        if ty.in_requests { Self::Always } else { Self::Server }
    }

    /// The attribute that says so.
    pub(crate) fn attribute(self) -> TokenStream {
        match self {
            Self::Always => TokenStream::new(),
            Self::Server => quote! { #[cfg(feature = "server")] },
        }
    }
}

/// An identifier of the model; names are final, so this only makes a token of it.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The fields of a record that are Rust fields.
pub(crate) fn rust_fields(record: &Record) -> impl Iterator<Item = &Field> {
    record.fields.iter().filter(|field| field.constant.is_none())
}

/// Whether a field's text is a `Secret`.
fn is_secret_text(ty: &FieldType, secret: bool) -> bool {
    secret && matches!(ty, FieldType::String | FieldType::JsonText)
}

/// Whether the text of a field, or of its items, is held in a `Secret`.
pub(crate) fn holds_secret(field: &Field) -> bool {
    is_secret_text(leaf(&field.ty), field.secret)
}

/// What a list or map finally holds.
pub(crate) fn leaf(ty: &FieldType) -> &FieldType {
    match ty {
        FieldType::List(item) | FieldType::Map(item) => leaf(item),
        _ => ty,
    }
}

/// What a list or map holds, one level in.
pub(crate) fn item(ty: &FieldType) -> Option<&FieldType> {
    match ty {
        FieldType::List(item) | FieldType::Map(item) => Some(item),
        _ => None,
    }
}

pub(crate) fn is_text(ty: &FieldType) -> bool {
    matches!(ty, FieldType::String | FieldType::JsonText)
}

pub(crate) fn is_integer(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Int32 | FieldType::Int64 | FieldType::Uint32 | FieldType::Uint64)
}

pub(crate) fn is_float(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Float32 | FieldType::Float64)
}

pub(crate) fn is_number(ty: &FieldType) -> bool {
    is_integer(ty) || is_float(ty)
}

pub(crate) fn is_copy(ty: &FieldType) -> bool {
    is_number(ty) || matches!(ty, FieldType::Bool)
}

/// The Rust type of one value.
pub(crate) fn value_type(service: &Service, ty: &FieldType, secret: bool) -> TokenStream {
    if is_secret_text(ty, secret) {
        return quote!(Secret);
    }
    match ty {
        FieldType::String => quote!(String),
        FieldType::Bool => quote!(bool),
        FieldType::Int32 => quote!(i32),
        FieldType::Int64 => quote!(i64),
        FieldType::Uint32 => quote!(u32),
        FieldType::Uint64 => quote!(u64),
        FieldType::Float32 => quote!(f32),
        FieldType::Float64 => quote!(f64),
        FieldType::Time(_) => quote!(Time),
        FieldType::Json => quote!(Json),
        FieldType::JsonText => quote!(JsonText),
        FieldType::Named(id) => {
            let name = ident(&service.ty(*id).name);
            quote!(#name)
        }
        FieldType::List(item) => {
            let item = value_type(service, item, secret);
            quote!(Vec<#item>)
        }
        FieldType::Map(item) => {
            let item = value_type(service, item, secret);
            quote!(BTreeMap<String, #item>)
        }
    }
}

/// The Rust type of a field where it is present.
pub(crate) fn present_type(service: &Service, field: &Field) -> TokenStream {
    let value = value_type(service, &field.ty, field.secret);
    if field.allow_empty.is_some() { quote!(OrEmpty<#value>) } else { value }
}

/// The Rust type of a field.
pub(crate) fn field_type(service: &Service, field: &Field) -> TokenStream {
    let value = present_type(service, field);
    if Shape::of(field).is_optional() { quote!(Option<#value>) } else { value }
}

/// Whether a record has `Default`: in requests, where nothing is required; in answers, where every field has it.
pub(crate) fn has_default(service: &Service, record: &Record, in_requests: bool) -> bool {
    rust_fields(record).all(|field| match (Shape::of(field), &field.ty) {
        _ if !field.required => true,
        _ if in_requests => false,
        (Shape::Plain, FieldType::Named(id)) => {
            let ty = service.ty(*id);
            service.record(*id).is_some_and(|record| has_default(service, record, ty.in_requests))
        }
        (Shape::Plain, FieldType::Time(_) | FieldType::Json | FieldType::JsonText) => false,
        _ => true,
    })
}

/// Whether something is asked of a value.
pub(crate) fn constrains(constraints: &Constraints) -> bool {
    *constraints != Constraints::default()
}

/// Whether a type is written or read by anything; a record that is only extended is not.
pub(crate) fn travels(ty: &Type) -> bool {
    ty.in_requests || ty.in_responses
}

/// A record's name, for the record behind an id.
pub(crate) fn type_name(service: &Service, id: TypeId) -> Ident {
    ident(&service.ty(id).name)
}

/// Whether a field holds values of an enum.
pub(crate) fn holds_enum(service: &Service, ty: &FieldType) -> bool {
    matches!(leaf(ty), FieldType::Named(id) if matches!(service.ty(*id).kind, TypeKind::Enum(_)))
}

/// A number as a literal of a field's type.
pub(crate) fn number(ty: &FieldType, number: Number) -> TokenStream {
    match number {
        Number::Integer(value) if is_float(ty) => float(value as f64),
        Number::Integer(value) => integer(value),
        Number::Float(value) => float(value),
    }
}

/// A whole number without a suffix.
pub(crate) fn integer(value: i128) -> TokenStream {
    let digits = Lit::u128_unsuffixed(value.unsigned_abs());
    if value < 0 { quote!(-#digits) } else { quote!(#digits) }
}

/// A number with a suffix: `-1` to `-1_i32`.
pub(crate) fn suffixed(number: TokenStream, suffix: &str) -> TokenStream {
    number
        .into_iter()
        .map(|token| match &token {
            TokenTree::Literal(digits) => {
                Lit::from_str(&format!("{digits}_{suffix}")).map_or_else(|_| token.clone(), TokenTree::Literal)
            }
            _ => token,
        })
        .collect()
}

/// A fraction without a suffix. What is not finite is nothing a spec can say.
pub(crate) fn float(value: f64) -> TokenStream {
    if !value.is_finite() {
        return quote!(f64::NAN);
    }
    let digits = Lit::f64_unsuffixed(value.abs());
    if value.is_sign_negative() && value != 0.0 { quote!(-#digits) } else { quote!(#digits) }
}

/// A text as it is easiest to read: raw where quotes or backslashes would have to be escaped.
pub(crate) fn text(text: &str) -> TokenStream {
    let plain = !text.chars().any(|c| c.is_control() || c == '\u{feff}');
    if plain
        && text.contains(['"', '\\'])
        && !text.contains("\"#")
        && let Ok(raw) = Lit::from_str(&format!("r#\"{text}\"#"))
    {
        return quote!(#raw);
    }
    quote!(#text)
}

/// A scalar of the spec as a Rust literal of a field's type.
pub(crate) fn scalar(ty: &FieldType, literal: &Literal) -> Option<TokenStream> {
    Some(match literal {
        Literal::Integer(value) => number(ty, Number::Integer(*value)),
        Literal::Float(value) => float(*value),
        Literal::String(text) => quote!(#text),
        Literal::Bool(value) => quote!(#value),
        Literal::List(_) | Literal::Table(_) => return None,
    })
}
