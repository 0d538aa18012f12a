//! In how many examples each field of the specs occurs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mediajobs_codegen::model::{FieldType, Owner, Service, TypeId, TypeKind};

use crate::example::Example;
use crate::judge::{self, Documented};
use crate::meaning;
use crate::suite::{CallbackTarget, Suite, Target};

/// How often the fields of one service's operations and shared types occur.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// By name of the table that holds them, e.g. `alibaba-ice.CancelDNAJob.request` or `tencent-ci.types.SmartCover`.
    pub tables: BTreeMap<String, Vec<(String, usize)>>,
}

impl Coverage {
    /// How many fields occur in an example, and how many there are.
    pub fn figure(&self) -> (usize, usize) {
        let fields = || self.tables.values().flatten();
        (fields().filter(|(_, count)| *count > 0).count(), fields().count())
    }

    fn add(&mut self, table: &str, field: &str, count: usize) {
        let fields = self.tables.entry(table.to_owned()).or_default();
        match fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, sum)) => *sum += count,
            None => fields.push((field.to_owned(), count)),
        }
    }
}

/// Counts the fields of every operation. A shared type is counted once, over all operations that use it.
///
/// # Errors
/// The specs and the clients do not know the same operations, or an example can't be read.
pub fn count(suite: &Suite, examples: &[Example]) -> Result<Coverage, String> {
    let mut coverage = Coverage::default();
    for target in suite.targets()? {
        one(suite, target, examples, &mut coverage)?;
    }
    for target in suite.callbacks()? {
        callback(target, suite, examples, &mut coverage)?;
    }
    Ok(coverage)
}

fn callback(
    target: CallbackTarget<'_>,
    suite: &Suite,
    examples: &[Example],
    coverage: &mut Coverage,
) -> Result<(), String> {
    let CallbackTarget { service, callback, .. } = target;
    let mut counts = BTreeMap::new();
    for example in examples.iter().filter(|example| example.unchecked.is_none()) {
        let Some(body) = &example.callback else { continue };
        let of = suite.find_callback(&example.service, &example.operation)?;
        if std::ptr::eq(of.callback, callback) {
            let failed = |error| format!("{}: {error}", example.file.display());
            let (_, said) = meaning::message(service, callback, body, false).map_err(failed)?;
            add(&mut counts, said.occurring);
        }
    }
    tally(service, &format!("{}.{}.message", service.name, callback.name), callback.message, &counts, coverage);
    Ok(())
}

/// Adds the counts of a record's fields, and of those of the shared types in it.
fn tally(service: &Service, own: &str, record: TypeId, counts: &BTreeMap<String, usize>, coverage: &mut Coverage) {
    for Place { path, shared } in places(service, record) {
        let count = counts.get(&path).copied().unwrap_or(0);
        match shared {
            Some((ty, field)) => coverage.add(&format!("{}.types.{ty}", service.name), &field, count),
            None => coverage.add(own, &path, count),
        }
    }
}

fn one(suite: &Suite, target: Target<'_>, examples: &[Example], coverage: &mut Coverage) -> Result<(), String> {
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
    let parts = [("request", operation.request, &counts[0]), ("response", operation.response, &counts[1])];
    for (part, record, counts) in parts {
        tally(service, &format!("{}.{}.{part}", service.name, operation.name), record, counts, coverage);
    }
    Ok(())
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
    places(service, record).into_iter().map(|place| place.path).collect()
}

/// A field at the end of a path.
struct Place {
    path: String,
    /// The shared type that has the field, and the field's name in it.
    shared: Option<(String, String)>,
}

fn places(service: &Service, record: TypeId) -> Vec<Place> {
    let mut out = Vec::new();
    walk(service, record, "", &mut Vec::new(), &mut out);
    out
}

fn walk(service: &Service, id: TypeId, path: &str, within: &mut Vec<TypeId>, out: &mut Vec<Place>) {
    // A record within itself has been listed.
    if within.contains(&id) {
        return;
    }
    within.push(id);
    let ty = service.ty(id);
    let shared = |field: &str| (ty.owner == Owner::Shared).then(|| (ty.name.clone(), field.to_owned()));
    match &ty.kind {
        TypeKind::Record(record) => {
            for field in &record.fields {
                let path = if path.is_empty() { field.wire.clone() } else { format!("{path}.{}", field.wire) };
                out.push(Place { path: path.clone(), shared: shared(&field.wire) });
                inner(service, &field.ty, path, within, out);
            }
        }
        TypeKind::Union(union) => {
            out.push(Place { path: format!("{path}.{}", union.tag), shared: shared(&union.tag) });
            for variant in &union.variants {
                walk(service, variant.record, &format!("{path}({})", variant.wire), within, out);
            }
        }
        TypeKind::Enum(_) => {}
    }
    within.pop();
}

fn inner(service: &Service, ty: &FieldType, path: String, within: &mut Vec<TypeId>, out: &mut Vec<Place>) {
    match ty {
        FieldType::Named(id) => walk(service, *id, &path, within, out),
        FieldType::List(ty) | FieldType::Map(ty) => inner(service, ty, format!("{path}[]"), within, out),
        _ => {}
    }
}

/// The text of the file that the repository keeps.
pub fn render(coverage: &Coverage) -> String {
    let (covered, all) = coverage.figure();
    let mut out = format!(
        "# In how many examples each field of the specs occurs. Kept by the suite; to bring it up to date:\n\
         #   UPDATE=1 cargo test -p mediajobs-conformance --test coverage\n\
         # {covered} of {all} fields occur\n"
    );
    for (table, fields) in &coverage.tables {
        let covered = fields.iter().filter(|(_, count)| *count > 0).count();
        let _ = writeln!(out, "\n[{table}] # {covered} of {}", fields.len());
        for (name, count) in fields {
            let missing = if *count == 0 { "    # in no example" } else { "" };
            let _ = writeln!(out, "{} = {count}{missing}", toml::Value::from(name.as_str()));
        }
    }
    out
}
