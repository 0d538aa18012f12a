//! Lowers the conditions of rules.

use super::draft::{self, Draft};
use super::literals::{self, Purpose, integer_range};
use super::paths::Resolved;
use super::rules::{always_present, resolve};
use crate::diagnostic::{Sink, Span, Spanned, all_of, quote, suggest};
use crate::model::{Condition, ConditionTest, FieldPath, FieldType, Literal, Number, Service, Step, TypeId, TypeKind};
use crate::spec::rule::{self, Test};
use crate::spec::tree::{Value, ValueKind};

/// Lowers one condition of a rule of a record.
pub(crate) fn lower(draft: &Draft<'_>, record: TypeId, spec: &rule::Condition, sink: &mut Sink) -> Option<Condition> {
    let test = one_test(spec, sink);
    let path = spec.field.as_ref()?;
    let resolved = resolve(draft, record, path, sink)?;
    let test = test?;
    if !draft.knows(&resolved.path.steps) {
        return None;
    }
    let service = &draft.service;
    or_default(service, spec, &resolved, test, sink);
    let lowered = lower_test(service, &resolved, test, sink)?;
    pointless(service, &resolved, &lowered, path, test.span, sink);
    Some(Condition { path: resolved.path, test: lowered, or_default: spec.or_default.is_some() })
}

fn one_test<'a>(spec: &'a rule::Condition, sink: &mut Sink) -> Option<&'a Spanned<Test>> {
    const TESTS: &[&str] = &["present", "absent", "is", "is-not", "at-least", "at-most"];
    let help = format!("a condition has exactly one of {}", all_of(TESTS));
    match spec.tests.as_slice() {
        [test] => Some(test),
        [] if spec.broken => None,
        [] => {
            sink.error("condition-test", spec.span, "the condition does not say what to look for").help(help);
            None
        }
        [first, second, ..] => {
            sink.error("condition-test", second.span, "the condition looks for two things")
                .label(first.span, "the other one")
                .help(format!("{help}; several conditions all have to hold"));
            None
        }
    }
}

fn or_default(service: &Service, spec: &rule::Condition, resolved: &Resolved, test: &Spanned<Test>, sink: &mut Sink) {
    let Some(span) = spec.or_default else { return };
    if matches!(test.value, Test::Present | Test::Absent) {
        sink.error("condition-default", span, "`or-default` takes a value, and the condition asks for none")
            .help("remove `or-default`");
    } else if resolved.path.last_field(service).is_none_or(|field| field.default.is_none()) {
        let message = format!("{} has no default to take", quote(&resolved.path.text));
        sink.error("condition-default", span, message).help("write the field's `default`, or remove `or-default`");
    }
}

fn lower_test(service: &Service, resolved: &Resolved, test: &Spanned<Test>, sink: &mut Sink) -> Option<ConditionTest> {
    Some(match &test.value {
        Test::Present => ConditionTest::Present,
        Test::Absent => ConditionTest::Absent,
        Test::Is(values) => ConditionTest::Is(lower_values(service, resolved, values, test.span, sink)?),
        Test::IsNot(values) => ConditionTest::IsNot(lower_values(service, resolved, values, test.span, sink)?),
        Test::AtLeast(number) => ConditionTest::AtLeast(lower_number(service, resolved, *number, test.span, sink)?),
        Test::AtMost(number) => ConditionTest::AtMost(lower_number(service, resolved, *number, test.span, sink)?),
    })
}

