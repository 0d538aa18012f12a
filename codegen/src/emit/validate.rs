//! `Check`: what the fields of a record must satisfy, one statement a field, and its rules.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::paths::Leaf;
use super::rules;
use super::shape::{
    Shape, ident, integer, is_float, is_integer, is_number, is_text, item, leaf, number, rust_fields, scalar, suffixed,
};
use crate::model::{
    Constraints, Field, FieldType, Literal, Number, Record, Service, Severity, TimeNotation, TypeKind, UnionType,
};

/// `impl Check` of a record.
pub(crate) fn record(service: &Service, name: &str, record: &Record) -> TokenStream {
    let name = ident(name);
    let mut statements: Vec<TokenStream> = rust_fields(record).flat_map(|f| field(service, f)).collect();
    statements.extend(rules::rules(service, &record.rules));
    let parameter = if statements.is_empty() { quote!(_check) } else { quote!(check) };
    quote! {
        impl Check for #name {
            fn check(&self, #parameter: &mut Checker<'_>) {
                #(#statements)*
            }
        }
    }
}

/// `impl Check` of a union.
pub(crate) fn union(name: &str, union: &UnionType) -> TokenStream {
    let name = ident(name);
    let tag = &union.tag;
    let variants = union.variants.iter().map(|variant| ident(&variant.rust));
    quote! {
        impl Check for #name {
            fn check(&self, check: &mut Checker<'_>) {
                match self {
                    #(Self::#variants(record) => Check::check(record, check),)*
                    Self::Unknown(unknown) => check.unknown_variant(#tag, unknown),
                }
            }
        }
    }
}

