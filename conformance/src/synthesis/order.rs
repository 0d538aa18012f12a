//! The tests of rules by which one number, or size, is no more than another.

use std::cmp::Ordering;

use mediajobs_codegen::evaluate::{self, Violation};
use mediajobs_codegen::model::{FieldPath, Literal, Severity};

use super::cases::{Expect, Maker};
use super::rules::{How, Standing, Way, broken, kept};
use super::search::is_warning;

/// The tests of two neighbours each: in order, and not. Whether the rule is broken in one of them.
pub(super) fn add(
    maker: &mut Maker<'_>,
    standing: &Standing<'_>,
    begun: &[Literal],
    paths: &[FieldPath],
    strictly: bool,
) -> bool {
    let mut is_broken = false;
    for pair in paths.windows(2) {
        if let [first, second] = pair {
            is_broken |= neighbours(maker, standing, begun, [first, second], strictly);
        }
    }
    is_broken
}

fn neighbours(
    maker: &mut Maker<'_>,
    standing: &Standing<'_>,
    begun: &[Literal],
    [first, second]: [&FieldPath; 2],
    strictly: bool,
) -> bool {
    let place = standing.place;
    let record = maker.types.text(place, false);
    let way = Way {
        what: format!("{}, {} and {}", standing.what, first.text, second.text),
        how: How::AsBegun,
        rule: if strictly { "strictly-ascending" } else { "ascending" },
        path: if record.is_empty() { "(request)".to_owned() } else { record },
    };
    // Where the rule itself only warns, no other may.
    let forgives = |found: &Violation| standing.rule.severity == Severity::Error && is_warning(found);
    let (well, badly) = {
        let maker: &Maker<'_> = maker;
        let order = |request: &Literal| {
            let record = maker.types.get(request, place)?;
            let size = |path| evaluate::size(maker.types.service, path, record).as_ref().map(number);
            size(first)?.partial_cmp(&size(second)?)
        };
        let apart =
            |step: i128| begun.iter().flat_map(move |request| maker.repair.apart(request, place, first, second, step));
        let keeps = |order: Ordering| if strictly { order.is_lt() } else { order.is_le() };
        let edge = i128::from(strictly);
        (
            kept(maker, standing, apart(-edge), &|request| order(request).is_some_and(keeps)),
            broken(
                maker,
                standing,
                apart(1 - edge).chain(apart(2 - edge)),
                &way,
                &|request| order(request).is_some_and(|order| !keeps(order)),
                &forgives,
            ),
        )
    };
    let Way { what, rule, path, .. } = way;
    match well {
        Ok(request) => maker.add(place, &format!("{what}, kept"), request, Expect::Accepted),
        Err(blocked) => maker.untested(place, &format!("{what}, kept"), &blocked.reason("both")),
    }
    match badly {
        Ok(request) => {
            let expect = Expect::Refused { rule: rule.to_owned(), path, severity: standing.rule.severity };
            maker.add(place, &what, request, expect);
            true
        }
        Err(blocked) => {
            maker.untested(place, &what, &blocked.reason("it broken"));
            false
        }
    }
}

/// A number as a fraction; those of requests are small.
#[allow(clippy::cast_precision_loss)]
fn number(literal: &Literal) -> f64 {
    match literal {
        Literal::Integer(number) => *number as f64,
        Literal::Float(number) => *number,
        _ => f64::NAN,
    }
}
