//! Rules and their conditions: paths through records become expressions.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::shape::{Shape, holds_enum, ident, integer, is_copy, is_text, item, number, scalar, type_name};
use super::text::one_line;
use super::validate;
use crate::model::{
    Condition, ConditionTest, Field, FieldPath, FieldType, Literal, Number, Rule, RuleKind, Service, Severity, Step,
    TypeId, TypeKind,
};

/// The statements that check the rules of a record whose fields are members of `self`.
pub(crate) fn rules(service: &Service, rules: &[Rule]) -> Vec<TokenStream> {
    rules.iter().filter_map(|rule| rule_statement(service, rule)).collect()
}

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

fn field_of(service: &Service, record: TypeId, field: usize) -> Option<&Field> {
    service.record(record).and_then(|record| record.fields.get(field))
}

fn tag_of(service: &Service, union: TypeId) -> Option<&str> {
    match &service.ty(union).kind {
        TypeKind::Union(union) => Some(&union.tag),
        _ => None,
    }
}

fn rule_statement(service: &Service, rule: &Rule) -> Option<TokenStream> {
    let mut conditions = Vec::new();
    for condition in &rule.when {
        match condition_holds(service, condition) {
            Truth::Always => {}
            Truth::Never => return None,
            Truth::If(test) => conditions.push(test),
            Truth::IfLet { pattern, value, test } => conditions.push(quote!(let #pattern = #value && #test)),
        }
    }
    let doc = one_line(&rule.doc);
    let warning = (rule.severity == Severity::Warning).then(|| quote!(.warning()));
    let source = rule.source.as_ref().map(|source| quote!(.source(#source)));
    let begin = quote! { check.rule(#doc) #warning #source };
    let (method, paths) = match &rule.kind {
        RuleKind::Constrain(path, constraints) => {
            return constrain(service, conditions, path, &|leaf| validate::constrained(&begin, leaf, constraints));
        }
        RuleKind::AtMostOne(paths) => ("at_most_one", paths),
        RuleKind::ExactlyOne(paths) => ("exactly_one", paths),
        RuleKind::AtLeastOne(paths) => ("at_least_one", paths),
        RuleKind::Together(paths) => ("together", paths),
        RuleKind::Require(paths) => ("require", paths),
        RuleKind::Forbid(paths) => ("forbid", paths),
    };
    let method = ident(method);
    let members = paths.iter().map(|path| {
        let name = wire_path(service, path);
        let present = present(service, path);
        quote! { (#name, #present) }
    });
    let demand = quote! { #begin.#method(&[#(#members),*]); };
    Some(if conditions.is_empty() { demand } else { quote! { if #(#conditions)&&* { #demand } } })
}

/// Whether the field at the end of a path is present.
fn present(service: &Service, path: &FieldPath) -> TokenStream {
    let condition = Condition { path: path.clone(), test: ConditionTest::Present, or_default: false };
    match condition_holds(service, &condition).into_expression() {
        Truth::Always => quote!(true),
        Truth::If(test) => test,
        Truth::Never | Truth::IfLet { .. } => quote!(false),
    }
}

/// What is known of a condition before there is a request.
enum Truth {
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

fn condition_holds(service: &Service, condition: &Condition) -> Truth {
    let last = condition.path.steps.iter().rev().find_map(|step| match step {
        Step::Field { record, field, .. } => field_of(service, *record, *field),
        _ => None,
    });
    let default = last.and_then(|field| field.default.as_ref()).filter(|_| condition.or_default);
    let absent = matches!(condition.test, ConditionTest::Absent);
    let eye = Eye {
        service,
        test: &condition.test,
        if_missing: absent || default.is_some_and(|default| holds(&condition.test, default)),
        if_other_variant: absent,
    };
    eye.follow(&quote!(self), &ident("record"), false, &condition.path.steps)
}

/// A condition's test of a known value.
fn holds(test: &ConditionTest, value: &Literal) -> bool {
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
            return Truth::of(holds(self.test, constant));
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
            (Patterns::Texts(patterns), text) => compare(&text.unwrap_or(quote!(#value.as_str())), &patterns, not, true),
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
                            let value = kind.values.iter().find(|value| value.wire == *text || value.aliases.contains(text))?;
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

fn variant_name(service: &Service, union: TypeId, variant: usize) -> Option<Ident> {
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
    /// Whether it is an `Option`.
    pub(crate) optional: bool,
}

/// Goes to the value at the end of a path, in loops over lists, and does something with it there.
fn constrain(
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
    let mut found: Option<(&FieldType, bool, bool)> = None;
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
                    found = item(&field.ty).map(|item| (item, field.secret, false));
                } else if is_last || shape == Shape::Plain {
                    (place, borrowed) = (access, false);
                    found = Some((&field.ty, field.secret, shape.is_optional()));
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
                found = Some((&FieldType::String, false, false));
            }
        }
    }
    let (ty, secret, optional) = found?;
    let path = if way.loops > 0 {
        quote!(&format!(#name))
    } else {
        let name = name.replace("{{", "{").replace("}}", "}");
        quote!(#name)
    };
    Some(way.wrap(act(Leaf { service, path, value: place, borrowed, ty, secret, optional })?))
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

/// A count as a literal.
pub(crate) fn count(value: u64) -> TokenStream {
    integer(i128::from(value))
}