/// The statements for one field.
fn field(service: &Service, field: &Field) -> Vec<TokenStream> {
    let wire = &field.wire;
    let rust = ident(&field.rust);
    let value = quote!(&self.#rust);
    let (notes, warning) = (notes(field), warning(field));
    let mut out = Vec::new();
    let own = parts(service, &field.ty, &field.constraints, field.severity);
    let many = item(&field.ty);
    // Empty is absent, and what is absent breaks no constraint.
    let optional =
        (many.is_some() && Shape::of(field) == Shape::Many && !field.required && field.constraints.min_items.is_some())
            .then(|| quote!(.optional()));
    let required = (field.required && (is_written_out(&field.ty) || many.is_some() && !field.keep_empty))
        .then(|| quote!(.required()));
    if own.is_empty() && required.is_some() {
        out.extend(method(service, &field.ty).map(|method| quote! { check.#method(#wire, #value) #notes #required; }));
    }
    for Part { method, form, chain } in own {
        let warning = warning.as_ref().filter(|_| !chain.is_empty());
        out.push(quote! { check.#method(#wire, #value) #notes #required #optional #form #warning #chain; });
    }
    for Part { method, form, chain } in
        many.map(|item| parts(service, item, &field.item_constraints, field.severity)).unwrap_or_default()
    {
        let each = quote::format_ident!("{method}s");
        let warning = warning.as_ref().filter(|_| !chain.is_empty());
        out.push(quote! { check.#each(#wire, #value, |item| item #notes #form #warning #chain); });
    }
    match leaf(&field.ty) {
        FieldType::Named(id) if depth(&field.ty) < 2 => match service.ty(*id).kind {
            TypeKind::Enum(_) => out.push(quote! { check.known(#wire, #value); }),
            TypeKind::Record(_) | TypeKind::Union(_) => out.push(quote! { check.record(#wire, #value); }),
        },
        _ => {}
    }
    out
}

/// A statement's worth of checks.
struct Part {
    /// The checker's method for the value.
    method: Ident,
    /// What the type itself says of what is sent; it holds whatever the severity.
    form: TokenStream,
    /// What the constraints say.
    chain: TokenStream,
}

/// The checks of a value.
fn parts(service: &Service, ty: &FieldType, constraints: &Constraints, severity: Severity) -> Vec<Part> {
    let Some(method) = method(service, ty) else { return Vec::new() };
    let (counted, text) = split(ty, constraints);
    let parts = [
        Part { method, form: form(ty, constraints, severity), chain: chain(ty, &counted) },
        Part { method: ident("text"), form: TokenStream::new(), chain: chain(ty, &text) },
    ];
    parts.into_iter().filter(|part| !part.form.is_empty() || !part.chain.is_empty()).collect()
}

/// Of any JSON value, members are counted and the text is looked at: the constraints of both. Others have only the first.
fn split(ty: &FieldType, constraints: &Constraints) -> (Constraints, Constraints) {
    if *ty != FieldType::Json {
        return (constraints.clone(), Constraints::default());
    }
    let text = Constraints { predicate: constraints.predicate.clone(), ..Constraints::default() };
    (Constraints { predicate: None, ..constraints.clone() }, text)
}

fn form(ty: &FieldType, constraints: &Constraints, severity: Severity) -> TokenStream {
    match ty {
        FieldType::Float32 | FieldType::Float64 => quote!(.finite()),
        // What is an object is JSON.
        FieldType::JsonText if constraints.predicate.is_some() && severity == Severity::Error => TokenStream::new(),
        FieldType::JsonText => quote!(.predicate("json")),
        FieldType::Time(TimeNotation::Utc) => quote!(.predicate("utc-time")),
        FieldType::Time(TimeNotation::Offset) => quote!(.predicate("offset-time")),
        _ => TokenStream::new(),
    }
}

/// How many lists or maps stand around a value.
fn depth(ty: &FieldType) -> usize {
    item(ty).map_or(0, |item| 1 + depth(item))
}

/// The checker's method for values of a type.
fn method(service: &Service, ty: &FieldType) -> Option<Ident> {
    match ty {
        FieldType::Named(id) if matches!(service.ty(*id).kind, TypeKind::Enum(_)) => Some(ident("text")),
        FieldType::List(_) | FieldType::Map(_) | FieldType::Json => Some(ident("list")),
        _ if is_written_out(ty) => Some(ident("text")),
        _ if is_number(ty) => Some(ident("number")),
        _ => None,
    }
}

/// Whether a value is held as the text that is sent, which may be empty.
fn is_written_out(ty: &FieldType) -> bool {
    is_text(ty) || matches!(ty, FieldType::Time(_))
}

/// What is said of a field before what it must satisfy.
fn notes(field: &Field) -> TokenStream {
    let source = field.source.as_ref().map(|source| quote!(.source(#source)));
    let secret = field.secret.then(|| quote!(.secret()));
    quote!(#source #secret)
}

/// What is said before the constraints alone: what is required is required whatever the severity.
fn warning(field: &Field) -> Option<TokenStream> {
    (field.severity == Severity::Warning).then(|| quote!(.warning()))
}

/// The statement of a `constrain` rule, at the value it is about.
pub(crate) fn constrained(begin: &TokenStream, leaf: Leaf<'_>, constraints: &Constraints) -> Option<TokenStream> {
    let Leaf { service, path, value, borrowed, ty, secret } = leaf;
    let secret = secret.then(|| quote!(.secret()));
    let value = if borrowed { value } else { quote!(&#value) };
    let (counted, text) = split(ty, constraints);
    let statements = [(method(service, ty)?, counted), (ident("text"), text)].map(|(method, constraints)| {
        let chain = self::chain(ty, &constraints);
        (!chain.is_empty()).then(|| quote! { #begin.#method(#path, #value) #secret #chain; })
    });
    let statements: Vec<TokenStream> = statements.into_iter().flatten().collect();
    (!statements.is_empty()).then(|| quote! { #(#statements)* })
}

/// The checks behind a value, e.g. `.min(1).max(100)`.
pub(crate) fn chain(ty: &FieldType, constraints: &Constraints) -> TokenStream {
    let c = constraints;
    let mut out = TokenStream::new();
    let mut call = |name: &str, argument: TokenStream| {
        let name = ident(name);
        out.extend(quote!(.#name(#argument)));
    };
    if let Some(end) = c.min {
        call(if end.exclusive { "above" } else { "min" }, bound(ty, end.value));
    }
    if let Some(end) = c.max {
        call(if end.exclusive { "below" } else { "max" }, bound(ty, end.value));
    }
    if let Some(value) = c.multiple_of {
        call("multiple_of", integer(value));
    }
    for (name, value) in [
        ("min_chars", c.min_chars),
        ("max_chars", c.max_chars),
        ("max_bytes", c.max_bytes),
        ("min_items", c.min_items),
        ("max_items", c.max_items),
    ] {
        if let Some(value) = value {
            call(name, integer(i128::from(value)));
        }
    }
    for (name, set) in [("chars", &c.chars), ("first_chars", &c.first_chars), ("last_chars", &c.last_chars)] {
        if let Some(set) = set {
            let text = &set.text;
            call(name, quote!(#text));
        }
    }
    for (name, texts) in [("contains", &c.contains), ("excludes", &c.excludes), ("starts_with", &c.starts_with)] {
        if !texts.is_empty() {
            call(name, quote!(&[#(#texts),*]));
        }
    }
    for (name, text) in [("pattern", &c.pattern), ("predicate", &c.predicate)] {
        if let Some(text) = text {
            call(name, quote!(#text));
        }
    }
    if !c.values.is_empty() {
        let values = c.values.iter().filter_map(|value| match value {
            // All of one type, and of one that holds each.
            Literal::Integer(value) if is_integer(ty) && c.values.iter().any(is_wide) => Some(wide(*value)),
            value => scalar(ty, value),
        });
        call("values", quote!(&[#(#values),*]));
    }
    if c.unique {
        call("unique", TokenStream::new());
    }
    out
}

/// A bound as a literal whose type, where none is asked for, holds it.
fn bound(ty: &FieldType, value: Number) -> TokenStream {
    match value {
        Number::Integer(integer) if !is_float(ty) && is_wide(&Literal::Integer(integer)) => wide(integer),
        value => number(ty, value),
    }
}

fn is_wide(value: &Literal) -> bool {
    matches!(value, Literal::Integer(value) if i32::try_from(*value).is_err())
}

fn wide(value: i128) -> TokenStream {
    suffixed(integer(value), "i128")
}

/// The function that checks a setting's value.
pub(crate) fn setting(name: &str, constraints: &Constraints) -> TokenStream {
    let chain = chain(&FieldType::String, constraints);
    quote! { check.text(#name, value).required() #chain; }
}
