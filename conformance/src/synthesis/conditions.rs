//! The tests of the conditions of rules: at the edge of each, a request that breaks the rule, and one that would if the
//! condition were not there. They may break whatever else: only the rule's sentence is looked for.

use mediajobs_codegen::evaluate::{Violation, select};
use mediajobs_codegen::model::{Condition, ConditionTest, Literal, Number, Rule, RuleKind};

use super::cases::{Expect, Maker};
use super::encode::literal_tree;
use super::place::{PlaceStep, Types};
use super::rules::{How, Standing, Way, begun, broken, hold};
use super::search::{Aim, Blocked};
use crate::tree::write_json;

/// How many values are tried that are not listed.
const OTHERS: usize = 24;

/// How what a condition looks at may stand.
enum Setting {
    /// It is one of these.
    Values(Vec<Literal>),
    Present,
    Absent,
}

/// A setting of a condition of a rule.
struct Set<'r> {
    place: &'r [PlaceStep],
    condition: &'r Condition,
    target: Vec<PlaceStep>,
    setting: Setting,
}

/// Adds the tests of all conditions of a rule; `found` are the requests that break it already.
pub(super) fn add(maker: &mut Maker<'_>, standing: &Standing<'_>, ways: &[Way<'_>], found: &[Literal]) {
    let Standing { place, rule, .. } = standing;
    for (index, condition) in rule.when.iter().enumerate() {
        let mut others = rule.when.clone();
        others.remove(index);
        let begun = begun(maker, place, &others);
        for set in sets(maker, place, condition) {
            let starts = set.starts(maker, &begun);
            let Some(start) = starts.first() else { continue };
            let is_met = hold(maker, place, std::slice::from_ref(condition), start);
            // Some of these there are already.
            if is_met && found.iter().any(|request| set.is_so(maker, request)) {
                continue;
            }
            let what = format!("{}, {} {}", standing.what, if is_met { "where" } else { "not where" }, set.text());
            let none = none_required(standing);
            let test = if is_met {
                first(ways, |way| {
                    let (is_so, starts) =
                        (|request: &Literal| set.is_so(maker, request), set.broken(maker, way, &starts));
                    let request = broken(maker, standing, starts, way, &is_so, &|found| forgives(rule, found))?;
                    let (path, doc) = (way.path.clone(), rule.doc.clone());
                    Ok((request, Expect::Told { rule: way.rule.to_owned(), path, doc }))
                })
            } else {
                first(ways.iter().chain(&none), |way| {
                    let request = idle(maker, standing, &others, &set, way, &starts)?;
                    Ok((request, Expect::Untold { doc: rule.doc.clone() }))
                })
            };
            match test {
                Ok((request, expect)) => maker.add(place, &what, request, expect),
                // Where the setting itself keeps the rule, there is nothing to break.
                Err(blocked) if blocked.is_out_of_question() => {}
                Err(blocked) => maker.untested(place, &what, &blocked.reason("it so")),
            }
        }
    }
}

/// Whether something that is broken is no matter of a test that asks for one rule's sentence: all but what has the same
/// sentence, and what is missing, without which no request is read.
fn forgives(rule: &Rule, found: &Violation) -> bool {
    !matches!(found.key, "required" | "tag") && found.message != rule.doc
}

/// What is found in the first way that has it, or else what was in the way there.
fn first<'w, 'r: 'w, T>(
    ways: impl IntoIterator<Item = &'w Way<'r>>,
    test: impl Fn(&Way<'r>) -> Result<T, Blocked>,
) -> Result<T, Blocked> {
    let mut all = Blocked::default();
    for way in ways {
        match test(way) {
            Ok(found) => return Ok(found),
            Err(blocked) if all.is_out_of_question() => all = blocked,
            Err(_) => {}
        }
    }
    Err(all)
}

/// The way to break a rule that requires fields in which none of them is there.
fn none_required<'r>(standing: &Standing<'r>) -> Option<Way<'r>> {
    let RuleKind::Require(paths) = &standing.rule.kind else { return None };
    let how = How::Fields { present: Vec::new(), absent: paths.iter().collect() };
    Some(Way { what: String::new(), how, rule: "require", path: String::new() })
}

