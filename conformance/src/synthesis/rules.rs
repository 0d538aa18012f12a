//! The tests of rules among several fields.

use mediajobs_codegen::evaluate::{self, Violation, met};
use mediajobs_codegen::model::{FieldPath, FieldType, Literal, Rule, RuleKind, Severity, TypeId};

use super::cases::{Expect, Maker};
use super::edges;
use super::place::{Place, Types};
use super::repair::path_text;

/// A request that breaks a rule, and what must be said of it.
struct Broken {
    what: String,
    request: Literal,
    rule: String,
    path: String,
}

pub(super) fn add(maker: &mut Maker<'_>, place: &Place, id: TypeId, index: usize, rule: &Rule) {
    let what = name(rule, index);
    let begun = begun(maker, place, rule);
    if begun.is_empty() {
        return maker.untested(place, &what, "no request meets its conditions");
    }
    kept(maker, place, rule, &what, &begun);
    let before = maker.out.cases.len();
    for broken in broken(maker, place, rule, &what, &begun) {
        let record = maker.types.text(place, false);
        let meant = |found: &Violation| {
            found.rule == Some(index) && found.record == id && path_text(&found.path).starts_with(&record)
        };
        let conditions = |request: &Literal| conditions_hold(maker, place, rule, request);
        let breaks = |request: &Literal| {
            conditions(request) && maker.repair.violations(request).iter().filter(|found| meant(found)).count() == 1
        };
        let is_warning = rule.severity == Severity::Warning;
        if let Some(request) = maker.repair.search(broken.request, &breaks, &meant, is_warning) {
            if maker.out.cases[before..].iter().any(|case| case.what == broken.what) {
                continue;
            }
            let expect = Expect::Refused { rule: broken.rule, path: broken.path, severity: rule.severity };
            maker.add(place, &broken.what, request, expect);
        }
    }
    if maker.out.cases.len() == before {
        maker.untested(place, &what, "every request that breaks it breaks another rule too");
    } else {
        maker.out.broken += 1;
    }
}

fn name(rule: &Rule, index: usize) -> String {
    let (key, paths) = match &rule.kind {
        RuleKind::AtMostOne(paths) => ("at-most-one", paths.as_slice()),
        RuleKind::ExactlyOne(paths) => ("exactly-one", paths.as_slice()),
        RuleKind::AtLeastOne(paths) => ("at-least-one", paths.as_slice()),
        RuleKind::Together(paths) => ("together", paths.as_slice()),
        RuleKind::Require(paths) => ("require", paths.as_slice()),
        RuleKind::Forbid(paths) => ("forbid", paths.as_slice()),
        RuleKind::Constrain(path, _) => ("constrain", std::slice::from_ref(path)),
    };
    let paths: Vec<&str> = paths.iter().map(|path| path.text.as_str()).collect();
    format!("rule {index}: {key} {}", paths.join(" "))
}

fn conditions_hold(maker: &Maker<'_>, place: &Place, rule: &Rule, request: &Literal) -> bool {
    let record = maker.types.get(request, place);
    record.is_some_and(|record| rule.when.iter().all(|condition| met(maker.types.service, condition, record)))
}

/// Requests in which the rule's conditions hold.
fn begun(maker: &Maker<'_>, place: &Place, rule: &Rule) -> Vec<Literal> {
    let mut out = Vec::new();
    for start in &maker.starts {
        let mut request = start.clone();
        if maker.types.ensure(&mut request, place).is_none() {
            continue;
        }
        let mut all = vec![request];
        for condition in &rule.when {
            let met = |request: &Literal| {
                let record = maker.types.get(request, place);
                record.is_some_and(|record| met(maker.types.service, condition, record))
            };
            let next = |request: Literal| {
                if met(&request) { vec![request] } else { maker.repair.make(&request, place, condition, true) }
            };
            all = all.into_iter().flat_map(next).filter(met).take(12).collect();
        }
        out.extend(all.into_iter().filter(|request| conditions_hold(maker, place, rule, request)));
    }
    out
}

