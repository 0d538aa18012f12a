//! Judges one value by one set of constraints.

use std::cmp::Ordering;

use mediajobs_runtime::validate::predicates;

use super::show;
use crate::model::{Bound, CharSet, Constraints, Literal, Number};

/// A constraint that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The key of the spec, e.g. `max-chars`.
    pub key: &'static str,
    /// What is wrong, as a sentence about "it".
    pub message: String,
}

/// Every constraint that a value breaks. Constraints on other kinds of value are passed over.
pub fn broken(constraints: &Constraints, value: &Literal) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut report = |key, message| broken.push(Broken { key, message });
    match value {
        Literal::Integer(_) | Literal::Float(_) => number(constraints, value, &mut report),
        Literal::String(value) => text(constraints, value, &mut report),
        Literal::List(items) => {
            size(constraints, items.len(), "items", &mut report);
            if constraints.unique && items.iter().enumerate().any(|(index, item)| items[..index].contains(item)) {
                report("unique", "it has an item twice".to_owned());
            }
        }
        Literal::Table(members) => size(constraints, members.len(), "members", &mut report),
        Literal::Bool(_) => {}
    }
    let is_object = matches!(value, Literal::Table(_) | Literal::String(_));
    if constraints.predicate.as_deref() == Some("json-object") && !is_object {
        report("predicate", format!("{} is no JSON object", show(value)));
    }
    if !constraints.values.is_empty() && !constraints.values.contains(value) {
        report("values", format!("{} is not among the values allowed", show(value)));
    }
    broken
}

/// How a number stands to another; none where it is no number.
pub(super) fn compare(value: &Literal, other: Number) -> Option<Ordering> {
    match (value, other) {
        (Literal::Integer(a), Number::Integer(b)) => Some(a.cmp(&b)),
        (Literal::Integer(a), Number::Float(b)) => (*a as f64).partial_cmp(&b),
        (Literal::Float(a), Number::Integer(b)) => a.partial_cmp(&(b as f64)),
        (Literal::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        _ => None,
    }
}

fn number(constraints: &Constraints, value: &Literal, report: &mut impl FnMut(&'static str, String)) {
    let end = |bound: &Bound| match bound.value {
        Number::Integer(number) => number.to_string(),
        Number::Float(number) => number.to_string(),
    };
    if let Some(min) = &constraints.min {
        let order = compare(value, min.value);
        if order == Some(Ordering::Less) || min.exclusive && order == Some(Ordering::Equal) {
            let (key, than) = if min.exclusive { ("above", "not more than") } else { ("min", "less than") };
            report(key, format!("{} is {than} {}", show(value), end(min)));
        }
    }
    if let Some(max) = &constraints.max {
        let order = compare(value, max.value);
        if order == Some(Ordering::Greater) || max.exclusive && order == Some(Ordering::Equal) {
            let (key, than) = if max.exclusive { ("below", "not less than") } else { ("max", "more than") };
            report(key, format!("{} is {than} {}", show(value), end(max)));
        }
    }
    if let (Some(factor), Literal::Integer(number)) = (constraints.multiple_of, value)
        && number.checked_rem(factor).is_some_and(|rest| rest != 0)
    {
        report("multiple-of", format!("{} is no multiple of {factor}", show(value)));
    }
}

fn text(constraints: &Constraints, text: &str, report: &mut impl FnMut(&'static str, String)) {
    let chars = text.chars().count() as u64;
    if let Some(min) = constraints.min_chars.filter(|min| chars < *min) {
        report("min-chars", format!("it has {chars} characters, fewer than {min}"));
    }
    if let Some(max) = constraints.max_chars.filter(|max| chars > *max) {
        report("max-chars", format!("it has {chars} characters, more than {max}"));
    }
    let bytes = text.len() as u64;
    if let Some(max) = constraints.max_bytes.filter(|max| bytes > *max) {
        report("max-bytes", format!("it has {bytes} bytes, more than {max}"));
    }
    characters(constraints, text, report);
    parts(constraints, text, report);
    if let Some(pattern) = &constraints.pattern
        && !matches_whole(pattern, text)
    {
        report("pattern", format!("it does not match `{pattern}`"));
    }
    if let Some(name) = &constraints.predicate
        && predicates::find(name).is_some_and(|predicate| !(predicate.holds)(text))
    {
        report("predicate", format!("it is not what `{name}` asks for"));
    }
}

fn characters(constraints: &Constraints, text: &str, report: &mut impl FnMut(&'static str, String)) {
    let outside =
        |set: &Option<CharSet>, c: char| set.as_ref().filter(|set| !set.contains(c)).map(|set| set.text.clone());
    if let Some((c, set)) = text.chars().find_map(|c| Some((c, outside(&constraints.chars, c)?))) {
        report("chars", format!("it holds `{}`, which is not of `{set}`", c.escape_debug()));
    }
    if let Some((c, set)) = text.chars().next().and_then(|c| Some((c, outside(&constraints.first_chars, c)?))) {
        report("first-chars", format!("it begins with `{}`, which is not of `{set}`", c.escape_debug()));
    }
    if let Some((c, set)) = text.chars().last().and_then(|c| Some((c, outside(&constraints.last_chars, c)?))) {
        report("last-chars", format!("it ends with `{}`, which is not of `{set}`", c.escape_debug()));
    }
}

fn parts(constraints: &Constraints, text: &str, report: &mut impl FnMut(&'static str, String)) {
    let list = |parts: &[String]| crate::diagnostic::any_of(parts);
    let Constraints { contains, excludes, starts_with, .. } = constraints;
    if !contains.is_empty() && !contains.iter().any(|part| text.contains(part.as_str())) {
        report("contains", format!("it does not contain {}", list(contains)));
    }
    if let Some(part) = excludes.iter().find(|part| text.contains(part.as_str())) {
        report("excludes", format!("it contains {}", list(std::slice::from_ref(part))));
    }
    if !starts_with.is_empty() && !starts_with.iter().any(|part| text.starts_with(part.as_str())) {
        report("starts-with", format!("it does not start with {}", list(starts_with)));
    }
}

fn size(constraints: &Constraints, size: usize, things: &str, report: &mut impl FnMut(&'static str, String)) {
    let size = size as u64;
    if let Some(min) = constraints.min_items.filter(|min| size < *min) {
        report("min-items", format!("it has {size} {things}, fewer than {min}"));
    }
    if let Some(max) = constraints.max_items.filter(|max| size > *max) {
        report("max-items", format!("it has {size} {things}, more than {max}"));
    }
}

/// Whether a pattern matches the whole text; a pattern that does not compile matches all, for it was reported.
pub(crate) fn matches_whole(pattern: &str, text: &str) -> bool {
    compile(pattern).is_none_or(|regex| regex.is_match(text))
}

/// A pattern as it is meant: of the whole text.
pub(crate) fn compile(pattern: &str) -> Option<regex_lite::Regex> {
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).ok()
}
