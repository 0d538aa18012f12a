//! Conditions of rules: a path and a test become an expression.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::paths::{field_of, variant_name};
use super::shape::{Shape, holds_enum, ident, is_copy, is_text, item, number, scalar, type_name};
use crate::model::{
    Condition, ConditionTest, Field, FieldPath, FieldType, Literal, Number, Service, Step, TypeId, TypeKind,
};

/// What is known of a condition before there is a request.
pub(crate) enum Truth {
    Always,
    Never,
    If(TokenStream),
    /// A test inside a pattern; of another pattern it is false.
    IfLet {
        pattern: TokenStream,
        value: TokenStream,
        test: TokenStream,
    },
}

impl Truth {
    /// The same where no `let` may stand.
    fn into_expression(self) -> Self {
        match self {
            Self::IfLet { pattern, value, test } => Self::If(quote!(match #value { #pattern => #test, _ => false })),
            other => other,
        }
    }

    fn of(value: bool) -> Self {
        if value { Self::Always } else { Self::Never }
    }
}

/// Whether the field at the end of a path is present.
pub(crate) fn present(service: &Service, path: &FieldPath) -> TokenStream {
    let condition = Condition { path: path.clone(), test: ConditionTest::Present, or_default: false };
    match holds(service, &condition).into_expression() {
        Truth::Always => quote!(true),
        Truth::If(test) => test,
        Truth::Never | Truth::IfLet { .. } => quote!(false),
    }
}

/// Whether a condition holds of `self`.
pub(crate) fn holds(service: &Service, condition: &Condition) -> Truth {
    let last = condition.path.steps.iter().rev().find_map(|step| match step {
        Step::Field { record, field, .. } => field_of(service, *record, *field),
        _ => None,
    });
    let default = last.and_then(|field| field.default.as_ref()).filter(|_| condition.or_default);
    let absent = matches!(condition.test, ConditionTest::Absent);
    let eye = Eye {
        service,
        test: &condition.test,
        if_missing: absent || default.is_some_and(|default| passes(&condition.test, default)),
        if_other_variant: absent,
    };
    eye.follow(&quote!(self), &ident("record"), false, &condition.path.steps)
}

/// A condition's test of a known value.
fn passes(test: &ConditionTest, value: &Literal) -> bool {
    let as_f64 = |literal: &Literal| match literal {
        Literal::Integer(value) => Some(*value as f64),
        Literal::Float(value) => Some(*value),
        _ => None,
    };
    let end = |number: &Number| match number {
        Number::Integer(value) => *value as f64,
        Number::Float(value) => *value,
    };
    let same = |wanted: &Literal| match (as_f64(wanted), as_f64(value)) {
        (Some(wanted), Some(value)) => wanted == value,
        _ => wanted == value,
    };
    match test {
        ConditionTest::Present => true,
        ConditionTest::Absent => false,
        ConditionTest::Is(wanted) => wanted.iter().any(same),
        ConditionTest::IsNot(unwanted) => !unwanted.iter().any(same),
        ConditionTest::AtLeast(number) => as_f64(value).is_some_and(|value| value >= end(number)),
        ConditionTest::AtMost(number) => as_f64(value).is_some_and(|value| value <= end(number)),
    }
}

/// Looks at what a path leads to.
struct Eye<'m> {
    service: &'m Service,
    test: &'m ConditionTest,
    /// What the condition comes to where the field, or a record on the way, is absent.
    if_missing: bool,
    /// What it comes to where a union on the way holds another variant.
    if_other_variant: bool,
}

impl Eye<'_> {
    /// The test of what `steps` lead to from `place`; `borrowed` where that is a reference, `name` what it is called.
    fn follow(&self, place: &TokenStream, name: &Ident, borrowed: bool, steps: &[Step]) -> Truth {
        match steps {
            [] => Truth::of(self.if_missing),
            [Step::Tag { .. }, ..] => self.text(&quote!(#place.tag())),
            [Step::Variant { union, variant }, rest @ ..] => {
                self.variant(place, name, borrowed, *union, *variant, rest)
            }
            [Step::Field { record, field, each }, rest @ ..] => match field_of(self.service, *record, *field) {
                Some(field) => self.field(place, field, *each, rest),
                None => Truth::Never,
            },
        }
    }

    fn field(&self, place: &TokenStream, field: &Field, each: bool, rest: &[Step]) -> Truth {
        if let Some(constant) = &field.constant {
            return Truth::of(passes(self.test, constant));
        }
        let name = ident(&field.rust);
        let shape = Shape::of(field);
        let value = quote!(#place.#name);
        if rest.is_empty() && !each {
            return self.leaf(&value, field, shape);
        }
        match shape {
            Shape::Many | Shape::OptionMany => {
                let inner = match rest {
                    [] => item(&field.ty).map_or(Truth::Never, |item| self.value(&quote!(#name), true, item, field)),
                    _ => self.follow(&quote!(#name), &name, true, rest),
                };
                let items = match (&field.ty, shape) {
                    (FieldType::Map(_), Shape::OptionMany) => quote!(#value.iter().flat_map(|#name| #name.values())),
                    (FieldType::Map(_), _) => quote!(#value.values()),
                    (_, Shape::OptionMany) => quote!(#value.iter().flatten()),
                    _ => quote!(#value.iter()),
                };
                match inner.into_expression() {
                    Truth::Never | Truth::IfLet { .. } => Truth::Never,
                    Truth::Always if shape == Shape::Many => Truth::If(quote!(!#value.is_empty())),
                    Truth::Always => Truth::If(quote!(#items.next().is_some())),
                    Truth::If(test) => Truth::If(quote!(#items.any(|#name| #test))),
                }
            }
            Shape::Plain => self.follow(&value, &name, false, rest),
            Shape::Option => match (rest, self.if_missing == self.if_other_variant) {
                ([Step::Variant { union, variant }, inside @ ..], true) => {
                    let union_name = type_name(self.service, *union);
                    let Some(variant) = variant_name(self.service, *union, *variant) else { return Truth::Never };
                    let pattern = |inner: TokenStream| quote!(Some(#union_name::#variant(#inner)));
                    let inner = self.follow(&quote!(#name), &name, true, inside);
                    matched(&value, false, &name, pattern, inner, self.if_missing)
                }
                _ => {
                    let inner = self.follow(&quote!(#name), &name, true, rest);
                    let method = if self.if_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                    match inner.into_expression() {
                        Truth::Always if self.if_missing => Truth::Always,
                        Truth::Always => Truth::If(quote!(#value.is_some())),
                        Truth::Never if self.if_missing => Truth::If(quote!(#value.is_none())),
                        Truth::Never | Truth::IfLet { .. } => Truth::Never,
                        Truth::If(test) => Truth::If(quote!(#value.as_ref().#method(|#name| #test))),
                    }
                }
            },
        }
    }

    fn variant(
        &self,
        value: &TokenStream,
        name: &Ident,
        borrowed: bool,
        union: TypeId,
        variant: usize,
        rest: &[Step],
    ) -> Truth {
        let union_name = type_name(self.service, union);
        let Some(variant) = variant_name(self.service, union, variant) else { return Truth::Never };
        let inner = match rest {
            [] => Truth::of(!self.if_other_variant),
            _ => self.follow(&quote!(#name), name, true, rest),
        };
        matched(value, borrowed, name, |inner| quote!(#union_name::#variant(#inner)), inner, self.if_other_variant)
    }

    /// The test of the field that the path ends at.
    fn leaf(&self, value: &TokenStream, field: &Field, shape: Shape) -> Truth {
        let name = ident(&field.rust);
        let present = match shape {
            Shape::Plain => Truth::Always,
            Shape::Option | Shape::OptionMany => Truth::If(quote!(#value.is_some())),
            Shape::Many => Truth::If(quote!(!#value.is_empty())),
        };
        match (self.test, shape) {
            (ConditionTest::Present, _) => present,
            (ConditionTest::Absent, Shape::Plain) => Truth::Never,
            (ConditionTest::Absent, Shape::Many) => Truth::If(quote!(#value.is_empty())),
            (ConditionTest::Absent, _) => Truth::If(quote!(#value.is_none())),
            _ if field.allow_empty.is_some() => self.or_empty(value, field, shape),
            (_, Shape::Plain) => self.value(value, false, &field.ty, field),
            (_, Shape::Many | Shape::OptionMany) => self.field_items(value, field, shape),
            (ConditionTest::AtLeast(_) | ConditionTest::AtMost(_), Shape::Option) => {
                let method = if self.if_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                match self.value(&quote!(#name), false, &field.ty, field) {
                    Truth::If(test) => Truth::If(quote!(#value.#method(|#name| #test))),
                    truth => truth,
                }
            }
            (ConditionTest::Is(literals), Shape::Option) => self.option(value, field, literals, false),
            (ConditionTest::IsNot(literals), Shape::Option) => self.option(value, field, literals, true),
        }
    }

    /// A list that stands at the end of a path without `[]`: one item is enough.
    fn field_items(&self, value: &TokenStream, field: &Field, shape: Shape) -> Truth {
        let name = ident(&field.rust);
        let Some(item) = item(&field.ty) else { return Truth::Never };
        let items = if shape == Shape::OptionMany { quote!(#value.iter().flatten()) } else { quote!(#value.iter()) };
        match (self.value(&quote!(#name), true, item, field), &field.ty) {
            (Truth::If(test), FieldType::List(_)) => Truth::If(quote!(#items.any(|#name| #test))),
            _ => Truth::Never,
        }
    }

    /// `Is` and `IsNot` of an optional value, as one pattern.
    fn option(&self, value: &TokenStream, field: &Field, literals: &[Literal], not: bool) -> Truth {
        let ty = &field.ty;
        let patterns = self.patterns(ty, literals);
        // What the pattern is matched against: an enum or a number itself, of a text the `&str`.
        let subject = match ty {
            FieldType::String if field.secret => quote!(#value.as_ref().map(Secret::expose)),
            FieldType::String => quote!(#value.as_deref()),
            FieldType::JsonText if field.secret => quote!(#value.as_ref().map(Secret::expose)),
            FieldType::JsonText => quote!(#value.as_ref().map(JsonText::as_str)),
            FieldType::Time(_) => quote!(#value.as_ref().map(Time::as_str)),
            FieldType::Named(id) if matches!(patterns, Patterns::Texts(_)) && holds_enum(self.service, ty) => {
                let name = type_name(self.service, *id);
                quote!(#value.as_ref().map(#name::as_str))
            }
            _ => value.clone(),
        };
        let patterns = match patterns {
            Patterns::Texts(patterns) | Patterns::Values(patterns) => patterns,
            Patterns::None => return Truth::of(self.if_missing),
        };
        Truth::If(match (not, self.if_missing, patterns.as_slice()) {
            (false, false, [one]) if is_copy(ty) || is_text(ty) => quote!(#subject == Some(#one)),
            (false, false, _) => quote!(matches!(#subject, Some(#(#patterns)|*))),
            (false, true, _) => quote!(matches!(#subject, None | Some(#(#patterns)|*))),
            (true, false, _) => quote!(!matches!(#subject, None | Some(#(#patterns)|*))),
            (true, true, [one]) if is_copy(ty) || is_text(ty) => quote!(#subject != Some(#one)),
            (true, true, _) => quote!(!matches!(#subject, Some(#(#patterns)|*))),
        })
    }

    /// The test of a value that may be empty, as one pattern.
    fn or_empty(&self, value: &TokenStream, field: &Field, shape: Shape) -> Truth {
        let (literals, not) = match self.test {
            ConditionTest::Is(literals) => (literals, false),
            ConditionTest::IsNot(literals) => (literals, true),
            _ => {
                let name = ident(&field.rust);
                let Truth::If(test) = self.value(&quote!(#name), false, &field.ty, field) else { return Truth::Never };
                let test = |value: &TokenStream| quote!(matches!(#value, OrEmpty::Value(#name) if #test));
                let method = if self.if_missing { quote!(is_none_or) } else { quote!(is_some_and) };
                return Truth::If(match shape {
                    Shape::Option => {
                        let test = test(&quote!(#name));
                        quote!(#value.#method(|#name| #test))
                    }
                    _ => test(value),
                });
            }
        };
        let (empty, values): (Vec<_>, Vec<_>) =
            literals.iter().cloned().partition(|literal| field.is_empty_value(literal));
        let mut patterns = match self.patterns(&field.ty, &values) {
            Patterns::Texts(patterns) | Patterns::Values(patterns) => vec![quote!(OrEmpty::Value(#(#patterns)|*))],
            Patterns::None => Vec::new(),
        };
        patterns.extend((!empty.is_empty()).then(|| quote!(OrEmpty::Empty)));
        if shape == Shape::Option {
            patterns = vec![quote!(Some(#(#patterns)|*))];
            // What is absent passes where its default does, whatever is asked.
            patterns.extend((self.if_missing != not).then(|| quote!(None)));
        }
        Truth::If(if not {
            quote!(!matches!(#value, #(#patterns)|*))
        } else {
            quote!(matches!(#value, #(#patterns)|*))
        })
    }

    /// The test of a value that is there.
    fn value(&self, value: &TokenStream, borrowed: bool, ty: &FieldType, field: &Field) -> Truth {
        let plain = if borrowed { quote!(*#value) } else { value.clone() };
        let (literals, not) = match self.test {
            ConditionTest::Present => return Truth::Always,
            ConditionTest::Absent => return Truth::Never,
            ConditionTest::AtLeast(end) => {
                let end = number(ty, *end);
                return Truth::If(quote!(#plain >= #end));
            }
            ConditionTest::AtMost(end) => {
                let end = number(ty, *end);
                return Truth::If(quote!(#plain <= #end));
            }
            ConditionTest::Is(literals) => (literals, false),
            ConditionTest::IsNot(literals) => (literals, true),
        };
        let text = match ty {
            FieldType::String | FieldType::JsonText if field.secret => Some(quote!(#value.expose())),
            FieldType::String | FieldType::JsonText | FieldType::Time(_) => Some(quote!(#value.as_str())),
            _ => None,
        };
        match (self.patterns(ty, literals), text) {
            (Patterns::None, _) => Truth::of(not),
            (Patterns::Texts(patterns), text) => {
                compare(&text.unwrap_or(quote!(#value.as_str())), &patterns, not, true)
            }
            (Patterns::Values(patterns), _) => match (ty, literals.as_slice()) {
                (FieldType::Bool, [Literal::Bool(wanted)]) if *wanted != not => Truth::If(plain),
                (FieldType::Bool, [_]) => Truth::If(quote!(!#plain)),
                _ => compare(if is_copy(ty) { &plain } else { value }, &patterns, not, is_copy(ty)),
            },
        }
    }

    /// The test of a text that is always there, such as a union's tag.
    fn text(&self, value: &TokenStream) -> Truth {
        let (literals, not) = match self.test {
            ConditionTest::Present => return Truth::Always,
            ConditionTest::Is(literals) => (literals, false),
            ConditionTest::IsNot(literals) => (literals, true),
            ConditionTest::Absent | ConditionTest::AtLeast(_) | ConditionTest::AtMost(_) => return Truth::Never,
        };
        match self.patterns(&FieldType::String, literals) {
            Patterns::Texts(patterns) => compare(value, &patterns, not, true),
            _ => Truth::of(not),
        }
    }

    /// Literals as patterns of a type.
    fn patterns(&self, ty: &FieldType, literals: &[Literal]) -> Patterns {
        let texts = || literals.iter().filter_map(|literal| scalar(ty, literal)).collect::<Vec<_>>();
        let found = match ty {
            FieldType::String | FieldType::JsonText | FieldType::Time(_) => Patterns::Texts(texts()),
            FieldType::Named(id) => match &self.service.ty(*id).kind {
                TypeKind::Enum(kind) => {
                    let name = type_name(self.service, *id);
                    let variants: Option<Vec<_>> = literals
                        .iter()
                        .map(|literal| {
                            let Literal::String(text) = literal else { return None };
                            let value =
                                kind.values.iter().find(|value| value.wire == *text || value.aliases.contains(text))?;
                            let variant = ident(&value.rust);
                            Some(quote!(#name::#variant))
                        })
                        .collect();
                    variants.map_or_else(|| Patterns::Texts(texts()), Patterns::Values)
                }
                _ => Patterns::None,
            },
            _ if is_copy(ty) => Patterns::Values(texts()),
            _ => Patterns::None,
        };
        match found {
            Patterns::Texts(patterns) | Patterns::Values(patterns) if patterns.is_empty() => Patterns::None,
            found => found,
        }
    }
}

/// What values are matched against.
enum Patterns {
    Texts(Vec<TokenStream>),
    Values(Vec<TokenStream>),
    None,
}

fn compare(value: &TokenStream, patterns: &[TokenStream], not: bool, by_sign: bool) -> Truth {
    Truth::If(match (patterns, not) {
        ([one], false) if by_sign => quote!(#value == #one),
        ([one], true) if by_sign => quote!(#value != #one),
        (_, false) => quote!(matches!(#value, #(#patterns)|*)),
        (_, true) => quote!(!matches!(#value, #(#patterns)|*)),
    })
}

/// A test inside one pattern, and what another pattern comes to.
fn matched(
    value: &TokenStream,
    borrowed: bool,
    name: &Ident,
    pattern: impl Fn(TokenStream) -> TokenStream,
    inner: Truth,
    otherwise: bool,
) -> Truth {
    let any = pattern(quote!(_));
    match (inner.into_expression(), otherwise) {
        (Truth::Always, true) => Truth::Always,
        (Truth::Never | Truth::IfLet { .. }, false) => Truth::Never,
        (Truth::Always, false) => Truth::If(quote!(matches!(#value, #any))),
        (Truth::Never | Truth::IfLet { .. }, true) => Truth::If(quote!(!matches!(#value, #any))),
        (Truth::If(test), otherwise) => {
            let pattern = pattern(quote!(#name));
            let value = if borrowed { value.clone() } else { quote!(&#value) };
            if otherwise {
                Truth::If(quote!(match #value { #pattern => #test, _ => true }))
            } else {
                Truth::IfLet { pattern, value, test }
            }
        }
    }
}
