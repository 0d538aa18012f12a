//! What a value must satisfy, in words.

use super::text::{code, codes, literal, number};
use crate::model::Constraints;

/// What a value must satisfy, as phrases: `1 to 100`, `at most 1024 characters`.
pub(crate) fn phrases(constraints: &Constraints) -> Vec<String> {
    let mut out = Vec::new();
    let c = constraints;
    match (c.min, c.max) {
        (Some(min), Some(max)) if !min.exclusive && !max.exclusive && min.value == max.value => {
            out.push(number(min.value))
        }
        (Some(min), Some(max)) if !min.exclusive && !max.exclusive => {
            out.push(format!("{} to {}", number(min.value), number(max.value)));
        }
        (min, max) => {
            out.extend(
                min.map(|end| format!("{} {}", if end.exclusive { "above" } else { "at least" }, number(end.value))),
            );
            out.extend(
                max.map(|end| format!("{} {}", if end.exclusive { "below" } else { "at most" }, number(end.value))),
            );
        }
    }
    match c.multiple_of {
        Some(2) => out.push("even".to_owned()),
        Some(value) => out.push(format!("a multiple of {value}")),
        None => {}
    }
    out.extend(count(c.min_chars, c.max_chars, "character"));
    out.extend(count(None, c.max_bytes, "byte"));
    out.extend(count(c.min_items, c.max_items, "item"));
    if c.unique {
        out.push("none twice".to_owned());
    }
    out.extend(c.chars.as_ref().map(|set| format!("only of the characters {}", code(&set.text))));
    out.extend(c.first_chars.as_ref().map(|set| format!("beginning with one of {}", code(&set.text))));
    out.extend(c.last_chars.as_ref().map(|set| format!("ending with one of {}", code(&set.text))));
    out.extend(some(&c.starts_with).map(|texts| format!("beginning with {}", either(texts))));
    out.extend(some(&c.contains).map(|texts| format!("containing {}", either(texts))));
    out.extend(some(&c.excludes).map(|texts| format!("without {}", either(texts))));
    out.extend(c.pattern.as_ref().map(|pattern| format!("matching {}", code(pattern))));
    out.extend(c.predicate.as_deref().map(predicate));
    match c.values.as_slice() {
        [] => {}
        [one] => out.push(format!("only {}", literal(one))),
        several => out.push(format!("one of {}", several.iter().map(literal).collect::<Vec<_>>().join(", "))),
    }
    out
}

fn some(texts: &[String]) -> Option<&[String]> {
    (!texts.is_empty()).then_some(texts)
}

/// Texts as code spans, e.g. `a`, `b` or `c`.
fn either(texts: &[String]) -> String {
    match texts {
        [first @ .., last] if !first.is_empty() => {
            format!("{} or {}", codes(first.iter().map(String::as_str)), code(last))
        }
        _ => codes(texts.iter().map(String::as_str)),
    }
}

fn count(min: Option<u64>, max: Option<u64>, what: &str) -> Option<String> {
    let plural = |n: u64| if n == 1 { what.to_owned() } else { format!("{what}s") };
    match (min, max) {
        (None, None) => None,
        (Some(min), Some(max)) if min == max => Some(format!("{max} {}", plural(max))),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {}", plural(max))),
        (Some(min), None) => Some(format!("at least {min} {}", plural(min))),
        (None, Some(max)) => Some(format!("at most {max} {}", plural(max))),
    }
}

fn predicate(name: &str) -> String {
    match name {
        "json" => "well-formed JSON".to_owned(),
        "json-object" => "a JSON object".to_owned(),
        "http-url" => "an absolute `http` or `https` URL".to_owned(),
        "public-http-url" => "an absolute `http` or `https` URL of no private or local address".to_owned(),
        "ipv4" => "an IPv4 address".to_owned(),
        "uuid" => "a UUID in lower case".to_owned(),
        "obs-bucket" => "an OBS bucket name".to_owned(),
        "obs-path" => "an OBS path".to_owned(),
        "no-line-break" => "without line breaks".to_owned(),
        "printable-ascii" => "of printable ASCII characters".to_owned(),
        other => code(other),
    }
}
