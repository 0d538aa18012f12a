//! The tests of rules among several fields.

use mediajobs_codegen::evaluate::{self, Violation, met, select};
use mediajobs_codegen::model::{Condition, Constraints, FieldPath, Literal, Rule, RuleKind, Severity, TypeId};

use super::cases::{Expect, Maker, is_meant};
use super::conditions;
use super::edges::{self, Edge};
use super::order;
use super::place::{Place, PlaceStep, Types};
use super::repair::path_text;
use super::search::{Aim, Blocked, is_warning};
use super::text;

/// How many requests that meet the conditions are changed.
const BEGUN: usize = 12;

/// A way to break a rule, and what is reported then.
pub(super) struct Way<'r> {
    pub(super) what: String,
    pub(super) how: How<'r>,
    pub(super) rule: &'static str,
    pub(super) path: String,
}

/// What is otherwise where a rule is broken.
pub(super) enum How<'r> {
    /// Which fields are there.
    Fields { present: Vec<&'r FieldPath>, absent: Vec<&'r FieldPath> },
    /// Whatever the requests that are begun with say.
    AsBegun,
    /// What a field holds: one of some values, which breaks one of the constraints.
    Values { target: Place, values: Vec<Literal>, key: &'static str, constraints: &'r Constraints },
}

impl How<'_> {
    /// Requests that are broken so.
    pub(super) fn apply<'a>(
        &'a self,
        maker: &'a Maker<'_>,
        place: &'a [PlaceStep],
        begun: &'a [Literal],
    ) -> Box<dyn Iterator<Item = Literal> + 'a> {
        match self {
            Self::AsBegun => Box::new(begun.iter().cloned()),
            Self::Fields { present, absent } => {
                Box::new(begun.iter().filter_map(|request| maker.repair.with(request, place, present, absent)))
            }
            Self::Values { target, values, .. } => Box::new(maker.with(begun, target, values)),
        }
    }

    /// Whether a request is broken so.
    pub(super) fn is_so(&self, maker: &Maker<'_>, place: &[PlaceStep], request: &Literal) -> bool {
        match self {
            Self::AsBegun => true,
            Self::Fields { present, absent } => {
                let Some(record) = maker.types.get(request, place) else { return false };
                let is_there = |path: &FieldPath| !select(maker.types.service, path, record).is_empty();
                present.iter().all(|path| is_there(path)) && !absent.iter().any(|path| is_there(path))
            }
            Self::Values { target, key, constraints, .. } => maker.types.get(request, target).is_some_and(
                |value| matches!(evaluate::broken(constraints, value).as_slice(), [only] if only.key == *key),
            ),
        }
    }
}

/// A rule where it stands.
pub(super) struct Standing<'r> {
    pub(super) place: &'r Place,
    pub(super) id: TypeId,
    pub(super) index: usize,
    pub(super) rule: &'r Rule,
    pub(super) what: String,
}

pub(super) fn add(maker: &mut Maker<'_>, place: &Place, id: TypeId, index: usize, rule: &Rule) {
    let standing = Standing { place, id, index, rule, what: format!("rule {index}: {}", demand(rule)) };
    let begun = begun(maker, place, &rule.when);
    if begun.is_empty() {
        return maker.untested(place, &standing.what, "no request meets its conditions");
    }
    let ways = match &rule.kind {
        RuleKind::Ascending { paths, strictly } => {
            maker.out.broken += usize::from(order::add(maker, &standing, &begun, paths, *strictly));
            return;
        }
        RuleKind::Constrain(path, constraints) => constrained(maker, &standing, &begun, path, constraints),
        _ => present(maker, &standing, &begun),
    };
    // Where the rule itself only warns, no other may.
    let forgives = |found: &Violation| rule.severity == Severity::Error && is_warning(found);
    let mut found = Vec::new();
    for way in &ways {
        match broken(maker, &standing, way.how.apply(maker, place, &begun), way, &|_| true, &forgives) {
            Ok(request) => {
                let expect =
                    Expect::Refused { rule: way.rule.to_owned(), path: way.path.clone(), severity: rule.severity };
                maker.add(place, &way.what, request.clone(), expect);
                found.push(request);
            }
            Err(blocked) => maker.untested(place, &way.what, &blocked.reason("it broken so")),
        }
    }
    maker.out.broken += usize::from(!found.is_empty());
    conditions::add(maker, &standing, &ways, &found);
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
        RuleKind::Ascending { paths, strictly: false } => ("ascending", paths.as_slice()),
        RuleKind::Ascending { paths, strictly: true } => ("strictly-ascending", paths.as_slice()),
        RuleKind::Constrain(path, _) => ("constrain", std::slice::from_ref(path)),
    };
    let paths: Vec<&str> = paths.iter().map(|path| path.text.as_str()).collect();
    format!("{key} {}", paths.join(" "))
}

/// Whether conditions of a rule hold.
pub(super) fn hold(maker: &Maker<'_>, place: &[PlaceStep], when: &[Condition], request: &Literal) -> bool {
    let record = maker.types.get(request, place);
    record.is_some_and(|record| when.iter().all(|condition| met(maker.types.service, condition, record)))
}

/// Requests in which conditions of a rule hold.
pub(super) fn begun(maker: &Maker<'_>, place: &[PlaceStep], when: &[Condition]) -> Vec<Literal> {
    let mut out = Vec::new();
    for start in &maker.starts {
        let mut request = start.clone();
        if maker.types.ensure(&mut request, place).is_none() {
            continue;
        }
        let mut all = vec![request];
        for condition in when {
            let met = |request: &Literal| hold(maker, place, std::slice::from_ref(condition), request);
            let next = |request: Literal| {
                if met(&request) { vec![request] } else { maker.repair.make(&request, place, condition, true) }
            };
            all = all.into_iter().flat_map(next).filter(met).take(BEGUN).collect();
        }
        out.extend(all.into_iter().filter(|request| hold(maker, place, when, request)));
    }
    out
}

