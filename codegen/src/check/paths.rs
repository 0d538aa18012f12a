//! Paths to fields: `input(url).data[].url`.

use super::draft;
use crate::diagnostic::{all_of, quote, suggest};
use crate::model::{Field, FieldPath, FieldType, Service, Step, TypeId, TypeKind, UnionType};

/// The most parts a path may have: a record may hold itself through a list, so paths have no natural end.
const MOST_PARTS: usize = 16;

/// Why a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The steps that lead somewhere.
    pub(crate) steps: Vec<Step>,
}

fn problem<T>(message: String, help: Option<String>) -> Result<T, Problem> {
    Err(Problem { message, help, steps: Vec::new() })
}

/// A path and what stands at its end.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) path: FieldPath,
    /// The type at the end; a text for the tag of a union.
    pub(crate) ty: FieldType,
}

impl Resolved {
    /// Whether the path goes into the items of a list.
    pub(crate) fn has_each(&self) -> bool {
        self.path.steps.iter().any(|step| matches!(step, Step::Field { each: true, .. }))
    }
}

/// One part of a path as it is written: `name`, `name[]`, `name(variant)`, `name[](variant)`.
struct Part<'a> {
    name: &'a str,
    each: bool,
    variant: Option<&'a str>,
}

/// Where a path has come.
enum Place {
    Record(TypeId),
    Union(TypeId),
    End,
}

/// Follows a path from a record.
pub(crate) fn resolve(service: &Service, from: TypeId, text: &str) -> Result<Resolved, Problem> {
    let mut steps = Vec::new();
    match follow(service, from, text, &mut steps) {
        Ok(ty) => Ok(Resolved { path: FieldPath { text: text.to_owned(), steps }, ty }),
        Err(problem) => Err(Problem { steps, ..problem }),
    }
}

/// What stands for each variant of a union in a path.
const EVERY: &str = "(*)";

/// Follows a path that may go into every variant of a union: `input(*).data`. There is one for each.
pub(crate) fn resolve_every(service: &Service, from: TypeId, text: &str) -> Result<Vec<Resolved>, Problem> {
    let Some((before, after)) = text.split_once(EVERY) else { return Ok(vec![resolve(service, from, text)?]) };
    if after.contains(EVERY) {
        // Of unions in unions, the number of ways has no end.
        let message = format!("the path {} goes into every variant twice", quote(text));
        return problem(message, Some("name the variant in one of the places".to_owned()));
    }
    let holder = resolve(service, from, before)?;
    let FieldType::Named(id) = holder.ty else { return Ok(vec![resolve(service, from, text)?]) };
    let TypeKind::Union(union) = &service.ty(id).kind else { return Ok(vec![resolve(service, from, text)?]) };
    let mut found = Vec::new();
    let mut nowhere: Vec<(&str, Problem)> = Vec::new();
    for variant in &union.variants {
        match resolve(service, from, &format!("{before}({}){after}", variant.wire)) {
            Ok(resolved) => found.push(resolved),
            Err(problem) => nowhere.push((&variant.wire, problem)),
        }
    }
    let Some((_, first)) = nowhere.first() else { return Ok(found) };
    let help = match found.is_empty() {
        true => first.help.clone(),
        false => Some("write a rule for each of the other variants".to_owned()),
    };
    let (names, s) = (all_of(nowhere.iter().map(|(name, _)| *name)), if nowhere.len() == 1 { "" } else { "s" });
    let message = format!("the path {} leads nowhere in the variant{s} {names}: {}", quote(text), first.message);
    Err(Problem { message, help, steps: first.steps.clone() })
}

/// Takes the steps of a path, and gives the type at its end.
fn follow(service: &Service, from: TypeId, text: &str, steps: &mut Vec<Step>) -> Result<FieldType, Problem> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > MOST_PARTS {
        return problem(format!("the path {} has more than {MOST_PARTS} parts", quote(text)), None);
    }
    let mut place = Place::Record(from);
    let mut ty = FieldType::Named(from);
    let mut before = "";
    for part in parts {
        let part = parse(part, text)?;
        match place {
            Place::Record(record) => {
                (ty, place) = field(service, record, &part, text, steps)?;
            }
            Place::Union(id) => {
                let TypeKind::Union(union) = &service.ty(id).kind else { break };
                (ty, place) = tag(id, union, &part, before, text, steps)?;
            }
            Place::End => {
                let message = format!(
                    "the path {} goes on behind {}, which is {}",
                    quote(text),
                    quote(before),
                    draft::describe(service, &ty)
                );
                let help = match &ty {
                    FieldType::List(_) => Some(format!("write `{before}[]` to go into its items")),
                    FieldType::Map(_) | FieldType::Json | FieldType::JsonText => {
                        Some(format!("what {} holds has no path; end there", quote(before)))
                    }
                    _ => Some(format!("end the path at {}", quote(before))),
                };
                return problem(message, help);
            }
        }
        before = part.name;
    }
    Ok(ty)
}

