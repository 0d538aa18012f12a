//! What generated code can take out of a record, or put into it, as it stands.

use crate::diagnostic::{Sink, Span, quote};
use crate::model::{FieldPath, Service, Step};

/// Whether the value at the end of a path is a plain one in Rust; reports what it is instead.
pub(crate) fn is_plain(service: &Service, path: &FieldPath, code: &'static str, span: Span, sink: &mut Sink) -> bool {
    let is_field = |step: &Step| matches!(step, Step::Field { .. });
    let (problem, help) = match path.last_field(service) {
        _ if !path.steps.iter().all(is_field) => ("goes into a union", "name a field that every answer may have"),
        Some(field) if field.constant.is_some() => ("has a `const`, so it is no field in Rust", "name another field"),
        Some(field) if field.secret => ("is `secret`", "name a field that may be shown"),
        Some(field) if field.allow_empty.is_some() => {
            ("has `allow-empty`", "name a field that is no more than its value")
        }
        _ => return true,
    };
    sink.error(code, span, format!("{} {problem}", quote(&path.text))).help(help);
    false
}

/// Whether a path is a field of the record that it starts in, and goes into no items.
pub(crate) fn is_own_field(path: &FieldPath) -> bool {
    matches!(path.steps.as_slice(), [Step::Field { each: false, .. }])
}
