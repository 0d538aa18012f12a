//! The tests of rules among several fields.

use mediajobs_codegen::evaluate::{Violation, met, select};
use mediajobs_codegen::model::{Constraints, FieldPath, Literal, Rule, RuleKind, Severity, TypeId};

use super::cases::{Expect, Maker, is_meant};
use super::edges::{self, Edge};
use super::encode::literal_tree;
use super::place::{Place, Types};
use super::repair::path_text;
use super::search::{Aim, Blocked};
use super::text;
use crate::tree::write_json;

/// How many requests that meet the conditions are changed.
const BEGUN: usize = 12;

/// A way to break a rule about which fields are present.
struct Way<'r> {
    what: String,
    present: Vec<&'r FieldPath>,
    absent: Vec<&'r FieldPath>,
    /// What is reported, and where.
    rule: &'static str,
    path: String,
}

/// A rule where it stands.
struct Standing<'r> {
    place: &'r Place,
    id: TypeId,
    index: usize,
    rule: &'r Rule,
    what: String,
}

pub(super) fn add(maker: &mut Maker<'_>, place: &Place, id: TypeId, index: usize, rule: &Rule) {
    let standing = Standing { place, id, index, rule, what: format!("rule {index}: {}", demand(rule)) };
    let begun = begun(maker, place, rule);
    if begun.is_empty() {
        return maker.untested(place, &standing.what, "no request meets its conditions");
    }
    let is_broken = match &rule.kind {
        RuleKind::Constrain(path, constraints) => constrain(maker, &standing, &begun, path, constraints),
        _ => presence(maker, &standing, &begun),
    };
    maker.out.broken += usize::from(is_broken);
}

/// A rule's key and paths.
pub(super) fn demand(rule: &Rule) -> String {
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
    format!("{key} {}", paths.join(" "))
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
            all = all.into_iter().flat_map(next).filter(met).take(BEGUN).collect();
        }
        out.extend(all.into_iter().filter(|request| conditions_hold(maker, place, rule, request)));
    }
    out
}

/// A request that meets the conditions and the demand, and of which something more holds.
fn kept(
    maker: &Maker<'_>,
    standing: &Standing<'_>,
    starts: impl Iterator<Item = Literal>,
    more: &dyn Fn(&Literal) -> bool,
) -> Result<Literal, Blocked> {
    let holds = |request: &Literal| more(request) && conditions_hold(maker, standing.place, standing.rule, request);
    maker.repair.search(starts, &Aim { holds: &holds, meant: &|_| false, breaks: false, warnings: false })
}

/// A request that breaks the rule, and nothing else, and of which something more holds.
fn broken(
    maker: &Maker<'_>,
    standing: &Standing<'_>,
    starts: impl Iterator<Item = Literal>,
    more: &dyn Fn(&Literal) -> bool,
) -> Result<Literal, Blocked> {
    let Standing { place, id, index, rule, .. } = standing;
    let record = maker.types.text(place, false);
    let meant = |found: &Violation| {
        found.rule == Some(*index) && found.record == *id && path_text(&found.path).starts_with(&record)
    };
    let holds = |request: &Literal| more(request) && conditions_hold(maker, place, rule, request);
    let warnings = rule.severity == Severity::Warning;
    maker.repair.search(starts, &Aim { holds: &holds, meant: &meant, breaks: true, warnings })
}

/// Whether a request has one of some values at a place.
fn has(maker: &Maker<'_>, request: &Literal, target: &Place, values: &[Literal]) -> bool {
    maker.types.get(request, target).is_some_and(|found| values.iter().any(|value| is_meant(value, found)))
}

/// The tests of a rule about which fields are present. Whether it is broken in one of them.
fn presence(maker: &mut Maker<'_>, standing: &Standing<'_>, begun: &[Literal]) -> bool {
    let Standing { place, rule, what, .. } = standing;
    let starts = begun.iter().flat_map(|request| maker.repair.satisfied(request, place, &rule.kind));
    let what = format!("{what}, kept");
    match kept(maker, standing, starts, &|_| true) {
        Ok(request) => maker.add(place, &what, request, Expect::Accepted),
        Err(blocked) => maker.untested(place, &what, &blocked.reason("its conditions met")),
    }
    let mut is_broken = false;
    for Way { what, present, absent, rule: key, path } in ways(maker, standing) {
        let starts = begun.iter().filter_map(|request| maker.repair.with(request, place, &present, &absent));
        let is_so = |request: &Literal| {
            let Some(record) = maker.types.get(request, place) else { return false };
            let is_there = |path: &FieldPath| !select(maker.types.service, path, record).is_empty();
            present.iter().all(|path| is_there(path)) && !absent.iter().any(|path| is_there(path))
        };
        match broken(maker, standing, starts, &is_so) {
            Ok(request) => {
                is_broken = true;
                let expect = Expect::Refused { rule: key.to_owned(), path, severity: rule.severity };
                maker.add(place, &what, request, expect);
            }
            Err(blocked) => maker.untested(place, &what, &blocked.reason("it broken so")),
        }
    }
    is_broken
}

