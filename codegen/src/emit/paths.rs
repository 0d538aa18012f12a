//! Paths through records: as violations name them, and as the way to a value.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::shape::{Shape, ident, item, type_name};
use crate::model::{Field, FieldPath, FieldType, Service, Step, TypeId, TypeKind};

/// A path as a violation names it: by wire names, without the variants of unions.
pub(crate) fn wire_path(service: &Service, path: &FieldPath) -> String {
    let mut out = String::new();
    for step in &path.steps {
        let name = match step {
            Step::Field { record, field, .. } => field_of(service, *record, *field).map(|field| field.wire.as_str()),
            Step::Tag { union } => tag_of(service, *union),
            Step::Variant { .. } => None,
        };
        if let Some(name) = name {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(name);
        }
        if let Step::Field { each: true, .. } = step {
            out.push_str("[]");
        }
    }
    out
}

pub(crate) fn field_of(service: &Service, record: TypeId, field: usize) -> Option<&Field> {
    service.record(record).and_then(|record| record.fields.get(field))
}

fn tag_of(service: &Service, union: TypeId) -> Option<&str> {
    match &service.ty(union).kind {
        TypeKind::Union(union) => Some(&union.tag),
        _ => None,
    }
}

pub(crate) fn variant_name(service: &Service, union: TypeId, variant: usize) -> Option<Ident> {
    match &service.ty(union).kind {
        TypeKind::Union(union) => union.variants.get(variant).map(|variant| ident(&variant.rust)),
        _ => None,
    }
}

/// The value at the end of a path, ready to be checked.
pub(crate) struct Leaf<'m> {
    pub(crate) service: &'m Service,
    /// The path, as an expression.
    pub(crate) path: TokenStream,
    /// The value, or a reference to it.
    pub(crate) value: TokenStream,
    /// Whether it is a reference.
    pub(crate) borrowed: bool,
    /// Its type.
    pub(crate) ty: &'m FieldType,
    pub(crate) secret: bool,
}

