//! JSON: along the path objects and lists are written anew, and everything else is copied.

use super::{Edit, Step};
use crate::codec::{JsonKind, JsonReader, Limits, json_string};

pub(super) fn edit(body: &str, steps: &[Step<'_>], edit: Edit<'_>) -> Result<String, String> {
    let body = if body.trim().is_empty() { "{}" } else { body };
    let steps = from_root(body, steps)?;
    Ok(at(body, steps, edit)?.unwrap_or_default())
}

pub(super) fn values(body: &str, steps: &[Step<'_>], found: &mut Vec<String>) -> Result<(), String> {
    if body.trim().is_empty() {
        return Ok(());
    }
    look(body, from_root(body, steps)?, found)
}

/// Some answers are the list alone, without the object that the path begins with.
fn from_root<'s, 'p>(body: &str, steps: &'s [Step<'p>]) -> Result<&'s [Step<'p>], String> {
    match steps {
        [Step::Member(_), rest @ ..] if rest.first() == Some(&Step::Items) && kind(body)? == JsonKind::Array => {
            Ok(rest)
        }
        _ => Ok(steps),
    }
}

fn kind(value: &str) -> Result<JsonKind, String> {
    JsonReader::new(value, Limits::DEFAULT).peek()
}

/// The value after the edit; none where it is removed.
fn at(value: &str, steps: &[Step<'_>], edit: Edit<'_>) -> Result<Option<String>, String> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(match edit {
            Edit::Set(text) => Some(scalar(value, text)?),
            Edit::Remove => None,
            Edit::KeepFirst => Some(value.to_owned()),
        });
    };
    let adds = matches!(edit, Edit::Set(_));
    let mut parts = Vec::new();
    let (open, close) = match (step, kind(value)?) {
        (Step::Member(wanted), kind) if adds || kind == JsonKind::Object => {
            let mut is_there = false;
            for (name, inner) in if kind == JsonKind::Object { members(value)? } else { Vec::new() } {
                let after = if name == *wanted { at(inner, rest, edit)? } else { Some(inner.to_owned()) };
                is_there |= name == *wanted;
                parts.extend(after.map(|after| member(&name, &after)));
            }
            if !is_there && adds {
                parts.extend(at("null", rest, edit)?.map(|added| member(wanted, &added)));
            }
            ('{', '}')
        }
        (Step::Items, kind) if adds || kind == JsonKind::Array => {
            let items = if kind == JsonKind::Array { items(value)? } else { Vec::new() };
            let kept = if matches!(edit, Edit::KeepFirst) { 1 } else { usize::MAX };
            for item in items.iter().take(kept) {
                parts.extend(at(item, rest, edit)?);
            }
            if items.is_empty() && adds {
                parts.extend(at("null", rest, edit)?);
            }
            ('[', ']')
        }
        // There is nothing to remove or to shorten.
        _ => return Ok(Some(value.to_owned())),
    };
    Ok(Some(format!("{open}{}{close}", parts.join(","))))
}

/// A text as a value; where a number stood, a number.
fn scalar(before: &str, text: &str) -> Result<String, String> {
    let is_number = || {
        let mut reader = JsonReader::new(text, Limits::DEFAULT);
        reader.number().is_ok_and(|number| number.len() == text.len())
    };
    if kind(before)? == JsonKind::Number && is_number() {
        return Ok(text.to_owned());
    }
    let mut out = String::new();
    json_string(&mut out, text);
    Ok(out)
}

fn member(name: &str, value: &str) -> String {
    let mut out = String::new();
    json_string(&mut out, name);
    out.push(':');
    out.push_str(value);
    out
}

fn members(object: &str) -> Result<Vec<(String, &str)>, String> {
    let mut reader = JsonReader::new(object, Limits::DEFAULT);
    let mut members = Vec::new();
    reader.open(b'{')?;
    while reader.next(b'}', members.is_empty())? {
        let name = reader.name()?.into_owned();
        members.push((name, reader.raw()?));
    }
    reader.end()?;
    Ok(members)
}

fn items(list: &str) -> Result<Vec<&str>, String> {
    let mut reader = JsonReader::new(list, Limits::DEFAULT);
    let mut items = Vec::new();
    reader.open(b'[')?;
    while reader.next(b']', items.is_empty())? {
        items.push(reader.raw()?);
    }
    reader.end()?;
    Ok(items)
}

fn look(value: &str, steps: &[Step<'_>], found: &mut Vec<String>) -> Result<(), String> {
    match (steps.split_first(), kind(value)?) {
        (None, JsonKind::Null) => {}
        (None, JsonKind::String) => found.push(JsonReader::new(value, Limits::DEFAULT).string()?.into_owned()),
        (None, _) => found.push(value.trim().to_owned()),
        (Some((Step::Member(wanted), rest)), JsonKind::Object) => {
            for (_, inner) in members(value)?.iter().filter(|(name, _)| name == wanted) {
                look(inner, rest, found)?;
            }
        }
        (Some((Step::Items, rest)), JsonKind::Array) => {
            for item in items(value)? {
                look(item, rest, found)?;
            }
        }
        _ => {}
    }
    Ok(())
}
