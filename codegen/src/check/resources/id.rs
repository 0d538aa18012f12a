//! How a service makes ids: `j{hex32}`.

use super::template;
use crate::diagnostic::{Sink, Spanned, quote, suggest};

/// Kinds of character that are counted.
const COUNTED: &[&str] = &["hex", "digits"];
/// The most characters that a place may have.
const MOST: u32 = 64;

/// Whether the form of an id is well made, and gives more than one id.
pub(super) fn check(id: &Spanned<String>, sink: &mut Sink) {
    let help = "write e.g. `{hex32}`, `{digits12}` or `{uuid}`, with other characters as they are";
    let pieces = match template(&id.value) {
        Ok(pieces) => pieces,
        Err(problem) => {
            sink.error("resource-id", id.span, format!("the form of the id {problem}")).help(help);
            return;
        }
    };
    if !pieces.iter().any(|(_, is_place)| *is_place) {
        sink.error("resource-id", id.span, format!("{} would be the id of all", quote(&id.value))).help(help);
    }
    for (place, _) in pieces.iter().filter(|(_, is_place)| *is_place) {
        if let Some((message, near)) = problem(place) {
            sink.error("resource-id", id.span, message).help(near.unwrap_or_else(|| help.to_owned()));
        }
    }
}

/// What is wrong with a place, and what was most likely meant.
fn problem(place: &str) -> Option<(String, Option<String>)> {
    let kind = place.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = place.get(kind.len()..).unwrap_or_default();
    let written = quote(&format!("{{{place}}}"));
    if place == "uuid" {
        return None;
    }
    if !COUNTED.contains(&kind) {
        let kinds = COUNTED.iter().copied().chain(["uuid"]);
        let near = suggest(kind, "kinds", kinds).filter(|help| help.starts_with("did"));
        return Some((format!("there is no {written} in an id"), near));
    }
    match number.parse::<u32>() {
        Ok(1..=MOST) => None,
        Err(_) if number.is_empty() => {
            let help = format!("write their number behind it: `{{{kind}32}}`");
            Some((format!("{written} does not say how many characters it has"), Some(help)))
        }
        _ => {
            let help = format!("write a number from 1 to {MOST} behind `{kind}`");
            Some((format!("{written} has a number of characters that no id has"), Some(help)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    #[test]
    fn forms() {
        let table = [
            ("{hex32}", 0),
            ("j{hex1}-{digits64}", 0),
            ("{uuid}", 0),
            ("task{digits8}x", 0),
            ("", 1),
            ("job", 1),
            ("{hex}", 1),
            ("{hex0}", 1),
            ("{hex65}", 1),
            ("{hex99999999999999999999}", 1),
            ("{letters8}", 1),
            ("{uuid4}", 1),
            ("{32hex}", 1),
            ("{hex32", 1),
            ("hex32}", 1),
            ("{}", 1),
            ("{a}{b}", 2),
        ];
        for (form, errors) in table {
            let mut sink = Sink::default();
            check(&Spanned { value: form.to_owned(), span: Span::default() }, &mut sink);
            assert_eq!(sink.errors(), errors, "{form}");
        }
    }
}