/// A request that meets the conditions and the demand.
fn kept(maker: &mut Maker<'_>, place: &Place, rule: &Rule, what: &str, begun: &[Literal]) {
    let conditions = |request: &Literal| {
        let has = match &rule.kind {
            RuleKind::Constrain(path, _) => maker
                .types
                .get(request, place)
                .is_some_and(|record| !evaluate::select(maker.types.service, path, record).is_empty()),
            _ => true,
        };
        has && conditions_hold(maker, place, rule, request)
    };
    let satisfied = begun.iter().flat_map(|request| maker.repair.satisfied(request, place, &rule.kind));
    let found = satisfied.into_iter().find_map(|request| maker.repair.search(request, &conditions, &|_| false, false));
    match found {
        Some(request) => maker.add(place, &format!("{what}, kept"), request, Expect::Accepted),
        None => maker.untested(place, &format!("{what}, kept"), "no valid request meets its conditions"),
    }
}

/// Requests that break the rule, in several ways; other rules may be broken too.
fn broken(maker: &Maker<'_>, place: &Place, rule: &Rule, what: &str, begun: &[Literal]) -> Vec<Broken> {
    let types = maker.types;
    let record = types.text(place, false);
    let whole = if record.is_empty() { "(request)".to_owned() } else { record };
    let mut out = Vec::new();
    for request in begun {
        let with = |present: &[&FieldPath], absent: &[&FieldPath]| maker.repair.with(request, place, present, absent);
        let mut push = |what: String, request: Option<Literal>, rule: &str, path: String| {
            out.extend(request.map(|request| Broken { what, request, rule: rule.to_owned(), path }));
        };
        let at = |path: &FieldPath| types.text(&Types::follow(place, path), false);
        match &rule.kind {
            RuleKind::Require(paths) => {
                for path in paths {
                    let others: Vec<_> = paths.iter().filter(|other| *other != path).collect();
                    push(format!("{what}, without {}", path.text), with(&others, &[path]), "require", at(path));
                }
            }
            RuleKind::Forbid(paths) => {
                for path in paths {
                    let others: Vec<_> = paths.iter().filter(|other| *other != path).collect();
                    push(format!("{what}, with {}", path.text), with(&[path], &others), "forbid", at(path));
                }
            }
            RuleKind::AtMostOne(paths) | RuleKind::ExactlyOne(paths) => {
                let is_exact = matches!(rule.kind, RuleKind::ExactlyOne(_));
                let key = if is_exact { "exactly-one" } else { "at-most-one" };
                for (index, path) in paths.iter().enumerate() {
                    for other in &paths[index + 1..] {
                        let what = format!("{what}, with {} and {}", path.text, other.text);
                        push(what, with(&[path, other], &[]), key, whole.clone());
                    }
                }
                if is_exact {
                    push(
                        format!("{what}, with none"),
                        with(&[], &paths.iter().collect::<Vec<_>>()),
                        key,
                        whole.clone(),
                    );
                }
            }
            RuleKind::AtLeastOne(paths) => {
                push(
                    format!("{what}, with none"),
                    with(&[], &paths.iter().collect::<Vec<_>>()),
                    "at-least-one",
                    whole.clone(),
                );
            }
            RuleKind::Together(paths) => {
                for path in paths {
                    let others: Vec<_> = paths.iter().filter(|other| *other != path).collect();
                    push(format!("{what}, without {}", path.text), with(&others, &[path]), "together", whole.clone());
                }
            }
            RuleKind::Constrain(path, constraints) => {
                let target = Types::follow(place, path);
                let Some((field, is_item)) = maker.repair.field_at(&target) else { continue };
                let ty = match (&field.ty, is_item) {
                    (FieldType::List(item) | FieldType::Map(item), true) => item,
                    (ty, _) => ty,
                };
                let mut known: Vec<Literal> = field.example.iter().cloned().collect();
                known.extend(maker.repair.fitting(&target, constraints));
                let own = if is_item { &field.item_constraints } else { &field.constraints };
                for edge in edges::of_value(types, ty, constraints, &known) {
                    let tried = edge.tried.iter().chain(&known).filter(|value| {
                        let breaks = evaluate::broken(constraints, value);
                        evaluate::broken(own, value).is_empty()
                            && matches!(breaks.as_slice(), [one] if one.key == edge.key)
                    });
                    for value in tried.take(40) {
                        let mut request = request.clone();
                        let set = types.set(&mut request, &target, value.clone());
                        let what = format!("{what}, {}", edge.key);
                        push(what, set.map(|()| request), edge.key, types.text(&target, false));
                    }
                }
            }
        }
    }
    out
}
