//! In how many examples each field of the specs occurs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mediajobs_codegen::model::{FieldType, Service, TypeId, TypeKind};

use crate::example::Example;
use crate::judge::{self, Documented};
use crate::meaning;
use crate::suite::{Suite, Target};

/// The count of every field of an operation, in the order of the specs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The service.
    pub service: String,
    /// The vendor's name of the operation.
    pub operation: String,
    /// The fields of the request, each with the number of examples it occurs in.
    pub request: Vec<(String, usize)>,
    /// The fields of the answer.
    pub response: Vec<(String, usize)>,
}

/// Counts the fields of every operation.
///
/// # Errors
/// The specs and the clients do not know the same operations, or an example can't be read.
pub fn count(suite: &Suite, examples: &[Example]) -> Result<Vec<Coverage>, String> {
    suite.targets()?.into_iter().map(|target| one(suite, target, examples)).collect()
}

fn one(suite: &Suite, target: Target<'_>, examples: &[Example]) -> Result<Coverage, String> {
    let Target { service, operation, .. } = target;
    let mut counts: [BTreeMap<String, usize>; 2] = Default::default();
    for example in examples.iter().filter(|example| example.unchecked.is_none()) {
        let is = judge::targets(suite, example)?.iter().any(|of| std::ptr::eq(of.operation, operation));
        if !is {
            continue;
        }
        let failed = |error| format!("{}: {error}", example.file.display());
        if let Some(request) = judge::http_request(target, example).map_err(failed)? {
            let said = meaning::request(service, operation, &request, false).map_err(failed)?;
            add(&mut counts[0], said.occurring);
        }
        if let (Some(text), Some(response)) =
            (&example.response, judge::http_response(target, example).map_err(failed)?)
        {
            let status = response.status().as_u16();
            if judge::documented_refusal(service, text, status) == Documented::Success {
                let said = meaning::answer(service, operation, response.body(), false).map_err(failed)?;
                add(&mut counts[1], said.occurring);
            }
        }
    }
    let counted = |record, counts: &BTreeMap<String, usize>| {
        let names = paths(service, record);
        names.into_iter().map(|name| (name.clone(), counts.get(&name).copied().unwrap_or(0))).collect()
    };
    Ok(Coverage {
        service: service.name.clone(),
        operation: operation.name.clone(),
        request: counted(operation.request, &counts[0]),
        response: counted(operation.response, &counts[1]),
    })
}

/// Counts a field once for an example, however often it occurs in it.
fn add(counts: &mut BTreeMap<String, usize>, mut occurring: Vec<String>) {
    occurring.sort();
    occurring.dedup();
    for path in occurring {
        *counts.entry(path).or_default() += 1;
    }
}

/// The path of every field of a record and of the records in it.
pub fn paths(service: &Service, record: TypeId) -> Vec<String> {
    let mut out = Vec::new();
    walk(service, record, "", &mut Vec::new(), &mut out);
    out
}

fn walk(service: &Service, id: TypeId, path: &str, within: &mut Vec<TypeId>, out: &mut Vec<String>) {
    // A record within itself has been listed.
    if within.contains(&id) {
        return;
    }
    within.push(id);
    match &service.ty(id).kind {
        TypeKind::Record(record) => {
            for field in &record.fields {
                let path = if path.is_empty() { field.wire.clone() } else { format!("{path}.{}", field.wire) };
                out.push(path.clone());
                inner(service, &field.ty, path, within, out);
            }
        }
        TypeKind::Union(union) => {
            out.push(format!("{path}.{}", union.tag));
            for variant in &union.variants {
                walk(service, variant.record, &format!("{path}({})", variant.wire), within, out);
            }
        }
        TypeKind::Enum(_) => {}
    }
    within.pop();
}

fn inner(service: &Service, ty: &FieldType, path: String, within: &mut Vec<TypeId>, out: &mut Vec<String>) {
    match ty {
        FieldType::Named(id) => walk(service, *id, &path, within, out),
        FieldType::List(ty) | FieldType::Map(ty) => inner(service, ty, format!("{path}[]"), within, out),
        _ => {}
    }
}

/// The text of the file that the repository keeps.
pub fn render(coverage: &[Coverage]) -> String {
    let mut out = String::from(
        "# In how many examples each field of the specs occurs. Kept by the suite; to bring it up to date:\n\
         #   UPDATE=1 cargo test -p mediajobs-conformance --test coverage\n",
    );
    let share = |fields: &[(String, usize)]| {
        let covered = fields.iter().filter(|(_, count)| *count > 0).count();
        format!("{covered} of {}", fields.len())
    };
    for of in coverage {
        let Coverage { service, operation, request, response } = of;
        let _ = write!(
            out,
            "\n# {service} {operation}: {} request fields, {} answer fields\n",
            share(request),
            share(response)
        );
        for (part, fields) in [("request", request), ("response", response)] {
            if fields.is_empty() {
                continue;
            }
            let _ = writeln!(out, "[{service}.{operation}.{part}]");
            for (name, count) in fields {
                let missing = if *count == 0 { "    # in no example" } else { "" };
                let _ = writeln!(out, "{} = {count}{missing}", toml::Value::from(name.as_str()));
            }
        }
    }
    out
}
