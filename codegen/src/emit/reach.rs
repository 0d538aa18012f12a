//! The ways through requests and answers, as expressions: to every item of a list, to a text, to a number.

use proc_macro2::TokenStream;
use quote::quote;

use super::paths::field_of;
use super::shape::{Shape, ident, type_name};
use crate::model::{Field, FieldPath, FieldType, Service, Step};

/// Where a path has come.
pub(crate) enum Reached {
    /// One value: an expression for its place.
    One(TokenStream),
    /// None or several: an iterator over references.
    Several(TokenStream),
}

/// The steps of a path up to the last list that it goes through, and those behind.
pub(crate) fn split(path: &FieldPath) -> (&[Step], &[Step]) {
    let last = path.steps.iter().rposition(|step| matches!(step, Step::Field { each: true, .. }));
    path.steps.split_at(last.map_or(0, |last| last + 1))
}

/// Goes along steps, from a place.
pub(crate) fn go(service: &Service, place: TokenStream, steps: &[Step]) -> Option<Reached> {
    let mut reached = Reached::One(place);
    for step in steps {
        let (field, each) = step_field(service, step)?;
        let rust = ident(&field.rust);
        reached = match (reached, Shape::of(field)) {
            (Reached::One(place), Shape::OptionMany) if each => Reached::Several(quote!(#place.#rust.iter().flatten())),
            (Reached::One(place), shape) if each || shape.is_optional() => {
                Reached::Several(quote!(#place.#rust.iter()))
            }
            (Reached::One(place), _) => Reached::One(quote!(#place.#rust)),
            (Reached::Several(items), Shape::OptionMany) if each => {
                Reached::Several(quote!(#items.flat_map(|item| item.#rust.iter().flatten())))
            }
            (Reached::Several(items), _) if each => Reached::Several(quote!(#items.flat_map(|item| &item.#rust))),
            (Reached::Several(items), shape) if shape.is_optional() => {
                Reached::Several(quote!(#items.filter_map(|item| item.#rust.as_ref())))
            }
            (Reached::Several(items), _) => Reached::Several(quote!(#items.map(|item| &item.#rust))),
        };
    }
    Some(reached)
}

/// All texts that a path leads to, as a `Vec<String>`.
pub(crate) fn texts(service: &Service, place: TokenStream, path: &FieldPath) -> Option<TokenStream> {
    let (last, before) = path.steps.split_last()?;
    let (field, each) = step_field(service, last)?;
    let rust = ident(&field.rust);
    let shape = Shape::of(field);
    Some(match go(service, place, before)? {
        Reached::One(place) => match shape {
            Shape::Many => quote!(#place.#rust.clone()),
            Shape::OptionMany => quote!(#place.#rust.clone().unwrap_or_default()),
            Shape::Plain => quote!(vec![#place.#rust.clone()]),
            Shape::Option => quote!(#place.#rust.iter().cloned().collect()),
        },
        Reached::Several(items) => match shape {
            Shape::OptionMany if each => quote!(#items.flat_map(|item| item.#rust.iter().flatten()).cloned().collect()),
            _ if each => quote!(#items.flat_map(|item| &item.#rust).cloned().collect()),
            Shape::Option => quote!(#items.filter_map(|item| item.#rust.clone()).collect()),
            _ => quote!(#items.map(|item| item.#rust.clone()).collect()),
        },
    })
}

/// The text at the end of steps that go through no list, as an `Option<&str>`.
pub(crate) fn text(service: &Service, place: TokenStream, steps: &[Step]) -> Option<TokenStream> {
    if steps.is_empty() {
        return Some(quote!(Some(#place.as_str())));
    }
    optional(service, place, steps, &|place, ty, is_optional| match (ty, is_optional) {
        (_, false) => (quote!(#place.as_str()), false),
        (FieldType::Named(id), true) => {
            let name = type_name(service, *id);
            (quote!(#place.as_ref().map(#name::as_str)), true)
        }
        (_, true) => (quote!(#place.as_deref()), true),
    })
}

/// The whole number at the end of steps that go through no list, as an `Option<i64>`.
pub(crate) fn number(service: &Service, place: TokenStream, steps: &[Step]) -> Option<TokenStream> {
    optional(service, place, steps, &|place, ty, is_optional| match (ty, is_optional) {
        (FieldType::Int64, _) => (place, is_optional),
        (FieldType::Uint64, true) => (quote!(#place.and_then(|number| i64::try_from(number).ok())), true),
        (FieldType::Uint64, false) => (quote!(i64::try_from(#place).ok()), true),
        (_, true) => (quote!(#place.map(i64::from)), true),
        (_, false) => (quote!(i64::from(#place)), false),
    })
}

/// Turns a place of some type, that may be an `Option`, into an expression; tells whether that is one.
type Leaf<'a> = dyn Fn(TokenStream, &FieldType, bool) -> (TokenStream, bool) + 'a;

fn optional(service: &Service, place: TokenStream, steps: &[Step], leaf: &Leaf<'_>) -> Option<TokenStream> {
    let (value, is_optional) = value(service, place, steps, leaf)?;
    Some(if is_optional { value } else { quote!(Some(#value)) })
}

fn value(service: &Service, place: TokenStream, steps: &[Step], leaf: &Leaf<'_>) -> Option<(TokenStream, bool)> {
    let (step, rest) = steps.split_first()?;
    let (field, _) = step_field(service, step)?;
    let rust = ident(&field.rust);
    let is_optional = Shape::of(field).is_optional();
    let here = quote!(#place.#rust);
    if rest.is_empty() {
        return Some(leaf(here, &field.ty, is_optional));
    }
    if !is_optional {
        return value(service, here, rest, leaf);
    }
    let (inner, inner_is_optional) = value(service, quote!(#rust), rest, leaf)?;
    let method = ident(if inner_is_optional { "and_then" } else { "map" });
    Some((quote!(#here.as_ref().#method(|#rust| #inner)), true))
}

/// The field of a step, and whether it goes into its items. No path here goes into a union.
fn step_field<'m>(service: &'m Service, step: &Step) -> Option<(&'m Field, bool)> {
    match step {
        Step::Field { record, field, each } => field_of(service, *record, *field).map(|field| (field, *each)),
        Step::Tag { .. } | Step::Variant { .. } => None,
    }
}
