//! Constraints, defaults, examples and constants of every field.

use super::charset;
use super::constraints;
use super::draft::{Draft, FieldOrigin};
use super::literals::{self, Purpose};
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::evaluate::{broken, violations};
use crate::model::{Constraints, Encoding, Field, FieldType, Literal, Service, Severity, TypeId, TypeKind};
use crate::spec::constraints::Constraints as SpecConstraints;
use crate::spec::tree::{Value, ValueKind};

/// What is lowered for one field.
struct Lowered {
    constraints: Constraints,
    item_constraints: Constraints,
    default: Option<Literal>,
    example: Option<Literal>,
    constant: Option<Literal>,
}

/// Lowers what fields say about their values. All types are known by now.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for id in draft.ids() {
        let lowered: Vec<Lowered> =
            draft.fields(id).map(|(field, origin)| lower_field(&draft.service, field, origin, sink)).collect();
        store(draft, id, lowered);
    }
    for id in draft.ids() {
        for (field, origin) in draft.fields(id) {
            if origin.known {
                keep_rules(&draft.service, field, origin, sink);
            }
        }
    }
}

fn store(draft: &mut Draft<'_>, id: TypeId, lowered: Vec<Lowered>) {
    let Some(TypeKind::Record(record)) = draft.service.types.get_mut(id.0).map(|ty| &mut ty.kind) else { return };
    for (field, lowered) in record.fields.iter_mut().zip(lowered) {
        field.constraints = lowered.constraints;
        field.item_constraints = lowered.item_constraints;
        field.default = lowered.default;
        field.example = lowered.example;
        field.constant = lowered.constant;
    }
}

fn lower_field(service: &Service, field: &Field, origin: FieldOrigin<'_>, sink: &mut Sink) -> Lowered {
    let spec = origin.spec;
    let what = format!("field {}", quote(&field.wire));
    if !origin.known {
        let constant = spec.constant.as_ref().map(|_| Literal::String(String::new()));
        let (constraints, item_constraints) = (Constraints::default(), Constraints::default());
        return Lowered { constraints, item_constraints, default: None, example: None, constant };
    }
    let mut value = |value: &Option<Value>, code, name: &str| {
        let what = format!("the {name} of {what}");
        value.as_ref().and_then(|value| literals::lower_of(service, field, value, Purpose { code, what: &what }, sink))
    };
    let default = value(&spec.default, "bad-default", "default");
    let example = value(&spec.example, "bad-example", "example");
    // A constant that was reported stays one, or the example would have to give it.
    let constant = value(&spec.constant, "bad-const", "const")
        .or_else(|| spec.constant.as_ref().map(|_| Literal::String(String::new())));
    let constraints = constraints::lower(service, &field.ty, &spec.constraints, &what, sink);
    let item_constraints = match (&field.ty, items_of(field, origin)) {
        (FieldType::List(item) | FieldType::Map(item), Some(items)) => {
            constraints::lower(service, item, &items, &format!("an item of {what}"), sink)
        }
        (_, None) => Constraints::default(),
        _ => {
            spec.items.iter().for_each(|(span, _)| no_items(&what, *span, sink));
            Constraints::default()
        }
    };
    Lowered { constraints, item_constraints, default, example, constant }
}

/// The constraints of items: those of `items`, and those without which the field's encoding could not be read back.
fn items_of(field: &Field, origin: FieldOrigin<'_>) -> Option<SpecConstraints> {
    let stated = origin.spec.items.as_ref().map(|(_, items)| items);
    let coded = matches!(field.encoding, Encoding::Comma | Encoding::Numbered);
    let is_texts = matches!(&field.ty, FieldType::List(item) if **item == FieldType::String);
    let Some(coding) = origin.spec.encoding.as_ref().filter(|_| coded && is_texts) else { return stated.cloned() };
    let mut items = stated.cloned().unwrap_or_default();
    let says_all =
        items.values.as_ref().is_some_and(|list| list.value.iter().all(|listed| is_one_item(field, &listed.value)));
    if says_all {
        return Some(items);
    }
    if items.min_chars.as_ref().is_none_or(|least| least.value == 0) {
        items.min_chars = Some(Spanned { value: 1, span: coding.span });
    }
    let chars = items.chars.as_ref().and_then(|chars| charset::parse(&chars.value).ok());
    let no_commas = chars.is_some_and(|set| !set.ranges.iter().any(|(low, high)| (*low..=*high).contains(&',')));
    if field.encoding == Encoding::Comma && !no_commas {
        let list = items.excludes.get_or_insert(Spanned { value: Vec::new(), span: coding.span });
        if !list.value.iter().any(|text| text.value == ",") {
            list.value.push(Spanned { value: ",".to_owned(), span: coding.span });
        }
    }
    Some(items)
}

/// Whether a listed value comes out of the field's encoding as it went in.
fn is_one_item(field: &Field, value: &Value) -> bool {
    let ValueKind::String(text) = &value.kind else { return false };
    !(text.is_empty() || field.encoding == Encoding::Comma && text.contains(','))
}

fn no_items(what: &str, span: Span, sink: &mut Sink) {
    sink.error("constraint-type", span, format!("`items` is for lists and maps, and {what} is neither"))
        .help("write the constraints beside the field's other keys");
}

/// What a field states as a value keeps what it states about values.
fn keep_rules(service: &Service, field: &Field, origin: FieldOrigin<'_>, sink: &mut Sink) {
    let stated = [
        ("bad-default", "default", &field.default, &origin.spec.default),
        ("bad-example", "example", &field.example, &origin.spec.example),
        ("bad-const", "const", &field.constant, &origin.spec.constant),
    ];
    for (code, key, literal, spec) in stated {
        let (Some(literal), Some(spec)) = (literal, spec) else { continue };
        if sink.has_error_at(spec.span) || field.is_empty_value(literal) {
            continue;
        }
        let mut problems: Vec<(String, String, Severity)> = Vec::new();
        for broken in broken(&field.constraints, literal) {
            problems.push((broken.key.to_owned(), broken.message, field.severity));
        }
        for item in items(literal) {
            for broken in broken(&field.item_constraints, item) {
                problems.push((format!("items.{}", broken.key), broken.message, field.severity));
            }
        }
        // Unlisted values of enums were reported with their type.
        if let FieldType::Named(id) = &field.ty {
            let deeper = violations(service, *id, literal).into_iter().filter(|violation| violation.key != "enum");
            problems.extend(deeper.map(|violation| {
                let severity = violation.severity;
                (violation.key.to_owned(), violation.to_string(), severity)
            }));
        }
        for (broken, message, severity) in problems {
            let title = format!("the {key} of field {} breaks its own {}", quote(&field.wire), quote(&broken));
            match severity {
                // The vendor's own example may break what is only warned of.
                Severity::Warning if key == "example" => sink.warning("example-warning", spec.span, title),
                _ => sink.error(code, spec.span, title),
            }
            .help(message);
        }
    }
}

fn items(literal: &Literal) -> Vec<&Literal> {
    match literal {
        Literal::List(items) => items.iter().collect(),
        Literal::Table(members) => members.values().collect(),
        _ => Vec::new(),
    }
}
