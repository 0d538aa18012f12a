//! Lowers constraints: each fits the type it stands on, and together they leave something to be allowed.

use super::charset;
use super::draft;
use super::literals::{self, Purpose, integer_range};
use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use mediajobs_runtime::validate::predicates;

use crate::evaluate::{broken, compile, show};
use crate::model::{Bound, CharSet, Constraints, FieldType, Literal, Number, Service, TypeKind};
use crate::spec;
use crate::spec::constraints::Listed;
use crate::spec::reader::is_number;
use crate::spec::tree::{Value, ValueKind};

/// Lowers the constraints on a value of a type. `what` names the value in messages, e.g. ``field `MaxResults` ``.
pub(crate) fn lower(
    service: &Service,
    ty: &FieldType,
    spec: &spec::constraints::Constraints,
    what: &str,
    sink: &mut Sink,
) -> Constraints {
    for (key, span) in spec.keys() {
        if !fits(key, ty, service) {
            wrong_type(key, span, ty, service, what, sink);
        }
    }
    let texts = |list: &Option<Spanned<Vec<Spanned<String>>>>| -> Vec<String> {
        list.iter().flat_map(|list| &list.value).map(|text| text.value.clone()).collect()
    };
    let value = |number: &Option<Spanned<u64>>| number.as_ref().map(|number| number.value);
    let is_text = *ty == FieldType::String;
    let mut constraints = Constraints {
        min: bound(&spec.min, &spec.above, "above", ty, what, sink),
        max: bound(&spec.max, &spec.below, "below", ty, what, sink),
        multiple_of: spec.multiple_of.as_ref().and_then(|factor| multiple_of(factor, what, sink)),
        min_chars: value(&spec.min_chars),
        max_chars: value(&spec.max_chars),
        max_bytes: value(&spec.max_bytes),
        chars: char_set(&spec.chars, "chars", what, sink),
        first_chars: char_set(&spec.first_chars, "first-chars", what, sink),
        last_chars: char_set(&spec.last_chars, "last-chars", what, sink),
        contains: texts(&spec.contains),
        excludes: texts(&spec.excludes),
        starts_with: texts(&spec.starts_with),
        pattern: spec.pattern.as_ref().and_then(|text| pattern(text, what, sink)),
        predicate: spec.predicate.as_ref().and_then(|name| predicate(name, ty, what, sink)),
        values: Vec::new(),
        value_docs: Vec::new(),
        min_items: value(&spec.min_items),
        max_items: value(&spec.max_items),
        unique: spec.unique.is_some(),
    };
    if !range(spec, &constraints, ty, what, sink) {
        // No value could keep it, and saying so of each value would help nobody.
        (constraints.min, constraints.max) = (None, None);
    }
    sizes(spec, what, sink);
    if is_text {
        text_lists(spec, &constraints, what, sink);
    }
    (constraints.values, constraints.value_docs) =
        values(service, ty, spec, &constraints, what, sink).into_iter().unzip();
    if constraints.value_docs.iter().all(String::is_empty) {
        constraints.value_docs.clear();
    }
    constraints
}

/// Whether a key says anything about values of a type.
fn fits(key: &str, ty: &FieldType, service: &Service) -> bool {
    let is_integer = integer_range(ty).is_some();
    let is_number = is_integer || matches!(ty, FieldType::Float32 | FieldType::Float64);
    match key {
        "min" | "max" | "above" | "below" => is_number,
        "multiple-of" => is_integer,
        "values" => is_number || *ty == FieldType::String || is_enum(ty, service),
        "min-items" | "max-items" => matches!(ty, FieldType::List(_) | FieldType::Map(_) | FieldType::Json),
        "unique" => matches!(ty, FieldType::List(_)),
        "min-chars" | "max-chars" | "max-bytes" => matches!(ty, FieldType::String | FieldType::JsonText),
        "predicate" => matches!(ty, FieldType::String | FieldType::JsonText | FieldType::Json),
        _ => *ty == FieldType::String,
    }
}

fn is_enum(ty: &FieldType, service: &Service) -> bool {
    matches!(ty, FieldType::Named(id) if matches!(service.ty(*id).kind, TypeKind::Enum(_)))
}