/// Goes to the value at the end of a path, in loops over lists, and does something with it there.
pub(crate) fn constrain(
    service: &Service,
    conditions: Vec<TokenStream>,
    path: &FieldPath,
    act: &dyn Fn(Leaf<'_>) -> Option<TokenStream>,
) -> Option<TokenStream> {
    let names = path.steps.iter().filter_map(|step| match step {
        Step::Field { record, field, .. } => field_of(service, *record, *field).map(|field| field.rust.clone()),
        _ => None,
    });
    let mut way = Way { layers: conditions.into_iter().map(Layer::If).collect(), loops: 0, names: names.collect() };
    let mut place = quote!(self);
    let mut last_name = ident("record");
    let mut borrowed = true;
    let mut name = String::new();
    let mut found: Option<(&FieldType, bool)> = None;
    let mut steps = path.steps.iter().peekable();
    while let Some(step) = steps.next() {
        match step {
            Step::Field { record, field, each } => {
                let field = field_of(service, *record, *field)?;
                if field.constant.is_some() {
                    return None;
                }
                let rust = ident(&field.rust);
                let shape = Shape::of(field);
                last_name = rust.clone();
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&field.wire.replace('{', "{{").replace('}', "}}"));
                let is_last = steps.peek().is_none();
                let access = quote!(#place.#rust);
                if *each {
                    let index = way.enter(&access, field, shape, &rust);
                    name.push_str(&format!("[{{{index}}}]"));
                    (place, borrowed) = (quote!(#rust), true);
                    found = item(&field.ty).map(|item| (item, field.secret));
                } else if is_last || shape == Shape::Plain {
                    (place, borrowed) = (access, false);
                    found = Some((&field.ty, field.secret));
                } else if let Some(Step::Variant { union, variant }) = steps.peek() {
                    let union_name = type_name(service, *union);
                    let variant = variant_name(service, *union, *variant)?;
                    way.layers.push(Layer::IfLet(quote!(Some(#union_name::#variant(#rust))), quote!(&#access)));
                    (place, borrowed) = (quote!(#rust), true);
                    steps.next();
                } else {
                    way.layers.push(Layer::IfLet(quote!(Some(#rust)), quote!(&#access)));
                    (place, borrowed) = (quote!(#rust), true);
                }
            }
            Step::Variant { union, variant } => {
                let union_name = type_name(service, *union);
                let variant = variant_name(service, *union, *variant)?;
                let value = if borrowed { place } else { quote!(&#place) };
                way.layers.push(Layer::IfLet(quote!(#union_name::#variant(#last_name)), value));
                (place, borrowed) = (quote!(#last_name), true);
            }
            Step::Tag { union } => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&tag_of(service, *union)?.replace('{', "{{").replace('}', "}}"));
                (place, borrowed) = (quote!(#place.tag()), true);
                found = Some((&FieldType::String, false));
            }
        }
    }
    let (ty, secret) = found?;
    let path = if way.loops > 0 {
        quote!(&format!(#name))
    } else {
        let name = name.replace("{{", "{").replace("}}", "}");
        quote!(#name)
    };
    Some(way.wrap(act(Leaf { service, path, value: place, borrowed, ty, secret })?))
}

/// The number at the end of a path, or the size of what is there, where it is present.
pub(crate) fn size(service: &Service, path: &FieldPath) -> TokenStream {
    size_at(service, &quote!(self), &ident("record"), false, &path.steps).unwrap_or_else(|| quote!(None))
}

fn size_at(
    service: &Service,
    place: &TokenStream,
    name: &Ident,
    borrowed: bool,
    steps: &[Step],
) -> Option<TokenStream> {
    let (step, rest) = steps.split_first()?;
    match step {
        Step::Field { record, field, .. } => {
            let field = field_of(service, *record, *field)?;
            let rust = ident(&field.rust);
            let value = quote!(#place.#rust);
            if rest.is_empty() {
                let method = ident(if item(&field.ty).is_some() { "count_of" } else { "number_of" });
                return Some(quote!(Checker::#method(&#value)));
            }
            if Shape::of(field) == Shape::Plain {
                return size_at(service, &value, &rust, false, rest);
            }
            let inner = size_at(service, &quote!(#rust), &rust, true, rest)?;
            Some(quote!(#value.as_ref().and_then(|#rust| #inner)))
        }
        Step::Variant { union, variant } => {
            let union_name = type_name(service, *union);
            let variant = variant_name(service, *union, *variant)?;
            let inner = size_at(service, &quote!(#name), name, true, rest)?;
            let value = if borrowed { place.clone() } else { quote!(&#place) };
            Some(quote!(match #value { #union_name::#variant(#name) => #inner, _ => None }))
        }
        Step::Tag { .. } => None,
    }
}

/// What stands around a statement.
enum Layer {
    If(TokenStream),
    IfLet(TokenStream, TokenStream),
    For(TokenStream, TokenStream),
}

struct Way {
    layers: Vec<Layer>,
    loops: usize,
    /// Names that are taken.
    names: Vec<String>,
}

impl Way {
    /// Goes into the items of a list, or the members of a map; gives the name of their index.
    fn enter(&mut self, access: &TokenStream, field: &Field, shape: Shape, rust: &Ident) -> String {
        let mut number = self.loops;
        self.loops += 1;
        let mut index = "index".to_owned();
        // The index is called like no field on the way.
        while self.names.contains(&index) {
            number += 1;
            index = format!("index_{number}");
        }
        self.names.push(index.clone());
        let name = ident(&index);
        if shape == Shape::OptionMany {
            self.layers.push(Layer::IfLet(quote!(Some(#rust)), quote!(&#access)));
        }
        let many = if shape == Shape::OptionMany { quote!(#rust) } else { access.clone() };
        self.layers.push(match field.ty {
            FieldType::Map(_) => Layer::For(quote!((#name, #rust)), quote!(&#many)),
            _ => Layer::For(quote!((#name, #rust)), quote!(#many.iter().enumerate())),
        });
        index
    }

    /// The layers around a statement, neighbouring conditions in one `if`.
    fn wrap(self, statement: TokenStream) -> TokenStream {
        let mut out = statement;
        let mut tests: Vec<TokenStream> = Vec::new();
        for layer in self.layers.into_iter().rev() {
            match layer {
                Layer::If(test) => tests.push(test),
                Layer::IfLet(pattern, value) => tests.push(quote!(let #pattern = #value)),
                Layer::For(pattern, items) => {
                    out = close(&mut tests, out);
                    out = quote! { for #pattern in #items { #out } };
                }
            }
        }
        close(&mut tests, out)
    }
}

fn close(tests: &mut Vec<TokenStream>, statement: TokenStream) -> TokenStream {
    if tests.is_empty() {
        return statement;
    }
    let in_order = tests.drain(..).rev();
    quote! { if #(#in_order)&&* { #statement } }
}
