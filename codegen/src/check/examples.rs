//! `[example]`: the documented request has fields of the right kind and breaks nothing that its spec states.

use super::draft::{Draft, FieldOrigin};
use super::literals::{self, Purpose};
use crate::diagnostic::{Sink, Span, quote};
use crate::evaluate::{PathStep, Violation, violations};
use crate::model::{Field, Literal, Severity, TypeId};
use crate::spec::tree::{Table, Value, ValueKind};

/// Lowers the example of every operation and holds it to constraints and rules.
pub(crate) fn lower(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.operations.len() {
        let Some(spec) = draft.operations.get(index).map(|origin| origin.spec) else { continue };
        let Some(request) = draft.service.operations.get(index).map(|operation| operation.request) else { continue };
        let Some(table) = &spec.example else {
            if draft.fields(request).any(|(field, _)| field.constant.is_none()) {
                let span = if spec.name.value.is_empty() { spec.span } else { spec.name.span };
                sink.error("example-missing", span, "the operation has request fields and no `example`")
                    .help("add `[example]` with the documented request");
            }
            continue;
        };
        let Some(record) = draft.service.record(request) else { continue };
        let purpose = Purpose { code: "bad-example", what: "the example" };
        let before = sink.errors();
        let members = literals::lower_members(&draft.service, record, table, purpose, sink);
        let whole = sink.errors() == before;
        judge(draft, request, &members, table, whole, sink);
        if let Some(operation) = draft.service.operations.get_mut(index) {
            operation.example = members;
        }
    }
}

fn judge(
    draft: &Draft<'_>,
    request: TypeId,
    members: &indexmap::IndexMap<String, Literal>,
    table: &Table,
    whole: bool,
    sink: &mut Sink,
) {
    let found = violations(&draft.service, request, &Literal::Table(members.clone()));
    for violation in found {
        // What is not there because it was wrong was reported; unlisted values and variants were too.
        let written = place(table, &violation.path);
        let absence = violation.rule.is_some() || violation.key == "required" && !written.1;
        // It is there, and was reported for what it is.
        let unreadable = violation.key == "required" && written.1 && !is_lowered(members, &violation.path);
        if unreadable
            || matches!(violation.key, "enum" | "tag")
            || absence && !whole && known_absent(draft, request, &violation, table)
        {
            continue;
        }
        report(draft, &violation, written.0, written.1, sink);
    }
}

/// Whether a member came through: one of a wrong kind is written and did not.
fn is_lowered(members: &indexmap::IndexMap<String, Literal>, path: &[PathStep]) -> bool {
    let mut at: Option<&Literal> = None;
    for step in path {
        let next = match (step, at) {
            (PathStep::Member(name), None) => members.get(name),
            (PathStep::Member(name), Some(Literal::Table(members))) => members.get(name),
            (PathStep::Item(item), Some(Literal::List(items))) => items.get(*item),
            _ => None,
        };
        match next {
            Some(next) => at = Some(next),
            None => return false,
        }
    }
    true
}

/// Whether a violation may come from a member that is written and was not lowered.
fn known_absent(draft: &Draft<'_>, request: TypeId, violation: &Violation, table: &Table) -> bool {
    let Some(PathStep::Member(first)) = violation.path.first() else { return true };
    let mut fields = draft.fields(request);
    fields.any(|(field, _): (&Field, FieldOrigin<'_>)| field.wire == *first) && table.get(first).is_some()
}

fn report(draft: &Draft<'_>, violation: &Violation, span: Span, written: bool, sink: &mut Sink) {
    let place = match violation.path.is_empty() {
        true => String::new(),
        false => format!(" at {}", quote(&violation.place())),
    };
    if violation.key == "required" && !written {
        let message = format!("the example has no {}, which is required", quote(&violation.place()));
        sink.error("example-incomplete", span, message).help("add it to the example");
        return;
    }
    let message = format!("the example breaks {}{place}: {}", quote(violation.key), violation.message);
    let report = match violation.severity {
        Severity::Warning => sink
            .warning("example-warning", span, message)
            .help("mend the example, or say with `[[allow]]` why the vendor's is kept"),
        Severity::Error => sink.error("example-violation", span, message).help("mend the example or what it breaks"),
    };
    // Rules that could not be lowered have no index in the text; the sentence tells which it is.
    let mut rules = draft.origin(violation.record).rules.iter();
    if let Some(rule) = rules.find(|rule| violation.rule.is_some() && rule.doc.value == violation.message) {
        report.label(rule.span, "this rule");
    }
}

/// The innermost place of a path that the example has, and whether that is the whole path.
fn place(table: &Table, path: &[PathStep]) -> (Span, bool) {
    let mut span = table.span;
    let mut at: Option<&Value> = None;
    for (index, step) in path.iter().enumerate() {
        let next = match (step, at.map(|value| &value.kind)) {
            (PathStep::Member(name), None) if index == 0 => table.get(name),
            (PathStep::Member(name), Some(ValueKind::Table(table))) => table.get(name),
            (PathStep::Item(item), Some(ValueKind::Array(items))) => items.get(*item),
            _ => None,
        };
        let Some(next) = next else { return (span, false) };
        (span, at) = (next.span, Some(next));
    }
    (span, true)
}