fn wrong_type(key: &str, span: Span, ty: &FieldType, service: &Service, what: &str, sink: &mut Sink) {
    let message = format!("{} says nothing about {what}, which is `{}`", quote(key), draft::show(service, ty));
    let inner = match ty {
        FieldType::List(item) | FieldType::Map(item) if fits(key, item, service) => Some(item),
        _ => None,
    };
    let for_what = match key {
        "min" | "max" | "above" | "below" => "numbers",
        "multiple-of" => "integers",
        "values" => "texts and numbers",
        "min-items" | "max-items" => "lists, maps and `json`",
        "unique" => "lists",
        "min-chars" | "max-chars" | "max-bytes" => "the types `string` and `json-text`",
        "predicate" => "the types `string`, `json-text` and `json`",
        _ => "the type `string`",
    };
    let help = match inner {
        Some(_) => format!("put it into the table `items`, for each item: `items = {{ {key} = … }}`"),
        None => format!("it is for {for_what}"),
    };
    sink.error("constraint-type", span, message).help(help);
}

fn bound(
    inclusive: &Option<Spanned<Number>>,
    exclusive: &Option<Spanned<Number>>,
    exclusive_key: &str,
    ty: &FieldType,
    what: &str,
    sink: &mut Sink,
) -> Option<Bound> {
    if let (Some(first), Some(second)) = (inclusive, exclusive) {
        let message = format!("{what} has two ends of its range on one side");
        sink.error("empty-range", second.span, message)
            .label(first.span, "the other one")
            .help(format!("keep {} or the other", quote(exclusive_key)));
    }
    let (number, is_exclusive) = match (inclusive, exclusive) {
        (Some(number), _) => (number, false),
        (None, Some(number)) => (number, true),
        (None, None) => return None,
    };
    if let Some((low, high)) = integer_range(ty) {
        let problem = match number.value {
            Number::Float(_) => Some("is a fraction, and the field holds whole numbers".to_owned()),
            Number::Integer(value) if !(low..=high).contains(&value) => {
                Some(format!("lies outside of its type, which reaches from {low} to {high}"))
            }
            Number::Integer(_) => None,
        };
        if let Some(problem) = problem {
            let message = format!("an end of the range of {what} {problem}");
            sink.error("bound-out-of-type", number.span, message).help("mend the number or the field's type");
            return None;
        }
    }
    Some(Bound { value: number.value, exclusive: is_exclusive })
}

fn multiple_of(factor: &Spanned<i64>, what: &str, sink: &mut Sink) -> Option<i128> {
    if factor.value > 0 {
        return Some(factor.value.into());
    }
    let message = format!("{what} is to be a multiple of {}", factor.value);
    sink.error("multiple-of", factor.span, message).help("write a number of 1 or more");
    None
}

/// Whether the range has something in it.
fn range(
    spec: &spec::constraints::Constraints,
    lowered: &Constraints,
    ty: &FieldType,
    what: &str,
    sink: &mut Sink,
) -> bool {
    let (Some(min), Some(max)) = (lowered.min, lowered.max) else { return true };
    let (Some(low_span), Some(high_span)) = (span_of(&spec.min, &spec.above), span_of(&spec.max, &spec.below)) else {
        return true;
    };
    let empty = match (min.value, max.value) {
        (Number::Integer(low), Number::Integer(high)) if integer_range(ty).is_some() => {
            let low = low + i128::from(min.exclusive);
            let high = high - i128::from(max.exclusive);
            if low <= high && lowered.multiple_of.is_some_and(|factor| high.div_euclid(factor) * factor < low) {
                let span = spec.multiple_of.as_ref().map_or(low_span, |factor| factor.span);
                sink.error("multiple-of", span, format!("no multiple lies in the range of {what}"))
                    .label(low_span, "from here")
                    .label(high_span, "to here");
            }
            low > high
        }
        (low, high) => {
            let (low, high) = (float(low), float(high));
            low > high || low == high && (min.exclusive || max.exclusive)
        }
    };
    if empty {
        sink.error("empty-range", low_span, format!("no number lies in the range of {what}"))
            .label(high_span, "it ends here")
            .help("swap the ends or mend one of them");
    }
    !empty
}