fn lower_number(service: &Service, resolved: &Resolved, number: Number, span: Span, sink: &mut Sink) -> Option<Number> {
    let is_integer = integer_range(&resolved.ty).is_some();
    if is_integer && matches!(number, Number::Integer(_))
        || matches!(resolved.ty, FieldType::Float32 | FieldType::Float64)
    {
        return Some(number);
    }
    let found = draft::describe(service, &resolved.ty);
    let message = match is_integer {
        true => {
            format!("{} holds whole numbers, and the condition compares it with a fraction", quote(&resolved.path.text))
        }
        false => format!("{} is {found}, and the condition compares it with a number", quote(&resolved.path.text)),
    };
    let help = match resolved.ty {
        FieldType::List(_) => Some(format!("write `{}[]` to look at its items", resolved.path.text)),
        _ if is_integer => Some("compare it with a whole number".to_owned()),
        _ => Some("use `is`, or name a field that holds a number".to_owned()),
    };
    sink.error("condition-value", span, message).maybe_help(help);
    None
}

fn lower_values(
    service: &Service,
    resolved: &Resolved,
    values: &[Value],
    span: Span,
    sink: &mut Sink,
) -> Option<Vec<Literal>> {
    let path = quote(&resolved.path.text);
    if let FieldType::List(_) = resolved.ty {
        sink.error("condition-value", span, format!("{path} is a list, and the condition looks for one value"))
            .help(format!("write `{}[]` to look at its items", resolved.path.text));
        return None;
    }
    if values.is_empty() {
        sink.error("condition-value", span, "the condition lists no value").help("list the values to look for");
        return None;
    }
    let what = format!("a value that the condition looks for in {path}");
    let purpose = Purpose { code: "condition-value", what: &what };
    let lowered: Vec<Option<Literal>> = match tag_variants(service, &resolved.path) {
        Some(wires) => values.iter().map(|value| variant(value, &wires, &path, sink)).collect(),
        None => match resolved.path.last_field(service).filter(|field| field.ty == resolved.ty) {
            Some(field) => {
                values.iter().map(|value| literals::lower_of(service, field, value, purpose, sink)).collect()
            }
            None => values.iter().map(|value| literals::lower(service, &resolved.ty, value, purpose, sink)).collect(),
        },
    };
    lowered.into_iter().collect()
}

/// The variants, where a path ends at a union's tag.
fn tag_variants<'a>(service: &'a Service, path: &FieldPath) -> Option<Vec<&'a str>> {
    let Step::Tag { union } = path.steps.last()? else { return None };
    let TypeKind::Union(union) = &service.ty(*union).kind else { return None };
    Some(union.variants.iter().map(|variant| variant.wire.as_str()).collect())
}

fn variant(value: &Value, wires: &[&str], path: &str, sink: &mut Sink) -> Option<Literal> {
    if let ValueKind::String(text) = &value.kind {
        if wires.contains(&text.as_str()) {
            return Some(Literal::String(text.clone()));
        }
        let message = format!("the condition looks for {} in {path}, which is no variant", quote(text));
        sink.error("condition-value", value.span, message).maybe_help(suggest(text, "variants", wires.iter().copied()));
        return None;
    }
    sink.error(
        "condition-value",
        value.span,
        format!("the condition looks for {} in {path}, which is a text", value.describe()),
    )
    .help("write it in quotes");
    None
}

/// A condition that always or never holds was not meant like that.
fn pointless(
    service: &Service,
    resolved: &Resolved,
    test: &ConditionTest,
    path: &Spanned<String>,
    span: Span,
    sink: &mut Sink,
) {
    let constant = resolved.path.last_field(service).and_then(|field| field.constant.as_ref());
    let path = quote(&path.value);
    let holds = match (test, constant) {
        (ConditionTest::Present, _) if always_present(service, &resolved.path) => true,
        (ConditionTest::Absent, _) if always_present(service, &resolved.path) => false,
        (ConditionTest::Is(values), Some(constant)) => values.contains(constant),
        (ConditionTest::IsNot(values), Some(constant)) => !values.contains(constant),
        _ => return,
    };
    if holds {
        sink.warning(
            "condition-always-holds",
            span,
            format!("this is always so: {path} is always present, or always the same"),
        )
        .help("remove the condition");
    } else {
        sink.error(
            "condition-never-holds",
            span,
            format!("this is never so: {path} is always present, or always the same"),
        )
        .help("remove the rule or mend the condition");
    }
}