/// Each way to break it.
fn ways<'r>(maker: &Maker<'_>, standing: &Standing<'r>) -> Vec<Way<'r>> {
    let Standing { place, rule, what, .. } = standing;
    let record = maker.types.text(place, false);
    let whole = if record.is_empty() { "(request)".to_owned() } else { record };
    let at = |path: &FieldPath| maker.types.text(&Types::follow(place, path), false);
    let but = |paths: &'r [FieldPath], one: &FieldPath| paths.iter().filter(|path| *path != one).collect::<Vec<_>>();
    let way = |how: String, present: Vec<&'r FieldPath>, absent: Vec<&'r FieldPath>, rule, path: &str| Way {
        what: format!("{what}, {how}"),
        present,
        absent,
        rule,
        path: path.to_owned(),
    };
    let two = |rule| {
        let (way, whole) = (&way, &whole);
        move |(one, other): (&'r FieldPath, &'r FieldPath)| {
            way(format!("with {} and {}", one.text, other.text), vec![one, other], Vec::new(), rule, whole)
        }
    };
    match &rule.kind {
        RuleKind::Require(paths) => {
            let without = |path: &'r FieldPath| {
                way(format!("without {}", path.text), but(paths, path), vec![path], "require", &at(path))
            };
            paths.iter().map(without).collect()
        }
        RuleKind::Together(paths) => {
            let without = |path: &'r FieldPath| {
                way(format!("without {}", path.text), but(paths, path), vec![path], "together", &whole)
            };
            paths.iter().map(without).collect()
        }
        RuleKind::Forbid(paths) => {
            let with = |path: &'r FieldPath| {
                way(format!("with {}", path.text), vec![path], but(paths, path), "forbid", &at(path))
            };
            paths.iter().map(with).collect()
        }
        RuleKind::AtMostOne(paths) => pairs(paths).map(two("at-most-one")).collect(),
        RuleKind::ExactlyOne(paths) => {
            let none = way("with none".to_owned(), Vec::new(), paths.iter().collect(), "exactly-one", &whole);
            pairs(paths).map(two("exactly-one")).chain([none]).collect()
        }
        RuleKind::AtLeastOne(paths) => {
            vec![way("with none".to_owned(), Vec::new(), paths.iter().collect(), "at-least-one", &whole)]
        }
        RuleKind::Constrain(..) => Vec::new(),
    }
}

fn pairs(paths: &[FieldPath]) -> impl Iterator<Item = (&FieldPath, &FieldPath)> {
    paths.iter().enumerate().flat_map(|(index, path)| paths[index + 1..].iter().map(move |other| (path, other)))
}

/// The tests of a rule about a value: each of its constraints, kept and broken. Whether one of them is broken.
fn constrain(
    maker: &mut Maker<'_>,
    standing: &Standing<'_>,
    begun: &[Literal],
    path: &FieldPath,
    constraints: &Constraints,
) -> bool {
    let target = Types::follow(standing.place, path);
    let Some((field, ty, own)) = maker.repair.held_at(&target) else { return false };
    let known: Vec<Literal> = field.example.iter().cloned().collect();
    let own = text::with_form(ty, own);
    let edges = edges::of(maker.types, ty, constraints, &own, &field.item_constraints, &known);
    let mut is_broken = false;
    // An enum's own values are no matter of the rule.
    for edge in edges.iter().filter(|edge| edge.key != "enum") {
        is_broken |= edge_of(maker, standing, begun, &target, edge);
    }
    is_broken
}

fn edge_of(maker: &mut Maker<'_>, standing: &Standing<'_>, begun: &[Literal], target: &Place, edge: &Edge) -> bool {
    let what = format!("{}, {}", standing.what, edge.what);
    let what_kept = format!("{what}, kept");
    let (mut is_kept, mut reasons) = (false, Vec::new());
    for value in &edge.allowed {
        let starts = maker.with(begun, target, std::slice::from_ref(value));
        let is_so = |request: &Literal| has(maker, request, target, std::slice::from_ref(value));
        match kept(maker, standing, starts, &is_so) {
            Ok(request) => {
                is_kept = true;
                maker.add(standing.place, &what_kept, request, Expect::Accepted);
            }
            Err(blocked) if edge.is_listed() => reasons.push(blocked.reason(&write_json(&literal_tree(value)))),
            Err(blocked) => reasons.push(blocked.reason("a value at its edge")),
        }
        // Of the ways to keep a constraint that is no list, one is enough.
        if is_kept && !edge.is_listed() {
            reasons.clear();
            break;
        }
    }
    if edge.allowed.is_empty() {
        reasons.push(edge.not_kept.clone());
    }
    reasons.truncate(if edge.is_listed() { usize::MAX } else { 1 });
    for reason in reasons {
        maker.untested(standing.place, &what_kept, &reason);
    }
    if edge.tried.is_empty() {
        maker.untested(standing.place, &what, &edge.not_broken);
        return false;
    }
    let starts = maker.with(begun, target, &edge.tried);
    match broken(maker, standing, starts, &|request| has(maker, request, target, &edge.tried)) {
        Ok(request) => {
            let (rule, path) = (edge.key.to_owned(), maker.types.text(target, false));
            let expect = Expect::Refused { rule, path, severity: standing.rule.severity };
            maker.add(standing.place, &what, request, expect);
            true
        }
        Err(blocked) => {
            maker.untested(standing.place, &what, &blocked.reason("a value that breaks it"));
            false
        }
    }
}
