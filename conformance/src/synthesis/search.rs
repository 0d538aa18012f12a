//! Looks for a request that breaks nothing but what is meant, by changing what is not under test; and says what is in the
//! way where there is none.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::fmt::Write as _;

use mediajobs_codegen::evaluate::Violation;
use mediajobs_codegen::model::{Literal, Severity};

use super::repair::{Repair, path_text};
use super::rules;

/// How many changes are tried one after the other.
const DEPTH: usize = 12;
/// How many requests are looked at.
const MOST: usize = 400;
/// So many starts cost as much as one change: a later start goes before a long repair of an early one.
const STARTS: usize = 4;

/// What is looked for.
pub(super) struct Aim<'a> {
    /// What must be so in the request.
    pub(super) holds: &'a dyn Fn(&Literal) -> bool,
    /// What it may break.
    pub(super) meant: &'a dyn Fn(&Violation) -> bool,
    /// Whether it must break that, once.
    pub(super) breaks: bool,
    /// Whether it must break no warning either.
    pub(super) warnings: bool,
}

/// Why nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Blocked {
    /// What the best requests break besides, by the place of the record or field.
    nearest: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
    /// How many of these one request breaks at once.
    at_once: usize,
    /// Whether there were more requests to look at.
    is_cut: bool,
}

impl Blocked {
    /// What is in the way of a request with something, as the end of a line.
    pub(super) fn reason(&self, what: &str) -> String {
        if self.nearest.is_empty() {
            return format!("no request can hold {what}");
        }
        let mut parts = Vec::new();
        for (place, rules) in &self.nearest {
            for (rule, indices) in rules {
                let numbers = indices.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
                parts.push(match indices.as_slice() {
                    [] => format!("{rule} of {place}"),
                    [_] => format!("rule {numbers} of {place} ({rule})"),
                    _ => format!("one of the rules {numbers} of {place} ({rule})"),
                });
            }
        }
        let every = if self.is_cut { "each of the many requests that were tried" } else { "every request" };
        let parts = parts.join(if self.at_once == 1 { " or " } else { ", " });
        format!("{every} with {what} breaks {parts} too")
    }
}

/// A request that waits to be looked at: how dear it is, which it is, and how many changes made it.
type Waiting = Reverse<(usize, usize, usize)>;

/// The requests that wait, the cheapest first, and the starts that were not asked for yet.
struct Queue<S> {
    starts: S,
    started: usize,
    heap: BinaryHeap<Waiting>,
    made: Vec<Option<Literal>>,
    seen: HashSet<String>,
}

impl<S: Iterator<Item = Literal>> Queue<S> {
    fn new(starts: S) -> Self {
        Self { starts, started: 0, heap: BinaryHeap::new(), made: Vec::new(), seen: HashSet::new() }
    }

    /// The next request with what it costs and how many changes made it.
    fn next(&mut self, holds: &dyn Fn(&Literal) -> bool) -> Option<(Literal, usize, usize)> {
        let cost = self.started / STARTS;
        if self.heap.peek().is_none_or(|Reverse((waiting, ..))| *waiting >= cost) {
            for start in self.starts.by_ref() {
                self.started += 1;
                if holds(&start) && self.seen.insert(key(&start)) {
                    return Some((start, cost, 0));
                }
            }
        }
        let Reverse((cost, index, depth)) = self.heap.pop()?;
        let request = self.made.get_mut(index).and_then(Option::take)?;
        Some((request, cost, depth))
    }

    fn push(&mut self, request: Literal, cost: usize, depth: usize) {
        if self.seen.insert(key(&request)) {
            self.heap.push(Reverse((cost, self.made.len(), depth)));
            self.made.push(Some(request));
        }
    }
}

impl Repair<'_> {
    /// The first request, from the starts on, that the aim asks for.
    pub(super) fn search(&self, starts: impl Iterator<Item = Literal>, aim: &Aim<'_>) -> Result<Literal, Blocked> {
        let mut queue = Queue::new(starts);
        let mut blocked = Blocked::default();
        let (mut looked, mut is_cut) = (0, false);
        while let Some((value, cost, depth)) = queue.next(aim.holds) {
            if looked >= MOST {
                is_cut = true;
                break;
            }
            looked += 1;
            let found = self.violations(&value);
            if aim.breaks && found.iter().filter(|found| (aim.meant)(found)).count() != 1 {
                continue;
            }
            let counts =
                |found: &&Violation| (aim.warnings || found.severity == Severity::Error) && !(aim.meant)(found);
            let broken: Vec<&Violation> = found.iter().filter(counts).collect();
            if broken.is_empty() {
                return Ok(value);
            }
            self.note(&value, &broken, &mut blocked);
            is_cut |= depth >= DEPTH;
            // The more is broken, the longer the way.
            for found in broken.iter().filter(|_| depth < DEPTH) {
                for next in self.moves(&value, found).into_iter().filter(|next| (aim.holds)(next)) {
                    queue.push(next, cost + broken.len(), depth + 1);
                }
            }
        }
        blocked.is_cut = is_cut;
        Err(blocked)
    }

    /// Keeps what the best requests break.
    fn note(&self, value: &Literal, broken: &[&Violation], blocked: &mut Blocked) {
        if blocked.at_once > 0 && broken.len() > blocked.at_once {
            return;
        }
        if blocked.at_once != broken.len() {
            *blocked = Blocked { at_once: broken.len(), ..Blocked::default() };
        }
        for found in broken {
            let (place, rule, index) = match found.rule {
                Some(index) => {
                    let record = self.holder(value, found).map(|place| self.types.text(place, true));
                    let rule = self.types.record(found.record).and_then(|record| record.rules.get(index));
                    let place = record.filter(|place| !place.is_empty()).unwrap_or_else(|| "the request".to_owned());
                    (place, rule.map(rules::demand).unwrap_or_default(), Some(index))
                }
                None => (path_text(&found.path), format!("`{}`", found.key), None),
            };
            let indices = blocked.nearest.entry(place).or_default().entry(rule).or_default();
            for index in index.into_iter().filter(|index| !indices.contains(index)).collect::<Vec<_>>() {
                indices.push(index);
                indices.sort_unstable();
            }
        }
    }
}

/// A request as a text that no other has.
fn key(value: &Literal) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Literal, out: &mut String) {
    match value {
        Literal::String(text) => {
            let _ = write!(out, "{}\"{text}", text.len());
        }
        Literal::Integer(number) => {
            let _ = write!(out, "{number}");
        }
        Literal::Float(number) => {
            let _ = write!(out, "{number}f");
        }
        Literal::Bool(truth) => out.push_str(if *truth { "+" } else { "-" }),
        Literal::List(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Literal::Table(members) => {
            out.push('{');
            for (name, member) in members {
                out.push_str(name);
                out.push('=');
                write(member, out);
                out.push(',');
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Blocked;

    #[test]
    fn says_what_is_in_the_way() {
        let rules = BTreeMap::from([("constrain Codec".to_owned(), vec![1, 2])]);
        let field = BTreeMap::from([("`required`".to_owned(), Vec::new())]);
        let nearest = BTreeMap::from([("Video".to_owned(), rules), ("Video.Format".to_owned(), field)]);
        let mut blocked = Blocked { nearest, at_once: 1, is_cut: false };
        assert_eq!(
            blocked.reason("it"),
            "every request with it breaks one of the rules 1, 2 of Video (constrain Codec) or `required` of Video.Format too"
        );
        blocked.is_cut = true;
        assert!(blocked.reason("it").starts_with("each of the many requests that were tried with it breaks"));
        assert_eq!(Blocked::default().reason("it"), "no request can hold it");
    }
}