/// A request that meets the conditions and the demand, and of which something more holds.
pub(super) fn kept(
    maker: &Maker<'_>,
    standing: &Standing<'_>,
    starts: impl Iterator<Item = Literal>,
    more: &dyn Fn(&Literal) -> bool,
) -> Result<Literal, Blocked> {
    let holds = |request: &Literal| more(request) && hold(maker, standing.place, &standing.rule.when, request);
    maker.repair.search(starts, &Aim { holds: &holds, meant: &|_| false, breaks: false, forgives: &is_warning })
}

/// A request that breaks the rule in a way and nothing else but what is forgiven, and of which something more holds.
pub(super) fn broken(
    maker: &Maker<'_>,
    standing: &Standing<'_>,
    starts: impl Iterator<Item = Literal>,
    way: &Way<'_>,
    more: &dyn Fn(&Literal) -> bool,
    forgives: &dyn Fn(&Violation) -> bool,
) -> Result<Literal, Blocked> {
    let Standing { place, id, index, rule, .. } = standing;
    let record = maker.types.text(place, false);
    let meant = |found: &Violation| {
        found.rule == Some(*index) && found.record == *id && path_text(&found.path).starts_with(&record)
    };
    let holds = |request: &Literal| {
        way.how.is_so(maker, place, request) && hold(maker, place, &rule.when, request) && more(request)
    };
    maker.repair.search(starts, &Aim { holds: &holds, meant: &meant, breaks: true, forgives })
}

/// The test of a rule about which fields are present that keeps it, and the ways to break it.
fn present<'r>(maker: &mut Maker<'_>, standing: &Standing<'r>, begun: &[Literal]) -> Vec<Way<'r>> {
    let Standing { place, rule, what, .. } = standing;
    let starts = begun.iter().flat_map(|request| maker.repair.satisfied(request, place, &rule.kind));
    let what = format!("{what}, kept");
    match kept(maker, standing, starts, &|_| true) {
        Ok(request) => maker.add(place, &what, request, Expect::Accepted),
        Err(blocked) => maker.untested(place, &what, &blocked.reason("its conditions met")),
    }
    ways(maker, standing)
}

/// The ways to break a rule about which fields are present.
fn ways<'r>(maker: &Maker<'_>, standing: &Standing<'r>) -> Vec<Way<'r>> {
    let Standing { place, rule, what, .. } = standing;
    let record = maker.types.text(place, false);
    let whole = if record.is_empty() { "(request)".to_owned() } else { record };
    let at = |path: &FieldPath| maker.types.text(&Types::follow(place, path), false);
    let but = |paths: &'r [FieldPath], one: &FieldPath| paths.iter().filter(|path| *path != one).collect::<Vec<_>>();
    let way = |how: String, present: Vec<&'r FieldPath>, absent: Vec<&'r FieldPath>, rule, path: &str| Way {
        what: format!("{what}, {how}"),
        how: How::Fields { present, absent },
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
        RuleKind::Constrain(..) | RuleKind::Ascending { .. } => Vec::new(),
    }
}

fn pairs(paths: &[FieldPath]) -> impl Iterator<Item = (&FieldPath, &FieldPath)> {
    paths.iter().enumerate().flat_map(|(index, path)| paths[index + 1..].iter().map(move |other| (path, other)))
}

/// The tests of a rule about a value that keep it, and the ways to break it: one for each of its constraints.
fn constrained<'r>(
    maker: &mut Maker<'_>,
    standing: &Standing<'r>,
    begun: &[Literal],
    path: &FieldPath,
    constraints: &'r Constraints,
) -> Vec<Way<'r>> {
    let target = Types::follow(standing.place, path);
    let Some((field, ty, own)) = maker.repair.held_at(&target) else { return Vec::new() };
    let known: Vec<Literal> = field.example.iter().cloned().collect();
    let own = text::with_form(ty, own);
    let edges = edges::of(maker.types, ty, constraints, &own, &field.item_constraints, &known);
    let path = maker.types.text(&target, false);
    let mut ways = Vec::new();
    // An enum's own values are no matter of the rule.
    for edge in edges.into_iter().filter(|edge| edge.key != "enum") {
        let what = format!("{}, {}", standing.what, edge.what);
        constraint_kept(maker, standing, begun, &target, &edge);
        if edge.tried.is_empty() {
            maker.untested(standing.place, &what, &edge.not_broken);
            continue;
        }
        let how = How::Values { target: target.clone(), values: edge.tried, key: edge.key, constraints };
        ways.push(Way { what, how, rule: edge.key, path: path.clone() });
    }
    ways
}

fn constraint_kept(maker: &mut Maker<'_>, standing: &Standing<'_>, begun: &[Literal], target: &Place, edge: &Edge) {
    let what = format!("{}, {}, kept", standing.what, edge.what);
    let (mut is_kept, mut not_found) = (false, Vec::new());
    for value in &edge.allowed {
        // Of the ways to keep a constraint that is no list, one is enough.
        if is_kept && !edge.is_listed() {
            break;
        }
        let starts = maker.with(begun, target, std::slice::from_ref(value));
        let has = |request: &Literal| maker.types.get(request, target).is_some_and(|found| is_meant(value, found));
        match kept(maker, standing, starts, &has) {
            Ok(request) => {
                is_kept = true;
                maker.add(standing.place, &what, request, Expect::Accepted);
            }
            Err(blocked) => not_found.push((value, blocked)),
        }
    }
    for reason in edge.not_found(not_found, is_kept) {
        maker.untested(standing.place, &what, &reason);
    }
}