/// A request that would break the rule but for one condition.
fn idle(
    maker: &Maker<'_>,
    standing: &Standing<'_>,
    others: &[Condition],
    set: &Set<'_>,
    way: &Way<'_>,
    starts: &[Literal],
) -> Result<Literal, Blocked> {
    let Standing { place, rule, .. } = standing;
    let holds = |request: &Literal| {
        way.how.is_so(maker, place, request)
            && set.is_so(maker, request)
            && hold(maker, place, others, request)
            && !hold(maker, place, std::slice::from_ref(set.condition), request)
    };
    let forgives = |found: &Violation| forgives(rule, found);
    let aim = Aim { holds: &holds, meant: &|_| false, breaks: false, forgives: &forgives };
    maker.repair.search(set.broken(maker, way, starts), &aim)
}

/// The settings at the edge of a condition.
fn sets<'r>(maker: &Maker<'_>, place: &'r [PlaceStep], condition: &'r Condition) -> Vec<Set<'r>> {
    let target = Types::follow(place, &condition.path);
    let field = maker.repair.held_at(&target).map(|(field, ..)| field);
    if field.is_some_and(|field| field.constant.is_some()) {
        return Vec::new();
    }
    let beyond = |number: Number, step: i128| match number {
        Number::Integer(number) => Setting::Values(vec![Literal::Integer(number + step)]),
        #[allow(clippy::cast_precision_loss)] // The step is 1 or -1.
        Number::Float(number) => Setting::Values(vec![Literal::Float(number + step as f64)]),
    };
    let mut settings = match &condition.test {
        ConditionTest::Present | ConditionTest::Absent => vec![Setting::Present],
        ConditionTest::Is(listed) | ConditionTest::IsNot(listed) => {
            let mut others = maker.repair.others(&target, listed);
            others.truncate(OTHERS);
            let each = listed.iter().cloned().map(|value| vec![value]).chain([others]);
            each.filter(|values| !values.is_empty()).map(Setting::Values).collect()
        }
        ConditionTest::AtLeast(number) => vec![beyond(*number, 0), beyond(*number, -1)],
        ConditionTest::AtMost(number) => vec![beyond(*number, 0), beyond(*number, 1)],
    };
    if field.is_some_and(|field| !field.required) {
        settings.push(Setting::Absent);
    }
    settings.into_iter().map(|setting| Set { place, condition, target: target.clone(), setting }).collect()
}

impl Set<'_> {
    fn text(&self) -> String {
        let path = &self.condition.path.text;
        match &self.setting {
            Setting::Present => format!("{path} is there"),
            Setting::Absent => format!("{path} is absent"),
            Setting::Values(values) => match values.as_slice() {
                [one] => format!("{path} is {}", write_json(&literal_tree(one))),
                _ => format!("{path} is another"),
            },
        }
    }

    fn is_so(&self, maker: &Maker<'_>, request: &Literal) -> bool {
        let Some(record) = maker.types.get(request, self.place) else { return false };
        let is_there = || !select(maker.types.service, &self.condition.path, record).is_empty();
        match &self.setting {
            Setting::Present => is_there(),
            Setting::Absent => !is_there(),
            Setting::Values(values) => {
                maker.types.get(request, &self.target).is_some_and(|value| values.contains(value))
            }
        }
    }

    fn starts(&self, maker: &Maker<'_>, begun: &[Literal]) -> Vec<Literal> {
        begun.iter().flat_map(|request| self.put(maker, request)).collect()
    }

    fn put(&self, maker: &Maker<'_>, request: &Literal) -> Vec<Literal> {
        let path = &self.condition.path;
        match &self.setting {
            Setting::Present => maker.repair.with(request, self.place, &[path], &[]).into_iter().collect(),
            Setting::Absent => maker.repair.with(request, self.place, &[], &[path]).into_iter().collect(),
            Setting::Values(values) => {
                let set = |value: &Literal| {
                    let mut request = request.clone();
                    maker.types.set(&mut request, &self.target, value.clone()).map(|()| request)
                };
                values.iter().filter_map(set).collect()
            }
        }
    }

    /// Requests with the setting that are broken in a way.
    fn broken<'a>(
        &'a self,
        maker: &'a Maker<'_>,
        way: &'a Way<'_>,
        starts: &'a [Literal],
    ) -> impl Iterator<Item = Literal> + 'a {
        way.how.apply(maker, self.place, starts).map(|request| {
            // What broke the rule may have changed it.
            let again = if self.is_so(maker, &request) { None } else { self.put(maker, &request).into_iter().next() };
            again.unwrap_or(request)
        })
    }
}