fn span_of(a: &Option<Spanned<Number>>, b: &Option<Spanned<Number>>) -> Option<Span> {
    a.as_ref().or(b.as_ref()).map(|number| number.span)
}

fn float(number: Number) -> f64 {
    match number {
        Number::Integer(number) => number as f64,
        Number::Float(number) => number,
    }
}

/// The least size is no more than the greatest.
fn sizes(spec: &spec::constraints::Constraints, what: &str, sink: &mut Sink) {
    let pairs = [
        ("min-chars", &spec.min_chars, "max-chars", &spec.max_chars),
        ("min-chars", &spec.min_chars, "max-bytes", &spec.max_bytes),
        ("min-items", &spec.min_items, "max-items", &spec.max_items),
    ];
    for (min_key, min, max_key, max) in pairs {
        let (Some(min), Some(max)) = (min, max) else { continue };
        if min.value > max.value {
            let message =
                format!("{} of {what} is {}, more than {} = {}", quote(min_key), min.value, quote(max_key), max.value);
            sink.error("empty-range", min.span, message).label(max.span, "the most").help("swap the two or mend one");
        }
    }
    for (key, max) in [("max-chars", &spec.max_chars), ("max-bytes", &spec.max_bytes), ("max-items", &spec.max_items)] {
        let Some(max) = max.as_ref().filter(|max| max.value == 0) else { continue };
        let message = format!("{} of {what} is 0, which leaves only the empty value", quote(key));
        sink.error("empty-range", max.span, message).help("write 1 or more");
    }
}

fn char_set(text: &Option<Spanned<String>>, key: &str, what: &str, sink: &mut Sink) -> Option<CharSet> {
    let text = text.as_ref()?;
    match charset::parse(&text.value) {
        Ok(set) => Some(set),
        Err(problem) => {
            let message = format!("{} of {what} is no set of characters: {problem}", quote(key));
            sink.error("bad-chars", text.span, message)
                .help("write single characters and ranges, e.g. `A-Za-z0-9_-`; a `-` at the end is itself");
            None
        }
    }
}

/// A regular expression that can be read.
pub(crate) fn pattern(text: &Spanned<String>, what: &str, sink: &mut Sink) -> Option<String> {
    if let Err(error) = regex_lite::Regex::new(&text.value) {
        let message = format!("the regular expression for {what} can't be read: {}", one_line(&error.to_string()));
        sink.error("bad-pattern", text.span, message)
            .help("there are classes, repetition, groups and `|`; for look-around use a `predicate`");
        return None;
    }
    let (front, end) = anchors(&text.value);
    if front || end {
        let message = match (front, end) {
            (true, true) => "begins with `^` and ends with `$`",
            (true, false) => "begins with `^`",
            _ => "ends with `$`",
        };
        let inner = text.value.strip_prefix('^').unwrap_or(&text.value);
        let inner = if end { inner.strip_suffix('$').unwrap_or(inner) } else { inner };
        sink.error("bad-pattern", text.span, format!("the regular expression for {what} {message}"))
            .help(format!("it matches the whole text anyway: write {}", quote(inner)));
        return None;
    }
    compile(&text.value).map(|_| text.value.clone())
}