fn parse<'a>(part: &'a str, text: &str) -> Result<Part<'a>, Problem> {
    let (rest, variant) = match part.strip_suffix(')').map(|rest| rest.split_once('(')) {
        Some(Some((rest, variant))) => (rest, Some(variant)),
        _ => (part, None),
    };
    let (name, each) = match rest.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    if text.is_empty() {
        return problem("the path is empty".to_owned(), Some("name a field".to_owned()));
    }
    if name.is_empty() || name.contains(['[', ']', '(', ')']) || variant == Some("") {
        return problem(
            format!("{} is no path: {} is no part of one", quote(text), quote(part)),
            Some(
                "a part is a field's wire name, with `[]` behind it for each item and `(variant)` for a variant"
                    .to_owned(),
            ),
        );
    }
    Ok(Part { name, each, variant })
}

fn field(
    service: &Service,
    id: TypeId,
    part: &Part<'_>,
    text: &str,
    steps: &mut Vec<Step>,
) -> Result<(FieldType, Place), Problem> {
    let fields: &[Field] = service.record(id).map(|record| record.fields.as_slice()).unwrap_or_default();
    let Some((index, field)) = fields.iter().enumerate().find(|(_, field)| field.wire == part.name) else {
        let message = format!("the path {} names {}, which is no field there", quote(text), quote(part.name));
        return problem(message, suggest(part.name, "fields", fields.iter().map(|field| field.wire.as_str())));
    };
    let ty = match (&field.ty, part.each) {
        (FieldType::List(item), true) => (**item).clone(),
        (ty, true) => {
            let message = format!(
                "the path {} goes into the items of {}, which is {}",
                quote(text),
                quote(part.name),
                draft::describe(service, ty)
            );
            return problem(message, Some("remove the `[]`".to_owned()));
        }
        (ty, false) => ty.clone(),
    };
    steps.push(Step::Field { record: id, field: index, each: part.each });
    let place = match (&ty, part.variant) {
        (FieldType::Named(id), None) => match &service.ty(*id).kind {
            TypeKind::Record(_) => Place::Record(*id),
            TypeKind::Union(_) => Place::Union(*id),
            TypeKind::Enum(_) => Place::End,
        },
        (_, None) => Place::End,
        (FieldType::Named(id), Some(name)) if matches!(service.ty(*id).kind, TypeKind::Union(_)) => {
            let record = variant(service, *id, name, text, steps)?;
            return Ok((FieldType::Named(record), Place::Record(record)));
        }
        (ty, Some(_)) => {
            let message = format!(
                "the path {} asks for a variant of {}, which is {}",
                quote(text),
                quote(part.name),
                draft::describe(service, ty)
            );
            return problem(message, Some("only a union has variants".to_owned()));
        }
    };
    Ok((ty, place))
}

fn variant(service: &Service, id: TypeId, name: &str, text: &str, steps: &mut Vec<Step>) -> Result<TypeId, Problem> {
    let variants = match &service.ty(id).kind {
        TypeKind::Union(union) => union.variants.as_slice(),
        _ => &[],
    };
    let Some((index, variant)) = variants.iter().enumerate().find(|(_, variant)| variant.wire == name) else {
        if name == "*" {
            let message = format!("the path {} goes into every variant, and one place is asked for here", quote(text));
            let one = variants.first().map(|variant| format!("name one, e.g. `({})`", variant.wire));
            return problem(message, one);
        }
        let message = format!(
            "the path {} asks for the variant {}, which `{}` has not",
            quote(text),
            quote(name),
            service.ty(id).name
        );
        return problem(message, suggest(name, "variants", variants.iter().map(|variant| variant.wire.as_str())));
    };
    steps.push(Step::Variant { union: id, variant: index });
    Ok(variant.record)
}

