//! Looks for a request that breaks nothing but what is meant, by changing what is not under test; and says what is in the
//! way where there is none.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::fmt::Write as _;

use mediajobs_codegen::evaluate::Violation;
use mediajobs_codegen::model::{Literal, Severity};

use super::encode::literal_tree;
use super::repair::{Repair, path_text};
use super::rules;
use crate::tree::write_json;

/// How many changes are tried one after the other.
const DEPTH: usize = 12;
/// How many requests are looked at.
const MOST: usize = 600;
/// How many changes something that is broken stands for.
const BROKEN: usize = 2;
/// How many starts stand for a change: a later one goes before a long repair of an early one.
const STARTS: usize = 4;

/// What is looked for.
pub(super) struct Aim<'a> {
    /// What must be so in the request.
    pub(super) holds: &'a dyn Fn(&Literal) -> bool,
    /// What it may break.
    pub(super) meant: &'a dyn Fn(&Violation) -> bool,
    /// Whether it must break that, once.
    pub(super) breaks: bool,
    /// What else does not matter.
    pub(super) forgives: &'a dyn Fn(&Violation) -> bool,
}

/// What is only warned of.
pub(super) fn is_warning(found: &Violation) -> bool {
    found.severity == Severity::Warning
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
    /// Whether there was nothing to look at: what is asked for contradicts itself.
    pub(super) fn is_out_of_question(&self) -> bool {
        self.nearest.is_empty()
    }

    /// What is in the way of a request with something, as the end of a line.
    pub(super) fn reason(&self, what: &str) -> String {
        if self.is_out_of_question() {
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

/// The lines for values that stand in no request, one for all that the same is in the way of.
pub(super) fn reasons(found: Vec<(&Literal, Blocked)>) -> Vec<String> {
    let mut groups: Vec<(Blocked, Vec<String>)> = Vec::new();
    for (value, blocked) in found {
        let value = write_json(&literal_tree(value));
        match groups.iter_mut().find(|(known, _)| *known == blocked) {
            Some((_, values)) => values.push(value),
            None => groups.push((blocked, vec![value])),
        }
    }
    groups.into_iter().map(|(blocked, values)| blocked.reason(&values.join(" or "))).collect()
}

/// A request that breaks what it should not, and how many changes made it.
struct Node {
    request: Literal,
    broken: Vec<Violation>,
    depth: usize,
}

/// The requests that wait to be changed, the best first.
#[derive(Default)]
struct Queue {
    heap: BinaryHeap<Reverse<(usize, usize)>>,
    nodes: Vec<Option<Node>>,
    seen: HashSet<String>,
}

impl Queue {
    /// How far the best one is from what is looked for, as far as is known.
    fn least(&self) -> Option<usize> {
        self.heap.peek().map(|Reverse((far, _))| *far)
    }

    fn push(&mut self, node: Node) {
        self.heap.push(Reverse((node.depth + BROKEN * node.broken.len(), self.nodes.len())));
        self.nodes.push(Some(node));
    }

    fn pop(&mut self) -> Option<Node> {
        let Reverse((_, index)) = self.heap.pop()?;
        self.nodes.get_mut(index)?.take()
    }
}

impl Repair<'_> {
    /// The first request, from the starts on, that the aim asks for.
    pub(super) fn search(&self, starts: impl Iterator<Item = Literal>, aim: &Aim<'_>) -> Result<Literal, Blocked> {
        let mut starts = starts.fuse();
        let mut queue = Queue::default();
        let mut blocked = Blocked::default();
        let (mut started, mut looked, mut is_cut) = (0, 0, false);
        loop {
            let far = BROKEN + started / STARTS;
            let start = if queue.least().is_none_or(|least| least >= far) { starts.next() } else { None };
            let (next, depth) = match start {
                Some(start) => {
                    started += 1;
                    (vec![start], 0)
                }
                None => {
                    let Some(node) = queue.pop() else { break };
                    if node.depth >= DEPTH {
                        is_cut = true;
                        continue;
                    }
                    let moves = node.broken.iter().flat_map(|found| self.moves(&node.request, found));
                    (moves.collect(), node.depth + 1)
                }
            };
            for request in next {
                if !(aim.holds)(&request) || !queue.seen.insert(key(&request)) {
                    continue;
                }
                looked += 1;
                let found = self.violations(&request);
                if aim.breaks && found.iter().filter(|found| (aim.meant)(found)).count() != 1 {
                    continue;
                }
                let counts = |found: &Violation| !(aim.meant)(found) && !(aim.forgives)(found);
                let broken: Vec<Violation> = found.into_iter().filter(counts).collect();
                if broken.is_empty() {
                    return Ok(request);
                }
                self.note(&request, &broken, &mut blocked);
                queue.push(Node { request, broken, depth });
            }
            if looked >= MOST {
                is_cut = true;
                break;
            }
        }
        blocked.is_cut = is_cut;
        Err(blocked)
    }

    /// Keeps what the best requests break.
    fn note(&self, value: &Literal, broken: &[Violation], blocked: &mut Blocked) {
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