/// Whether an expression begins with `^` and ends with a `$` that is not escaped.
fn anchors(text: &str) -> (bool, bool) {
    let end = text.strip_suffix('$').is_some_and(|rest| {
        let escapes = rest.len() - rest.trim_end_matches('\\').len();
        escapes.is_multiple_of(2)
    });
    (text.starts_with('^'), end)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn predicate(name: &Spanned<String>, ty: &FieldType, what: &str, sink: &mut Sink) -> Option<String> {
    if predicates::find(&name.value).is_some() {
        let of_json = matches!(ty, FieldType::Json | FieldType::JsonText);
        if of_json && name.value != "json-object" {
            let message = match name.value.as_str() {
                "json" => format!("{what} holds well-formed JSON anyway"),
                other => format!("{what} holds JSON, of which {} says nothing", quote(other)),
            };
            let help = "remove it, or write `predicate = \"json-object\"` where only an object will do";
            sink.error("constraint-type", name.span, message).help(help);
            return None;
        }
        return Some(name.value.clone());
    }
    let message = format!("the `predicate` of {what} is {}, which the runtime does not have", quote(&name.value));
    let help = suggest(&name.value, "predicates", predicates::ALL.iter().map(|predicate| predicate.name));
    sink.error("unknown-predicate", name.span, message).maybe_help(help);
    None
}

/// Texts in lists hold something, and the other constraints allow them.
fn text_lists(spec: &spec::constraints::Constraints, lowered: &Constraints, what: &str, sink: &mut Sink) {
    let limits = Constraints {
        max_chars: lowered.max_chars,
        max_bytes: lowered.max_bytes,
        chars: lowered.chars.clone(),
        excludes: lowered.excludes.clone(),
        ..Constraints::default()
    };
    for (key, list) in [("contains", &spec.contains), ("excludes", &spec.excludes), ("starts-with", &spec.starts_with)]
    {
        let Some(list) = list else { continue };
        if list.value.is_empty() && !sink.has_error_within(list.span) {
            let message = format!("{} of {what} is an empty list", quote(key));
            sink.error("bad-text-list", list.span, message).help("list a text or remove the key");
        }
        for text in &list.value {
            if text.value.is_empty() {
                let message = format!("{} of {what} lists an empty text, which every text has", quote(key));
                sink.error("bad-text-list", text.span, message).help("remove it");
            } else if key != "excludes" {
                for broken in broken(&limits, &Literal::String(text.value.clone())) {
                    let message = format!(
                        "{} of {what} lists {}, which {} rules out",
                        quote(key),
                        quote(&text.value),
                        quote(broken.key)
                    );
                    sink.error("bad-text-list", text.span, message).help(broken.message);
                }
            }
        }
    }
}

/// The listed values are of the type, are listed once, and keep the other constraints.
fn values(
    service: &Service,
    ty: &FieldType,
    spec: &spec::constraints::Constraints,
    lowered: &Constraints,
    what: &str,
    sink: &mut Sink,
) -> Vec<(Literal, String)> {
    let Some(list) = spec.values.as_ref().filter(|_| fits("values", ty, service)) else { return Vec::new() };
    if list.value.is_empty() && !sink.has_error_within(list.span) {
        let message = format!("`values` of {what} is an empty list, so nothing is allowed");
        sink.error("bad-values", list.span, message).help("list a value or remove the key");
    }
    let what = format!("an item of `values` of {what}");
    let mut values: Vec<(Literal, String)> = Vec::new();
    for Listed { value, doc } in &list.value {
        let purpose = Purpose { code: "bad-values", what: &what };
        // The name of a key is a text, also where it stands for a number.
        let value = &if doc.is_some() { as_number(ty, value) } else { value.clone() };
        let Some(literal) = literals::lower(service, ty, value, purpose, sink) else { continue };
        if values.iter().any(|(known, _)| *known == literal) {
            sink.error("bad-values", value.span, format!("{} is listed twice", show(&literal))).help("remove one");
            continue;
        }
        for broken in broken(lowered, &literal) {
            let message = format!("{} is listed, and {} rules it out", show(&literal), quote(broken.key));
            sink.error("bad-values", value.span, message).help(broken.message);
        }
        values.push((literal, doc.as_ref().map(|doc| doc.value.clone()).unwrap_or_default()));
    }
    values
}

/// A text as the number that it is, where the type is one of numbers.
fn as_number(ty: &FieldType, value: &Value) -> Value {
    let ValueKind::String(text) = &value.kind else { return value.clone() };
    let is_float = matches!(ty, FieldType::Float32 | FieldType::Float64);
    let kind = match text.parse::<i64>() {
        Ok(number) if is_float || integer_range(ty).is_some() => ValueKind::Integer(number),
        _ if is_float && is_number(text) => text.parse().map_or_else(|_| value.kind.clone(), ValueKind::Float),
        _ => value.kind.clone(),
    };
    Value { span: value.span, kind }
}