fn tag(
    id: TypeId,
    union: &UnionType,
    part: &Part<'_>,
    before: &str,
    text: &str,
    steps: &mut Vec<Step>,
) -> Result<(FieldType, Place), Problem> {
    if part.name != union.tag || part.each || part.variant.is_some() {
        let first = union.variants.first().map(|variant| variant.wire.as_str()).unwrap_or("variant");
        return problem(
            format!(
                "the path {} goes into {}, which is a union, without saying which variant",
                quote(text),
                quote(before)
            ),
            Some(format!("write e.g. `{before}({first})`, or `{before}.{}` for the tag", union.tag)),
        );
    }
    steps.push(Step::Tag { union: id });
    Ok((FieldType::String, Place::End))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;

    const OPERATION: &str = r#"
        name = "GetThing"
        method = "POST"
        path = "/things"
        effect = "read"
        summary = "Gets a thing."
        source = "https://example.com"
        request-in = "body"
        [request]
        name = { type = "string", doc = "A name." }
        input = { type = "Input", doc = "A union." }
        inputs = { type = "list<Input>", doc = "Unions." }
        parts = { type = "list<Part>", doc = "Records." }
        [example]
        [types.Part]
        doc = "A record."
        [types.Part.fields]
        parts = { type = "list<Part>", doc = "Records." }
        texts = { type = "map<string>", doc = "Texts." }
        [types.Input]
        kind = "union"
        tag = "type"
        doc = "A union."
        variants = { part = { type = "Part", doc = "A record." }, more = { type = "More", doc = "Another." } }
        [types.More]
        extends = "Part"
        doc = "A record."
        [types.More.fields]
        all = { type = "bool", doc = "Whether." }
    "#;

    fn service() -> (Service, TypeId) {
        let service = include_str!("../../tests/fixtures/service.toml");
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let checked =
            crate::check(&[file("demo/service.toml", service), file("demo/operations/thing.toml", OPERATION)]);
        assert_eq!(checked.diagnostics, []);
        let service = checked.model.and_then(|model| model.services.into_iter().next()).expect("there is a service");
        let request = service.operations.first().map(|operation| operation.request).expect("there is an operation");
        (service, request)
    }

    #[test]
    fn paths_that_lead_somewhere() {
        let (service, request) = service();
        let table = [
            ("name", "string", 1),
            ("input", "Input", 1),
            ("input.type", "string", 2),
            ("input(part)", "Part", 2),
            ("input(part).texts", "map<string>", 3),
            ("parts", "list<Part>", 1),
            ("parts[]", "Part", 1),
            ("parts[].parts[].parts", "list<Part>", 3),
            ("inputs[](part).parts", "list<Part>", 3),
            ("inputs[].type", "string", 2),
        ];
        for (path, ty, steps) in table {
            let resolved = resolve(&service, request, path).unwrap_or_else(|problem| panic!("{path}: {problem:?}"));
            assert_eq!(
                (draft::show(&service, &resolved.ty).as_str(), resolved.path.steps.len()),
                (ty, steps),
                "{path}"
            );
            assert_eq!(resolved.has_each(), path.contains("[]"), "{path}");
        }
    }

    #[test]
    fn paths_into_every_variant() {
        let (service, request) = service();
        for (path, count) in [("input(*).parts", 2), ("inputs[](*).parts[].texts", 2), ("name", 1), ("input(*)", 2)] {
            let found = resolve_every(&service, request, path).unwrap_or_else(|problem| panic!("{path}: {problem:?}"));
            assert_eq!(found.len(), count, "{path}");
            assert!(found.iter().all(|found| !found.path.text.contains('*')), "{found:?}");
        }
        for path in [
            "input(*).none",
            "input(*).all",
            "name(*)",
            "parts(*)",
            "input(*)(*)",
            "input(*).parts(*)",
            "none(*)",
            "(*)",
            "a(*)(*)",
        ] {
            assert!(resolve_every(&service, request, path).is_err(), "{path}");
        }
    }

    #[test]
    fn paths_that_lead_nowhere() {
        let (service, request) = service();
        let endless = format!("parts[]{}", ".parts[]".repeat(1000));
        let table = [
            "",
            ".",
            "name.",
            ".name",
            "Name",
            "name[]",
            "name[",
            "name(part)",
            "name.x",
            "parts.parts",
            "parts[][]",
            "input.parts",
            "input()",
            "input(part",
            "input(none)",
            "input(*).parts",
            "input.type.x",
            "input.type[]",
            "input[](part)",
            "parts[].texts.a",
            "inputs(part)",
            &endless,
        ];
        for path in table {
            assert!(resolve(&service, request, path).is_err(), "{path}");
        }
    }
}
