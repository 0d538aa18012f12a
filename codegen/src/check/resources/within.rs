//! What belongs to what.

use crate::diagnostic::{Sink, Span, Spanned, quote, suggest};
use crate::spec::resource::Resource;

/// The resource that each belongs to, as an index among them.
pub(super) fn resolve(specs: &[(usize, &Resource)], sink: &mut Sink) -> Vec<Option<usize>> {
    let within: Vec<Option<usize>> = specs.iter().map(|(_, spec)| find(specs, spec, sink)).collect();
    for (index, (_, spec)) in specs.iter().enumerate() {
        let Some(outer) = within.get(index).copied().flatten().and_then(|outer| specs.get(outer)) else { continue };
        match circle(&within, index) {
            Some(circle) => {
                // One of a circle speaks for it.
                if circle.iter().min() == Some(&index) {
                    circular(specs, &circle, sink);
                }
            }
            None => key(spec, outer.1, sink),
        }
    }
    within
}

fn find(specs: &[(usize, &Resource)], spec: &Resource, sink: &mut Sink) -> Option<usize> {
    let name = spec.within.as_ref()?;
    let index = specs.iter().position(|(_, other)| other.name.value == name.value && !name.value.is_empty());
    if index.is_none() {
        let others = specs.iter().map(|(_, other)| other.name.value.as_str());
        let others = others.filter(|other| *other != spec.name.value && !other.is_empty());
        let message = format!("the service has no resource {}", quote(&name.value));
        sink.error("resource-within", name.span, message).maybe_help(suggest(&name.value, "resources", others));
    }
    index
}

/// The way from a resource out and back to it.
fn circle(within: &[Option<usize>], start: usize) -> Option<Vec<usize>> {
    let mut way = vec![start];
    let mut next = within.get(start).copied().flatten()?;
    while next != start {
        if way.contains(&next) {
            return None;
        }
        way.push(next);
        next = within.get(next).copied().flatten()?;
    }
    Some(way)
}

fn circular(specs: &[(usize, &Resource)], circle: &[usize], sink: &mut Sink) {
    let on_it: Vec<(&str, Span)> = circle
        .iter()
        .filter_map(|index| specs.get(*index))
        .filter_map(|(_, spec)| Some((spec.name.value.as_str(), spec.within.as_ref()?.span)))
        .collect();
    let Some(((name, span), others)) = on_it.split_first() else { return };
    let message = match others {
        [] => format!("{} is within itself", quote(name)),
        _ => format!("{} is within what is within it", quote(name)),
    };
    let draft = sink.error("resource-within", *span, message).help("name what it belongs to, or remove `within`");
    for (other, span) in others {
        draft.label(*span, format!("of {}", quote(other)));
    }
}

/// A thing is told from others by what it belongs to, and by a member of its own.
fn key(spec: &Resource, outer: &Resource, sink: &mut Sink) {
    let (Some(key), Some(outer_key), Some(within)) = (&spec.key, &outer.key, &spec.within) else { return };
    let Some((_, before)) = key.value.split_last() else { return };
    let same = |(a, b): (&Spanned<String>, &Spanned<String>)| a.value == b.value;
    let is_extended = before.len() == outer_key.value.len() && before.iter().zip(&outer_key.value).all(same);
    if is_extended || outer_key.value.is_empty() || [key, outer_key].iter().any(|key| sink.has_error_within(key.span)) {
        return;
    }
    let message = format!("the key has to be that of {} and one member more", quote(&within.value));
    let members = outer_key.value.iter().map(|member| format!("{:?}, ", member.value)).collect::<String>();
    sink.error("resource-within", key.span, message).label(outer_key.span, "its key").help(format!(
        "write `key = [{members}\"…\"]`; where requests and answers have other names, `takes` and `gives` say so"
    ));
}
