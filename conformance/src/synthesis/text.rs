//! Texts to try: good ones, ones of an exact length, and bad ones. What they are is found out by judging them.

use mediajobs_codegen::evaluate::broken;
use mediajobs_codegen::model::{Constraints, FieldType, Literal, TimeNotation};

use super::pattern::generate;

/// Characters to make texts of, from the plainest to those of several bytes.
const FILLERS: &[char] = &['a', '0', 'A', '-', '/', 'é', '中', '😀'];

/// Characters that one set or another leaves out.
const STRANGERS: &[char] =
    &['!', ' ', ',', 'A', 'z', '0', '.', '-', '_', '/', ':', ';', '(', '$', '"', '\\', '\n', '\u{7f}', 'é', '中', '😀'];

/// Whether a text satisfies constraints.
pub(super) fn fits(constraints: &Constraints, text: &str) -> bool {
    broken(constraints, &Literal::String(text.to_owned())).is_empty()
}

/// Constraints, and what the type itself asks of a text.
pub(super) fn with_form(ty: &FieldType, constraints: &Constraints) -> Constraints {
    let form = match ty {
        FieldType::JsonText => "json",
        FieldType::Time(TimeNotation::Utc) => "utc-time",
        FieldType::Time(TimeNotation::Offset) => "offset-time",
        _ => return constraints.clone(),
    };
    let predicate = constraints.predicate.clone().unwrap_or_else(|| form.to_owned());
    Constraints { predicate: Some(predicate), ..constraints.clone() }
}

/// Texts that may satisfy constraints, the best first.
pub(super) fn good(constraints: &Constraints, known: &[String]) -> Vec<String> {
    let mut pool = known.to_vec();
    pool.extend(constraints.values.iter().filter_map(|value| match value {
        Literal::String(text) => Some(text.clone()),
        _ => None,
    }));
    pool.extend(constraints.pattern.as_deref().and_then(generate));
    pool.extend(constraints.predicate.as_deref().map(of_predicate).map(str::to_owned));
    for prefix in &constraints.starts_with {
        let tails = known.iter().filter_map(|text| text.split_once("://").map(|(_, tail)| tail));
        pool.extend(tails.map(|tail| format!("{prefix}{tail}")));
        pool.push(format!("{prefix}a.example/a"));
    }
    for part in &constraints.contains {
        pool.extend(known.iter().map(|text| format!("{text}{part}")));
        pool.push(part.clone());
    }
    let length = usize::try_from(constraints.min_chars.unwrap_or(0)).unwrap_or(0).max(1);
    let own = constraints.chars.iter().flat_map(|set| &set.ranges).map(|(low, _)| *low);
    let first: Vec<char> = FILLERS.iter().copied().chain(own).collect();
    pool.extend(first.iter().map(|c| c.to_string().repeat(length)));
    pool.extend(["text", "a.b", "aa", "http://a.example/"].map(str::to_owned));
    pool.retain(|text| !text.is_empty() && fits(constraints, text));
    pool.dedup();
    pool
}

fn of_predicate(name: &str) -> &'static str {
    match name {
        // A filler in the middle of it leaves it JSON.
        "json" | "json-object" => r#"{"k":"text"}"#,
        "http-url" | "public-http-url" => "https://a.example/a",
        "ipv4" => "192.0.2.1",
        "utc-time" => "2020-12-26T04:11:10Z",
        "offset-time" => "2022-06-27T15:23:10+0800",
        "uuid" => "dd800000-0000-0000-0000-0000002f5bcb",
        "obs-bucket" => "bucket-1",
        "obs-path" => "folder/file.mp4",
        _ => "text",
    }
}

/// Texts of an exact number of characters, or with `bytes` of bytes, made of good ones.
pub(super) fn of_length(good: &[String], length: usize, bytes: bool) -> Vec<String> {
    let size = |text: &str| if bytes { text.len() } else { text.chars().count() };
    let mut out = Vec::new();
    for text in good.iter().take(6) {
        let missing = length.checked_sub(size(text));
        match missing {
            Some(0) => out.push(text.clone()),
            Some(missing) => {
                for filler in FILLERS {
                    let width = if bytes { filler.len_utf8() } else { 1 };
                    if missing % width == 0 {
                        let filling = filler.to_string().repeat(missing / width);
                        out.extend(inserted(text, &filling));
                    }
                }
            }
            None => {
                let chars: Vec<char> = text.chars().collect();
                let cut: String = chars.iter().take(length).collect();
                let tail: String = chars.iter().skip(chars.len().saturating_sub(length)).collect();
                out.extend([cut, tail].into_iter().filter(|text| size(text) == length));
            }
        }
    }
    out
}

/// A text with something inserted at its end, before its last character, behind its first, in the middle, and before it.
fn inserted(text: &str, what: &str) -> Vec<String> {
    let count = text.chars().count();
    let at = [count, count.saturating_sub(1), 1.min(count), count / 2, 0];
    let at = at.map(|at| text.char_indices().nth(at).map_or(text.len(), |(index, _)| index));
    at.into_iter().map(|at| format!("{}{what}{}", &text[..at], &text[at..])).collect()
}

/// Texts that break one constraint or another.
pub(super) fn bad(constraints: &Constraints, good: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let length = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
    if let Some(least) = constraints.min_chars.filter(|least| *least > 0) {
        out.extend(of_length(good, length(least - 1), false));
    }
    if let Some(most) = constraints.max_chars {
        out.extend(of_length(good, length(most + 1), false));
    }
    if let Some(most) = constraints.max_bytes {
        out.extend(of_length(good, length(most + 1), true));
    }
    for text in good.iter().take(4) {
        for stranger in STRANGERS {
            out.extend(inserted(text, &stranger.to_string()));
            // In place of the last character: the length stays.
            let mut chars: Vec<char> = text.chars().collect();
            for at in [chars.len().saturating_sub(1), 0, chars.len() / 2] {
                if let Some(place) = chars.get_mut(at) {
                    let before = std::mem::replace(place, *stranger);
                    out.push(chars.iter().collect());
                    chars[at] = before;
                }
            }
        }
        for part in &constraints.excludes {
            out.extend(inserted(text, part));
        }
        for part in &constraints.contains {
            out.push(text.replace(part.as_str(), ""));
        }
        out.push(constraints.contains.iter().fold(text.clone(), |text, part| text.replace(part.as_str(), "")));
        let tail = text.split_once("://").map_or(text.as_str(), |(_, tail)| tail);
        out.extend(["ssh://", "http://", "x"].map(|head| format!("{head}{tail}")));
        out.push(text.chars().skip(1).collect());
        out.push(text.chars().take(text.chars().count().saturating_sub(1)).collect());
        out.push(text.to_uppercase());
        out.push(text.repeat(2));
    }
    out.extend(["a", "text", "!", "a..b", "-a", "x://a", "[1]", "{", "no"].map(str::to_owned));
    // Short behind the prefix that is asked for.
    out.extend(constraints.starts_with.iter().flat_map(|prefix| [prefix.clone(), format!("{prefix}a")]));
    // Empty is too short, and otherwise mostly as good as absent.
    out.retain(|text| !text.is_empty() || constraints.min_chars.is_some());
    out
}
